//! Sixteen bytes at a time: where a text ends, where digits end. Texts and numbers of records are short.

use wide::u8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 16;

/// The first place from `from` on that is a quote, a backslash or a control character; the end where none is.
#[inline]
pub(super) fn text_end(bytes: &[u8], from: usize) -> usize {
    find(bytes, from, specials)
}

/// The first place from `from` on that is no decimal digit; the end where none is.
#[inline]
pub(super) fn digits_end(bytes: &[u8], from: usize) -> usize {
    find(bytes, from, others_than_digits)
}

/// Up to eight bytes from `from` on as one number, the first in its lowest byte, zeros for those beyond `length`.
#[inline]
pub(super) fn first_eight(bytes: &[u8], from: usize, length: usize) -> u64 {
    match bytes.get(from..).and_then(<[u8]>::first_chunk::<8>) {
        Some(chunk) if length < 8 => u64::from_le_bytes(*chunk) & !(!0 << (8 * length)),
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => last_bytes(bytes, from, length),
    }
}

/// The same where the record ends: rare, and short.
#[cold]
fn last_bytes(bytes: &[u8], from: usize, length: usize) -> u64 {
    (0..length.min(8)).rev().fold(0, |word, at| word << 8 | u64::from(bytes[from + at]))
}

/// The first place from `from` on at which `marked` has a bit.
#[inline]
fn find(bytes: &[u8], from: usize, marked: impl Fn(&[u8; BLOCK]) -> u32) -> usize {
    let mut at = from;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let marks = marked(block);
        if marks != 0 {
            return at + marks.trailing_zeros() as usize;
        }
        at += BLOCK;
    }
    rest(bytes, at, marked)
}

/// The same for the last bytes, fewer than a block.
#[inline(never)]
fn rest(bytes: &[u8], at: usize, marked: impl Fn(&[u8; BLOCK]) -> u32) -> usize {
    let left = bytes.len().saturating_sub(at);
    let marks = match bytes.last_chunk() {
        // The block that ends with the bytes: what lies before `at` is shifted out.
        Some(block) => marked(block) >> (BLOCK - left),
        None => {
            let mut block = [0; BLOCK];
            block[..left].copy_from_slice(&bytes[at..]);
            marked(&block)
        }
    };
    at + left.min(marks.trailing_zeros() as usize)
}

/// A bit for each quote, backslash and control character.
#[inline]
fn specials(block: &[u8; BLOCK]) -> u32 {
    let block = u8x16::new(*block);
    let is = |byte| block.simd_eq(u8x16::splat(byte));
    let control = block.min(u8x16::splat(0x1f)).simd_eq(block);
    (is(b'"') | is(b'\\') | control).to_bitmask()
}

/// A bit for each byte that is no decimal digit.
#[inline]
fn others_than_digits(block: &[u8; BLOCK]) -> u32 {
    let beyond = u8x16::new(*block) - u8x16::splat(b'0');
    !beyond.min(u8x16::splat(9)).simd_eq(beyond).to_bitmask() & 0xffff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte at every place of texts of every length up to three blocks, from every place on.
    #[test]
    fn ends_are_found_as_byte_by_byte() {
        for length in 0..50 {
            for place in 0..length {
                for byte in 0..=255 {
                    let mut bytes = vec![b'7'; length];
                    bytes[place] = byte;
                    for from in [0, place.saturating_sub(17), place, place + 1] {
                        let first = |is_end: fn(u8) -> bool| {
                            (from..length).find(|at| is_end(bytes[*at])).unwrap_or(length)
                        };
                        let special = first(|b| matches!(b, b'"' | b'\\' | 0..0x20));
                        let other = first(|b| !b.is_ascii_digit());
                        assert_eq!(text_end(&bytes, from), special, "{byte} at {place} of {length}");
                        assert_eq!(digits_end(&bytes, from), other, "{byte} at {place} of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_eight_bytes_of_a_name() {
        let bytes = b"abcdefghijk";
        for from in 0..bytes.len() {
            for length in 0..=bytes.len() - from {
                let mut expected = [0; 8];
                let taken = length.min(8);
                expected[..taken].copy_from_slice(&bytes[from..from + taken]);
                assert_eq!(first_eight(bytes, from, length), u64::from_le_bytes(expected), "{from} {length}");
            }
        }
    }
}
