//! Outcomes that wait to be drained, with their bytes: what a host has not taken yet is memory too.

use std::collections::VecDeque;

use alcedo_model::Match;
use serde_json::{Map, Value};

use crate::protocol::{Outcome, Rejected};

/// Of one outcome beside what it holds, bytes.
const OVERHEAD: usize = size_of::<Outcome>();

#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: VecDeque<Outcome>,
    bytes: usize,
}

impl Queue {
    pub(crate) fn push_back(&mut self, outcome: Outcome) {
        self.bytes += weight(&outcome);
        self.waiting.push_back(outcome);
    }

    pub(crate) fn pop_front(&mut self) -> Option<Outcome> {
        let outcome = self.waiting.pop_front()?;
        self.bytes = self.bytes.saturating_sub(weight(&outcome));
        Some(outcome)
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Bytes in memory, nearly.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

fn weight(outcome: &Outcome) -> usize {
    OVERHEAD
        + match outcome {
            // The name is the cache's.
            Outcome::Need { .. } => 0,
            Outcome::Store { user, state, .. } => user.len() + state.as_ref().map_or(0, Vec::len),
            Outcome::Match(found) => weight_of_match(found),
            Outcome::Late(record) | Outcome::Bad { record, .. } => weight_of_record(record),
            Outcome::Audit { user, line, .. } => user.len() + line.len(),
        }
}

fn weight_of_record(record: &Rejected) -> usize {
    record.user.len() + record.raw.len()
}

fn weight_of_match(found: &Match) -> usize {
    let maps = weight_of_map(&found.evidence)
        + weight_of_map(&found.since)
        + found.key.as_ref().map_or(0, weight_of_map)
        + found.action.as_ref().map_or(0, weight_of_value);
    size_of::<Match>() + found.match_id.len() + found.rule.len() + found.user.len() + maps
}

fn weight_of_map(map: &Map<String, Value>) -> usize {
    // A name, a value and their share of the map.
    map.iter().map(|(name, value)| size_of::<String>() + 16 + name.len() + weight_of_value(value)).sum()
}

fn weight_of_value(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(weight_of_value).sum(),
            Value::Object(map) => weight_of_map(map),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_counted_no_more() {
        let mut queue = Queue::default();
        let audit = || Outcome::Audit {
            user: "u1".into(),
            effect: crate::protocol::CommandEffect::Done,
            line: vec![0; 1000],
        };
        let store = Outcome::Store { user: "u1".into(), state: Some(vec![0; 5000]), arm: None };
        queue.push_back(audit());
        assert!((1000..1200).contains(&queue.bytes()), "{}", queue.bytes());
        queue.push_back(store);
        assert!((6000..6400).contains(&queue.bytes()), "{}", queue.bytes());
        assert_eq!(queue.pop_front(), Some(audit()));
        assert!((5000..5200).contains(&queue.bytes()), "{}", queue.bytes());
        queue.pop_front();
        assert_eq!((queue.len(), queue.bytes(), queue.pop_front()), (0, 0, None));
    }
}
