//! What a measure holds at the moment, and what it waits for.

use alcedo_model::Measure as ModelMeasure;
use serde::Serialize;

use super::Message;
use super::condition::Reader;
use crate::key::Key;
use crate::measure::{Slot, Spec, Wait};
use crate::predicate::Expression;
use crate::program::{Measure, Use};
use crate::value::{Value, to_json};
use crate::window::Window;

/// A measure of the rule as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureNow {
    /// Its name in the rule.
    pub name: String,
    /// Its kind as the rule writes it.
    pub kind: &'static str,
    /// Its value; null where it has none.
    pub value: serde_json::Value,
    /// The value may be more: the rule only counts as far as it asks.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub or_more: bool,
    /// What it waits for, and what will change it without an event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Message>,
}

impl Reader<'_> {
    pub(super) fn measures(&self) -> Vec<MeasureNow> {
        let now = |(at, used): (usize, &Use)| {
            let model = self.subject.model.measures.get(&*used.name)?;
            let (value, or_more) = self.measure(at as u32);
            let notes = self.notes(used, model);
            let (name, kind) = (used.name.to_string(), model.kind.word());
            Some(MeasureNow { name, kind, value: to_json(&value), or_more, notes })
        };
        self.rule.uses.iter().enumerate().filter_map(now).collect()
    }

    fn notes(&self, used: &Use, model: &ModelMeasure) -> Vec<Message> {
        let measure = self.subject.program.measure_at(used.measure);
        let (at, clock) = (self.subject.at, self.subject.clock());
        let slot = self.slot(measure);
        let mut notes = Vec::new();
        match measure.set.window {
            Window::Fixed { from, .. } if at < from => {
                notes.push(Message::new("measure.window_not_begun").with("from", from));
            }
            Window::Fixed { to, .. } if at >= to => {
                notes.push(Message::new("measure.window_over").with("to", to));
            }
            _ => {}
        }
        match slot.filter(|slot| measure.holds(slot, clock)) {
            None => notes.push(Message::new("measure.nothing_yet")),
            Some(slot) => {
                let wait = measure.spec.waits(slot, clock, &measure.set);
                notes.extend(wait.and_then(|wait| waits(model, &wait)));
                let leaves = measure.spec.leaves(slot, clock, &measure.set);
                notes.extend(leaves.map(|at| Message::new("measure.leaves").with("at", at)));
            }
        }
        let begins = measure.set.window.begins(slot.map(|slot| slot.frame), clock);
        notes.extend(used.since.filter(|since| begins.is_none_or(|first| first <= *since)).map(lacks));
        notes
    }

    fn slot(&self, measure: &Measure) -> Option<&Slot> {
        let own = Key::default();
        let key = if measure.by.is_empty() { &own } else { self.key? };
        self.subject.state.measure(measure.hash).and_then(|m| m.instance(key)).map(|i| &i.slot)
    }
}

fn lacks(since: i64) -> Message {
    Message::new("measure.lacks").with("since", since)
}

/// What has begun and how it can go on, with the pattern of the event that is awaited.
fn waits(model: &ModelMeasure, wait: &Wait) -> Option<Message> {
    // The patterns of a kind do not depend on its expressions.
    let (_, parts) = Spec::compile(model, &mut |_| Expression::Constant(Value::Missing))?;
    let pattern = parts.iter().find(|part| part.role == wait.role)?.pattern;
    let mut message = Message::new(wait.says).with("pattern", pattern.to_json()).with("began", wait.began);
    if wait.says == "measure.waits_for_step" {
        message = message.with("step", wait.steps.0 + 1).with("of", wait.steps.1);
    }
    for (name, time) in [("from", wait.from), ("until", wait.until)] {
        if let Some(time) = time {
            message = message.with(name, time);
        }
    }
    Some(message)
}
