//! What one measure of one rule has seen of one user, and the value it gives (M1-M62).
//!
//! The list of events is looked through anew at every question. Three things are replayed, because the law gives them
//! a history: the open deadlines and those that passed, and the correlation values that were dropped.

use alcedo_model::{Measure, MeasureKind, Pattern, Rule};

use crate::correlation::{self, Key};
use crate::event::Event;
use crate::expression;
use crate::measure;
use crate::predicate::fits;
use crate::value::Value;
use crate::window::Frame;

/// What one event is to one measure.
#[derive(Debug)]
pub(crate) struct Fact {
    /// Unix ms.
    pub(crate) time: i64,
    /// M36: none where the event does not enter; an empty one without `by`.
    pub(crate) key: Option<Key>,
    /// Which of the measure's patterns it fits, in their order.
    pub(crate) fits: Vec<bool>,
    /// For each step of a sequence, whether it fits the step's `without`.
    pub(crate) forbidden: Vec<bool>,
    /// F17: it fits a pattern and lies within the fixed bounds.
    pub(crate) own: bool,
    /// The expression's value, of kinds that have one.
    pub(crate) value: Option<Value>,
}

/// An A without its B, or the deadline that passed because of it.
#[derive(Debug, Clone)]
pub(crate) struct Deadline {
    pub(crate) key: Key,
    /// The A's place in the user's order.
    pub(crate) after: usize,
    /// Unix ms.
    pub(crate) time: i64,
}

/// How much of the past a question is about: the first so many events, and not the deadlines of that moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) events: usize,
    pub(crate) without_deadlines_at: Option<i64>,
    /// The user's clock t (T2), Unix ms.
    pub(crate) clock: i64,
}

/// One measure of one rule for one user.
#[derive(Debug)]
pub(crate) struct Memory<'r> {
    pub(crate) measure: &'r Measure,
    pub(crate) frame: Frame,
    pub(crate) facts: Vec<Fact>,
    pub(crate) open: Vec<Deadline>,
    pub(crate) passed: Vec<Deadline>,
    /// M41, M42: values that were dropped, each with the place of the event that came too much.
    dropped: Vec<(Key, usize)>,
}

impl<'r> Memory<'r> {
    pub(crate) fn new(rule: &Rule, measure: &'r Measure, events: &[Event]) -> Memory<'r> {
        let frame = Frame::new(rule, measure);
        let facts = events.iter().map(|event| fact(measure, &frame, event)).collect();
        Memory { measure, frame, facts, open: Vec::new(), passed: Vec::new(), dropped: Vec::new() }
    }

    /// F17.
    pub(crate) fn changed_by(&self, at: usize) -> bool {
        self.facts[at].own && self.facts[at].key.is_some()
    }

    /// F5: the measure takes the event in.
    pub(crate) fn take_in(&mut self, at: usize) {
        if !self.changed_by(at) {
            return;
        }
        measure::absence::take_in(self, at);
        if !self.measure.by.is_empty() {
            self.keep_places(at);
        }
    }

    /// M41, M43: while more values hold something than there are places, the least recently taken in is dropped.
    fn keep_places(&mut self, at: usize) {
        let places = self.measure.max_keys.unwrap_or(64) as usize;
        let reading = Reading { events: at + 1, without_deadlines_at: None, clock: self.facts[at].time };
        let mut holding: Vec<Key> = Vec::new(); // the most recently taken in first
        for fact in self.facts[..=at].iter().rev().filter(|fact| fact.own) {
            let Some(key) = &fact.key else { continue };
            if !holding.iter().any(|k| k.is(key)) && self.holds(Some(key), reading) {
                holding.push(key.clone());
            }
        }
        for key in holding.into_iter().skip(places) {
            self.open.retain(|deadline| !deadline.key.is(&key));
            self.passed.retain(|deadline| !deadline.key.is(&key));
            self.dropped.push((key, at));
        }
    }

    /// M38, M42: the events that an instance sees: those that carry its value, since it was last dropped.
    pub(crate) fn instance(&self, key: &Key, reading: Reading) -> Vec<&Fact> {
        let drops = self.dropped.iter().filter(|(k, at)| *at < reading.events && k.is(key));
        let begin = drops.map(|(_, at)| at + 1).max().unwrap_or(0);
        let seen = self.facts.get(begin..reading.events).unwrap_or(&[]);
        seen.iter().filter(|fact| fact.key.as_ref().is_some_and(|k| k.is(key))).collect()
    }

    /// Deadlines of an instance that passed and count at the clock (M31, M32).
    pub(crate) fn passed_of(&self, key: &Key, reading: Reading) -> usize {
        let counts = |deadline: &&Deadline| {
            deadline.key.is(key)
                && Some(deadline.time) != reading.without_deadlines_at
                && self.frame.has(deadline.time, reading.clock)
        };
        self.passed.iter().filter(counts).count()
    }

    /// M40, M59: without a correlation value a correlated measure has none.
    pub(crate) fn value(&self, key: Option<&Key>, reading: Reading) -> Option<Value> {
        measure::value(self, self.own_key(key)?, reading)
    }

    /// M43, L8: whether anything is left that can still matter.
    pub(crate) fn holds(&self, key: Option<&Key>, reading: Reading) -> bool {
        self.own_key(key).is_some_and(|key| measure::holds(self, key, reading))
    }

    fn own_key<'k>(&'k self, key: Option<&'k Key>) -> Option<&'k Key> {
        if self.measure.by.is_empty() { Some(correlation::NOTHING) } else { key }
    }
}

fn fact(measure: &Measure, frame: &Frame, event: &Event) -> Fact {
    let patterns = patterns(&measure.kind);
    let fitting: Vec<bool> = patterns.iter().map(|pattern| fits(pattern, event)).collect();
    let forbidden = match &measure.kind {
        MeasureKind::Sequence { steps, .. } => {
            steps.iter().map(|step| step.without.as_ref().is_some_and(|w| fits(w, event))).collect()
        }
        _ => Vec::new(),
    };
    let value = match &measure.kind {
        MeasureKind::Aggregate { value, .. }
        | MeasureKind::Top { value, .. }
        | MeasureKind::Distinct { value, .. } => expression::of_event(value, event),
        _ => None,
    };
    Fact {
        time: event.time,
        key: Key::carried(&measure.by, event),
        own: fitting.contains(&true) && frame.bounds_hold(event.time),
        fits: fitting,
        forbidden,
        value,
    }
}

fn patterns(kind: &MeasureKind) -> Vec<&Pattern> {
    match kind {
        MeasureKind::Count(of)
        | MeasureKind::FirstTime(of)
        | MeasureKind::LastTime(of)
        | MeasureKind::Aggregate { of, .. }
        | MeasureKind::Top { of, .. }
        | MeasureKind::Distinct { of, .. } => vec![of],
        MeasureKind::Sequence { steps, .. } => steps.iter().map(|step| &step.pattern).collect(),
        MeasureKind::Pairs { from, to, .. } => vec![from, to],
        MeasureKind::Absence { after, no, .. } => vec![after, no],
    }
}
