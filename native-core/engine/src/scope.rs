//! The places in a stream where predicates are asked: an event and a condition.

use crate::predicate::{Scope, Seen};
use crate::value::Value;

const MISSING: Value<'static> = Value::Missing;

/// A pattern's filter sees the event's properties.
pub(crate) struct EventScope<'a> {
    pub(crate) props: &'a [Value<'a>],
}

impl Scope for EventScope<'_> {
    fn prop(&self, slot: u32) -> Seen<'_> {
        Seen::Ref(self.props.get(slot as usize).unwrap_or(&MISSING))
    }
    fn tag(&self, _: &str) -> Seen<'_> {
        Seen::Own(Value::Missing)
    }
    fn measure(&self, _: u32) -> Value<'static> {
        Value::Missing
    }
    fn now(&self) -> Option<i64> {
        None
    }
}

/// A condition sees measures, the clock, and the judged event's properties (none at a deadline).
pub(crate) struct ConditionScope<'a, M: Fn(u32) -> Value<'static>> {
    pub(crate) props: &'a [Value<'a>],
    pub(crate) measure: M,
    pub(crate) now: i64,
}

impl<M: Fn(u32) -> Value<'static>> Scope for ConditionScope<'_, M> {
    fn prop(&self, slot: u32) -> Seen<'_> {
        Seen::Ref(self.props.get(slot as usize).unwrap_or(&MISSING))
    }
    fn tag(&self, _: &str) -> Seen<'_> {
        Seen::Own(Value::Missing)
    }
    fn measure(&self, index: u32) -> Value<'static> {
        (self.measure)(index)
    }
    fn now(&self) -> Option<i64> {
        Some(self.now)
    }
}
