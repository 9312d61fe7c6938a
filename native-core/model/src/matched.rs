//! A match: the moment a rule fired for a user, with its receipt.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One firing. Field order is the order on the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// xxh3-128 over (rule, 0, user, 0, occurrence u64 LE), lower-case hex.
    pub match_id: String,
    /// Rule id.
    pub rule: String,
    /// Rule revision.
    pub revision: u64,
    /// User.
    pub user: String,
    /// Unix ms of the event or deadline.
    pub time: i64,
    /// From 1, per user and rule.
    pub occurrence: u64,
    /// Correlation value as the judged event carries it, by property path; none where the rule has none.
    pub key: Option<Map<String, Value>>,
    /// What caused it.
    pub cause: Cause,
    /// Value of every measure of the rule; null where it has none.
    pub evidence: Map<String, Value>,
    /// Measures that lack what came before this moment (Unix ms).
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub since: Map<String, Value>,
    /// The rule's action, untouched; null where it has none.
    pub action: Option<Value>,
}

/// What caused a match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// An event.
    Event {
        /// Its type.
        #[serde(rename = "type")]
        event_type: String,
        /// Its id as it came.
        id: Option<Value>,
        /// Kafka offset, or line number from 0.
        position: i64,
    },
    /// A deadline that passed.
    Deadline {
        /// Name of the absence measure.
        measure: String,
        /// Time of the A that opened it, Unix ms.
        after: i64,
    },
}
