//! Audiences: sets of users, resolved before the stream and asked once per rule.
//!
//! Bytes: magic `a1 cf`, version 1, a zero, length u32 LE of a portable 64-bit roaring bitmap of the numeric ids, the
//! bitmap, count u64 LE of other ids, their xxh3-64 ascending as u64 LE, xxh3-64 of all before. A numeric id is the
//! decimal form of a u64 without leading zeros. Two other ids share a hash with probability n / 2^64.

use std::collections::BTreeMap;
use std::sync::Arc;

use roaring::RoaringTreemap;
use xxhash_rust::xxh3::xxh3_64;

use crate::hashes::Hashes;

/// Largest encoded audience, bytes.
pub const MAX_AUDIENCE: usize = 1 << 30;

const HEAD: [u8; 4] = [0xa1, 0xcf, 1, 0];

/// A set of users.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audience {
    numbers: RoaringTreemap,
    /// Hashes of ids that are not numbers.
    hashes: Hashes,
}

/// Why audience bytes cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the audience cannot be read: {0}; write it again with `alcedo audience`")]
pub struct AudienceError(String);

impl AudienceError {
    pub(crate) fn new(why: String) -> Self {
        AudienceError(why)
    }
}

fn number(user: &str) -> Option<u64> {
    let digits = user.bytes().all(|b| b.is_ascii_digit()) && (user == "0" || !user.starts_with('0'));
    if digits { user.parse().ok() } else { None }
}

/// A user as audiences know him: found out once, asked of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    Number(u64),
    Hash(u64),
}

impl Member {
    pub(crate) fn of(user: &str) -> Self {
        number(user).map_or_else(|| Member::Hash(xxh3_64(user.as_bytes())), Member::Number)
    }
}

/// An audience that grows user by user: 8 bytes each at most, whatever the length of their ids.
#[derive(Debug, Default)]
pub struct AudienceBuilder {
    numbers: RoaringTreemap,
    hashes: Vec<u64>,
}

impl AudienceBuilder {
    /// Adds a user; one that is there already changes nothing.
    pub fn add(&mut self, user: &str) {
        match Member::of(user) {
            Member::Number(number) => {
                self.numbers.insert(number);
            }
            Member::Hash(hash) => self.hashes.push(hash),
        }
    }

    /// The set of those that were added.
    pub fn build(mut self) -> Audience {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        Audience { numbers: self.numbers, hashes: Hashes::new(&self.hashes) }
    }
}

