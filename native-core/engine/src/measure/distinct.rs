//! distinct: how many different values, at most `up_to`.
//!
//! Each value keeps the time at which it last came; the `up_to` that came last are enough for
//! `min(number in the window, up_to)`, so this is exact in every window.

use super::{Datum, Frameset, Intake};
use crate::key::Part;
use crate::predicate::Expression;

#[derive(Debug)]
pub(crate) struct DistinctSpec {
    pub(crate) value: Expression,
    pub(crate) up_to: usize,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Distinct {
    /// Values with the time (Unix ms) at which they last came, in that order.
    pub(crate) values: Vec<(Part, i64)>,
}

impl DistinctSpec {
    pub(super) fn take(&self, slot: &mut Distinct, event: &Intake, set: &Frameset) {
        let Some(Datum::Key(value)) = &event.datum else { return };
        let known = slot.values.iter().position(|(v, _)| v == value);
        if set.window.sliding().is_none() {
            // Nothing leaves such a window, so the first `up_to` will do.
            if known.is_none() && slot.values.len() < self.up_to {
                slot.values.push((value.clone(), event.time));
            }
            return;
        }
        slot.trim(event.clock, set);
        let last = match slot.values.iter().position(|(v, _)| v == value) {
            Some(at) => slot.values.remove(at).1.max(event.time),
            None => event.time,
        };
        let at = slot.values.partition_point(|(_, t)| *t <= last);
        slot.values.insert(at, (value.clone(), last));
        if slot.values.len() > self.up_to {
            slot.values.remove(0);
        }
    }

    pub(super) fn count(&self, slot: &Distinct, clock: i64, set: &Frameset) -> u64 {
        let Some(d) = set.window.sliding() else { return slot.values.len() as u64 };
        let start = clock.saturating_sub(d);
        slot.values.iter().filter(|(_, last)| *last > start).count() as u64
    }
}

impl Distinct {
    pub(super) fn trim(&mut self, clock: i64, set: &Frameset) {
        if let Some(d) = set.window.sliding() {
            let start = clock.saturating_sub(d);
            self.values.retain(|(_, last)| *last > start);
        }
    }

    pub(super) fn expires(&self, set: &Frameset) -> Option<i64> {
        let d = set.window.sliding()?;
        self.values.last().map(|(_, last)| last.saturating_add(d))
    }

    pub(super) fn bytes(&self) -> usize {
        let text = |p: &Part| if let Part::Text(t) = p { t.len() } else { 0 };
        self.values.iter().map(|(p, _)| size_of::<(Part, i64)>() + text(p)).sum()
    }
}
