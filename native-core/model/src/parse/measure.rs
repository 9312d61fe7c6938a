//! Measures: a kind with its own fields, and beside it the window, the correlation and the bounds.

use super::fields::given;
use super::{Parser, Place};
use crate::holes;
use crate::limits::{
    MAX_BY, MAX_EXACT_EVENTS, MAX_K, MAX_KEYS, MAX_OPEN, MAX_PARTIALS, MAX_STEPS, MAX_UP_TO,
};
use crate::report::At;
use crate::text::{Entry, Node};
use crate::words::Word;
use crate::{Duration, Function, Measure, MeasureKind, Operand, Path, Pattern, Step, Take, Window, say};

pub(crate) const KINDS: [&str; 14] = [
    "count",
    "sum",
    "min",
    "max",
    "avg",
    "first",
    "last",
    "top",
    "distinct",
    "first_time",
    "last_time",
    "sequence",
    "pairs",
    "absence",
];
const BESIDE: [&str; 6] = ["window", "by", "max_keys", "max_open", "max_partials", "exact_events"];

impl Parser<'_> {
    /// None where not even its kind is clear.
    pub(crate) fn measure(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Measure> {
        let entries =
            self.object(node, at, say!("a measure"), &[KINDS.as_slice(), BESIDE.as_slice()].concat())?;
        let kind = self.measure_kind(entries, at);
        let window = given(entries, "window").and_then(|node| self.window(node, &at.key("window")));
        let by = self.by(entries, at);
        let max_keys = self.bound(entries, "max_keys", at, MAX_KEYS);
        let max_open = self.bound(entries, "max_open", at, MAX_OPEN);
        let max_partials = self.bound(entries, "max_partials", at, MAX_PARTIALS);
        let exact_events = self.bound(entries, "exact_events", at, MAX_EXACT_EVENTS);
        let window = window.unwrap_or(Window::Always);
        Some(Measure { kind: kind?, window, by, max_keys, max_open, max_partials, exact_events })
    }

    fn measure_kind(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> Option<MeasureKind> {
        let Some((kind, node)) = self.kind(entries, &KINDS, at, say!("a measure")) else {
            if !entries.is_empty() && entries.iter().all(|(key, _)| BESIDE.contains(&key.as_ref())) {
                self.report.refuse(
                    at,
                    say!("{what} needs one key that names its kind", what = say!("a measure")),
                    say!("say what it measures, such as count"),
                );
            }
            return None;
        };
        let at = at.key(kind);
        match kind {
            "count" => self.pattern(node, &at, kind).map(MeasureKind::Count),
            "first_time" => self.pattern(node, &at, kind).map(MeasureKind::FirstTime),
            "last_time" => self.pattern(node, &at, kind).map(MeasureKind::LastTime),
            "top" => self.top(node, &at),
            "distinct" => self.distinct(node, &at),
            "sequence" => self.sequence(node, &at),
            "pairs" => self.pairs(node, &at),
            "absence" => self.absence(node, &at),
            _ => {
                let function = Function::of_word(kind)?;
                let entries = self.object(node, &at, say!("{kind}", kind), &["value", "of"])?;
                let (value, of) = self.value_of(entries, &at);
                Some(MeasureKind::Aggregate { function, value, of })
            }
        }
    }

    fn value_of(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> (Operand, Pattern) {
        let cure = say!("give an operand such as {\"prop\": \"amount\"}");
        let value = self.required(entries, "value", at, cure);
        let value = value.map(|node| self.operand(Place::Event, node, &at.key("value"), 1));
        (value.unwrap_or_else(holes::operand), self.required_pattern(entries, "of", at))
    }

    fn top(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<MeasureKind> {
        let entries = self.object(node, at, say!("{kind}", kind = "top"), &["value", "of", "k", "take"])?;
        let (value, of) = self.value_of(entries, at);
        let k = self.required_bound(entries, "k", at, MAX_K);
        let take = self.required(entries, "take", at, say!("write {names}", names = "avg, sum or min"));
        let take = take.and_then(|node| self.word(node, &at.key("take"), say!("what top takes")));
        Some(MeasureKind::Top { value, of, k, take: take.unwrap_or(Take::Avg) })
    }

    fn distinct(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<MeasureKind> {
        let entries = self.object(node, at, say!("{kind}", kind = "distinct"), &["value", "of", "up_to"])?;
        let (value, of) = self.value_of(entries, at);
        let cure = say!("give an integer from 1 to {most}", most = MAX_UP_TO);
        let up_to = self.required(entries, "up_to", at, cure)?;
        let up_to = self.positive(up_to, &at.key("up_to"), u64::from(MAX_UP_TO))?;
        Some(MeasureKind::Distinct { value, of, up_to: u32::try_from(up_to).ok()? })
    }

    fn sequence(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<MeasureKind> {
        let entries = self.object(node, at, say!("a sequence"), &["steps", "within", "strict"])?;
        let steps = self.steps(entries, at);
        let within = given(entries, "within").and_then(|node| self.duration(node, &at.key("within")));
        let strict = given(entries, "strict").is_some_and(|node| self.flag(node, &at.key("strict")));
        Some(MeasureKind::Sequence { steps, within, strict })
    }

    fn steps(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> Vec<Step> {
        let cure = say!("give at least two steps such as {\"event\": \"search\"}");
        let Some(node) = self.required(entries, "steps", at, cure) else { return Vec::new() };
        let at = at.key("steps");
        let Some(items) = self.list(node, &at, say!("the steps"), MAX_STEPS) else { return Vec::new() };
        if items.len() < 2 {
            self.report.refuse(
                &at,
                say!("a sequence has at least two steps, this one has {steps}", steps = items.len()),
                say!("use count for one event"),
            );
        }
        items.iter().enumerate().map(|(index, node)| self.step(node, &at.index(index))).collect()
    }

    fn pairs(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<MeasureKind> {
        let entries =
            self.object(node, at, say!("{kind}", kind = "pairs"), &["from", "to", "min_gap", "max_gap"])?;
        Some(MeasureKind::Pairs {
            from: self.required_pattern(entries, "from", at),
            to: self.required_pattern(entries, "to", at),
            min_gap: self.given_gap(entries, "min_gap", at),
            max_gap: self.given_gap(entries, "max_gap", at),
        })
    }

    fn absence(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<MeasureKind> {
        let entries = self.object(node, at, say!("an absence"), &["after", "no", "within"])?;
        let after = self.required_pattern(entries, "after", at);
        let no = self.required_pattern(entries, "no", at);
        let within = self.required(entries, "within", at, say!("give a duration such as 15m"));
        let within = within.and_then(|node| self.duration(node, &at.key("within")));
        // A hole of 1 ms contradicts no window.
        Some(MeasureKind::Absence { after, no, within: within.unwrap_or(Duration { ms: 1 }) })
    }

    fn by(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> Vec<Path> {
        let Some(node) = given(entries, "by") else { return Vec::new() };
        let at = at.key("by");
        let Some(items) = self.list(node, &at, say!("the properties of by"), MAX_BY) else {
            return Vec::new();
        };
        let mut by: Vec<Path> = Vec::new();
        for (index, node) in items.iter().enumerate() {
            let at = at.index(index);
            match self.path(node, &at) {
                Some(path) if by.contains(&path) => {
                    self.report.refuse(&at, say!("this property is named twice"), say!("name it once"));
                }
                Some(path) => by.push(path),
                None => {}
            }
        }
        by
    }
}
