//! Measures: what is remembered about a user. One file per kind, behind the trait [`Kind`]; the table of kinds is below.
//!
//! An instance is a frame (the period or session it belongs to, for windows that have such) and a body (what the kind
//! keeps). The frame is turned here, once for all kinds; bodies know fixed and sliding windows only.

mod absence;
mod accumulator;
mod aggregate;
mod count;
mod distinct;
mod kind;
mod pairs;
mod sequence;

pub(crate) use absence::{Absence, AbsenceSpec, Open};
pub(crate) use accumulator::{Accumulator, Datum};
pub(crate) use aggregate::{Aggregate, AggregateSpec, SeriesPane};
pub(crate) use count::CountSpec;
pub(crate) use distinct::{Distinct, DistinctSpec};
pub(crate) use kind::{Part, Wait};
pub(crate) use pairs::{Pairs, PairsSpec};
pub(crate) use sequence::{Partial, Sequence, SequenceSpec};

use alcedo_model::{Measure, Operand, Phrase};

use crate::key::Key;
use crate::predicate::{Expression, Scope};
use crate::tally::{Capacity, PANES, Tally};
use crate::value::Value;
use crate::window::{Frame, Turn, Window};
use kind::{Held, Kind};

/// Which of a measure's patterns an event matched: a bit each, in the kind's own numbering.
pub(crate) type Roles = u64;

/// The table of kinds: a line each, its spec and its body.
macro_rules! kinds {
    ($($name:ident($spec:ty, $body:ty),)+) => {
        /// A kind with its fields, compiled.
        #[derive(Debug)]
        pub(crate) enum Spec {
            $($name($spec),)+
        }

        /// What a kind keeps.
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) enum Body {
            $($name($body),)+
        }

        impl Spec {
            /// A measure's kind, compiled, with its patterns.
            pub(crate) fn compile<'m>(
                measure: &'m Measure,
                expression: &mut dyn FnMut(&Operand) -> Expression,
            ) -> Option<(Spec, Vec<Part<'m>>)> {
                $(if let Some((spec, parts)) = <$spec>::compile(measure, expression) {
                    return Some((Spec::$name(spec), parts));
                })+
                None
            }
        }

        /// Does `$then` with the kind, whichever it is.
        macro_rules! with_spec {
            ($of:expr, $it:ident => $then:expr) => {
                match $of { $(Spec::$name($it) => $then,)+ }
            };
        }

        /// Does `$then` with the kind and its body, or `$other` where the body is another kind's.
        macro_rules! with_both {
            ($of:expr, $held:expr, ($it:ident, $body_of:ident) => $then:expr, _ => $other:expr) => {
                match ($of, $held) {
                    $((Spec::$name($it), Body::$name($body_of)) => $then,)+
                    _ => $other,
                }
            };
        }

        /// Does `$then` with the body, whichever it is.
        macro_rules! with_body {
            ($of:expr, $it:ident => $then:expr) => {
                match $of { $(Body::$name($it) => $then,)+ }
            };
        }

        impl Spec {
            pub(crate) fn empty(&self) -> Body {
                match self { $(Spec::$name(spec) => Body::$name(spec.empty().into()),)+ }
            }

            /// Whether the kind's value is a number of moments.
            pub(crate) fn counts(&self) -> bool {
                match self { $(Spec::$name(_) => <$spec>::COUNTS,)+ }
            }

            fn outlives_frames(&self) -> bool {
                match self { $(Spec::$name(_) => <$spec>::OUTLIVES_FRAMES,)+ }
            }
        }
    };
}

