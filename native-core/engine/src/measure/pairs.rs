//! pairs: how many times A was followed by B with a gap within bounds.
//!
//! A B ends the wait of the latest A before it, whether the gap fits or not; an earlier A was ended by the later one.
//! In a sliding window a pair spans less than D and counts while its A is in the window.

use alcedo_model::{Measure, MeasureKind, Operand};

use super::kind::{Held, Kind, Part, Wait};
use super::{Frameset, Intake, Roles};
use crate::predicate::Expression;
use crate::sizes::VARINT;
use crate::tally::Tally;
use crate::value::Value;
use crate::window::Window;

/// The event is an A.
const FROM: Roles = 1;
/// The event is a B.
const TO: Roles = 2;

#[derive(Debug)]
pub(crate) struct PairsSpec {
    /// Shortest gap, ms.
    min_gap: i64,
    /// Longest gap, ms.
    max_gap: i64,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Pairs {
    /// Time of the latest A that no B has followed, Unix ms.
    pub(crate) open: Option<i64>,
    /// Pairs, by the time of their A.
    pub(crate) tally: Tally,
}

impl Kind for PairsSpec {
    type Body = Pairs;
    const COUNTS: bool = true;

    fn compile<'m>(
        measure: &'m Measure,
        _: &mut dyn FnMut(&Operand) -> Expression,
    ) -> Option<(Self, Vec<Part<'m>>)> {
        let MeasureKind::Pairs { from, to, min_gap, max_gap } = &measure.kind else { return None };
        let spec =
            PairsSpec { min_gap: min_gap.map_or(0, |d| d.ms), max_gap: max_gap.map_or(i64::MAX, |d| d.ms) };
        Some((spec, vec![Part::new(FROM, from, "pairs/from"), Part::new(TO, to, "pairs/to")]))
    }

    fn empty(&self) -> Pairs {
        Pairs::default()
    }

    fn own_roles(&self) -> Roles {
        FROM | TO
    }

    fn take(&self, slot: &mut Pairs, event: &Intake, set: &Frameset) -> u64 {
        // An event that fits both sides serves as B first, then as A.
        if event.roles & TO != 0
            && let Some(from) = slot.open.take()
        {
            let gap = event.time.saturating_sub(from);
            let fits = self.min_gap <= gap && gap <= self.max_gap;
            if fits && set.window.sliding().is_none_or(|d| gap < d) {
                slot.tally.add(from, event.clock, set.window.sliding(), set.capacity);
            }
        }
        if event.roles & FROM != 0 {
            slot.open = Some(event.time);
        }
        0
    }

    fn value(&self, slot: &Pairs, clock: i64, set: &Frameset) -> Value<'static> {
        Value::int(slot.tally.count(clock, set.window.sliding()))
    }

    fn trim(&self, slot: &mut Pairs, clock: i64, set: &Frameset) {
        slot.tally.trim(clock, set.window.sliding());
    }

    fn give_up(&self, slot: &mut Pairs, horizon: i64, set: &Frameset) {
        let over = matches!(set.window, Window::Fixed { to, .. } if horizon >= to);
        if slot.open.is_some_and(|from| over || horizon.saturating_sub(from) > self.longest(set)) {
            slot.open = None;
        }
    }

    fn expires(&self, slot: &Pairs, set: &Frameset) -> Option<i64> {
        if slot.tally.total > 0 {
            return None;
        }
        let to = if let Window::Fixed { to, .. } = set.window { to } else { i64::MAX };
        let open = slot.open.map(|from| from.saturating_add(self.longest(set)).saturating_add(1).min(to));
        open.max(slot.tally.expires(set.window.sliding())).filter(|at| *at < i64::MAX)
    }

    fn worst_bytes(&self, set: &Frameset) -> u64 {
        Tally::worst_bytes(set) + 1 + VARINT
    }

    fn waits(&self, slot: &Pairs, clock: i64, set: &Frameset) -> Option<Wait> {
        let began = slot.open?;
        let until = began.saturating_add(self.longest(set));
        let from = (self.min_gap > 0).then(|| began.saturating_add(self.min_gap));
        let until = Some(until).filter(|until| *until < i64::MAX);
        let waits = until.is_none_or(|until| clock <= until);
        waits.then_some(Wait { says: "measure.waits_for_pair", role: TO, began, steps: (1, 2), from, until })
    }

    fn leaves(&self, slot: &Pairs, clock: i64, set: &Frameset) -> Option<i64> {
        slot.tally.leaves(clock, set.window.sliding())
    }
}

impl PairsSpec {
    /// The longest gap that can still make a pair, ms.
    fn longest(&self, set: &Frameset) -> i64 {
        set.window.sliding().map_or(self.max_gap, |d| self.max_gap.min(d - 1))
    }
}

impl Held for Pairs {
    fn is_idle(&self) -> bool {
        self.tally.is_empty() && self.open.is_none()
    }

    fn bytes(&self) -> usize {
        self.tally.heap_bytes()
    }
}
