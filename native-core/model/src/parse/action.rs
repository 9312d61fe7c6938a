//! The action: any JSON, passed on untouched.

use serde_json::{Map, Number, Value};

use super::Parser;
use super::scalar::shown;
use crate::canonical;
use crate::limits::{MAX_ACTION_BYTES, MAX_ACTION_NESTING};
use crate::report::At;
use crate::say;
use crate::text::Node;

impl Parser<'_> {
    pub(crate) fn action(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Value> {
        let action = self.json(node, at, 0)?;
        let bytes = canonical::text(&action).len();
        if bytes > MAX_ACTION_BYTES {
            let reason = say!(
                "{what} of {bytes} bytes is above the limit of {most}",
                what = say!("an action"),
                bytes,
                most = MAX_ACTION_BYTES
            );
            self.report.refuse(at, reason, say!("keep the content elsewhere and name it here"));
            return None;
        }
        Some(action)
    }

    fn json(&mut self, node: &Node<'_>, at: &At<'_>, depth: usize) -> Option<Value> {
        if depth >= MAX_ACTION_NESTING && matches!(node, Node::List(_) | Node::Object(_)) {
            let reason = say!("an action is nested deeper than {most} levels", most = MAX_ACTION_NESTING);
            self.report.refuse(at, reason, say!("make it flatter"));
            return None;
        }
        match node {
            Node::Null => Some(Value::Null),
            Node::Bool(flag) => Some(Value::Bool(*flag)),
            Node::Number(text) => self.json_number(text, at),
            Node::Text(text) => Some(Value::String(text.to_string())),
            Node::List(items) => {
                // All of them first, so that each problem is found.
                let items: Vec<_> = items
                    .iter()
                    .enumerate()
                    .map(|(index, node)| self.json(node, &at.index(index), depth + 1))
                    .collect();
                items.into_iter().collect::<Option<Vec<_>>>().map(Value::Array)
            }
            Node::Object(entries) => {
                let values: Vec<_> =
                    entries.iter().map(|(key, node)| self.json(node, &at.key(key), depth + 1)).collect();
                let named =
                    entries.iter().zip(values).map(|((key, _), value)| Some((key.to_string(), value?)));
                named.collect::<Option<Map<_, _>>>().map(Value::Object)
            }
            Node::Unread => None,
        }
    }

    /// Untouched means exact: an integer that no 64 bits hold would come out as another one.
    fn json_number(&mut self, text: &str, at: &At<'_>) -> Option<Value> {
        if !text.contains(['.', 'e', 'E']) {
            let number =
                text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
            return number
                .map(Value::Number)
                .map_err(|_| {
                    self.report.refuse(
                        at,
                        say!("{number} does not fit into 64 bits", number = shown(text)),
                        say!("write it as a text"),
                    );
                })
                .ok();
        }
        let number = text.parse().ok().and_then(Number::from_f64);
        if number.is_none() {
            self.report.refuse(
                at,
                say!("{number} is beyond the range of numbers", number = shown(text)),
                say!("write it as a text"),
            );
        }
        number.map(Value::Number)
    }
}
