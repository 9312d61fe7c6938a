//! absence: how many A went without a B for D.
//!
//! Each A opens a deadline A + D; a B up to and at that time answers every open A of its correlation value. Deadlines
//! that lie before the event at hand have passed before it is taken in, so whatever is open then is answered.

use super::{Frameset, Intake, Roles};
use crate::key::Key;
use crate::tally::Tally;
use crate::window::{Frame, Turn};

/// The event opens a deadline.
pub(crate) const AFTER: Roles = 1;
/// The event answers.
pub(crate) const NO: Roles = 2;

#[derive(Debug)]
pub(crate) struct AbsenceSpec {
    /// D, ms.
    pub(crate) within: i64,
}

/// An A that waits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Open {
    /// Time of A, Unix ms.
    pub(crate) time: i64,
    /// Order among the measure's events.
    pub(crate) ordinal: u64,
    /// The correlation values that A carries, by hash of `by`: rules that put an absence of the whole user beside
    /// correlated measures are judged for them at the deadline.
    pub(crate) carried: Vec<(u64, Key)>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Absence {
    /// Open A in the user's order.
    pub(crate) opens: Vec<Open>,
    /// Deadlines that passed unanswered, by their own time.
    pub(crate) tally: Tally,
}

impl AbsenceSpec {
    pub(super) fn take(&self, slot: &mut Absence, event: &Intake, set: &Frameset) {
        // An event that fits both sides serves as B first, then as A.
        if event.roles & NO != 0 {
            slot.opens.retain(|open| open.time.saturating_add(self.within) < event.time);
        }
        let deadline = event.time.saturating_add(self.within);
        if event.roles & AFTER != 0 && set.window.bounds(deadline) {
            let at = slot.opens.partition_point(|open| open.time <= event.time);
            slot.opens.insert(
                at,
                Open { time: event.time, ordinal: event.ordinal, carried: event.carried.clone() },
            );
        }
    }

    /// The next deadline, Unix ms.
    pub(crate) fn deadline(&self, slot: &Absence) -> Option<i64> {
        slot.opens.first().map(|open| open.time.saturating_add(self.within))
    }

    /// Passes the deadlines of exactly this time; gives how many there were.
    pub(crate) fn pass(
        &self,
        slot: &mut Absence,
        frame: &mut Frame,
        time: i64,
        clock: i64,
        set: &Frameset,
    ) -> u64 {
        let due = slot.opens.iter().take_while(|o| o.time.saturating_add(self.within) == time).count();
        slot.opens.drain(..due);
        match set.window.turn(frame, time, clock, slot.tally.is_empty()) {
            Turn::Past => return due as u64,
            Turn::Begin => slot.tally = Tally::default(),
            Turn::Stay => {}
        }
        for _ in 0..due {
            slot.tally.add(time, clock, set.window.sliding(), set.capacity);
        }
        due as u64
    }
}
