//! Calendar periods in a time zone. The zones' rules are bundled, so every host agrees.

use alcedo_model::Period;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// First moment (Unix ms) of the period that holds `time`; `i64::MIN` for a life. A moment beyond what the calendar
/// reaches (year 9999 in the far east) is its own period.
pub(crate) fn start(time: i64, period: Period, zone: &TimeZone) -> i64 {
    if period == Period::Life {
        return i64::MIN;
    }
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
pub(crate) fn end(first: i64, period: Period, zone: &TimeZone) -> i64 {
    const HOUR: i64 = 3_600_000;
    let days = match period {
        Period::Life => return i64::MAX,
        Period::Hour => 0,
        Period::Day => 1,
        Period::Week => 7,
        Period::Month => 31,
    };
    // A step that surely leaves the period, then back to the beginning of the one it led to. Days have up to 25 hours.
    let beyond = first.saturating_add(if days == 0 { HOUR } else { days * 24 * HOUR + 2 * HOUR });
    let next = start(beyond, period, zone);
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

    #[test]
    fn days_of_23_and_25_hours() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let day = |text| start(ms(text), Period::Day, &zone);
        assert_eq!(day("2024-03-31T21:59:59Z"), ms("2024-03-30T23:00:00Z"));
        assert_eq!(day("2024-03-31T22:00:00Z"), ms("2024-03-31T22:00:00Z"));
        assert_eq!(day("2024-10-27T22:59:59Z"), ms("2024-10-26T22:00:00Z"));
    }

    #[test]
    fn a_repeated_hour_is_two() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let hour = |text| start(ms(text), Period::Hour, &zone);
        assert_eq!(hour("2024-10-27T00:30:00Z"), ms("2024-10-27T00:00:00Z"));
        assert_eq!(hour("2024-10-27T01:30:00Z"), ms("2024-10-27T01:00:00Z"));
        let half = TimeZone::get("Asia/Kolkata").unwrap();
        assert_eq!(start(ms("2024-10-27T00:45:00Z"), Period::Hour, &half), ms("2024-10-27T00:30:00Z"));
    }

    #[test]
    fn weeks_begin_on_monday() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let week = start(ms("2022-08-14T15:59:59Z"), Period::Week, &zone);
        assert_eq!(week, ms("2022-08-07T16:00:00Z"));
        assert_eq!(start(ms("2022-08-14T16:00:00Z"), Period::Month, &zone), ms("2022-07-31T16:00:00Z"));
    }
}
