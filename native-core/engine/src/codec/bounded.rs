//! Lists, texts and bytes whose length is read before they are: a length that lies costs nothing.
//!
//! `bincode`'s own allocate what a length says, up to a limit that knows nothing of the bytes at hand. These have the
//! same bytes and take memory only in proportion to what is there.

use bincode::de::read::Reader;
use bincode::de::{BorrowDecode, BorrowDecoder, Decode, Decoder};
use bincode::enc::{Encode, Encoder};
use bincode::error::{DecodeError, EncodeError};

/// Elements for which room is made at once; beyond that a list grows as they come.
const AT_ONCE: usize = 256;

#[derive(Debug)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

#[derive(Debug)]
pub(crate) struct Text(pub(crate) String);

#[derive(Debug)]
pub(crate) struct Raw(pub(crate) Vec<u8>);

/// A number of things of which each takes at least a byte of what is left.
fn count<D: Decoder>(decoder: &mut D) -> Result<usize, DecodeError> {
    let count = usize::try_from(u64::decode(decoder)?).unwrap_or(usize::MAX);
    match decoder.reader().peek_read(count) {
        None if count > 0 => Err(DecodeError::UnexpectedEnd { additional: count }),
        _ => Ok(count),
    }
}

impl<C, T: Decode<C>> Decode<C> for List<T> {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let count = count(decoder)?;
        let mut all = Vec::with_capacity(count.min(AT_ONCE));
        for _ in 0..count {
            all.push(T::decode(decoder)?);
        }
        Ok(List(all))
    }
}

impl<C> Decode<C> for Raw {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let mut bytes = vec![0; count(decoder)?];
        decoder.reader().read(&mut bytes)?;
        Ok(Raw(bytes))
    }
}

impl<C> Decode<C> for Text {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let Raw(bytes) = Raw::decode(decoder)?;
        let text = String::from_utf8(bytes).map_err(|e| DecodeError::Utf8 { inner: e.utf8_error() })?;
        Ok(Text(text))
    }
}

// Derived types ask for this too; nothing here borrows.
bincode::impl_borrow_decode!(Raw);
bincode::impl_borrow_decode!(Text);

impl<'de, C, T: Decode<C>> BorrowDecode<'de, C> for List<T> {
    fn borrow_decode<D: BorrowDecoder<'de, Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Decode::decode(decoder)
    }
}

impl<T: Encode + 'static> Encode for List<T> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.encode(encoder)
    }
}

impl Encode for Raw {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.encode(encoder)
    }
}

impl Encode for Text {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.encode(encoder)
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        List(all.into_iter().collect())
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use bincode::config::standard;
    use bincode::{decode_from_slice, encode_to_vec};

    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_plain_ones() {
        let plain = (vec![1i64, -300, 70_000], "é".to_owned(), vec![7u8; 300]);
        let bytes = encode_to_vec(&plain, standard()).unwrap();
        let (bounded, read): ((List<i64>, Text, Raw), usize) = decode_from_slice(&bytes, standard()).unwrap();
        assert_eq!(
            ((bounded.0.0.clone(), bounded.1.0.clone(), bounded.2.0.clone()), read),
            (plain, bytes.len())
        );
        assert_eq!(encode_to_vec(&bounded, standard()).unwrap(), bytes);
    }

    #[test]
    fn a_length_beyond_what_is_left_is_the_end() {
        for length in [3u64, 1 << 20, 1 << 40, u64::MAX] {
            let mut bytes = encode_to_vec(length, standard()).unwrap();
            bytes.extend_from_slice(&[1, 1]);
            assert!(decode_from_slice::<List<u8>, _>(&bytes, standard()).is_err(), "{length}");
            assert!(decode_from_slice::<Raw, _>(&bytes, standard()).is_err(), "{length}");
            assert!(decode_from_slice::<Text, _>(&bytes, standard()).is_err(), "{length}");
        }
    }
}
