//! Audiences of numeric users as others write them: portable roaring bitmaps, and ClickHouse's `groupBitmap` state.
//!
//! Nothing in these bytes tells the format, and some bytes are well-formed in two of them: so it is named.
//! Sources: RoaringFormatSpec (with its 64-bit extension); ClickHouse, `AggregateFunctionGroupBitmapData.h`.

use roaring::{RoaringBitmap, RoaringTreemap};

use crate::audience::{Audience, AudienceError, MAX_AUDIENCE};

/// How a bitmap of users is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BitmapFormat {
    /// Portable roaring, 32 bits.
    Roaring32,
    /// Portable roaring, 64 bits: the number of 32-bit bitmaps, then each with its high bits.
    Roaring64,
    /// State of ClickHouse's `groupBitmap` over `UInt32`.
    ClickHouse32,
    /// State of ClickHouse's `groupBitmap` over `UInt64`.
    ClickHouse64,
}

/// A small ClickHouse set is a list of at most so many values.
const SMALL: usize = 32;

impl BitmapFormat {
    fn wide(self) -> bool {
        matches!(self, BitmapFormat::Roaring64 | BitmapFormat::ClickHouse64)
    }
}

impl Audience {
    /// The users whose ids, as decimal numbers, are in the bitmap.
    ///
    /// # Errors
    /// The bytes are too many, damaged, followed by others, or of another format.
    pub fn from_bitmap(format: BitmapFormat, bytes: &[u8]) -> Result<Self, AudienceError> {
        if bytes.len() > MAX_AUDIENCE {
            return Err(AudienceError::new(format!(
                "{} bytes are beyond the limit of {MAX_AUDIENCE}",
                bytes.len()
            )));
        }
        let numbers = match format {
            BitmapFormat::Roaring32 | BitmapFormat::Roaring64 => roaring(format, bytes)?,
            BitmapFormat::ClickHouse32 | BitmapFormat::ClickHouse64 => clickhouse(format, bytes)?,
        };
        Ok(Audience::from_numbers(numbers))
    }
}

fn roaring(format: BitmapFormat, bytes: &[u8]) -> Result<RoaringTreemap, AudienceError> {
    let mut rest = bytes;
    let numbers = if format.wide() {
        RoaringTreemap::deserialize_from(&mut rest)
    } else {
        RoaringBitmap::deserialize_from(&mut rest).map(|bitmap| RoaringTreemap::from_bitmaps([(0, bitmap)]))
    };
    let numbers = numbers.map_err(|error| AudienceError::new(format!("no {format:?} bitmap: {error}")))?;
    if rest.is_empty() {
        Ok(numbers)
    } else {
        Err(AudienceError::new(format!("{} bytes follow the bitmap", rest.len())))
    }
}

/// A zero, a count and the values themselves; or a one, the length as a varint, and a roaring bitmap.
fn clickhouse(format: BitmapFormat, bytes: &[u8]) -> Result<RoaringTreemap, AudienceError> {
    let damaged = |why: &str| AudienceError::new(format!("no {format:?} state: {why}"));
    match bytes {
        [0, count, values @ ..] => {
            let width = if format.wide() { 8 } else { 4 };
            if usize::from(*count) > SMALL || values.len() != usize::from(*count) * width {
                return Err(damaged("its length and its number of values differ"));
            }
            let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
            Ok(values.chunks_exact(width).map(number).collect())
        }
        [1, rest @ ..] => {
            let (length, bitmap) = varint(rest).ok_or_else(|| damaged("its length is cut"))?;
            if length != bitmap.len() as u64 {
                return Err(damaged("its length and its bytes differ"));
            }
            roaring(if format.wide() { BitmapFormat::Roaring64 } else { BitmapFormat::Roaring32 }, bitmap)
        }
        _ => Err(damaged("it begins with neither 0 nor 1")),
    }
}

/// An unsigned LEB128 number and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use BitmapFormat::{ClickHouse32, ClickHouse64, Roaring32, Roaring64};

    /// testdata/audiences/README.md says who wrote them and what they hold.
    macro_rules! file {
        ($name:literal) => {
            include_bytes!(concat!("../../../testdata/audiences/", $name)).as_slice()
        };
    }

    fn users(numbers: impl IntoIterator<Item = u64>) -> Audience {
        let texts: Vec<String> = numbers.into_iter().map(|n| n.to_string()).collect();
        Audience::from_users(texts.iter().map(String::as_str))
    }

    fn large() -> impl Iterator<Item = u64> {
        (0..5000).map(|n| n * 3).chain(70_000..=80_000).chain([u64::from(u32::MAX)])
    }

    fn wide() -> impl Iterator<Item = u64> {
        large().chain([1 << 40, (1 << 63) + 5, u64::MAX])
    }

    #[test]
    fn files_that_others_wrote() {
        let small = || [3, 7, 4_000_000_000];
        let read = |format, bytes| Audience::from_bitmap(format, bytes).unwrap();
        assert_eq!(read(Roaring32, file!("roaring32.bin")), users(large()));
        assert_eq!(read(Roaring64, file!("roaring64.bin")), users(wide()));
        assert_eq!(read(ClickHouse32, file!("clickhouse32.bin")), users(large()));
        assert_eq!(read(ClickHouse64, file!("clickhouse64.bin")), users(wide()));
        assert_eq!(read(ClickHouse32, file!("clickhouse32-small.bin")), users(small()));
        assert_eq!(
            read(ClickHouse64, file!("clickhouse64-small.bin")),
            users(small().into_iter().chain([1 << 40]))
        );
    }

    #[test]
    fn what_is_cut_longer_or_of_another_format_is_refused() {
        let files = [
            (Roaring32, file!("roaring32.bin")),
            (Roaring64, file!("roaring64.bin")),
            (ClickHouse32, file!("clickhouse32.bin")),
            (ClickHouse64, file!("clickhouse64.bin")),
            (ClickHouse32, file!("clickhouse32-small.bin")),
            (ClickHouse64, file!("clickhouse64-small.bin")),
        ];
        for (format, bytes) in files {
            for cut in 0..bytes.len() {
                assert!(Audience::from_bitmap(format, &bytes[..cut]).is_err(), "{format:?} cut at {cut}");
            }
            let longer = [bytes, b"x"].concat();
            assert!(Audience::from_bitmap(format, &longer).is_err(), "{format:?}");
        }
        let other = Audience::from_bitmap(Roaring32, file!("clickhouse32.bin")).unwrap_err().to_string();
        assert!(other.contains("no Roaring32 bitmap"), "{other}");
        // A length that lies allocates nothing.
        let lie = [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0];
        assert!(Audience::from_bitmap(ClickHouse32, &lie).is_err());
    }
}
