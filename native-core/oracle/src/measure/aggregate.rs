//! Sum, extremes, mean, first, last and the different values (M6-M8, M10, M14, M45-M53).

use std::cmp::Ordering;

use alcedo_model::Function;

use crate::memory::Fact;
use crate::number;
use crate::text;
use crate::value::Value;

/// M6, M8: what the function takes of an event.
pub(crate) fn takes(function: Function, fact: &Fact) -> bool {
    match (function, &fact.value) {
        (_, Some(Value::Int(_) | Value::Float(_))) => true,
        (Function::First | Function::Last, Some(Value::Bool(_))) => true,
        (Function::First | Function::Last, Some(Value::Text(text))) => text.len() <= 128,
        _ => false,
    }
}

/// Over the own events in the window, in the user's order.
pub(crate) fn value(function: Function, events: &[&Fact]) -> Option<Value> {
    let taken = events.iter().filter(|fact| takes(function, fact));
    let values: Vec<Value> = taken.filter_map(|fact| fact.value.clone()).collect();
    match function {
        Function::Sum => number::sum(&values),
        Function::Avg => number::mean(&values),
        Function::Min => extreme(&values, Ordering::Less),
        Function::Max => extreme(&values, Ordering::Greater),
        Function::First => values.first().cloned(),
        Function::Last => values.last().cloned(),
    }
}

/// M48: as the event carried it; between equal ones the earlier stays.
pub(crate) fn extreme(values: &[Value], better: Ordering) -> Option<Value> {
    let mut best = values.first()?;
    for value in values {
        if value.order(best) == Some(better) {
            best = value;
        }
    }
    Some(best.clone())
}

/// M10, M52, M53: the values of which no two are equal.
pub(crate) fn different(events: &[&Fact]) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for fact in events {
        let value = match &fact.value {
            None | Some(Value::List(_)) => continue,
            Some(Value::Text(text)) => Value::Text(text::kept(text)),
            // D29: integers beyond 64 signed bits are told apart as floats.
            Some(Value::Int(integer)) if i64::try_from(*integer).is_err() => {
                Value::Float(number::float(*integer))
            }
            Some(other) => other.clone(),
        };
        if !all.iter().any(|known| known.equals(&value)) {
            all.push(value);
        }
    }
    all
}