kinds! {
    Count(CountSpec, Tally),
    Aggregate(AggregateSpec, Box<Aggregate>),
    Distinct(DistinctSpec, Distinct),
    Sequence(SequenceSpec, Sequence),
    Pairs(PairsSpec, Pairs),
    Absence(AbsenceSpec, Absence),
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

impl Frameset {
    /// State bytes of a sliding window's content, at the most; 0 for other windows. `moment` and `pane`: bytes of each.
    pub(crate) fn sliding_bytes(&self, moment: u64, pane: u64) -> u64 {
        let sliding = self.window.sliding().is_some();
        let moments = if sliding { self.capacity.moments as u64 * moment } else { 0 };
        let panes = (PANES as u64 + 2) * (2 * crate::sizes::VARINT + pane);
        moments + if self.capacity.panes { panes } else { 0 }
    }
}

impl Spec {
    /// Whether a body (from state bytes) is of this kind and shape.
    pub(crate) fn fits(&self, slot: &Slot) -> bool {
        with_both!(self, &slot.body, (spec, body) => spec.fits(body), _ => false)
    }

    /// Roles whose events change the measure (`without` does not).
    pub(crate) fn own_roles(&self) -> Roles {
        with_spec!(self, spec => spec.own_roles())
    }

    /// Whether events that match none of its patterns matter to it.
    pub(crate) fn sees_every_event(&self) -> bool {
        with_spec!(self, spec => spec.sees_every_event())
    }

    /// What an event brings into the measure.
    pub(crate) fn datum(&self, scope: &dyn Scope, time: i64) -> Option<Datum> {
        with_spec!(self, spec => spec.datum(scope, time))
    }

    /// Lets an instance take in an event; gives how many candidates a bound dropped.
    pub(crate) fn take(&self, slot: &mut Slot, event: &Intake, set: &Frameset) -> u64 {
        if event.roles & self.own_roles() == 0 {
            // What comes between steps neither begins a period or session nor keeps one alive.
            if !set.window.current(slot.frame, event.clock) {
                return 0;
            }
        } else if !self.outlives_frames() {
            match set.window.turn(&mut slot.frame, event.time, event.clock, slot.body.is_idle()) {
                Turn::Past => return 0,
                Turn::Begin => slot.body = self.empty(),
                Turn::Stay => {}
            }
        }
        with_both!(self, &mut slot.body, (spec, body) => spec.take(body, event, set), _ => 0)
    }

    /// The instance's value at a clock; that of an empty one for an instance that never was.
    pub(crate) fn value(&self, slot: Option<&Slot>, clock: i64, set: &Frameset) -> Value<'static> {
        let current = slot.filter(|slot| set.window.current(slot.frame, clock)).map(|slot| &slot.body);
        match current {
            Some(body) => {
                with_both!(self, body, (spec, body) => spec.value(body, clock, set), _ => Value::Missing)
            }
            None => with_spec!(self, spec => spec.value(&spec.empty(), clock, set)),
        }
    }

    /// Forgets what can no longer matter at this clock, events to come lying at or after `horizon`. True if nothing is
    /// left.
    pub(crate) fn trim(&self, slot: &mut Slot, clock: i64, horizon: i64, set: &Frameset) -> bool {
        let over = !set.window.current(slot.frame, clock);
        with_both!(self, &mut slot.body, (spec, body) => {
            if over {
                spec.leave_frame(body);
            }
            spec.trim(body, clock, set);
            spec.give_up(body, horizon, set);
        }, _ => ());
        slot.body.is_idle()
    }

    /// The next moment (Unix ms) that changes the instance without an event.
    pub(crate) fn deadline(&self, slot: &Slot) -> Option<i64> {
        with_both!(self, &slot.body, (spec, body) => spec.deadline(body), _ => None)
    }

    /// How many deadlines are open.
    pub(crate) fn open(&self, slot: &Slot) -> usize {
        with_both!(self, &slot.body, (spec, body) => spec.open(body), _ => 0)
    }

    /// The moment at which `trim` will leave nothing; none where something stays for ever (or until a deadline).
    pub(crate) fn expires(&self, slot: &Slot, set: &Frameset) -> Option<i64> {
        if self.deadline(slot).is_some() {
            return None;
        }
        let own = with_both!(self, &slot.body, (spec, body) => spec.expires(body, set), _ => None);
        set.window.frame_ends(slot.frame).into_iter().chain(own).min()
    }

    /// What has begun and waits to go on at this clock: what is furthest.
    pub(crate) fn waits(&self, slot: &Slot, clock: i64, set: &Frameset) -> Option<Wait> {
        if !self.outlives_frames() && !set.window.current(slot.frame, clock) {
            return None;
        }
        with_both!(self, &slot.body, (spec, body) => spec.waits(body, clock, set), _ => None)
    }

    /// When something that counts at this clock leaves the window, Unix ms.
    pub(crate) fn leaves(&self, slot: &Slot, clock: i64, set: &Frameset) -> Option<i64> {
        if !set.window.current(slot.frame, clock) || slot.body.is_idle() {
            return None;
        }
        set.window.frame_ends(slot.frame).or_else(
            || with_both!(self, &slot.body, (spec, body) => spec.leaves(body, clock, set), _ => None),
        )
    }

    /// State bytes of one body, at the most, without open deadlines.
    pub(crate) fn worst_bytes(&self, set: &Frameset) -> u64 {
        with_spec!(self, spec => spec.worst_bytes(set))
    }

    /// What a bound of the kind's own may drop.
    pub(crate) fn drops(&self, set: &Frameset) -> Option<Phrase> {
        with_spec!(self, spec => spec.drops(set))
    }

    /// Whether a sliding window is exact with however many events.
    pub(crate) fn always_exact(&self) -> bool {
        with_spec!(self, spec => spec.always_exact())
    }
}

impl Body {
    /// True if it holds nothing at all.
    pub(crate) fn is_idle(&self) -> bool {
        with_body!(self, body => body.is_idle())
    }

    /// Heap bytes, nearly.
    pub(crate) fn bytes(&self) -> usize {
        with_body!(self, body => body.bytes())
    }
}
