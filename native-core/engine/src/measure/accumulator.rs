//! What many values come to: their sum, one of them, the largest of them.
//!
//! Values are taken in one by one, in the user's order; what came later can be merged in as a whole.

use crate::key::Part;
use crate::sizes::{ANY_VALUE, NUMBER, VARINT};
use crate::value::{Number, Value, arithmetic};

/// What an event brings into a measure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Datum {
    Int(i128),
    Float(f64),
    Bool(bool),
    /// At most 128 bytes.
    Text(Box<str>),
    /// In the form in which values are told apart (distinct).
    Key(Part),
}

/// Longest text that `first` and `last` take, bytes.
const MAX_TEXT: usize = 128;

/// Which answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Sum,
    Min,
    Max,
    Avg,
    First,
    Last,
    TopAvg(usize),
    TopSum(usize),
    TopMin(usize),
    /// `first_time` and `last_time`: the event's time is its value.
    FirstTime,
    LastTime,
}

/// What has been taken in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Accumulator {
    /// Number of values, the integers' exact sum, the floats' in their order, whether there was a float.
    Sum { count: u64, ints: i128, floats: f64, float: bool },
    /// The one value that is the answer so far.
    One(Option<Datum>),
    /// The largest numbers with their order of coming, largest first.
    Top(Vec<(Datum, u64)>),
}

impl Datum {
    /// What a value brings to `answer`; none where it brings nothing.
    pub(crate) fn of(value: &Value<'_>, answer: Answer) -> Option<Datum> {
        match (value, answer) {
            (Value::Number(Number::Int(i)), _) => Some(Datum::Int(*i)),
            (Value::Number(Number::Float(f)), _) => Some(Datum::Float(*f)),
            (Value::Bool(b), Answer::First | Answer::Last) => Some(Datum::Bool(*b)),
            (Value::Text(t), Answer::First | Answer::Last) if t.len() <= MAX_TEXT => {
                Some(Datum::Text(t.as_ref().into()))
            }
            _ => None,
        }
    }

    fn number(&self) -> Option<Number> {
        match self {
            Datum::Int(i) => Some(Number::Int(*i)),
            Datum::Float(f) => Some(Number::Float(*f)),
            _ => None,
        }
    }

    fn value(&self) -> Value<'static> {
        match self {
            Datum::Int(i) => Value::int(*i),
            Datum::Float(f) => Value::float(*f),
            Datum::Bool(b) => Value::Bool(*b),
            Datum::Text(t) => Value::Text(t.to_string().into()),
            Datum::Key(_) => Value::Missing,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        if let Datum::Text(t) = self { t.len() } else { 0 }
    }
}

impl Answer {
    fn top(self) -> Option<usize> {
        match self {
            Answer::TopAvg(k) | Answer::TopSum(k) | Answer::TopMin(k) => Some(k),
            _ => None,
        }
    }

    pub(crate) fn empty(self) -> Accumulator {
        match self {
            Answer::Sum | Answer::Avg => Accumulator::Sum { count: 0, ints: 0, floats: 0.0, float: false },
            _ if self.top().is_some() => Accumulator::Top(Vec::new()),
            _ => Accumulator::One(None),
        }
    }

    /// Whether `new`, which came later, replaces `held`.
    fn replaces(self, held: &Datum, new: &Datum) -> bool {
        let order = held.number().zip(new.number()).map(|(h, n)| n.order(h));
        match self {
            Answer::Min => order.is_some_and(std::cmp::Ordering::is_lt),
            Answer::Max => order.is_some_and(std::cmp::Ordering::is_gt),
            Answer::Last | Answer::LastTime => true,
            _ => false,
        }
    }
}

impl Answer {
    /// Bytes of an accumulator in a state, at the most.
    pub(super) fn worst_bytes(self) -> u64 {
        match self {
            Answer::Sum | Answer::Avg => VARINT + NUMBER + 9,
            Answer::First | Answer::Last => 2 + ANY_VALUE,
            Answer::TopAvg(k) | Answer::TopSum(k) | Answer::TopMin(k) => {
                VARINT + k as u64 * (NUMBER + VARINT)
            }
            Answer::Min | Answer::Max | Answer::FirstTime | Answer::LastTime => 2 + NUMBER,
        }
    }
}

