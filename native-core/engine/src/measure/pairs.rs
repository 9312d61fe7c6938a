//! pairs: how many times A was followed by B with a gap within bounds.
//!
//! A B ends the wait of the latest A before it, whether the gap fits or not; an earlier A was ended by the later one.
//! In a sliding window a pair spans less than D and counts while its A is in the window.

use super::{Frameset, Intake, Roles};
use crate::tally::Tally;
use crate::window::Window;

/// The event is an A.
pub(crate) const FROM: Roles = 1;
/// The event is a B.
pub(crate) const TO: Roles = 2;

#[derive(Debug)]
pub(crate) struct PairsSpec {
    /// Shortest gap, ms.
    pub(crate) min_gap: i64,
    /// Longest gap, ms.
    pub(crate) max_gap: i64,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Pairs {
    /// Time of the latest A that no B has followed, Unix ms.
    pub(crate) open: Option<i64>,
    /// Pairs, by the time of their A.
    pub(crate) tally: Tally,
}

impl PairsSpec {
    pub(super) fn take(&self, slot: &mut Pairs, event: &Intake, set: &Frameset) {
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
    }

    /// The longest gap that can still make a pair, ms.
    fn longest(&self, set: &Frameset) -> i64 {
        set.window.sliding().map_or(self.max_gap, |d| self.max_gap.min(d - 1))
    }

    pub(super) fn trim(&self, slot: &mut Pairs, clock: i64, set: &Frameset) {
        let over = matches!(set.window, Window::Fixed { to, .. } if clock >= to);
        if slot.open.is_some_and(|from| over || clock.saturating_sub(from) > self.longest(set)) {
            slot.open = None;
        }
    }

    pub(super) fn expires(&self, slot: &Pairs, set: &Frameset) -> Option<i64> {
        let open = slot.open.map(|from| from.saturating_add(self.longest(set)).saturating_add(1));
        match set.window {
            Window::Fixed { .. } if slot.tally.total > 0 => None,
            Window::Fixed { to, .. } => open.map(|open| open.min(to)).filter(|at| *at < i64::MAX),
            _ => open.max(slot.tally.expires(set.window.sliding())),
        }
    }
}
