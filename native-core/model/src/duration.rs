//! Lengths of time: an integer and a unit (`500ms 10s 15m 6h 2d 1w`, d = 24 h).

use std::fmt;

use crate::Duration;
use crate::limits::MAX_DURATION_MS;

/// Units with their milliseconds, the largest first.
const UNITS: [(&str, i64); 6] =
    [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Why a text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DurationFault {
    /// Not an integer and a unit.
    Shape,
    /// Longer than [`MAX_DURATION_MS`].
    TooLong,
}

impl Duration {
    pub(crate) fn read(text: &str) -> Result<Duration, DurationFault> {
        let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or(DurationFault::Shape)?;
        let (number, unit) = text.split_at(unit_at);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit).ok_or(DurationFault::Shape)?;
        if number.is_empty() {
            return Err(DurationFault::Shape);
        }
        // Only digits are left, so the one way to fail is to be too large.
        let number: i64 = number.parse().map_err(|_| DurationFault::TooLong)?;
        match number.checked_mul(*factor) {
            Some(ms) if ms <= MAX_DURATION_MS => Ok(Duration { ms }),
            _ => Err(DurationFault::TooLong),
        }
    }
}

/// The largest unit that is exact: `604800s` is `1w`, `90s` stays `90s`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = match self.ms {
            0 => ("ms", 1),
            ms => UNITS.into_iter().find(|(_, factor)| ms % factor == 0).unwrap_or(("ms", 1)),
        };
        write!(f, "{}{unit}", self.ms / factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for (text, ms, canonical) in [
            ("500ms", 500, "500ms"),
            ("10s", 10_000, "10s"),
            ("15m", 900_000, "15m"),
            ("6h", 21_600_000, "6h"),
            ("2d", 172_800_000, "2d"),
            ("1w", 604_800_000, "1w"),
            ("0d", 0, "0ms"),
            ("90m", 5_400_000, "90m"),
            ("007d", 604_800_000, "1w"),
        ] {
            let duration = Duration::read(text).unwrap();
            assert_eq!((duration.ms, duration.to_string().as_str()), (ms, canonical), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_duration() {
        for text in ["", "5", "m", "-5m", "5 m", "5.5m", "5M", "5min", "٥m", "m5"] {
            assert_eq!(Duration::read(text), Err(DurationFault::Shape), "{text}");
        }
        for text in ["36526d", "9223372036854775807w", "99999999999999999999ms"] {
            assert_eq!(Duration::read(text), Err(DurationFault::TooLong), "{text}");
        }
    }
}
