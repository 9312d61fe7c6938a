//! Calendar periods in a time zone. The zones' rules are bundled, so every host agrees.
//!
//! Between two changes of a zone's clock a period's first moment is plain arithmetic. A [`Calendar`] knows the changes
//! beforehand, and asks the zone's rules only near one of them; a test holds the two ways against each other.

use alcedo_model::Period;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// The changes of a zone's clock are known until then, Unix ms: 2100-01-01.
const KNOWN: i64 = 4_102_444_800_000;

/// A time zone with the changes of its clock.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    zone: TimeZone,
    /// From when (Unix ms, ascending, the first at 0) the clock is how far ahead of UTC, ms.
    changes: Vec<(i64, i64)>,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar::new(TimeZone::UTC)
    }
}

impl Calendar {
    pub(crate) fn new(zone: TimeZone) -> Self {
        let ahead = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
        let mut changes = vec![(0, ahead(zone.to_offset(Timestamp::UNIX_EPOCH)))];
        changes.extend(
            zone.following(Timestamp::UNIX_EPOCH)
                .map(|change| (change.timestamp().as_millisecond(), ahead(change.offset())))
                .take_while(|(from, _)| *from < KNOWN),
        );
        Calendar { zone, changes }
    }

    /// The first moment of the period by arithmetic; none where a change of the clock is near.
    fn plain_start(&self, time: i64, period: Period) -> Option<i64> {
        if !(0..KNOWN).contains(&time) {
            return None;
        }
        let at = self.changes.partition_point(|(from, _)| *from <= time).checked_sub(1)?;
        let (from, ahead) = self.changes[at];
        let local = time + ahead;
        if period == Period::Hour {
            return Some(time - local.rem_euclid(HOUR));
        }
        let day = local.div_euclid(DAY);
        let first = match period {
            Period::Week => day - (day + 3).rem_euclid(7), // day 0 was a Thursday
            Period::Month => day - day_of_month(day),
            _ => day,
        };
        let start = first * DAY - ahead;
        // Two days after a change no hour of the day is missing or comes twice on its account.
        (start >= from + 2 * DAY).then_some(start)
    }
}

/// Days since the month's first, of a day since 1970-01-01 (in years of 366 and 365 days that begin in March).
fn day_of_month(day: i64) -> i64 {
    let of_era = (day + 719_468).rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    of_year - (153 * month + 2) / 5
}

/// First moment (Unix ms) of the period that holds `time`; `i64::MIN` for a life. A moment beyond what the calendar
/// reaches (year 9999 in the far east) is its own period.
pub(crate) fn start(time: i64, period: Period, calendar: &Calendar) -> i64 {
    if period == Period::Life {
        return i64::MIN;
    }
    calendar.plain_start(time, period).unwrap_or_else(|| start_by_rules(time, period, &calendar.zone))
}

/// The same by the zone's rules.
fn start_by_rules(time: i64, period: Period, zone: &TimeZone) -> i64 {
    let Ok(moment) = Timestamp::from_millisecond(time) else { return time };
    let local = moment.to_zoned(zone.clone());
    if period == Period::Hour {
        // By the clock's minutes, not by its name: the hour that a clock change repeats is two hours.
        let into = (i64::from(local.minute()) * 60 + i64::from(local.second())) * 1000
            + i64::from(local.millisecond());
        return time - into;
    }
    first_moment(&local, period).map_or(time, |first| first.timestamp().as_millisecond())
}

/// First moment (Unix ms) after the period that begins at `first`; always later than `first`.
pub(crate) fn end(first: i64, period: Period, calendar: &Calendar) -> i64 {
    let days = match period {
        Period::Life => return i64::MAX,
        Period::Hour => 0,
        Period::Day => 1,
        Period::Week => 7,
        Period::Month => 31,
    };
    // A step that surely leaves the period, then back to the beginning of the one it led to. Days have up to 25 hours.
    let beyond = first.saturating_add(if days == 0 { HOUR } else { days * DAY + 2 * HOUR });
    let next = start(beyond, period, calendar);
    // A clock that is set back by less than an hour makes one hour longer.
    if next > first { next } else { first.saturating_add(2 * HOUR) }
}

