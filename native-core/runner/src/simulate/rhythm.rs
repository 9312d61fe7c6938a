//! The shop's day: quiet at night, a peak at noon, a higher one in the evening (UTC+8).
//!
//! Sessions are spread evenly over *phase*, in which a busy hour is longer than a quiet one; phase is then read
//! back as time. So the rhythm is exact and no draw is ever thrown away.

/// How busy each hour of the day is.
const HOURS: [u64; 24] =
    [20, 12, 8, 5, 4, 5, 10, 22, 35, 45, 52, 60, 68, 60, 50, 48, 50, 55, 62, 75, 90, 100, 85, 50];
const HOUR_MS: u64 = 3_600_000;
/// 2022-08-01T00:00:00+08:00, the first midnight of the shop.
pub(crate) const OPENING: i64 = 1_659_283_200_000;
/// Days that the asked number of events is spread over.
pub(crate) const DAYS: u64 = 14;

/// Phase of a whole day.
pub(crate) fn day() -> u64 {
    HOURS.iter().sum::<u64>() * HOUR_MS
}

/// The moment of a phase, Unix ms.
pub(crate) fn moment(phase: u64) -> i64 {
    let (days, mut rest) = (phase / day(), phase % day());
    let mut ms = days * 24 * HOUR_MS;
    for weight in HOURS {
        if rest < weight * HOUR_MS {
            return OPENING + (ms + rest / weight) as i64;
        }
        rest -= weight * HOUR_MS;
        ms += HOUR_MS;
    }
    OPENING + ms as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phase_grows_with_time_and_days_are_days() {
        assert_eq!(moment(0), OPENING);
        assert_eq!(moment(day()), OPENING + 86_400_000);
        let step = day() / 1000;
        assert!((0..999).all(|n| moment(n * step) < moment((n + 1) * step)));
    }
}
