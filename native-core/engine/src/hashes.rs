//! A set of random 64-bit numbers: an index over their high bits, the low bits packed behind it.
//!
//! Where 2^k buckets share the numbers by their k high bits, a number's place tells these bits: only the 64 - k low ones
//! are kept. With some 8 numbers in a bucket a question reads two lines of memory, whatever the size of the set. What
//! else was measured: docs/adr/0008-audience-hashes.md.

/// Fewest high bits: the low ones must leave room for a shift of 7 in a word.
const FEWEST: u32 = 7;

/// Most high bits: 2^24 starts take 64 MiB, worth it from a hundred million numbers on.
const MOST: u32 = 24;

/// Numbers, ascending and each once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hashes {
    /// How many numbers there are.
    len: usize,
    /// High bits that name a bucket.
    high: u32,
    /// For each bucket the first of its numbers, then the count of all.
    starts: Box<[u32]>,
    /// The low bits of each number one after the other, low bit first; eight bytes more, so that a word can be read.
    packed: Box<[u8]>,
}

impl Default for Hashes {
    fn default() -> Self {
        Hashes::new(&[])
    }
}

impl Hashes {
    /// The set of these numbers, which ascend and of which there are fewer than 2^32.
    pub(crate) fn new(ascending: &[u64]) -> Self {
        Self::from_ascending(ascending.len(), ascending.iter().copied())
    }

    /// As `new`, of `len` numbers that need not lie in memory together.
    pub(crate) fn from_ascending(len: usize, ascending: impl Iterator<Item = u64>) -> Self {
        let high = (len / 8).checked_ilog2().unwrap_or(0).clamp(FEWEST, MOST);
        let low = 64 - high;
        let mut starts = vec![0u32; (1 << high) + 1];
        let mut packed = vec![0u8; (len * low as usize).div_ceil(8) + 8];
        for (at, number) in ascending.take(len).enumerate() {
            starts[(number >> low) as usize + 1] = at as u32 + 1;
            let bit = at * low as usize;
            let word = (number & (u64::MAX >> high)) << (bit % 8);
            for (byte, part) in packed[bit / 8..].iter_mut().zip(word.to_le_bytes()) {
                *byte |= part;
            }
        }
        // An empty bucket begins where the one before it ends.
        let mut end = 0;
        for start in &mut starts {
            end = end.max(*start);
            *start = end;
        }
        Hashes { len, high, starts: starts.into(), packed: packed.into() }
    }

    /// The low bits of the number at this place.
    fn low(&self, at: usize) -> u64 {
        let bit = at * (64 - self.high) as usize;
        let word = self.packed.get(bit / 8..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        (u64::from_le_bytes(word) >> (bit % 8)) & (u64::MAX >> self.high)
    }

    /// Whether the number is in it.
    pub(crate) fn contains(&self, number: u64) -> bool {
        let bucket = (number >> (64 - self.high)) as usize;
        let (mut from, mut to) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        let wanted = number & (u64::MAX >> self.high);
        // Halving, not walking: nobody says that the numbers of a file are random.
        while from < to {
            let middle = from.midpoint(to);
            let low = self.low(middle);
            if low == wanted {
                return true;
            }
            if low < wanted {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        false
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// All of them, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u64> {
        let buckets = self.starts.windows(2).enumerate();
        buckets.flat_map(move |(bucket, ends)| {
            let high = (bucket as u64) << (64 - self.high);
            (ends[0]..ends[1]).map(move |at| high | self.low(at as usize))
        })
    }

    /// Memory it takes, bytes.
    #[allow(dead_code, reason = "tests and the bench ask, the engine does not")]
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.starts) + self.packed.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds_exactly(numbers: &[u64]) {
        let hashes = Hashes::new(numbers);
        assert_eq!(hashes.len(), numbers.len());
        assert!(hashes.iter().eq(numbers.iter().copied()));
        for &number in numbers {
            assert!(hashes.contains(number));
            for other in [number.wrapping_sub(1), number.wrapping_add(1), number ^ 1 << 63, number ^ 1 << 57]
            {
                assert_eq!(hashes.contains(other), numbers.binary_search(&other).is_ok());
            }
        }
        for edge in [0, 1, u64::MAX, 1 << 57, (1 << 57) - 1] {
            assert_eq!(hashes.contains(edge), numbers.binary_search(&edge).is_ok());
        }
    }

    #[test]
    fn sets_of_every_size_hold_what_they_were_given() {
        for size in [0, 1, 2, 7, 8, 9, 1000, 2047, 2048, 5000, 70_000] {
            let mut random: Vec<u64> =
                (0..size).map(|n: u64| xxhash_rust::xxh3::xxh3_64(&n.to_le_bytes())).collect();
            random.sort_unstable();
            holds_exactly(&random);
        }
    }

    #[test]
    fn numbers_that_are_not_random_are_held_too() {
        holds_exactly(&(0..3000).collect::<Vec<u64>>());
        holds_exactly(&(0..3000).map(|n| u64::MAX - 3000 + n).chain([u64::MAX]).collect::<Vec<u64>>());
        holds_exactly(&(0..64).map(|n| 1u64 << n).collect::<Vec<u64>>());
    }

    #[test]
    fn random_numbers_take_fewer_bytes_than_themselves() {
        let mut random: Vec<u64> =
            (0..10_000u64).map(|n| xxhash_rust::xxh3::xxh3_64(&n.to_le_bytes())).collect();
        random.sort_unstable();
        let bytes = Hashes::new(&random).bytes();
        assert!(bytes < random.len() * 8, "{bytes}");
    }
}
