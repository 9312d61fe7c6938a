//! Values of properties, tags, constants and measures (E12-E14, P5-P9).

use std::cmp::Ordering;

use alcedo_model::Constant;
use serde_json::Value as Json;

use crate::number;

/// A value that can be compared. What has none is `None` of an `Option`.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Bool(bool),
    /// An integer, in 128 bits because arithmetic goes that far (P16).
    Int(i128),
    /// Finite.
    Float(f64),
    Text(String),
    /// `None` stands for an element that has no value: null (D20) or an object.
    List(Vec<Option<Value>>),
}

impl Value {
    /// E12-E14: null and objects have no value; an integer within 64 signed bits is one, every other number a float.
    pub(crate) fn of_json(json: &Json) -> Option<Value> {
        match json {
            Json::Null | Json::Object(_) => None,
            Json::Bool(flag) => Some(Value::Bool(*flag)),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Some(Value::Int(i128::from(integer))),
                None => number.as_f64().map(Value::Float),
            },
            Json::String(text) => Some(Value::Text(text.clone())),
            Json::Array(items) => Some(Value::List(items.iter().map(Value::of_json).collect())),
        }
    }

    /// D4: a constant that is written as a whole number within 64 signed bits is an integer, `1.0` too.
    pub(crate) fn of_constant(constant: &Constant) -> Value {
        match constant {
            Constant::Bool(flag) => Value::Bool(*flag),
            Constant::Int(integer) => Value::Int(i128::from(*integer)),
            Constant::Float(float) => Value::Float(*float).normal(),
            Constant::Text(text) => Value::Text(text.clone()),
            Constant::List(items) => Value::List(items.iter().map(|i| Some(Value::of_constant(i))).collect()),
        }
    }

    /// F44: integers without a fraction, floats with one, an integer beyond 64 signed bits as a float.
    pub(crate) fn shown(&self) -> Json {
        match self {
            Value::Bool(flag) => Json::Bool(*flag),
            Value::Int(integer) => match i64::try_from(*integer) {
                Ok(integer) => Json::from(integer),
                Err(_) => Json::from(number::float(*integer)),
            },
            Value::Float(float) => Json::from(*float),
            Value::Text(text) => Json::from(text.as_str()),
            Value::List(items) => items.iter().map(|i| i.as_ref().map_or(Json::Null, Value::shown)).collect(),
        }
    }

    /// D4, D10: a float that is whole and below 9.2 * 10^18 in size as an integer.
    pub(crate) fn normal(self) -> Value {
        match self {
            Value::Float(float) if float.abs() < 9.2e18 => number::whole(float).map_or(self, Value::Int),
            other => other,
        }
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Value::Int(_) | Value::Float(_))
    }

    /// P5: one type, so that the two can be compared at all.
    pub(crate) fn same_type(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Bool(_), Value::Bool(_))
            | (Value::Text(_), Value::Text(_))
            | (Value::List(_), Value::List(_)) => true,
            (x, y) => x.is_number() && y.is_number(),
        }
    }

    /// P6, P7, D20.
    pub(crate) fn equals(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Bool(x), Value::Bool(y)) => x == y,
            (Value::Text(x), Value::Text(y)) => x == y,
            (Value::List(x), Value::List(y)) => {
                x.len() == y.len()
                    && x.iter().zip(y).all(|pair| match pair {
                        (Some(x), Some(y)) => x.equals(y),
                        _ => false,
                    })
            }
            _ => number::compare(self, other) == Some(Ordering::Equal),
        }
    }

    /// P8, P9: numbers by size, texts by code point (which is the order of their UTF-8 bytes).
    pub(crate) fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Text(x), Value::Text(y)) => Some(x.as_bytes().cmp(y.as_bytes())),
            _ => number::compare(self, other),
        }
    }
}
