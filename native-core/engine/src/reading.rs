//! What a rule reads of a user: its measures' values, its condition, its evidence.

use serde_json::Map;

use crate::key::{Key, MAX_TEXT, Part};
use crate::program::{Program, Rule, Use};
use crate::read::Event;
use crate::scope::ConditionScope;
use crate::state::UserState;
use crate::value::{Number, Value, to_json};

/// A measure's value for a correlation value at a clock, as the rule reads it.
pub(crate) fn value(
    program: &Program,
    state: &UserState,
    used: &Use,
    key: Option<&Key>,
    clock: i64,
) -> Value<'static> {
    let measure = program.measure_at(used.measure);
    let own = Key::default();
    let key = match key {
        _ if measure.by.is_empty() => &own,
        Some(key) if !key.is_empty() => key,
        // Without a correlation value a correlated measure has none: not even 0.
        _ => return Value::Missing,
    };
    let slot = state.measure(measure.hash).and_then(|m| m.instance(key)).map(|i| &i.slot);
    let value = measure.spec.value(slot, clock, &measure.set);
    match (value, used.cap) {
        (Value::Number(Number::Int(n)), Some(cap)) => Value::int(n.min(i128::from(cap))),
        (value, _) => value,
    }
}

/// How high a measure that can rise stands.
pub(crate) fn height(program: &Program, state: &UserState, used: &Use, key: Option<&Key>, clock: i64) -> u64 {
    match value(program, state, used, key, clock) {
        Value::Number(Number::Int(n)) => u64::try_from(n).unwrap_or(0),
        _ => 0,
    }
}

/// Whether the rule's condition holds for a correlation value at a clock.
pub(crate) fn holds(
    program: &Program,
    state: &UserState,
    rule: &Rule,
    key: Option<&Key>,
    clock: i64,
    props: &[Value<'_>],
) -> bool {
    let measure = |index: u32| {
        rule.uses.get(index as usize).map_or(Value::Missing, |u| value(program, state, u, key, clock))
    };
    let scope = ConditionScope { props, measure, now: clock };
    rule.when.is_none_or(|when| program.predicates.holds(when, &scope))
}

/// The value of every measure of the rule; null where it has none.
pub(crate) fn evidence(
    program: &Program,
    state: &UserState,
    rule: &Rule,
    key: Option<&Key>,
    clock: i64,
) -> Map<String, serde_json::Value> {
    rule.uses.iter().map(|u| (u.name.to_string(), to_json(&value(program, state, u, key, clock)))).collect()
}

/// Measures whose window does not yet lie wholly after the moment at which the job first met them.
pub(crate) fn since(
    program: &Program,
    state: &UserState,
    rule: &Rule,
    key: Option<&Key>,
    clock: i64,
) -> Map<String, serde_json::Value> {
    let lacks = |used: &&Use| {
        let Some(since) = used.since else { return false };
        let measure = program.measure_at(used.measure);
        let own = Key::default();
        let key = if measure.by.is_empty() { &own } else { key.unwrap_or(&own) };
        let frame = state.measure(measure.hash).and_then(|m| m.instance(key)).map(|i| i.slot.frame);
        measure.set.window.begins(frame, clock).is_none_or(|first| first <= since)
    };
    rule.uses.iter().filter(lacks).map(|u| (u.name.to_string(), u.since.into())).collect()
}

/// The correlation value as the event carries it.
pub(crate) fn carried(rule: &Rule, event: &Event<'_>) -> Option<Map<String, serde_json::Value>> {
    if !rule.correlated || rule.key(&event.props).is_none() {
        return None;
    }
    let value = |slot: &u32| match event.props.get(*slot as usize) {
        // A long text is shown as it is told apart: by its hash.
        Some(Value::Text(text)) if text.len() > MAX_TEXT => {
            Part::of(&Value::Text(text.clone())).map_or(serde_json::Value::Null, |part| part.to_json())
        }
        Some(value) => to_json(value),
        None => serde_json::Value::Null,
    };
    Some(rule.by.iter().map(|(name, slot)| (name.to_string(), value(slot))).collect())
}
