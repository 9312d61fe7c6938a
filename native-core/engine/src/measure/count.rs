//! count: events matching, within the window.

use alcedo_model::{Measure, MeasureKind, Operand};

use super::kind::{Held, Kind, MATCHES, Part};
use super::{Frameset, Intake};
use crate::predicate::Expression;
use crate::sizes::VARINT;
use crate::tally::Tally;
use crate::value::Value;

/// A count needs nothing beyond its pattern and window.
#[derive(Debug)]
pub(crate) struct CountSpec;

impl Kind for CountSpec {
    type Body = Tally;
    const COUNTS: bool = true;

    fn compile<'m>(
        measure: &'m Measure,
        _: &mut dyn FnMut(&Operand) -> Expression,
    ) -> Option<(Self, Vec<Part<'m>>)> {
        let MeasureKind::Count(pattern) = &measure.kind else { return None };
        Some((CountSpec, vec![Part::new(MATCHES, pattern, "count")]))
    }

    fn empty(&self) -> Tally {
        Tally::default()
    }

    fn take(&self, tally: &mut Tally, event: &Intake, set: &Frameset) -> u64 {
        if event.roles & MATCHES != 0 {
            tally.add(event.time, event.clock, set.window.sliding(), set.capacity);
        }
        0
    }

    fn value(&self, tally: &Tally, clock: i64, set: &Frameset) -> Value<'static> {
        Value::int(tally.count(clock, set.window.sliding()))
    }

    fn trim(&self, tally: &mut Tally, clock: i64, set: &Frameset) {
        tally.trim(clock, set.window.sliding());
    }

    fn expires(&self, tally: &Tally, set: &Frameset) -> Option<i64> {
        tally.expires(set.window.sliding())
    }

    fn worst_bytes(&self, set: &Frameset) -> u64 {
        Tally::worst_bytes(set)
    }

    fn leaves(&self, tally: &Tally, clock: i64, set: &Frameset) -> Option<i64> {
        tally.leaves(clock, set.window.sliding())
    }
}

impl Held for Tally {
    fn is_idle(&self) -> bool {
        self.is_empty()
    }

    fn bytes(&self) -> usize {
        self.heap_bytes()
    }
}

impl Tally {
    /// State bytes, at the most.
    pub(super) fn worst_bytes(set: &Frameset) -> u64 {
        VARINT + set.sliding_bytes(VARINT, VARINT) + 2 * VARINT
    }
}
