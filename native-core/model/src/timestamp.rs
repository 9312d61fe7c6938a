//! Moments: RFC 3339 with an offset, to the millisecond, between 1970 and 9999.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use crate::Timestamp;
use crate::limits::{MAX_TIME_MS, MIN_TIME_MS};

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// Why a text is not a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimestampFault {
    /// Not RFC 3339 with an offset.
    Shape,
    /// No such day, hour or offset.
    Calendar,
    /// Finer than a millisecond.
    Fine,
    /// Before 1970 or after 9999.
    Range,
}

impl Timestamp {
    pub(crate) fn read(text: &str) -> Result<Timestamp, TimestampFault> {
        let bytes = text.as_bytes();
        let shape = b"dddd-dd-ddTdd:dd:dd";
        if bytes.len() <= shape.len() || !bytes.iter().zip(shape).all(|(byte, want)| fits(*byte, *want)) {
            return Err(TimestampFault::Shape);
        }
        let (fraction, zone) = split_fraction(&bytes[shape.len()..])?;
        let offset = offset_seconds(zone)?;
        let local = DateTime::new(
            part(bytes, 0, 4)?,
            part(bytes, 5, 2)?,
            part(bytes, 8, 2)?,
            part(bytes, 11, 2)?,
            part(bytes, 14, 2)?,
            part(bytes, 17, 2)?,
            0,
        )
        .map_err(|_| TimestampFault::Calendar)?;
        let seconds = local.duration_since(EPOCH).as_secs();
        let ms = (seconds - i64::from(offset)) * 1000 + millis(fraction)?;
        if !(MIN_TIME_MS..=MAX_TIME_MS).contains(&ms) {
            return Err(TimestampFault::Range);
        }
        Ok(Timestamp { ms, offset })
    }

    /// What its author's clock and calendar showed. A hand-made offset that no clock has reads as UTC.
    fn local(self) -> Option<(DateTime, i32)> {
        let written = self.offset % 60 == 0 && self.offset.unsigned_abs() < 24 * 3600;
        let offset = if written { self.offset } else { 0 };
        // Calendar arithmetic, because jiff's own moments end a day before year 9999 does.
        let since = SignedDuration::from_millis(self.ms.checked_add(i64::from(offset) * 1000)?);
        Some((EPOCH.checked_add(since).ok()?, offset))
    }
}

/// RFC 3339 with the offset its author used; `Z` for none; milliseconds only where there are some.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((local, offset)) = self.local() else {
            // Only a hand-made value beyond year 9999 comes here.
            return write!(f, "{}ms", self.ms);
        };
        let (date, time) = (local.date(), local.time());
        write!(f, "{:04}-{:02}-{:02}T", date.year(), date.month(), date.day())?;
        write!(f, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        if time.millisecond() != 0 {
            write!(f, ".{:03}", time.millisecond())?;
        }
        if offset == 0 {
            return f.write_str("Z");
        }
        let sign = if offset < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", offset.abs() / 3600, offset.abs() / 60 % 60)
    }
}

fn fits(byte: u8, want: u8) -> bool {
    match want {
        b'd' => byte.is_ascii_digit(),
        // RFC 3339 lets `T` and `Z` be small.
        b'T' => byte.eq_ignore_ascii_case(&b'T'),
        other => byte == other,
    }
}

/// Digits of a number, their shape checked before.
fn part<T: TryFrom<i64>>(bytes: &[u8], start: usize, len: usize) -> Result<T, TimestampFault> {
    let number = bytes[start..start + len].iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    T::try_from(number).map_err(|_| TimestampFault::Calendar)
}

/// The fraction's digits (none where there is no point), and the offset.
fn split_fraction(rest: &[u8]) -> Result<(&[u8], &[u8]), TimestampFault> {
    let Some(rest) = rest.strip_prefix(b".") else { return Ok((&[], rest)) };
    let end = rest.iter().position(|byte| !byte.is_ascii_digit()).ok_or(TimestampFault::Shape)?;
    if end == 0 { Err(TimestampFault::Shape) } else { Ok(rest.split_at(end)) }
}

fn millis(fraction: &[u8]) -> Result<i64, TimestampFault> {
    if fraction.iter().skip(3).any(|digit| *digit != b'0') {
        return Err(TimestampFault::Fine);
    }
    let digit = |place: usize| fraction.get(place).map_or(0, |digit| i64::from(digit - b'0'));
    Ok(digit(0) * 100 + digit(1) * 10 + digit(2))
}

fn offset_seconds(zone: &[u8]) -> Result<i32, TimestampFault> {
    let sign = match zone {
        [b'Z' | b'z'] => return Ok(0),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return Err(TimestampFault::Shape),
    };
    let shape = b"dd:dd";
    if zone.len() != shape.len() + 1 || !zone[1..].iter().zip(shape).all(|(byte, want)| fits(*byte, *want)) {
        return Err(TimestampFault::Shape);
    }
    let (hours, minutes): (i32, i32) = (part(zone, 1, 2)?, part(zone, 4, 2)?);
    if hours > 23 || minutes > 59 {
        return Err(TimestampFault::Calendar);
    }
    Ok(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for (text, ms, offset, canonical) in [
            ("2022-08-10T00:00:00+08:00", 1_660_060_800_000, 28_800, "2022-08-10T00:00:00+08:00"),
            ("2022-08-09t16:00:00.250z", 1_660_060_800_250, 0, "2022-08-09T16:00:00.250Z"),
            ("1970-01-01T00:00:00-00:00", 0, 0, "1970-01-01T00:00:00Z"),
            ("1969-12-31T19:00:00.001000-05:00", 1, -18_000, "1969-12-31T19:00:00.001-05:00"),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, 0, "9999-12-31T23:59:59.999Z"),
            ("2024-02-29T12:30:00+05:45", 1_709_189_100_000, 20_700, "2024-02-29T12:30:00+05:45"),
        ] {
            let moment = Timestamp::read(text).unwrap();
            assert_eq!((moment.ms, moment.offset, moment.to_string().as_str()), (ms, offset, canonical));
            assert_eq!(Timestamp::read(canonical), Ok(moment));
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        use TimestampFault::{Calendar, Fine, Range, Shape};
        for (text, fault) in [
            ("", Shape),
            ("2022-08-10", Shape),
            ("2022-08-10T00:00:00", Shape),
            ("2022-08-10 00:00:00Z", Shape),
            ("2022-08-10T00:00:00.Z", Shape),
            ("2022-08-10T00:00:00.5", Shape),
            ("2022-08-10T00:00:00+0800", Shape),
            ("2022-08-10T00:00:00+08:00x", Shape),
            ("2022-08-10T00:00:00é", Shape),
            ("2022-02-30T00:00:00Z", Calendar),
            ("2022-08-10T24:00:00Z", Calendar),
            ("2022-08-10T23:59:60Z", Calendar),
            ("2022-08-10T00:00:00+24:00", Calendar),
            ("2022-08-10T00:00:00.0001Z", Fine),
            ("1969-12-31T23:59:59Z", Range),
            ("0000-01-01T00:00:00Z", Range),
            ("9999-12-31T23:59:59-00:01", Range),
        ] {
            assert_eq!(Timestamp::read(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn any_value_can_be_written() {
        for (ms, offset) in [(i64::MIN, 0), (i64::MAX, i32::MIN), (0, i32::MAX), (0, 1)] {
            assert!(!Timestamp { ms, offset }.to_string().is_empty());
        }
    }
}
