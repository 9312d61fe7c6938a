//! Numbers: exact comparison (P7), arithmetic (P16-P19), sums (M7, M45-M47).

use std::cmp::Ordering;

use alcedo_model::Operator;

use crate::value::Value;

/// 2^127, above every integer of 128 signed bits.
const BEYOND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

/// The nearest float.
#[allow(clippy::cast_precision_loss, reason = "rounding is what is asked for")]
pub(crate) fn float(integer: i128) -> f64 {
    integer as f64
}

/// The integer that a float is, if it is one within 128 signed bits.
#[allow(clippy::cast_possible_truncation, reason = "the range is looked at first")]
pub(crate) fn whole(float: f64) -> Option<i128> {
    (float.fract() == 0.0 && (-BEYOND..BEYOND).contains(&float)).then_some(float as i128)
}

/// P7: exactly, without rounding either. None where one of the two is no number.
pub(crate) fn compare(x: &Value, y: &Value) -> Option<Ordering> {
    match (x, y) {
        (Value::Int(x), Value::Int(y)) => Some(x.cmp(y)),
        (Value::Float(x), Value::Float(y)) => x.partial_cmp(y),
        (Value::Int(x), Value::Float(y)) => Some(integer_with_float(*x, *y)),
        (Value::Float(x), Value::Int(y)) => Some(integer_with_float(*y, *x).reverse()),
        _ => None,
    }
}

fn integer_with_float(integer: i128, float: f64) -> Ordering {
    if float >= BEYOND {
        return Ordering::Less;
    }
    if float < -BEYOND {
        return Ordering::Greater;
    }
    let below = whole(float.floor()).unwrap_or(0); // floor is whole and in range by now
    let rest = if float > float.floor() { Ordering::Less } else { Ordering::Equal };
    integer.cmp(&below).then(rest)
}

/// P16-P19.
pub(crate) fn compute(operator: Operator, x: &Value, y: &Value) -> Option<Value> {
    if let (Value::Int(x), Value::Int(y)) = (x, y) {
        let exact = match operator {
            Operator::Add => x.checked_add(*y),
            Operator::Sub => x.checked_sub(*y),
            Operator::Mul => x.checked_mul(*y),
            Operator::Div => None,
        };
        if let Some(exact) = exact {
            return Some(Value::Int(exact));
        }
    }
    let (x, y) = (as_float(x)?, as_float(y)?);
    let result = match operator {
        Operator::Add => x + y,
        Operator::Sub => x - y,
        Operator::Mul => x * y,
        Operator::Div => x / y,
    };
    result.is_finite().then_some(Value::Float(result))
}

pub(crate) fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(integer) => Some(float(*integer)),
        Value::Float(float) => Some(*float),
        _ => None,
    }
}

/// M7, M45: integers apart and exactly, floats afresh in the given order, the sum of the integers last. M46: an integer
/// that does not fit into 128 bits any more is added as a float. M50: what is not finite is no value.
pub(crate) fn sum(numbers: &[Value]) -> Option<Value> {
    let mut integers: i128 = 0;
    let mut floats: Option<f64> = None;
    for number in numbers {
        match number {
            Value::Int(integer) => match integers.checked_add(*integer) {
                Some(sum) => integers = sum,
                None => floats = Some(floats.unwrap_or(0.0) + float(*integer)),
            },
            Value::Float(float) => floats = Some(floats.unwrap_or(0.0) + float),
            _ => {}
        }
    }
    let Some(floats) = floats else { return Some(Value::Int(integers)) };
    let sum = floats + float(integers);
    sum.is_finite().then_some(Value::Float(sum))
}

/// M47: the sum divided by how many numbers there were; no value without numbers (M14).
pub(crate) fn mean(numbers: &[Value]) -> Option<Value> {
    let count = i128::try_from(numbers.len()).ok().filter(|count| *count > 0)?;
    compute(Operator::Div, &sum(numbers)?, &Value::Int(count))
}
