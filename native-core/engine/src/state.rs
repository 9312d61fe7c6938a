//! All that is remembered about one user.
//!
//! Measures and rules are named by 8 bytes of their content's hash, so that a state outlives the program it was
//! written under. Lists are sorted by it; instances of a measure stand least recently taken in first.

use std::collections::VecDeque;

use smallvec::SmallVec;

use crate::key::{Key, Part};
use crate::measure::Slot;
use crate::program::Program;
use crate::repeats::SeenId;
use crate::shelf::Shelf;

/// An event that waits for the watermark.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Waiting {
    pub(crate) time: i64,
    pub(crate) partition: i32,
    pub(crate) position: i64,
    pub(crate) raw: Box<[u8]>,
}

/// What one correlation value holds of a measure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Instance {
    pub(crate) key: Key,
    pub(crate) slot: Slot,
}

/// What a user holds of a measure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MeasureState {
    pub(crate) hash: u64,
    /// Ordinal of the next event.
    pub(crate) ordinal: u64,
    /// One where the measure is not correlated: it lies inside.
    pub(crate) instances: SmallVec<[Instance; 1]>,
}

/// What a user holds of a rule. The counts are those of the periods (in the rule's zone) that hold `fired`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RuleState {
    pub(crate) hash: u64,
    /// Firings in this user's life.
    pub(crate) occurrence: u64,
    /// Time of the last firing, Unix ms; meaningless while `occurrence` is 0.
    pub(crate) fired: i64,
    /// Firings in the hour, day, week and month of `fired`.
    pub(crate) counts: [u32; 4],
    /// Correlation values whose last judgement is true, least recently judged first.
    pub(crate) truths: Vec<Key>,
}

/// One user's state.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct UserState {
    /// The rules' generation that it was last judged under.
    pub(crate) generation: u64,
    /// The largest time of what was taken in, Unix ms.
    pub(crate) clock: Option<i64>,
    /// The host's earliest timer, Unix ms.
    pub(crate) armed: Option<i64>,
    /// Ids of the last events taken in, where the job drops repeats; oldest first.
    pub(crate) seen: VecDeque<SeenId>,
    /// In the order in which they will be taken in.
    pub(crate) waiting: VecDeque<Waiting>,
    pub(crate) measures: Shelf,
    pub(crate) rules: Vec<RuleState>,
}

impl UserState {
    pub(crate) fn measure(&self, hash: u64) -> Option<&MeasureState> {
        self.measures.get(hash)
    }

    pub(crate) fn rule(&self, hash: u64) -> Option<&RuleState> {
        self.rules.binary_search_by_key(&hash, |r| r.hash).ok().map(|at| &self.rules[at])
    }

    pub(crate) fn rule_mut(&mut self, hash: u64) -> &mut RuleState {
        let at = self.rules.binary_search_by_key(&hash, |r| r.hash).unwrap_or_else(|at| {
            self.rules.insert(at, RuleState { hash, ..RuleState::default() });
            at
        });
        &mut self.rules[at]
    }

    /// Puts an event where it will be taken in: by time, then position within a partition, then arrival.
    pub(crate) fn wait(&mut self, event: Waiting) {
        let after = |w: &Waiting| {
            w.time > event.time
                || (w.time == event.time && w.partition == event.partition && w.position > event.position)
        };
        let behind = self.waiting.iter().rev().take_while(|w| after(w)).count();
        self.waiting.insert(self.waiting.len() - behind, event);
    }

    /// True if nothing is held of the user; his clock may still matter.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.measures.is_empty() && self.rules.is_empty() && self.seen.is_empty()
    }

    /// Bytes in memory, nearly.
    pub(crate) fn bytes(&self, program: &Program) -> usize {
        let waiting: usize = self.waiting.iter().map(|w| w.raw.len() + size_of::<Waiting>()).sum();
        let truths: usize = self.rules.iter().map(|r| r.truths.capacity() * TRUTH).sum();
        let rules = self.rules.capacity() * size_of::<RuleState>();
        let seen = self.seen.capacity() * size_of::<SeenId>();
        size_of::<UserState>() + seen + waiting + self.measures.outlook(program).bytes() + rules + truths
    }
}

/// A correlation value of a true judgement, bytes, nearly: not looked at one by one.
const TRUTH: usize = 48;

impl MeasureState {
    pub(crate) fn instance(&self, key: &[Part]) -> Option<&Instance> {
        self.instances.iter().find(|i| *i.key == *key)
    }

    /// Bytes in memory, nearly.
    pub(crate) fn bytes(&self) -> usize {
        let beyond =
            if self.instances.spilled() { self.instances.capacity() * size_of::<Instance>() } else { 0 };
        let of = |i: &Instance| key_bytes(&i.key) + i.slot.body.bytes();
        size_of::<(u64, [i64; 3], MeasureState)>() + beyond + self.instances.iter().map(of).sum::<usize>()
    }
}

fn key_bytes(key: &Key) -> usize {
    let of = |part: &Part| size_of::<Part>() + if let Part::Text(t) = part { t.len() } else { 0 };
    key.iter().map(of).sum()
}
