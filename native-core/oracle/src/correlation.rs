//! Correlation values (M35-M38, M44, F9, F40).

use std::cmp::Ordering;

use alcedo_model::Path;
use serde_json::{Map, Value as Json};

use crate::event::Event;
use crate::text;
use crate::value::Value;

/// One value for each property of `by`, long texts as their hashes.
#[derive(Debug, Clone)]
pub(crate) struct Key(Vec<Value>);

impl Key {
    /// M36: none where a property is missing, null, a list or an object.
    pub(crate) fn carried(by: &[Path], event: &Event) -> Option<Key> {
        let part = |path: &Path| match event.property(path)? {
            Value::List(_) => None,
            Value::Text(text) => Some(Value::Text(text::kept(&text))),
            other => Some(other),
        };
        by.iter().map(part).collect::<Option<Vec<Value>>>().map(Key)
    }

    /// M37.
    pub(crate) fn is(&self, other: &Key) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(x, y)| x.equals(y))
    }

    /// F9: bools, numbers, texts, each property in turn.
    fn order(&self, other: &Key) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs.map(|(x, y)| part_order(x, y)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// D10: at a deadline, with numbers in the normal form: a whole one without a fraction.
    pub(crate) fn shown_at_deadline(&self, by: &[Path]) -> Map<String, Json> {
        let normal = |part: &Value| part.clone().normal().shown();
        by.iter().map(name).zip(self.0.iter().map(normal)).collect()
    }

    /// F40: at an event as the event carries it, but a long text as its hash.
    pub(crate) fn shown_at_event(&self, by: &[Path]) -> Map<String, Json> {
        by.iter().map(name).zip(self.0.iter().map(Value::shown)).collect()
    }
}

/// What a measure without `by` is kept for.
pub(crate) const NOTHING: &Key = &Key(Vec::new());

/// Whether two of those that may carry none are one.
pub(crate) fn same(x: Option<&Key>, y: Option<&Key>) -> bool {
    match (x, y) {
        (Some(x), Some(y)) => x.is(y),
        (None, None) => true,
        _ => false,
    }
}

/// F9: no value comes before all others.
pub(crate) fn order(x: Option<&Key>, y: Option<&Key>) -> Ordering {
    match (x, y) {
        (Some(x), Some(y)) => x.order(y),
        (x, y) => x.is_some().cmp(&y.is_some()),
    }
}

fn part_order(x: &Value, y: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Bool(_) => 0,
        Value::Int(_) | Value::Float(_) => 1,
        Value::Text(_) | Value::List(_) => 2,
    };
    if let (Value::Bool(x), Value::Bool(y)) = (x, y) {
        return x.cmp(y);
    }
    rank(x).cmp(&rank(y)).then_with(|| x.order(y).unwrap_or(Ordering::Equal))
}

/// F40: the names of `by` with dots between.
fn name(path: &Path) -> String {
    path.0.join(".")
}
