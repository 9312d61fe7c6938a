//! Events as they are read with the default input mapping (E1-E15), and what makes them repeats (E23-E25).

use std::collections::BTreeMap;

use alcedo_model::Path;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::value::Value;

/// One event. Its properties are the whole record (E4).
#[derive(Debug, Clone)]
pub struct Event {
    /// Whose.
    pub user: String,
    /// What happened.
    pub event_type: String,
    /// Unix ms.
    pub time: i64,
    /// Line from 0 (E20).
    pub position: i64,
    /// Carried into matches; none where it is null or missing (E11).
    pub id: Option<Json>,
    /// E25: what ids are compared by.
    pub(crate) id_text: Option<String>,
    record: Json,
}

impl Event {
    /// Reads a record whose time is a whole number of ms. None where it is no event.
    pub fn read(record: &[u8], position: i64) -> Option<Event> {
        let record = record.strip_prefix(b"\xef\xbb\xbf").unwrap_or(record); // E26
        let id_text = id_text(record);
        let record: Json = serde_json::from_slice(record).ok()?;
        let user = match record.get("user")? {
            Json::String(user) if (1..=128).contains(&user.len()) => user.clone(),
            Json::Number(user) => user.as_i64()?.to_string(), // E6
            _ => return None,
        };
        let event_type = record.get("type")?.as_str()?.to_owned();
        let time = record.get("time")?.as_i64().filter(|time| *time >= 0)?;
        let id = record.get("id").filter(|id| !id.is_null()).cloned();
        Some(Event { user, event_type, time, position, id, id_text, record })
    }

    /// E5: a path walks into nested objects and not through lists.
    pub(crate) fn json(&self, path: &Path) -> Option<&Json> {
        path.0.iter().try_fold(&self.record, |at, name| at.as_object()?.get(name))
    }

    /// The value of a property; none where it is missing, null or an object.
    pub(crate) fn property(&self, path: &Path) -> Option<Value> {
        self.json(path).and_then(Value::of_json)
    }
}

/// E25: a text by its characters, any other id by its JSON as it is written; of a repeated key the last (E15).
fn id_text(record: &[u8]) -> Option<String> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(record).ok()?;
    let written = fields.get("id")?.get();
    match serde_json::from_str(written).ok()? {
        Json::Null => None,
        Json::String(text) => Some(format!("\"{text}")), // the quote tells it from what is no text
        _ => Some(written.to_owned()),
    }
}

/// E23, E24: a user's events without those whose id is among the last `n` that were taken in.
pub(crate) fn without_repeats(events: Vec<Event>, n: usize) -> Vec<Event> {
    let mut taken: Vec<Event> = Vec::new();
    for event in events {
        let last = &taken[taken.len().saturating_sub(n)..];
        if event.id_text.is_none() || !last.iter().any(|before| before.id_text == event.id_text) {
            taken.push(event);
        }
    }
    taken
}
