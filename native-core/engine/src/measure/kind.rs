//! The interface behind which a kind of measure lives: what it keeps of a user, how that grows, is read and ends.
//!
//! docs/architecture/measure-kinds.md shows how to add one.

use alcedo_model::{Measure, Operand, Pattern, Phrase};

use super::{Datum, Frameset, Intake, Roles};
use crate::predicate::{Expression, Scope};
use crate::value::Value;

/// The event matches the measure's pattern, in kinds that have one.
pub(crate) const MATCHES: Roles = 1;

/// One of a kind's patterns: which role its events play, and its JSON pointer within the measure.
#[derive(Debug)]
pub(crate) struct Part<'m> {
    pub(crate) role: Roles,
    pub(crate) pattern: &'m Pattern,
    pub(crate) path: String,
}

impl<'m> Part<'m> {
    pub(crate) fn new(role: Roles, pattern: &'m Pattern, path: impl Into<String>) -> Self {
        Part { role, pattern, path: path.into() }
    }
}

/// What an instance waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wait {
    /// The message's key: `measure.` and what is waited for.
    pub(crate) says: &'static str,
    /// The part whose event it waits for.
    pub(crate) role: Roles,
    /// When the wait began: time of the first event, Unix ms.
    pub(crate) began: i64,
    /// Steps done, and steps there are.
    pub(crate) steps: (usize, usize),
    /// The event counts from this time on and up to that one, Unix ms; none = no bound.
    pub(crate) from: Option<i64>,
    pub(crate) until: Option<i64>,
}

/// What a kind keeps.
pub(crate) trait Held {
    /// True if it holds nothing at all.
    fn is_idle(&self) -> bool;

    /// Heap bytes, nearly.
    fn bytes(&self) -> usize;
}

/// A kind of measure with its fields, compiled.
pub(crate) trait Kind: Sized {
    /// What it keeps for one instance.
    type Body: Held;

    /// The value is a number of moments: a condition may need no more of them than it compares with.
    const COUNTS: bool = false;

    /// It keeps something of periods and sessions that are over.
    const OUTLIVES_FRAMES: bool = false;

    /// The kind with these fields and its patterns; none if the measure is of another kind.
    fn compile<'m>(
        measure: &'m Measure,
        expression: &mut dyn FnMut(&Operand) -> Expression,
    ) -> Option<(Self, Vec<Part<'m>>)>;

    fn empty(&self) -> Self::Body;

    /// Whether a body (from state bytes) is of this shape.
    fn fits(&self, _: &Self::Body) -> bool {
        true
    }

    /// Roles whose events change the measure (`without` does not).
    fn own_roles(&self) -> Roles {
        MATCHES
    }

    /// Whether events that match none of its patterns matter to it.
    fn sees_every_event(&self) -> bool {
        false
    }

    /// What the event brings into the measure.
    fn datum(&self, _: &dyn Scope, _time: i64) -> Option<Datum> {
        None
    }

    /// Takes in an event; gives how many candidates a bound dropped.
    fn take(&self, body: &mut Self::Body, event: &Intake, set: &Frameset) -> u64;

    /// The value at a clock; `body` is empty for an instance that never was.
    fn value(&self, body: &Self::Body, clock: i64, set: &Frameset) -> Value<'static>;

    /// Forgets what has left the window at this clock.
    fn trim(&self, body: &mut Self::Body, clock: i64, set: &Frameset);

    /// Gives up what has begun and no event can take on any more: those to come lie at or after `horizon`. Not by the
    /// clock: in arrival order an event may come that lies before it.
    fn give_up(&self, _: &mut Self::Body, _horizon: i64, _: &Frameset) {}

    /// The moment at which `trim` and `give_up` will leave nothing, frames aside; none where something stays for ever.
    fn expires(&self, body: &Self::Body, set: &Frameset) -> Option<i64>;

    /// The period or session that it belongs to is over.
    fn leave_frame(&self, body: &mut Self::Body) {
        *body = self.empty();
    }

    /// The next moment (Unix ms) that changes it without an event.
    fn deadline(&self, _: &Self::Body) -> Option<i64> {
        None
    }

    /// How many deadlines are open, where there is one.
    fn open(&self, _: &Self::Body) -> usize {
        0
    }

    /// State bytes of one body, at the most, without open deadlines.
    fn worst_bytes(&self, set: &Frameset) -> u64;

    /// Whether a sliding window is exact with however many events.
    fn always_exact(&self) -> bool {
        false
    }

    /// What a bound of the kind's own may drop; none where it drops nothing.
    fn drops(&self, _: &Frameset) -> Option<Phrase> {
        None
    }

    /// What has begun and waits to go on: what is furthest.
    fn waits(&self, _: &Self::Body, _clock: i64, _: &Frameset) -> Option<Wait> {
        None
    }

    /// When the oldest of what a sliding window holds at this clock leaves it, Unix ms.
    fn leaves(&self, body: &Self::Body, clock: i64, set: &Frameset) -> Option<i64>;
}