impl Accumulator {
    pub(super) fn add(&mut self, answer: Answer, datum: &Datum, ordinal: u64) {
        match self {
            Accumulator::Sum { count, ints, floats, float } => {
                *count += 1;
                match datum {
                    Datum::Int(i) => match ints.checked_add(*i) {
                        Some(sum) => *ints = sum,
                        // Beyond i128 an integer counts as a float.
                        None => (*floats, *float) = (*floats + *i as f64, true),
                    },
                    Datum::Float(f) => (*floats, *float) = (*floats + f, true),
                    _ => {}
                }
            }
            Accumulator::One(held) => {
                if held.as_ref().is_none_or(|held| answer.replaces(held, datum)) {
                    *held = Some(datum.clone());
                }
            }
            Accumulator::Top(held) => {
                let Some((number, k)) = datum.number().zip(answer.top()) else { return };
                let larger = |(d, _): &(Datum, u64)| d.number().is_some_and(|d| d.order(number).is_ge());
                let at = held.partition_point(larger);
                held.insert(at, (datum.clone(), ordinal));
                held.truncate(k);
            }
        }
    }

    /// Adds what came later.
    pub(super) fn merge(&mut self, answer: Answer, later: &Accumulator) {
        match later {
            Accumulator::Sum { count: c, ints: i, floats: f, float: any } => {
                if let Accumulator::Sum { count, ints, floats, float } = self {
                    *count += c;
                    match ints.checked_add(*i) {
                        Some(sum) => *ints = sum,
                        None => (*floats, *float) = (*floats + *i as f64, true),
                    }
                    *floats += f;
                    *float |= any;
                }
            }
            Accumulator::One(None) => {}
            Accumulator::One(Some(datum)) => self.add(answer, datum, 0),
            Accumulator::Top(values) => {
                values.iter().for_each(|(datum, ordinal)| self.add(answer, datum, *ordinal))
            }
        }
    }

    pub(super) fn value(&self, answer: Answer) -> Value<'static> {
        match (self, answer) {
            (Accumulator::Sum { count, .. }, Answer::Avg) => {
                let sum = self.sum();
                if *count == 0 { Value::Missing } else { real_quotient(&sum, *count) }
            }
            (Accumulator::Sum { .. }, _) => self.sum(),
            (Accumulator::One(held), _) => held.as_ref().map_or(Value::Missing, Datum::value),
            (Accumulator::Top(held), Answer::TopMin(_)) => least(held),
            (Accumulator::Top(held), _) => {
                let mut in_order: Vec<&(Datum, u64)> = held.iter().collect();
                in_order.sort_by_key(|(_, ordinal)| *ordinal);
                let mut sum = Answer::Sum.empty();
                in_order.iter().for_each(|(datum, _)| sum.add(Answer::Sum, datum, 0));
                let as_answer = if matches!(answer, Answer::TopAvg(_)) { Answer::Avg } else { Answer::Sum };
                sum.value(as_answer)
            }
        }
    }

    /// Integers exactly, floats in their order, the integers' sum added last.
    fn sum(&self) -> Value<'static> {
        match self {
            Accumulator::Sum { ints, floats, float: true, .. } => Value::float(floats + *ints as f64),
            Accumulator::Sum { ints, .. } => Value::int(*ints),
            _ => Value::Missing,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Accumulator::Sum { count, .. } => *count == 0,
            Accumulator::One(held) => held.is_none(),
            Accumulator::Top(held) => held.is_empty(),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Accumulator::Sum { .. } => 0,
            Accumulator::One(held) => held.as_ref().map_or(0, Datum::bytes),
            Accumulator::Top(held) => held.capacity() * size_of::<(Datum, u64)>(),
        }
    }
}

/// The last of the largest first; of equal ones the earlier is told.
fn least(held: &[(Datum, u64)]) -> Value<'static> {
    let least = held.last().and_then(|(datum, _)| datum.number());
    let equal = |datum: &Datum| datum.number().zip(least).is_some_and(|(d, least)| d.order(least).is_eq());
    held.iter().find(|(datum, _)| equal(datum)).map_or(Value::Missing, |(datum, _)| datum.value())
}

fn real_quotient(sum: &Value<'static>, count: u64) -> Value<'static> {
    arithmetic(alcedo_model::Operator::Div, sum, &Value::int(count))
}
