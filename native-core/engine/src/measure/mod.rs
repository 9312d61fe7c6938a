//! Measures: what is remembered about a user. One file per kind, behind the functions of [`Spec`].
//!
//! An instance is a frame (the period or session it belongs to, for windows that have such) and a body (what the kind
//! keeps). The frame is turned here, once for all kinds; bodies know fixed and sliding windows only.

mod absence;
mod aggregate;
mod count;
mod distinct;
mod pairs;
mod sequence;

pub(crate) use absence::{Absence, AbsenceSpec, Open};
pub(crate) use aggregate::{Accumulator, Aggregate, AggregateSpec, Datum, Kind, SeriesPane};
pub(crate) use count::CountSpec;
pub(crate) use distinct::{Distinct, DistinctSpec};
pub(crate) use pairs::{Pairs, PairsSpec};
pub(crate) use sequence::{Partial, Sequence, SequenceSpec};

/// The bits by which kinds name their patterns.
pub(crate) mod roles {
    pub(crate) use super::absence::{AFTER, NO};
    pub(crate) use super::count::MATCHES;
    pub(crate) use super::pairs::{FROM, TO};
    pub(crate) use super::sequence::{step_role, without_role};
}

use crate::key::Key;
use crate::tally::{Capacity, Tally};
use crate::value::Value;
use crate::window::{Frame, Turn, Window};

/// Which of a measure's patterns an event matched: a bit each, in the kind's own numbering.
pub(crate) type Roles = u64;

/// A kind with its fields, compiled.
#[derive(Debug)]
pub(crate) enum Spec {
    Count(CountSpec),
    Aggregate(AggregateSpec),
    Distinct(DistinctSpec),
    Sequence(SequenceSpec),
    Pairs(PairsSpec),
    Absence(AbsenceSpec),
}

/// What a kind keeps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Count(Tally),
    Aggregate(Aggregate),
    Distinct(Distinct),
    Sequence(Sequence),
    Pairs(Pairs),
    Absence(Absence),
}

/// What one instance (user, or user and correlation value) remembers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    pub(crate) frame: Frame,
    pub(crate) body: Body,
}

/// An event on its way into a measure.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    /// Event time, Unix ms.
    pub(crate) time: i64,
    /// The user's clock with this event, Unix ms.
    pub(crate) clock: i64,
    pub(crate) roles: Roles,
    /// Grows with each event the measure takes in: the order among equal times.
    pub(crate) ordinal: u64,
    /// The event's value of the measure's expression, where it has one.
    pub(crate) datum: Option<Datum>,
    /// The correlation values of rules that an absence of the whole user concerns, by hash of `by`.
    pub(crate) carried: Vec<(u64, Key)>,
}

/// How a measure looks at time.
#[derive(Debug, Clone)]
pub(crate) struct Frameset {
    pub(crate) window: Window,
    pub(crate) capacity: Capacity,
}

impl Spec {
    pub(crate) fn empty(&self) -> Body {
        match self {
            Spec::Count(_) => Body::Count(Tally::default()),
            Spec::Aggregate(spec) => Body::Aggregate(spec.empty()),
            Spec::Distinct(_) => Body::Distinct(Distinct::default()),
            Spec::Sequence(spec) => Body::Sequence(spec.empty()),
            Spec::Pairs(_) => Body::Pairs(Pairs::default()),
            Spec::Absence(_) => Body::Absence(Absence::default()),
        }
    }

    /// Whether a body (from state bytes) is of this kind and shape.
    pub(crate) fn fits(&self, slot: &Slot) -> bool {
        match (self, &slot.body) {
            (Spec::Count(_), Body::Count(_))
            | (Spec::Distinct(_), Body::Distinct(_))
            | (Spec::Pairs(_), Body::Pairs(_))
            | (Spec::Absence(_), Body::Absence(_)) => true,
            (Spec::Aggregate(spec), Body::Aggregate(body)) => spec.fits(body),
            (Spec::Sequence(spec), Body::Sequence(body)) => spec.fits(body),
            _ => false,
        }
    }

    /// Roles whose events change the measure (`without` does not).
    pub(crate) fn own_roles(&self) -> Roles {
        match self {
            Spec::Count(_) | Spec::Aggregate(_) | Spec::Distinct(_) => count::MATCHES,
            Spec::Absence(_) => absence::AFTER | absence::NO,
            Spec::Pairs(_) => pairs::FROM | pairs::TO,
            Spec::Sequence(spec) => spec.own_roles(),
        }
    }

    /// Whether events that match none of its patterns matter to it.
    pub(crate) fn sees_every_event(&self) -> bool {
        matches!(self, Spec::Sequence(spec) if spec.strict)
    }

