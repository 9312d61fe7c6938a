//! Patterns and the steps of a sequence.

use std::collections::BTreeSet;

use super::fields::given;
use super::{Parser, Place};
use crate::limits::{MAX_EVENT_TYPE_BYTES, MAX_EVENT_TYPES};
use crate::report::At;
use crate::text::{Entry, Node};
use crate::{Pattern, Step, say};

impl Parser<'_> {
    pub(crate) fn pattern(&mut self, node: &Node<'_>, at: &At<'_>, role: &str) -> Option<Pattern> {
        let what = say!("a pattern for {role}", role);
        let entries = self.object(node, at, what, &["event", "where"])?;
        Some(self.pattern_fields(entries, at))
    }

    /// A pattern that must be there, in a field of that name.
    pub(crate) fn required_pattern(&mut self, entries: &[Entry<'_>], name: &str, at: &At<'_>) -> Pattern {
        let cure = say!("give a pattern such as {\"event\": \"search\"}; {} is any event");
        let node = self.required(entries, name, at, cure);
        node.and_then(|node| self.pattern(node, &at.key(name), name)).unwrap_or(ANY)
    }

    pub(crate) fn step(&mut self, node: &Node<'_>, at: &At<'_>) -> Step {
        let known = ["event", "where", "min_gap", "max_gap", "without"];
        let Some(entries) = self.object(node, at, say!("a step"), &known) else {
            return Step { pattern: ANY, min_gap: None, max_gap: None, without: None };
        };
        Step {
            pattern: self.pattern_fields(entries, at),
            min_gap: self.given_gap(entries, "min_gap", at),
            max_gap: self.given_gap(entries, "max_gap", at),
            without: given(entries, "without")
                .map(|node| self.pattern(node, &at.key("without"), "without").unwrap_or(ANY)),
        }
    }

    fn pattern_fields(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> Pattern {
        Pattern {
            event: given(entries, "event").and_then(|node| self.event_types(node, &at.key("event"))),
            filter: given(entries, "where")
                .map(|node| self.predicate(Place::Event, node, &at.key("where"), 1)),
        }
    }

    /// Sorted, each once.
    fn event_types(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Vec<String>> {
        if let Node::Text(_) = node {
            return self.event_type(node, at).map(|event| vec![event]);
        }
        let items = self.list(node, at, say!("event types"), MAX_EVENT_TYPES)?;
        if items.is_empty() {
            self.report.refuse(
                at,
                say!("no event type at all"),
                say!("name one, or leave event out for any type"),
            );
            return None;
        }
        let types: BTreeSet<String> = items
            .iter()
            .enumerate()
            .filter_map(|(index, node)| self.event_type(node, &at.index(index)))
            .collect();
        Some(types.into_iter().collect())
    }

    fn event_type(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<String> {
        let name = self.text(node, at, say!("an event type"), MAX_EVENT_TYPE_BYTES)?;
        if name.is_empty() {
            self.report.refuse(
                at,
                say!("an event type needs a name"),
                say!("name one, or leave event out for any type"),
            );
            return None;
        }
        Some(name.to_owned())
    }
}

/// Any event: what stands where a pattern could not be read.
pub(super) const ANY: Pattern = Pattern { event: None, filter: None };
