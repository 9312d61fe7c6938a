//! Values of properties, tags, constants and measures, and what the operators of the law say about them.
//!
//! Invariants: a float is always finite; an absent value is `Missing` and makes every comparison false.
//! Source: docs/semantics, "Predicates".

use std::borrow::Cow;
use std::cmp::Ordering;

use alcedo_model::{Comparison, Constant, Operator};

/// A number, compared exactly whatever its form.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    Int(i128),
    Float(f64),
}

/// A value at judging time, borrowed from the record where possible.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    /// Absent, null, or without a result.
    Missing,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    /// An object: there, but without a value of its own.
    Object,
}

impl Number {
    fn as_f64(self) -> f64 {
        match self {
            Number::Int(i) => i as f64,
            Number::Float(f) => f,
        }
    }

    /// The exact order of the two numbers.
    pub(crate) fn order(self, other: Number) -> Ordering {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => a.cmp(&b),
            // Floats here are finite, so partial_cmp always answers.
            (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            (Number::Int(a), Number::Float(b)) => order_int_float(a, b),
            (Number::Float(a), Number::Int(b)) => order_int_float(b, a).reverse(),
        }
    }
}

/// Compares without rounding the integer: the float's whole part is exact in i128, its fraction decides ties.
fn order_int_float(int: i128, float: f64) -> Ordering {
    const LIMIT: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0; // 2^127
    if float >= LIMIT {
        return Ordering::Less;
    }
    if float < -LIMIT {
        return Ordering::Greater;
    }
    let whole = float.trunc();
    int.cmp(&(whole as i128)).then_with(|| 0.0f64.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal))
}

impl<'a> Value<'a> {
    pub(crate) fn int(i: impl Into<i128>) -> Value<'static> {
        Value::Number(Number::Int(i.into()))
    }

    /// A float that is not finite has no value.
    pub(crate) fn float(f: f64) -> Value<'static> {
        if f.is_finite() { Value::Number(Number::Float(f)) } else { Value::Missing }
    }

    /// A constant of a rule. `1` and `1.0` are one constant, so a whole float becomes an integer.
    pub(crate) fn constant(constant: &Constant) -> Value<'static> {
        match constant {
            Constant::Bool(b) => Value::Bool(*b),
            Constant::Int(i) => Value::int(*i),
            Constant::Float(f) if f.trunc() == *f && (-9.2e18..9.2e18).contains(f) => Value::int(*f as i128),
            Constant::Float(f) => Value::float(*f),
            Constant::Text(t) => Value::Text(Cow::Owned(t.clone())),
            Constant::List(l) => Value::List(l.iter().map(Value::constant).collect()),
        }
    }

    /// The same value, borrowed from nothing.
    pub(crate) fn to_owned(&self) -> Value<'static> {
        match self {
            Value::Missing => Value::Missing,
            Value::Bool(b) => Value::Bool(*b),
            Value::Number(n) => Value::Number(*n),
            Value::Text(t) => Value::Text(Cow::Owned(t.to_string())),
            Value::List(l) => Value::List(l.iter().map(Value::to_owned).collect()),
            Value::Object => Value::Object,
        }
    }

    /// True for a bool, number, text or list.
    pub(crate) fn exists(&self) -> bool {
        !matches!(self, Value::Missing | Value::Object)
    }

    /// Whether both are equal; none where their types differ.
    pub(crate) fn equals(&self, other: &Value<'_>) -> Option<bool> {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Some(a == b),
            (Value::Number(a), Value::Number(b)) => Some(a.order(*b).is_eq()),
            (Value::Text(a), Value::Text(b)) => Some(a == b),
            (Value::List(a), Value::List(b)) => {
                Some(a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.equals(y) == Some(true)))
            }
            _ => None,
        }
    }

    /// Order exists between numbers and between texts (by code point, which is the order of UTF-8 bytes).
    fn order(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => Some(a.order(*b)),
            (Value::Text(a), Value::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            _ => None,
        }
    }

    /// Whether `test` holds for this text, or for a text of this list.
    pub(crate) fn any_text(&self, mut test: impl FnMut(&str) -> bool) -> bool {
        match self {
            Value::Text(t) => test(t),
            Value::List(l) => l.iter().any(|v| matches!(v, Value::Text(t) if test(t))),
            _ => false,
        }
    }

    fn contains(&self, what: &Value<'_>) -> bool {
        let within = match what {
            Value::Text(x) => self.any_text(|t| memchr::memmem::find(t.as_bytes(), x.as_bytes()).is_some()),
            _ => false,
        };
        within || matches!(self, Value::List(l) if l.iter().any(|v| v.equals(what) == Some(true)))
    }
}

