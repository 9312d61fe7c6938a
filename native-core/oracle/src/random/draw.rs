//! A source of random numbers that one number repeats.

/// SplitMix64: small, and good enough to choose test cases with.
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// The draws of that number.
    pub fn new(number: u64) -> Draw {
        Draw(number)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// From 0 and below `end`; 0 where `end` is 0.
    #[allow(clippy::cast_possible_truncation, reason = "the rest is below a usize")]
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.number() % end as u64) as usize }
    }

    /// From `low` to `high`, both included.
    #[allow(clippy::cast_possible_wrap, reason = "the rest is small")]
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.number() % (high.max(low) - low + 1).unsigned_abs()) as i64
    }

    /// True in so many of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these; there is at least one.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
