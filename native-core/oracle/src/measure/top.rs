//! The k largest numbers (M9, M14, M47-M49).

use std::cmp::Ordering;

use alcedo_model::Take;

use super::aggregate::extreme;
use crate::memory::Fact;
use crate::number;
use crate::value::Value;

pub(crate) fn takes(fact: &Fact) -> bool {
    fact.value.as_ref().is_some_and(Value::is_number)
}

/// Over the own events in the window, in the user's order.
pub(crate) fn value(k: u32, take: Take, events: &[&Fact]) -> Option<Value> {
    let numbers: Vec<Value> =
        events.iter().filter_map(|f| f.value.clone()).filter(Value::is_number).collect();
    let largest = largest(&numbers, k as usize);
    match take {
        Take::Avg => number::mean(&largest),
        Take::Sum => number::sum(&largest),
        Take::Min => extreme(&largest, Ordering::Less),
    }
}

/// M48, M49: the k largest, in the order in which they came; of equal ones the earlier stay.
fn largest(numbers: &[Value], k: usize) -> Vec<Value> {
    let mut places: Vec<usize> = (0..numbers.len()).collect();
    let larger_first =
        |x: &usize, y: &usize| numbers[*y].order(&numbers[*x]).unwrap_or(Ordering::Equal).then(x.cmp(y));
    places.sort_by(larger_first);
    places.truncate(k);
    places.sort_unstable();
    places.into_iter().map(|place| numbers[place].clone()).collect()
}
