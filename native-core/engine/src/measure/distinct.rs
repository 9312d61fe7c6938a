//! distinct: how many different values, at most `up_to`.
//!
//! Each value keeps the time at which it last came; the `up_to` that came last are enough for
//! `min(number in the window, up_to)`, so this is exact in every window.

use alcedo_model::{Measure, MeasureKind, Operand};

use super::kind::{Held, Kind, MATCHES, Part as PatternPart};
use super::{Datum, Frameset, Intake};
use crate::key::Part;
use crate::predicate::{Expression, Scope};
use crate::sizes::{KEY_PART, VARINT};
use crate::value::Value;

#[derive(Debug)]
pub(crate) struct DistinctSpec {
    value: Expression,
    up_to: usize,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Distinct {
    /// Values with the time (Unix ms) at which they last came, in that order.
    pub(crate) values: Vec<(Part, i64)>,
}

impl Kind for DistinctSpec {
    type Body = Distinct;

    fn compile<'m>(
        measure: &'m Measure,
        expression: &mut dyn FnMut(&Operand) -> Expression,
    ) -> Option<(Self, Vec<PatternPart<'m>>)> {
        let MeasureKind::Distinct { value, of, up_to } = &measure.kind else { return None };
        let spec = DistinctSpec { value: expression(value), up_to: *up_to as usize };
        Some((spec, vec![PatternPart::new(MATCHES, of, "distinct/of")]))
    }

    fn empty(&self) -> Distinct {
        Distinct::default()
    }

    fn datum(&self, scope: &dyn Scope, _: i64) -> Option<Datum> {
        Part::of(&self.value.value(scope)).map(Datum::Key)
    }

    fn take(&self, slot: &mut Distinct, event: &Intake, set: &Frameset) -> u64 {
        let Some(Datum::Key(value)) = &event.datum else { return 0 };
        let known = slot.values.iter().position(|(v, _)| v == value);
        if set.window.sliding().is_none() {
            // Nothing leaves such a window, so the first `up_to` will do.
            if known.is_none() && slot.values.len() < self.up_to {
                slot.values.push((value.clone(), event.time));
            }
            return 0;
        }
        self.trim(slot, event.clock, set);
        let last = match slot.values.iter().position(|(v, _)| v == value) {
            Some(at) => slot.values.remove(at).1.max(event.time),
            None => event.time,
        };
        let at = slot.values.partition_point(|(_, t)| *t <= last);
        slot.values.insert(at, (value.clone(), last));
        if slot.values.len() > self.up_to {
            slot.values.remove(0);
        }
        0
    }

    fn value(&self, slot: &Distinct, clock: i64, set: &Frameset) -> Value<'static> {
        let Some(d) = set.window.sliding() else { return Value::int(slot.values.len() as u64) };
        let start = clock.saturating_sub(d);
        Value::int(slot.values.iter().filter(|(_, last)| *last > start).count() as u64)
    }

    fn trim(&self, slot: &mut Distinct, clock: i64, set: &Frameset) {
        if let Some(d) = set.window.sliding() {
            let start = clock.saturating_sub(d);
            slot.values.retain(|(_, last)| *last > start);
        }
    }

    fn expires(&self, slot: &Distinct, set: &Frameset) -> Option<i64> {
        let d = set.window.sliding()?;
        slot.values.last().map(|(_, last)| last.saturating_add(d))
    }

    fn worst_bytes(&self, _: &Frameset) -> u64 {
        VARINT + self.up_to as u64 * (KEY_PART + VARINT)
    }

    fn always_exact(&self) -> bool {
        true
    }

    fn leaves(&self, slot: &Distinct, clock: i64, set: &Frameset) -> Option<i64> {
        let d = set.window.sliding()?;
        let start = clock.saturating_sub(d);
        let oldest = slot.values.iter().map(|(_, last)| *last).find(|last| *last > start);
        oldest.map(|last| last.saturating_add(d))
    }
}

impl Held for Distinct {
    fn is_idle(&self) -> bool {
        self.values.is_empty()
    }

    fn bytes(&self) -> usize {
        let text = |p: &Part| if let Part::Text(t) = p { t.len() } else { 0 };
        self.values.iter().map(|(p, _)| size_of::<(Part, i64)>() + text(p)).sum()
    }
}