impl Audience {
    /// The set of these users.
    pub fn from_users<'a>(users: impl IntoIterator<Item = &'a str>) -> Self {
        let mut builder = AudienceBuilder::default();
        for user in users {
            builder.add(user);
        }
        builder.build()
    }

    pub(crate) fn from_numbers(numbers: RoaringTreemap) -> Self {
        Audience { numbers, hashes: Hashes::default() }
    }

    /// Whether the user is in it.
    pub fn contains(&self, user: &str) -> bool {
        self.has(Member::of(user))
    }

    pub(crate) fn has(&self, member: Member) -> bool {
        match member {
            Member::Number(number) => self.numbers.contains(number),
            Member::Hash(hash) => self.hashes.contains(hash),
        }
    }

    /// Number of users.
    pub fn len(&self) -> u64 {
        self.numbers.len() + self.hashes.len() as u64
    }

    /// True if nobody is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The set as bytes; the same set gives the same bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut numbers = Vec::with_capacity(self.numbers.serialized_size());
        // Writing into memory does not fail.
        let _ = self.numbers.serialize_into(&mut numbers);
        let mut out = HEAD.to_vec();
        out.extend_from_slice(&(numbers.len() as u32).to_le_bytes());
        out.extend_from_slice(&numbers);
        out.extend_from_slice(&(self.hashes.len() as u64).to_le_bytes());
        for hash in self.hashes.iter() {
            out.extend_from_slice(&hash.to_le_bytes());
        }
        let sum = xxh3_64(&out);
        out.extend_from_slice(&sum.to_le_bytes());
        out
    }

    /// Reads what `encode` wrote.
    ///
    /// # Errors
    /// The bytes are too many, damaged, or of another kind.
    pub fn decode(bytes: &[u8]) -> Result<Self, AudienceError> {
        let damaged = |why: &str| AudienceError(why.to_owned());
        if bytes.len() > MAX_AUDIENCE {
            return Err(AudienceError(format!(
                "{} bytes are beyond the limit of {MAX_AUDIENCE}",
                bytes.len()
            )));
        }
        let rest =
            bytes.strip_prefix(&HEAD).ok_or_else(|| damaged("it is not an audience file of version 1"))?;
        let (_, sum) = bytes.split_last_chunk::<8>().ok_or_else(|| damaged("it is cut"))?;
        if xxh3_64(&bytes[..bytes.len() - 8]) != u64::from_le_bytes(*sum) {
            return Err(damaged("its checksum differs"));
        }
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(|| damaged("it is cut"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let (numbers, rest) = rest.split_at_checked(length).ok_or_else(|| damaged("it is cut"))?;
        let numbers = RoaringTreemap::deserialize_from(numbers).map_err(|e| AudienceError(e.to_string()))?;
        let (count, rest) = rest.split_first_chunk::<8>().ok_or_else(|| damaged("it is cut"))?;
        let (words, end) = rest.as_chunks::<8>();
        let Some((_, words)) = words.split_last().filter(|_| end.is_empty()) else {
            return Err(damaged("it is cut"));
        };
        let hashes = words.iter().map(|word| u64::from_le_bytes(*word));
        if words.len() as u64 != u64::from_le_bytes(*count) || !hashes.clone().is_sorted_by(|a, b| a < b) {
            return Err(damaged("its ids are not in order"));
        }
        Ok(Audience { numbers, hashes: Hashes::from_ascending(words.len(), hashes) })
    }
}

/// The audiences that are loaded, by id.
#[derive(Debug, Clone, Default)]
pub struct Audiences {
    sets: BTreeMap<String, Arc<Audience>>,
}

impl Audiences {
    /// None loaded.
    pub fn new() -> Self {
        Audiences::default()
    }

    /// Adds or swaps one.
    pub fn insert(&mut self, id: &str, audience: Arc<Audience>) {
        self.sets.insert(id.to_owned(), audience);
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<Audience>)> {
        self.sets.iter().map(|(id, audience)| (id.as_str(), audience))
    }

    /// The audience of this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Audience>> {
        self.sets.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_survive_the_bytes() {
        let audience = Audience::from_users(["7", "18446744073709551615", "007", "u1", "林"]);
        let bytes = audience.encode();
        let back = Audience::decode(&bytes).unwrap();
        assert_eq!(back, audience);
        assert_eq!(back.len(), 5);
        assert!(back.contains("007") && back.contains("7") && !back.contains("8") && back.contains("林"));
        for cut in 0..bytes.len() {
            assert!(Audience::decode(&bytes[..cut]).is_err());
        }
    }

    #[test]
    fn the_bytes_of_version_1_stay_as_they_are() {
        let names: Vec<String> = (0..3000).map(|n| format!("user {n}")).collect();
        let audience = Audience::from_users(names.iter().map(String::as_str).chain(["12"]));
        let bytes = audience.encode();
        let mut hashes: Vec<u64> = names.iter().map(|name| xxh3_64(name.as_bytes())).collect();
        hashes.sort_unstable();
        let written: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
        assert_eq!(&bytes[bytes.len() - 8 - written.len()..bytes.len() - 8], written);
        assert_eq!(bytes.last_chunk().map(|sum| u64::from_le_bytes(*sum)), Some(0x0192_6cd6_32a3_d878));
        let back = Audience::decode(&bytes).unwrap();
        assert_eq!(back.encode(), bytes);
        assert!(names.iter().all(|name| back.contains(name)) && !back.contains("user 3000"));
    }
}
