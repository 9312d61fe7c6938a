//! The places where predicates are asked: an event, a condition, a profile.

use std::borrow::Cow;

use crate::audience::Tags;
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

/// A profile sees tags.
pub(crate) struct ProfileScope<'a> {
    pub(crate) tags: &'a Tags,
}

impl Scope for ProfileScope<'_> {
    fn prop(&self, _: u32) -> Seen<'_> {
        Seen::Own(Value::Missing)
    }
    fn tag(&self, name: &str) -> Seen<'_> {
        Seen::Own(self.tags.value(name).map_or(Value::Missing, from_json))
    }
    fn measure(&self, _: u32) -> Value<'static> {
        Value::Missing
    }
    fn now(&self) -> Option<i64> {
        None
    }
}

fn from_json(json: &serde_json::Value) -> Value<'_> {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Missing,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(i) => Value::int(i),
            None => n.as_f64().map_or(Value::Missing, Value::float),
        },
        Json::String(s) => Value::Text(Cow::Borrowed(s)),
        Json::Array(list) => Value::List(list.iter().map(from_json).collect()),
        Json::Object(_) => Value::Object,
    }
}