    /// Lets an instance take in an event; gives how many candidates a bound dropped.
    pub(crate) fn take(&self, slot: &mut Slot, event: &Intake, set: &Frameset) -> u64 {
        // An open absence outlives the period in which its A came: only its deadline's time decides.
        if event.roles & self.own_roles() == 0 {
            // What comes between steps neither begins a period or session nor keeps one alive.
            if !set.window.current(slot.frame, event.clock) {
                return 0;
            }
        } else if !matches!(self, Spec::Absence(_)) {
            match set.window.turn(&mut slot.frame, event.time, event.clock, slot.body.is_idle()) {
                Turn::Past => return 0,
                Turn::Begin => slot.body = self.empty(),
                Turn::Stay => {}
            }
        }
        match (self, &mut slot.body) {
            (Spec::Count(_), Body::Count(tally)) => count::take(tally, event, set),
            (Spec::Aggregate(spec), Body::Aggregate(body)) => spec.take(body, event, set),
            (Spec::Distinct(spec), Body::Distinct(body)) => spec.take(body, event, set),
            (Spec::Pairs(spec), Body::Pairs(body)) => spec.take(body, event, set),
            (Spec::Absence(spec), Body::Absence(body)) => spec.take(body, event, set),
            (Spec::Sequence(spec), Body::Sequence(body)) => return spec.take(body, event, set),
            _ => {}
        }
        0
    }

    /// The instance's value at a clock; none for an instance that never was.
    pub(crate) fn value(&self, slot: Option<&Slot>, clock: i64, set: &Frameset) -> Value<'static> {
        let current = slot.filter(|slot| set.window.current(slot.frame, clock)).map(|slot| &slot.body);
        match (self, current) {
            (Spec::Aggregate(spec), Some(Body::Aggregate(body))) => spec.value(body, clock, set),
            (Spec::Aggregate(spec), _) => spec.value(&spec.empty(), clock, set),
            (Spec::Distinct(spec), Some(Body::Distinct(body))) => Value::int(spec.count(body, clock, set)),
            (_, Some(body)) => Value::int(body.tally().map_or(0, |t| t.count(clock, set.window.sliding()))),
            (_, None) => Value::int(0),
        }
    }

    /// Forgets what can no longer matter at this clock. True if nothing is left.
    pub(crate) fn trim(&self, slot: &mut Slot, clock: i64, set: &Frameset) -> bool {
        if !set.window.current(slot.frame, clock) {
            match &mut slot.body {
                Body::Absence(absence) => absence.tally = Tally::default(),
                body => *body = self.empty(),
            }
        }
        if let Some(tally) = slot.body.tally_mut() {
            tally.trim(clock, set.window.sliding());
        }
        match (self, &mut slot.body) {
            (Spec::Sequence(spec), Body::Sequence(body)) => spec.trim(body, clock, set),
            (Spec::Pairs(spec), Body::Pairs(body)) => spec.trim(body, clock, set),
            (Spec::Aggregate(_), Body::Aggregate(body)) => body.trim(clock, set),
            (Spec::Distinct(_), Body::Distinct(body)) => body.trim(clock, set),
            _ => {}
        }
        slot.body.is_idle()
    }

    /// The clock at which `trim` will leave nothing; none where something stays for ever (or until a deadline).
    pub(crate) fn expires(&self, slot: &Slot, set: &Frameset) -> Option<i64> {
        if matches!(&slot.body, Body::Absence(absence) if !absence.opens.is_empty()) {
            return None;
        }
        if let Some(end) = set.window.frame_ends(slot.frame) {
            return Some(end);
        }
        match (self, &slot.body) {
            (Spec::Sequence(spec), Body::Sequence(body)) => spec.expires(body, set),
            (Spec::Pairs(spec), Body::Pairs(body)) => spec.expires(body, set),
            (_, Body::Aggregate(body)) => body.expires(set),
            (_, Body::Distinct(body)) => body.expires(set),
            (_, body) => body.tally().and_then(|t| t.expires(set.window.sliding())),
        }
    }
}

impl Body {
    pub(crate) fn tally(&self) -> Option<&Tally> {
        match self {
            Body::Count(tally) => Some(tally),
            Body::Absence(body) => Some(&body.tally),
            Body::Sequence(body) => Some(&body.tally),
            Body::Pairs(body) => Some(&body.tally),
            Body::Aggregate(_) | Body::Distinct(_) => None,
        }
    }

    fn tally_mut(&mut self) -> Option<&mut Tally> {
        match self {
            Body::Count(tally) => Some(tally),
            Body::Absence(body) => Some(&mut body.tally),
            Body::Sequence(body) => Some(&mut body.tally),
            Body::Pairs(body) => Some(&mut body.tally),
            Body::Aggregate(_) | Body::Distinct(_) => None,
        }
    }

    /// True if it holds nothing at all.
    pub(crate) fn is_idle(&self) -> bool {
        self.tally().is_none_or(Tally::is_empty)
            && match self {
                Body::Count(_) => true,
                Body::Aggregate(body) => body.is_empty(),
                Body::Distinct(body) => body.values.is_empty(),
                Body::Sequence(body) => body.partials.iter().all(Vec::is_empty),
                Body::Pairs(body) => body.open.is_none(),
                Body::Absence(body) => body.opens.is_empty(),
            }
    }

    /// Heap bytes, nearly.
    pub(crate) fn bytes(&self) -> usize {
        self.tally().map_or(0, Tally::bytes)
            + match self {
                Body::Count(_) | Body::Pairs(_) => 0,
                Body::Aggregate(body) => body.bytes(),
                Body::Distinct(body) => body.bytes(),
                Body::Sequence(body) => body.bytes(),
                Body::Absence(body) => body.opens.capacity() * size_of::<Open>(),
            }
    }
}
