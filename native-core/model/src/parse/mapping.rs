//! The input mapping: where in a record user, type, time, id and properties are.

use super::Parser;
use super::fields::given;
use crate::Mapping;
use crate::report::At;
use crate::say;
use crate::text::Node;

pub(crate) const FIELDS: [&str; 6] = ["user", "type", "time", "id", "props", "time_unit"];

impl Parser<'_> {
    pub(crate) fn mapping(&mut self, node: &Node<'_>, at: &At<'_>) -> Mapping {
        let usual = Mapping::default();
        let Some(entries) = self.object(node, at, say!("an input mapping"), &FIELDS) else { return usual };
        Mapping {
            user: self.given_path(entries, "user", at).unwrap_or(usual.user),
            event_type: self.given_path(entries, "type", at).unwrap_or(usual.event_type),
            time: self.given_path(entries, "time", at).unwrap_or(usual.time),
            id: self.given_path(entries, "id", at).unwrap_or(usual.id),
            props: self.given_path(entries, "props", at),
            time_unit: given(entries, "time_unit")
                .and_then(|node| self.word(node, &at.key("time_unit"), say!("a unit of time")))
                .unwrap_or(usual.time_unit),
        }
    }
}
