//! What is told to a person: a key, for words in any language, and what the words speak of.

use serde::Serialize;
use serde_json::{Map, Value};

/// Every key, in the order of docs/guide/explain.md. A key keeps its meaning and its parameters.
pub const KEYS: &[&str] = &[
    "verdict.ready",
    "verdict.condition",
    "verdict.held_before",
    "verdict.no_value",
    "verdict.unseen",
    "verdict.stopped",
    "trigger.event",
    "trigger.rise",
    "trigger.change",
    "status.live",
    "status.not_live",
    "validity.open",
    "validity.not_begun",
    "validity.over",
    "audience.everyone",
    "audience.in",
    "audience.out",
    "limit.open",
    "limit.reached",
    "cooldown.open",
    "cooldown.pause",
    "node.all",
    "node.any",
    "node.not",
    "node.holds",
    "node.short",
    "node.over",
    "node.differs",
    "node.no_value",
    "node.no_event",
    "measure.nothing_yet",
    "measure.waits_for_step",
    "measure.waits_for_pair",
    "measure.deadline",
    "measure.leaves",
    "measure.window_not_begun",
    "measure.window_over",
    "measure.lacks",
];

/// A key with its parameters. Times are Unix ms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// One of [`KEYS`].
    pub key: &'static str,
    /// By name; docs/guide/explain.md says which a key has.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub with: Map<String, Value>,
}

impl Message {
    pub(crate) fn new(key: &'static str) -> Self {
        debug_assert!(KEYS.contains(&key), "{key} is not listed");
        Message { key, with: Map::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.with.insert(name.to_owned(), value.into());
        self
    }
}
