//! A rule that is right, and ways to make it wrong in one place.

use serde_json::{Value, json};

/// A rule that is right: each case changes it in one place.
pub(crate) fn good() -> Value {
    json!({
        "id": "good", "revision": 1, "published_at": "2022-08-10T00:00:00+08:00",
        "measures": {
            "a": {"count": {"event": "A"}},
            "d": {"distinct": {"value": {"prop": "w"}, "of": {"event": "A"}, "up_to": 10}},
            "l": {"last_time": {"event": "A"}},
        },
        "when": {"all": [{"ge": [{"measure": "a"}, 1]}, {"ge": [{"measure": "d"}, 2]}, {"gt": [{"measure": "l"}, 5]}]},
        "trigger": {"on": {"event": "A"}},
    })
}

/// Whether the schema can see it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Seen {
    Shape,
    Meaning,
}

/// Puts the value at the place; a place that is not there is made.
pub(crate) fn with(place: &str, value: Value) -> Value {
    let mut rule = good();
    let (parent, name) = place.rsplit_once('/').unwrap();
    let parent = rule.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(fields) => drop(fields.insert(name.to_owned(), value)),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{place}"),
    }
    rule
}

pub(crate) fn without(name: &str) -> Value {
    let mut rule = good();
    rule.as_object_mut().unwrap().remove(name);
    rule
}

pub(crate) fn when(predicate: Value) -> Value {
    with("/when", predicate)
}

pub(crate) fn measure(measure: Value) -> Value {
    with("/measures/a", measure)
}

pub(crate) fn windowed(window: Value) -> Value {
    measure(json!({"count": {}, "window": window}))
}

pub(crate) fn filtered(predicate: Value) -> Value {
    with("/trigger/on/where", predicate)
}

pub(crate) type Case = (Value, &'static [&'static str], Seen);
