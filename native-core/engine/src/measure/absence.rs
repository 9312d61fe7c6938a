//! absence: how many A went without a B for D.
//!
//! Each A opens a deadline A + D; a B up to and at that time answers every open A of its correlation value. Deadlines
//! that lie before the event at hand have passed before it is taken in, so whatever is open then is answered.

use alcedo_model::{Measure, MeasureKind, Operand};

use super::kind::{Held, Kind, Part, Wait};
use super::{Frameset, Intake, Roles};
use crate::key::Key;
use crate::predicate::Expression;
use crate::tally::Tally;
use crate::value::Value;
use crate::window::{Frame, Turn};

/// The event opens a deadline.
const AFTER: Roles = 1;
/// The event answers.
const NO: Roles = 2;

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

impl Kind for AbsenceSpec {
    type Body = Absence;
    const COUNTS: bool = true;
    /// An open absence outlives the period in which its A came: only its deadline's time decides.
    const OUTLIVES_FRAMES: bool = true;

    fn compile<'m>(
        measure: &'m Measure,
        _: &mut dyn FnMut(&Operand) -> Expression,
    ) -> Option<(Self, Vec<Part<'m>>)> {
        let MeasureKind::Absence { after, no, within } = &measure.kind else { return None };
        let parts = vec![Part::new(AFTER, after, "absence/after"), Part::new(NO, no, "absence/no")];
        Some((AbsenceSpec { within: within.ms }, parts))
    }

    fn empty(&self) -> Absence {
        Absence::default()
    }

    fn own_roles(&self) -> Roles {
        AFTER | NO
    }

    fn take(&self, slot: &mut Absence, event: &Intake, set: &Frameset) -> u64 {
        // An event that fits both sides serves as B first, then as A.
        if event.roles & NO != 0 {
            slot.opens.retain(|open| open.time.saturating_add(self.within) < event.time);
        }
        let deadline = event.time.saturating_add(self.within);
        if event.roles & AFTER != 0 && set.window.bounds(deadline) {
            let at = slot.opens.partition_point(|open| open.time <= event.time);
            let (time, ordinal, carried) = (event.time, event.ordinal, event.carried.clone());
            slot.opens.insert(at, Open { time, ordinal, carried });
        }
        0
    }

    fn value(&self, slot: &Absence, clock: i64, set: &Frameset) -> Value<'static> {
        Value::int(slot.tally.count(clock, set.window.sliding()))
    }

    fn trim(&self, slot: &mut Absence, clock: i64, set: &Frameset) {
        slot.tally.trim(clock, set.window.sliding());
    }

    fn expires(&self, slot: &Absence, set: &Frameset) -> Option<i64> {
        slot.tally.expires(set.window.sliding())
    }

    fn leave_frame(&self, slot: &mut Absence) {
        slot.tally = Tally::default();
    }

    fn deadline(&self, slot: &Absence) -> Option<i64> {
        slot.opens.first().map(|open| open.time.saturating_add(self.within))
    }

    fn open(&self, slot: &Absence) -> usize {
        slot.opens.len()
    }

    fn worst_bytes(&self, set: &Frameset) -> u64 {
        Tally::worst_bytes(set)
    }

    fn waits(&self, slot: &Absence, _: i64, _: &Frameset) -> Option<Wait> {
        let began = slot.opens.first()?.time;
        let until = Some(began.saturating_add(self.within));
        Some(Wait { says: "measure.deadline", role: NO, began, steps: (1, 2), from: None, until })
    }

    fn leaves(&self, slot: &Absence, clock: i64, set: &Frameset) -> Option<i64> {
        slot.tally.leaves(clock, set.window.sliding())
    }
}

impl AbsenceSpec {
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

impl Held for Absence {
    fn is_idle(&self) -> bool {
        self.tally.is_empty() && self.opens.is_empty()
    }

    fn bytes(&self) -> usize {
        self.tally.heap_bytes() + self.opens.capacity() * size_of::<Open>()
    }
}
