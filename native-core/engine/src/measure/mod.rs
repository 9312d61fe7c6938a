//! Measures: what is remembered about a user. One file per kind, behind the few functions of [`Spec`].

mod absence;
mod count;
mod sequence;

pub(crate) use absence::{Absence, AbsenceSpec, Open};
pub(crate) use count::CountSpec;
pub(crate) use sequence::{Sequence, SequenceSpec};

/// The bits by which kinds name their patterns.
pub(crate) mod roles {
    pub(crate) use super::absence::{AFTER, NO};
    pub(crate) use super::count::MATCHES;
    pub(crate) use super::sequence::{step_role, without_role};
}

use crate::tally::{Capacity, Span, Tally};

/// Which of a measure's patterns an event matched: a bit each, in the kind's own numbering.
pub(crate) type Roles = u64;

/// A kind with its fields, compiled.
#[derive(Debug)]
pub(crate) enum Spec {
    Count(CountSpec),
    Absence(AbsenceSpec),
    Sequence(SequenceSpec),
}

/// What one instance (user, or user and correlation value) remembers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Slot {
    Count(Tally),
    Absence(Absence),
    Sequence(Sequence),
}

/// An event on its way into a measure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Intake {
    /// Event time, Unix ms.
    pub(crate) time: i64,
    /// The user's clock with this event, Unix ms.
    pub(crate) clock: i64,
    pub(crate) roles: Roles,
    /// Grows with each event the measure takes in: the order among equal times.
    pub(crate) ordinal: u64,
    pub(crate) span: Span,
    pub(crate) capacity: Capacity,
}

impl Spec {
    pub(crate) fn empty(&self) -> Slot {
        match self {
            Spec::Count(_) => Slot::Count(Tally::default()),
            Spec::Absence(_) => Slot::Absence(Absence::default()),
            Spec::Sequence(spec) => Slot::Sequence(spec.empty()),
        }
    }

    /// Whether a slot (from state bytes) is of this kind and shape.
    pub(crate) fn fits(&self, slot: &Slot) -> bool {
        match (self, slot) {
            (Spec::Count(_), Slot::Count(_)) | (Spec::Absence(_), Slot::Absence(_)) => true,
            (Spec::Sequence(spec), Slot::Sequence(slot)) => spec.fits(slot),
            _ => false,
        }
    }

    /// Roles whose events change the measure (`without` does not).
    pub(crate) fn own_roles(&self) -> Roles {
        match self {
            Spec::Count(_) => count::MATCHES,
            Spec::Absence(_) => absence::AFTER | absence::NO,
            Spec::Sequence(spec) => spec.own_roles(),
        }
    }

    /// Whether events that match none of its patterns matter to it.
    pub(crate) fn sees_every_event(&self) -> bool {
        matches!(self, Spec::Sequence(spec) if spec.strict)
    }

    pub(crate) fn take(&self, slot: &mut Slot, event: Intake) {
        match (self, slot) {
            (Spec::Count(_), Slot::Count(tally)) => count::take(tally, event),
            (Spec::Absence(spec), Slot::Absence(slot)) => spec.take(slot, event),
            (Spec::Sequence(spec), Slot::Sequence(slot)) => spec.take(slot, event),
            _ => {}
        }
    }

    /// Forgets what can no longer matter at this clock. True if nothing is left.
    pub(crate) fn trim(&self, slot: &mut Slot, clock: i64, span: Span) -> bool {
        slot.tally_mut().trim(clock, span);
        match (self, slot) {
            (Spec::Sequence(spec), Slot::Sequence(slot)) => spec.trim(slot, clock, span),
            (_, Slot::Absence(slot)) => slot.opens.is_empty() && slot.tally.is_empty(),
            (_, slot) => slot.tally().is_empty(),
        }
    }

    /// The clock at which `trim` will leave nothing; none where something stays for ever.
    pub(crate) fn expires(&self, slot: &Slot, span: Span) -> Option<i64> {
        match (self, slot) {
            (Spec::Sequence(spec), Slot::Sequence(slot)) => spec.expires(slot, span),
            (Spec::Absence(_), Slot::Absence(slot)) if !slot.opens.is_empty() => None,
            (_, slot) => slot.tally().expires(span),
        }
    }
}

impl Slot {
    pub(crate) fn tally(&self) -> &Tally {
        match self {
            Slot::Count(tally) => tally,
            Slot::Absence(slot) => &slot.tally,
            Slot::Sequence(slot) => &slot.tally,
        }
    }

    pub(crate) fn tally_mut(&mut self) -> &mut Tally {
        match self {
            Slot::Count(tally) => tally,
            Slot::Absence(slot) => &mut slot.tally,
            Slot::Sequence(slot) => &mut slot.tally,
        }
    }

    /// True if it holds nothing at all.
    pub(crate) fn is_idle(&self) -> bool {
        self.tally().is_empty()
            && match self {
                Slot::Count(_) => true,
                Slot::Absence(slot) => slot.opens.is_empty(),
                Slot::Sequence(slot) => slot.starts.iter().all(Option::is_none),
            }
    }

    /// Heap bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.tally().bytes()
            + match self {
                Slot::Count(_) => 0,
                Slot::Absence(slot) => slot.opens.capacity() * size_of::<absence::Open>(),
                Slot::Sequence(slot) => slot.starts.capacity() * 16,
            }
    }
}
