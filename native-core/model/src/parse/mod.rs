//! From the tree of a text to types: one file for each thing that a rule is made of.

mod action;
mod fields;
mod mapping;
mod measure;
mod operand;
mod pattern;
mod predicate;
mod rule;
mod scalar;
mod window;

#[cfg(test)]
pub(crate) use measure::KINDS;

use crate::report::Report;
use crate::text::Node;

/// Where an operand stands: it decides what it may read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The predicate or value of a pattern: reads the event.
    Event,
    /// An audience's profile: reads tags.
    Profile,
    /// The condition of the rule: reads measures, the clock and the judged event.
    When,
}

/// Reads types out of the tree and reports what it cannot read.
pub(crate) struct Parser<'r> {
    report: &'r mut Report,
    /// Conditions read so far.
    conditions: usize,
}

impl<'r> Parser<'r> {
    pub(crate) fn new(report: &'r mut Report) -> Self {
        Parser { report, conditions: 0 }
    }
}

/// The id of a rule that may be wrong otherwise.
pub(crate) fn named_id(node: &Node<'_>) -> Option<String> {
    match fields::raw(node, "id") {
        Some(Node::Text(id)) if scalar::is_id(id) => Some(id.to_string()),
        _ => None,
    }
}

/// The revision of a rule that may be wrong otherwise.
pub(crate) fn named_revision(node: &Node<'_>) -> Option<u64> {
    match fields::raw(node, "revision") {
        Some(Node::Number(revision)) => revision.parse().ok(),
        _ => None,
    }
}