/// Every comparison but `matches`, whose right side is compiled.
pub(crate) fn compare(op: Comparison, left: &Value<'_>, right: &Value<'_>) -> bool {
    let ordered = |accept: fn(Ordering) -> bool| left.order(right).is_some_and(accept);
    match op {
        Comparison::Eq => left.equals(right) == Some(true),
        Comparison::Ne => left.equals(right) == Some(false),
        Comparison::Gt => ordered(Ordering::is_gt),
        Comparison::Ge => ordered(Ordering::is_ge),
        Comparison::Lt => ordered(Ordering::is_lt),
        Comparison::Le => ordered(Ordering::is_le),
        Comparison::Contains => left.contains(right),
        Comparison::StartsWith => {
            matches!(right, Value::Text(x) if left.any_text(|t| t.starts_with(x.as_ref())))
        }
        Comparison::EndsWith => matches!(right, Value::Text(x) if left.any_text(|t| t.ends_with(x.as_ref()))),
        Comparison::In => match (left, right) {
            (Value::List(_), _) => false,
            (_, Value::List(l)) => l.iter().any(|v| v.equals(left) == Some(true)),
            _ => false,
        },
        Comparison::Matches => false,
    }
}

/// `+ - * /`: integers in i128, beyond it in f64; `/` is real division; what is not finite has no value.
pub(crate) fn arithmetic(op: Operator, left: &Value<'_>, right: &Value<'_>) -> Value<'static> {
    let (Value::Number(a), Value::Number(b)) = (left, right) else {
        return Value::Missing;
    };
    if let (Number::Int(x), Number::Int(y)) = (a, b) {
        let exact = match op {
            Operator::Add => x.checked_add(*y),
            Operator::Sub => x.checked_sub(*y),
            Operator::Mul => x.checked_mul(*y),
            Operator::Div => None,
        };
        if let Some(exact) = exact {
            return Value::Number(Number::Int(exact));
        }
    }
    let (x, y) = (a.as_f64(), b.as_f64());
    Value::float(match op {
        Operator::Add => x + y,
        Operator::Sub => x - y,
        Operator::Mul => x * y,
        Operator::Div => x / y,
    })
}

/// How a value stands in a match's evidence.
pub(crate) fn to_json(value: &Value<'_>) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Missing | Value::Object => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Number(Number::Int(i)) => i64::try_from(*i).map_or_else(|_| Json::from(*i as f64), Json::from),
        Value::Number(Number::Float(f)) => Json::from(*f),
        Value::Text(t) => Json::String(t.to_string()),
        Value::List(l) => Json::Array(l.iter().map(to_json).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_compare_without_rounding() {
        let big = Value::int(9_007_199_254_740_993i64);
        let float = Value::float(9_007_199_254_740_992.0);
        assert!(compare(Comparison::Gt, &big, &float));
        assert!(!compare(Comparison::Eq, &big, &float));
        assert!(compare(Comparison::Lt, &Value::int(-1), &Value::float(-0.5)));
        assert!(compare(Comparison::Lt, &Value::int(i128::MAX), &Value::float(1e300)));
    }

    #[test]
    fn arithmetic_leaves_i128_for_f64_and_never_the_finite() {
        let max = Value::Number(Number::Int(i128::MAX));
        assert!(matches!(arithmetic(Operator::Add, &max, &max), Value::Number(Number::Float(_))));
        assert!(matches!(arithmetic(Operator::Div, &Value::int(1), &Value::int(0)), Value::Missing));
    }
}
