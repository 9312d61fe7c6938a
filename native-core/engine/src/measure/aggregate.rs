//! sum, min, max, avg, first, last, top, first_time, last_time: one value out of many.
//!
//! Under fixed bounds, in a period or a session, one accumulator takes every value in and is the answer. A sliding
//! window keeps the last `exact_events` values themselves and accumulates older ones in panes of D/64; the answer is
//! accumulated afresh from the oldest to the newest, so that a sum of floats has one order.

use super::{Frameset, Intake};
use crate::key::Part;
use crate::predicate::Expression;
use crate::tally::PANES;
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
pub(crate) enum Kind {
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

#[derive(Debug)]
pub(crate) struct AggregateSpec {
    pub(crate) kind: Kind,
    /// None where the event's time is the value.
    pub(crate) value: Option<Expression>,
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

/// Values of a sliding window that are no longer kept one by one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeriesPane {
    /// Time divided by D/64, rounded down.
    pub(crate) index: i64,
    /// Time of its last value, Unix ms.
    pub(crate) last: i64,
    pub(crate) values: Accumulator,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aggregate {
    /// Everything, where the window does not slide.
    pub(crate) whole: Accumulator,
    /// Time (Unix ms), ordinal and value, in the user's order.
    pub(crate) entries: Vec<(i64, u64, Datum)>,
    pub(crate) panes: Vec<SeriesPane>,
}

impl Datum {
    /// What a value brings to `kind`; none where it brings nothing.
    pub(crate) fn of(value: &Value<'_>, kind: Kind) -> Option<Datum> {
        match (value, kind) {
            (Value::Number(Number::Int(i)), _) => Some(Datum::Int(*i)),
            (Value::Number(Number::Float(f)), _) => Some(Datum::Float(*f)),
            (Value::Bool(b), Kind::First | Kind::Last) => Some(Datum::Bool(*b)),
            (Value::Text(t), Kind::First | Kind::Last) if t.len() <= MAX_TEXT => {
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

impl Kind {
    fn top(self) -> Option<usize> {
        match self {
            Kind::TopAvg(k) | Kind::TopSum(k) | Kind::TopMin(k) => Some(k),
            _ => None,
        }
    }

    pub(crate) fn empty(self) -> Accumulator {
        match self {
            Kind::Sum | Kind::Avg => Accumulator::Sum { count: 0, ints: 0, floats: 0.0, float: false },
            _ if self.top().is_some() => Accumulator::Top(Vec::new()),
            _ => Accumulator::One(None),
        }
    }

    /// Whether `new`, which came later, replaces `held`.
    fn replaces(self, held: &Datum, new: &Datum) -> bool {
        let order = held.number().zip(new.number()).map(|(h, n)| n.order(h));
        match self {
            Kind::Min => order.is_some_and(std::cmp::Ordering::is_lt),
            Kind::Max => order.is_some_and(std::cmp::Ordering::is_gt),
            Kind::Last | Kind::LastTime => true,
            _ => false,
        }
    }
}

impl Accumulator {
    fn add(&mut self, kind: Kind, datum: &Datum, ordinal: u64) {
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
                if held.as_ref().is_none_or(|held| kind.replaces(held, datum)) {
                    *held = Some(datum.clone());
                }
            }
            Accumulator::Top(held) => {
                let Some((number, k)) = datum.number().zip(kind.top()) else { return };
                let larger = |(d, _): &(Datum, u64)| d.number().is_some_and(|d| d.order(number).is_ge());
                let at = held.partition_point(larger);
                held.insert(at, (datum.clone(), ordinal));
                held.truncate(k);
            }
        }
    }

    /// Adds what came later.
    fn merge(&mut self, kind: Kind, later: &Accumulator) {
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
            Accumulator::One(Some(datum)) => self.add(kind, datum, 0),
            Accumulator::Top(values) => {
                values.iter().for_each(|(datum, ordinal)| self.add(kind, datum, *ordinal))
            }
        }
    }

    fn value(&self, kind: Kind) -> Value<'static> {
        match (self, kind) {
            (Accumulator::Sum { count, .. }, Kind::Avg) => {
                let sum = self.sum();
                if *count == 0 { Value::Missing } else { real_quotient(&sum, *count) }
            }
            (Accumulator::Sum { .. }, _) => self.sum(),
            (Accumulator::One(held), _) => held.as_ref().map_or(Value::Missing, Datum::value),
            (Accumulator::Top(held), Kind::TopMin(_)) => {
                held.last().map_or(Value::Missing, |(d, _)| d.value())
            }
            (Accumulator::Top(held), _) => {
                let mut in_order: Vec<&(Datum, u64)> = held.iter().collect();
                in_order.sort_by_key(|(_, ordinal)| *ordinal);
                let mut sum = Kind::Sum.empty();
                in_order.iter().for_each(|(datum, _)| sum.add(Kind::Sum, datum, 0));
                let as_kind = if matches!(kind, Kind::TopAvg(_)) { Kind::Avg } else { Kind::Sum };
                sum.value(as_kind)
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

    fn is_empty(&self) -> bool {
        match self {
            Accumulator::Sum { count, .. } => *count == 0,
            Accumulator::One(held) => held.is_none(),
            Accumulator::Top(held) => held.is_empty(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Accumulator::Sum { .. } => 0,
            Accumulator::One(held) => held.as_ref().map_or(0, Datum::bytes),
            Accumulator::Top(held) => held.capacity() * size_of::<(Datum, u64)>(),
        }
    }
}

fn real_quotient(sum: &Value<'static>, count: u64) -> Value<'static> {
    arithmetic(alcedo_model::Operator::Div, sum, &Value::int(count))
}

impl AggregateSpec {
    pub(super) fn empty(&self) -> Aggregate {
        Aggregate { whole: self.kind.empty(), entries: Vec::new(), panes: Vec::new() }
    }

    pub(super) fn fits(&self, slot: &Aggregate) -> bool {
        let same = |a: &Accumulator| std::mem::discriminant(a) == std::mem::discriminant(&self.kind.empty());
        same(&slot.whole) && slot.panes.iter().all(|p| same(&p.values))
    }

    pub(super) fn take(&self, slot: &mut Aggregate, event: &Intake, set: &Frameset) {
        let Some(datum) = event.datum.clone() else { return };
        let Some(d) = set.window.sliding() else {
            return slot.whole.add(self.kind, &datum, event.ordinal);
        };
        slot.trim(event.clock, set);
        slot.entries.push((event.time, event.ordinal, datum));
        while slot.entries.len() > set.capacity.moments {
            let (time, ordinal, datum) = slot.entries.remove(0);
            let index = time.div_euclid((d / PANES).max(1));
            match slot.panes.last_mut() {
                Some(pane) if pane.index >= index => {
                    pane.last = pane.last.max(time);
                    pane.values.add(self.kind, &datum, ordinal);
                }
                _ => {
                    let mut values = self.kind.empty();
                    values.add(self.kind, &datum, ordinal);
                    slot.panes.push(SeriesPane { index, last: time, values });
                }
            }
        }
    }

    pub(super) fn value(&self, slot: &Aggregate, clock: i64, set: &Frameset) -> Value<'static> {
        let Some(d) = set.window.sliding() else { return slot.whole.value(self.kind) };
        let start = clock.saturating_sub(d);
        let mut all = self.kind.empty();
        slot.panes.iter().filter(|p| p.last > start).for_each(|p| all.merge(self.kind, &p.values));
        for (_, ordinal, datum) in slot.entries.iter().filter(|(time, ..)| *time > start) {
            all.add(self.kind, datum, *ordinal);
        }
        all.value(self.kind)
    }
}

impl Aggregate {
    pub(super) fn trim(&mut self, clock: i64, set: &Frameset) {
        let Some(d) = set.window.sliding() else { return };
        let start = clock.saturating_sub(d);
        self.entries.retain(|(time, ..)| *time > start);
        self.panes.retain(|p| p.last > start);
    }

    pub(super) fn expires(&self, set: &Frameset) -> Option<i64> {
        let d = set.window.sliding()?;
        let last = self.entries.iter().map(|(time, ..)| *time).max().max(self.panes.last().map(|p| p.last));
        last.map(|last| last.saturating_add(d))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.entries.is_empty() && self.panes.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        let entries: usize = self.entries.iter().map(|(.., d)| d.bytes()).sum();
        let panes: usize = self.panes.iter().map(|p| p.values.bytes() + size_of::<SeriesPane>()).sum();
        self.whole.bytes() + self.entries.capacity() * size_of::<(i64, u64, Datum)>() + entries + panes
    }
}
