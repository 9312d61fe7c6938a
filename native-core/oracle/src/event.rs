//! Events as they are read with the default input mapping (E1-E15).

use alcedo_model::Path;
use serde_json::Value as Json;

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
    record: Json,
}

impl Event {
    /// Reads a record whose time is a whole number of ms. None where it is no event.
    pub fn read(record: &[u8], position: i64) -> Option<Event> {
        let record: Json = serde_json::from_slice(record).ok()?;
        let user = match record.get("user")? {
            Json::String(user) if (1..=128).contains(&user.len()) => user.clone(),
            Json::Number(user) => user.as_i64()?.to_string(), // E6
            _ => return None,
        };
        let event_type = record.get("type")?.as_str()?.to_owned();
        let time = record.get("time")?.as_i64().filter(|time| *time >= 0)?;
        let id = record.get("id").filter(|id| !id.is_null()).cloned();
        Some(Event { user, event_type, time, position, id, record })
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
