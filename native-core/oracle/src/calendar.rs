//! Calendar periods in a zone (T23, T26, D7).

use alcedo_model::Period;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The zone of that name from the bundled rules (T24), UTC where there is none: rules with one are refused.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Whether two moments (Unix ms) lie in the same period.
pub(crate) fn same_period(period: Period, zone: &TimeZone, x: i64, y: i64) -> bool {
    period == Period::Life || named(period, zone, x) == named(period, zone, y)
}

/// A period's name: (year, month, day, hour, offset in seconds), with 0 for what does not count.
fn named(period: Period, zone: &TimeZone, ms: i64) -> Option<(i16, i8, i8, i8, i32)> {
    let at: Zoned = Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone());
    let date = at.date();
    Some(match period {
        // The offset tells the two hours apart that a clock change makes of one name.
        Period::Hour => (date.year(), date.month(), date.day(), at.hour(), at.offset().seconds()),
        Period::Day => (date.year(), date.month(), date.day(), 0, 0),
        Period::Week => {
            let back = i64::from(date.weekday().to_monday_zero_offset());
            let monday = date.checked_sub(jiff::Span::new().days(back)).ok()?;
            (monday.year(), monday.month(), monday.day(), 0, 0)
        }
        Period::Month => (date.year(), date.month(), 0, 0, 0),
        Period::Life => (0, 0, 0, 0, 0),
    })
}
