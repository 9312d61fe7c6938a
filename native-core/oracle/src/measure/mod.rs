//! The kinds of measures, one file each.

pub(crate) mod absence;
mod aggregate;
mod pairs;
mod sequence;
mod top;

use alcedo_model::MeasureKind;

use crate::correlation::Key;
use crate::memory::{Fact, Memory, Reading};
use crate::value::Value;

/// The value of one instance.
pub(crate) fn value(memory: &Memory<'_>, key: &Key, reading: Reading) -> Option<Value> {
    let facts = memory.instance(key, reading);
    let frame = &memory.frame;
    let own = || -> Vec<&Fact> {
        frame.events(&facts, reading.clock).into_iter().filter(|fact| fact.own).collect()
    };
    match &memory.measure.kind {
        MeasureKind::Count(_) => number_of(own().len()),
        MeasureKind::FirstTime(_) => own().iter().map(|fact| time(fact)).next(),
        MeasureKind::LastTime(_) => own().iter().map(|fact| time(fact)).next_back(),
        MeasureKind::Aggregate { function, .. } => aggregate::value(*function, &own()),
        MeasureKind::Top { k, take, .. } => top::value(*k, *take, &own()),
        MeasureKind::Distinct { up_to, .. } => {
            number_of(aggregate::different(&own()).len().min(*up_to as usize))
        }
        MeasureKind::Sequence { .. } => number_of(sequence::value(memory, &facts, reading.clock)),
        MeasureKind::Pairs { .. } => number_of(pairs::value(memory, &facts, reading.clock)),
        MeasureKind::Absence { .. } => number_of(memory.passed_of(key, reading)),
    }
}

/// M43, L8: whether an instance holds something that can still matter.
pub(crate) fn holds(memory: &Memory<'_>, key: &Key, reading: Reading) -> bool {
    let facts = memory.instance(key, reading);
    let events = || memory.frame.events(&facts, reading.clock).into_iter().filter(|fact| fact.own);
    match &memory.measure.kind {
        MeasureKind::Count(_) | MeasureKind::FirstTime(_) | MeasureKind::LastTime(_) => {
            events().next().is_some()
        }
        // M51: in an expression that brings nothing, nothing is taken in.
        MeasureKind::Aggregate { function, .. } => events().any(|fact| aggregate::takes(*function, fact)),
        MeasureKind::Top { .. } => events().any(top::takes),
        MeasureKind::Distinct { .. } => !aggregate::different(&events().collect::<Vec<_>>()).is_empty(),
        MeasureKind::Sequence { .. } => sequence::holds(memory, &facts, reading.clock),
        MeasureKind::Pairs { .. } => pairs::holds(memory, &facts, reading.clock),
        MeasureKind::Absence { .. } => {
            memory.passed_of(key, reading) > 0 || memory.open.iter().any(|a| a.key.is(key))
        }
    }
}

fn number_of(count: usize) -> Option<Value> {
    i128::try_from(count).ok().map(Value::Int)
}

fn time(fact: &Fact) -> Value {
    Value::Int(i128::from(fact.time))
}
