//! Predicates and patterns (P1-P22).

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use alcedo_model::{Comparison, Operand, Pattern, Predicate};
use regex::Regex;

use crate::event::Event;
use crate::expression::{Reader, value};
use crate::value::Value;

/// P20.
pub(crate) fn holds(predicate: &Predicate, read: Reader<'_>) -> bool {
    match predicate {
        Predicate::All(parts) => parts.iter().all(|part| holds(part, read)),
        Predicate::Any(parts) => parts.iter().any(|part| holds(part, read)),
        Predicate::Not(part) => !holds(part, read),
        Predicate::Exists(x) => value(x, read).is_some(),
        Predicate::Compare(comparison, x, y) => match (value(x, read), value(y, read)) {
            (Some(x), Some(y)) => compares(*comparison, &x, &y),
            _ => false, // P1, P4
        },
    }
}

/// P21.
pub(crate) fn fits(pattern: &Pattern, event: &Event) -> bool {
    let type_fits = pattern.event.as_ref().is_none_or(|types| types.contains(&event.event_type));
    let read = |operand: &Operand| match operand {
        Operand::Prop(path) => event.property(path),
        _ => None,
    };
    type_fits && pattern.filter.as_ref().is_none_or(|filter| holds(filter, &read))
}

/// P2, P6-P14.
fn compares(comparison: Comparison, x: &Value, y: &Value) -> bool {
    match comparison {
        Comparison::Eq => x.equals(y),
        Comparison::Ne => x.same_type(y) && !x.equals(y),
        Comparison::Gt => x.order(y) == Some(Ordering::Greater),
        Comparison::Ge => matches!(x.order(y), Some(Ordering::Greater | Ordering::Equal)),
        Comparison::Lt => x.order(y) == Some(Ordering::Less),
        Comparison::Le => matches!(x.order(y), Some(Ordering::Less | Ordering::Equal)),
        Comparison::In => !matches!(x, Value::List(_)) && has_element(y, x),
        Comparison::Contains => has_element(x, y) || text_in(x, y, |text, part| text.contains(part)),
        Comparison::StartsWith => text_in(x, y, |text, part| text.starts_with(part)),
        Comparison::EndsWith => text_in(x, y, |text, part| text.ends_with(part)),
        Comparison::Matches => text_in(x, y, found),
    }
}

fn has_element(list: &Value, element: &Value) -> bool {
    matches!(list, Value::List(items) if items.iter().flatten().any(|item| item.equals(element)))
}

/// P12-P14: for the text x, or for a text in the list x.
fn text_in(x: &Value, y: &Value, holds: impl Fn(&str, &str) -> bool) -> bool {
    let Value::Text(part) = y else { return false };
    match x {
        Value::Text(text) => holds(text, part),
        Value::List(items) => {
            items.iter().flatten().any(|item| matches!(item, Value::Text(text) if holds(text, part)))
        }
        _ => false,
    }
}

/// P14, P15. An expression that is none is found nowhere; rules with one are refused before they come here.
fn found(text: &str, expression: &str) -> bool {
    thread_local! { // compiling is slow, and few expressions are met many times
        static COMPILED: RefCell<BTreeMap<String, Option<Regex>>> = const { RefCell::new(BTreeMap::new()) };
    }
    COMPILED.with_borrow_mut(|compiled| {
        let regex = compiled.entry(expression.to_owned()).or_insert_with(|| Regex::new(expression).ok());
        regex.as_ref().is_some_and(|regex| regex.is_match(text))
    })
}