fn first_moment(local: &Zoned, period: Period) -> Result<Zoned, jiff::Error> {
    let day = local.date();
    let first = match period {
        Period::Week => day.checked_sub(jiff::Span::new().try_days(days_since_monday(day.weekday()))?)?,
        Period::Month => day.first_of_month(),
        Period::Hour | Period::Day | Period::Life => day,
    };
    first.to_zoned(local.time_zone().clone())
}

fn days_since_monday(day: Weekday) -> i64 {
    i64::from(day.to_monday_zero_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn calendar(name: &str) -> Calendar {
        Calendar::new(TimeZone::get(name).unwrap())
    }

    #[test]
    fn arithmetic_says_what_the_zones_rules_say() {
        const PERIODS: [Period; 4] = [Period::Hour, Period::Day, Period::Week, Period::Month];
        let (mut plain, mut near) = (0, 0);
        for name in [
            "UTC",
            "Asia/Shanghai",
            "Europe/Berlin",
            "America/Sao_Paulo",   // its clock changes at midnight
            "Australia/Lord_Howe", // by half an hour
            "Asia/Kathmandu",
            "Pacific/Apia", // a day is missing
            "America/Caracas",
            "Africa/Casablanca",
        ] {
            let calendar = calendar(name);
            let mut times: Vec<i64> = (0..3000).map(|n| n * 1_361_777_777 + 86_399_999).collect();
            for (from, _) in &calendar.changes {
                times.extend((-60..60).map(|n| from + n * 3_599_000 + n % 2));
            }
            for time in times.into_iter().filter(|time| *time >= 0) {
                for period in PERIODS {
                    let rules = start_by_rules(time, period, &calendar.zone);
                    assert_eq!(start(time, period, &calendar), rules, "{name} {time} {period:?}");
                    let is_plain = calendar.plain_start(time, period).is_some();
                    *(if is_plain { &mut plain } else { &mut near }) += 1;
                }
            }
        }
        assert!(plain > 100_000 && near > 10_000, "{plain} {near}");
    }

    #[test]
    fn days_of_23_and_25_hours() {
        let zone = calendar("Europe/Berlin");
        let day = |text| start(ms(text), Period::Day, &zone);
        assert_eq!(day("2024-03-31T21:59:59Z"), ms("2024-03-30T23:00:00Z"));
        assert_eq!(day("2024-03-31T22:00:00Z"), ms("2024-03-31T22:00:00Z"));
        assert_eq!(day("2024-10-27T22:59:59Z"), ms("2024-10-26T22:00:00Z"));
    }

    #[test]
    fn a_repeated_hour_is_two() {
        let zone = calendar("Europe/Berlin");
        let hour = |text| start(ms(text), Period::Hour, &zone);
        assert_eq!(hour("2024-10-27T00:30:00Z"), ms("2024-10-27T00:00:00Z"));
        assert_eq!(hour("2024-10-27T01:30:00Z"), ms("2024-10-27T01:00:00Z"));
        let half = calendar("Asia/Kolkata");
        assert_eq!(start(ms("2024-10-27T00:45:00Z"), Period::Hour, &half), ms("2024-10-27T00:30:00Z"));
    }

    #[test]
    fn weeks_begin_on_monday() {
        let zone = calendar("Asia/Shanghai");
        let week = start(ms("2022-08-14T15:59:59Z"), Period::Week, &zone);
        assert_eq!(week, ms("2022-08-07T16:00:00Z"));
        assert_eq!(start(ms("2022-08-14T16:00:00Z"), Period::Month, &zone), ms("2022-07-31T16:00:00Z"));
    }
}
