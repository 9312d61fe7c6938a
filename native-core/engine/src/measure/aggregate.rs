//! sum, min, max, avg, first, last, top, first_time, last_time: one value out of many.
//!
//! Under fixed bounds, in a period or a session, one accumulator takes every value in and is the answer. A sliding
//! window keeps the last `exact_events` values themselves and accumulates older ones in panes of D/64; the answer is
//! accumulated afresh from the oldest to the newest, so that a sum of floats has one order.

use alcedo_model::{Function, Measure, MeasureKind, Operand, Take};

use super::accumulator::{Accumulator, Answer, Datum};
use super::kind::{Held, Kind, MATCHES, Part};
use super::{Frameset, Intake};
use crate::predicate::{Expression, Scope};
use crate::sizes::{ANY_VALUE, NUMBER, VARINT};
use crate::tally::PANES;
use crate::value::Value;

#[derive(Debug)]
pub(crate) struct AggregateSpec {
    answer: Answer,
    /// None where the event's time is the value.
    value: Option<Expression>,
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

/// Which answer, out of which expression, over which events; none for other kinds.
fn read(kind: &MeasureKind) -> Option<(Answer, Option<&Operand>, Part<'_>)> {
    let part = |pattern, path: String| Part::new(MATCHES, pattern, path);
    let of = |pattern| part(pattern, format!("{}/of", kind.word()));
    match kind {
        MeasureKind::Aggregate { function, value, of: p } => {
            let answer = match function {
                Function::Sum => Answer::Sum,
                Function::Min => Answer::Min,
                Function::Max => Answer::Max,
                Function::Avg => Answer::Avg,
                Function::First => Answer::First,
                Function::Last => Answer::Last,
            };
            Some((answer, Some(value), of(p)))
        }
        MeasureKind::Top { value, of: p, k, take } => {
            let k = *k as usize;
            let answer = match take {
                Take::Avg => Answer::TopAvg(k),
                Take::Sum => Answer::TopSum(k),
                Take::Min => Answer::TopMin(k),
            };
            Some((answer, Some(value), of(p)))
        }
        MeasureKind::FirstTime(p) => Some((Answer::FirstTime, None, part(p, kind.word().to_owned()))),
        MeasureKind::LastTime(p) => Some((Answer::LastTime, None, part(p, kind.word().to_owned()))),
        _ => None,
    }
}

impl Kind for AggregateSpec {
    type Body = Aggregate;

    fn compile<'m>(
        measure: &'m Measure,
        expression: &mut dyn FnMut(&Operand) -> Expression,
    ) -> Option<(Self, Vec<Part<'m>>)> {
        let (answer, value, part) = read(&measure.kind)?;
        Some((AggregateSpec { answer, value: value.map(expression) }, vec![part]))
    }

    fn empty(&self) -> Aggregate {
        Aggregate { whole: self.answer.empty(), entries: Vec::new(), panes: Vec::new() }
    }

    fn fits(&self, slot: &Aggregate) -> bool {
        let form = std::mem::discriminant(&self.answer.empty());
        let same = |a: &Accumulator| std::mem::discriminant(a) == form;
        same(&slot.whole) && slot.panes.iter().all(|p| same(&p.values))
    }

    fn datum(&self, scope: &dyn Scope, time: i64) -> Option<Datum> {
        match &self.value {
            Some(value) => Datum::of(&value.value(scope), self.answer),
            None => Some(Datum::Int(i128::from(time))),
        }
    }

    fn take(&self, slot: &mut Aggregate, event: &Intake, set: &Frameset) -> u64 {
        let Some(datum) = event.datum.clone() else { return 0 };
        let Some(d) = set.window.sliding() else {
            slot.whole.add(self.answer, &datum, event.ordinal);
            return 0;
        };
        self.trim(slot, event.clock, set);
        slot.entries.push((event.time, event.ordinal, datum));
        while slot.entries.len() > set.capacity.moments {
            let (time, ordinal, datum) = slot.entries.remove(0);
            self.push_pane(slot, time, d, &datum, ordinal);
        }
        0
    }

    fn value(&self, slot: &Aggregate, clock: i64, set: &Frameset) -> Value<'static> {
        let Some(d) = set.window.sliding() else { return slot.whole.value(self.answer) };
        let start = clock.saturating_sub(d);
        let mut all = self.answer.empty();
        slot.panes.iter().filter(|p| p.last > start).for_each(|p| all.merge(self.answer, &p.values));
        for (_, ordinal, datum) in slot.entries.iter().filter(|(time, ..)| *time > start) {
            all.add(self.answer, datum, *ordinal);
        }
        all.value(self.answer)
    }

    fn trim(&self, slot: &mut Aggregate, clock: i64, set: &Frameset) {
        let Some(d) = set.window.sliding() else { return };
        let start = clock.saturating_sub(d);
        slot.entries.retain(|(time, ..)| *time > start);
        slot.panes.retain(|p| p.last > start);
    }

    fn expires(&self, slot: &Aggregate, set: &Frameset) -> Option<i64> {
        let d = set.window.sliding()?;
        let last = slot.entries.iter().map(|(time, ..)| *time).max().max(slot.panes.last().map(|p| p.last));
        last.map(|last| last.saturating_add(d))
    }

    fn worst_bytes(&self, set: &Frameset) -> u64 {
        let one = self.answer.worst_bytes();
        let value = if matches!(self.answer, Answer::First | Answer::Last) { ANY_VALUE } else { NUMBER };
        one + set.sliding_bytes(2 * VARINT + value, one) + 2 * VARINT
    }

    fn leaves(&self, slot: &Aggregate, clock: i64, set: &Frameset) -> Option<i64> {
        let d = set.window.sliding()?;
        let start = clock.saturating_sub(d);
        let panes = slot.panes.iter().map(|p| p.last);
        let all = panes.chain(slot.entries.iter().map(|(time, ..)| *time));
        all.filter(|time| *time > start).min().map(|oldest| oldest.saturating_add(d))
    }
}

impl AggregateSpec {
    fn push_pane(&self, slot: &mut Aggregate, time: i64, d: i64, datum: &Datum, ordinal: u64) {
        let index = time.div_euclid((d / PANES).max(1));
        match slot.panes.last_mut() {
            Some(pane) if pane.index >= index => {
                pane.last = pane.last.max(time);
                pane.values.add(self.answer, datum, ordinal);
            }
            _ => {
                let mut values = self.answer.empty();
                values.add(self.answer, datum, ordinal);
                slot.panes.push(SeriesPane { index, last: time, values });
            }
        }
    }
}

impl Held for Aggregate {
    fn is_idle(&self) -> bool {
        self.whole.is_empty() && self.entries.is_empty() && self.panes.is_empty()
    }

    fn bytes(&self) -> usize {
        let entries: usize = self.entries.iter().map(|(.., d)| d.bytes()).sum();
        let panes: usize = self.panes.iter().map(|p| p.values.bytes() + size_of::<SeriesPane>()).sum();
        size_of::<Self>()
            + self.whole.bytes()
            + self.entries.capacity() * size_of::<(i64, u64, Datum)>()
            + entries
            + panes
    }
}
