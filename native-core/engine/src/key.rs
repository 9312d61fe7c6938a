//! Correlation values: what `by` reads from an event, in a form that is equal exactly where `=` holds.

use xxhash_rust::xxh3::xxh3_128;

use crate::value::{Number, Value};

/// Longest text kept as it is, bytes; longer ones stand as the hex of their xxh3-128.
pub(crate) const MAX_TEXT: usize = 64;

/// One property of a correlation value. The order is the law's: bools, numbers, strings.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Bool(bool),
    Int(i64),
    /// Finite and not a whole number within i64.
    Float(f64),
    Text(Box<str>),
}

/// A correlation value; empty for what is not correlated.
pub(crate) type Key = Box<[Part]>;

impl Part {
    /// None for a value that is missing, a list or an object.
    pub(crate) fn of(value: &Value<'_>) -> Option<Part> {
        match value {
            Value::Bool(b) => Some(Part::Bool(*b)),
            Value::Number(Number::Int(i)) => {
                Some(i64::try_from(*i).map_or_else(|_| Part::Float(*i as f64), Part::Int))
            }
            Value::Number(Number::Float(f)) if f.trunc() == *f && (-9.2e18..9.2e18).contains(f) => {
                Some(Part::Int(*f as i64))
            }
            Value::Number(Number::Float(f)) => Some(Part::Float(*f)),
            Value::Text(t) if t.len() > MAX_TEXT => {
                Some(Part::Text(format!("{:032x}", xxh3_128(t.as_bytes())).into()))
            }
            Value::Text(t) => Some(Part::Text(t.as_ref().into())),
            Value::Missing | Value::List(_) | Value::Object => None,
        }
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Part::Bool(b) => (*b).into(),
            Part::Int(i) => (*i).into(),
            Part::Float(f) => (*f).into(),
            Part::Text(t) => (**t).into(),
        }
    }

    fn rank(&self) -> (u8, Option<Number>) {
        match self {
            Part::Bool(_) => (0, None),
            Part::Int(i) => (1, Some(Number::Int(i128::from(*i)))),
            Part::Float(f) => (1, Some(Number::Float(*f))),
            Part::Text(_) => (2, None),
        }
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Part::Bool(a), Part::Bool(b)) => a.cmp(b),
            (Part::Text(a), Part::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            _ => match (self.rank(), other.rank()) {
                ((_, Some(a)), (_, Some(b))) => a.order(b),
                ((a, _), (b, _)) => a.cmp(&b),
            },
        }
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Part {}
