//! Rules that arrive wrapped: rows of a table `(.., rule, ..)` as change capture tells of them.
//!
//! The column `rule` holds a rule as JSON text (or as an object). Read are Debezium's envelope, with and without its
//! schema part and also flattened to the row, and Canal's flat message. What tells of no row that is there now (a
//! deletion, a change of the schema, a statement's text, a heartbeat) holds no rule. Anything else is taken for a rule
//! as it is. A row of the outbox (`rule_id, revision, status` beside the rule) must agree with its rule: else whoever
//! changed a column by hand would see nothing happen.

use std::borrow::Cow;

use alcedo_model::{Parsed, Problem, Refused, Rule, say};
use serde_json::{Map, Value};

use crate::identity;

/// The column that holds the rule.
const COLUMN: &str = "rule";

/// A text with a rule or a list of rules, and the row that it came in.
pub(crate) struct Unwrapped<'a> {
    pub(crate) text: Cow<'a, str>,
    columns: Option<Columns>,
}

/// What a row of the outbox says of its rule.
struct Columns {
    id: String,
    revision: String,
    status: String,
    /// The name of its audience; the outer none: there is no such column.
    audience: Option<Option<String>>,
}

impl Unwrapped<'_> {
    /// The rule, unless its row says something else of it.
    pub(crate) fn agreed(&self, parsed: Parsed) -> Result<Parsed, Refused> {
        let problem = self.columns.as_ref().and_then(|columns| columns.against(&parsed.rule));
        match problem {
            None => Ok(parsed),
            Some(problem) => {
                let Rule { id, revision, .. } = parsed.rule;
                Err(Refused { id: Some(id), revision: Some(revision), problems: vec![problem] })
            }
        }
    }
}

impl Columns {
    /// Those of a row of the outbox. In another table a column of one of these names may mean anything.
    fn of(row: &Map<String, Value>) -> Option<Self> {
        Some(Columns {
            id: plain(row.get("rule_id")?)?,
            revision: plain(row.get("revision")?)?,
            status: plain(row.get("status")?)?,
            audience: row.get("audience").map(plain),
        })
    }

    fn against(&self, rule: &Rule) -> Option<Problem> {
        let audience = rule.audience.as_ref().map(identity::audience_id);
        let none = || "none".to_owned();
        let pairs = [
            ("rule_id", "/id", self.id.clone(), rule.id.clone()),
            ("revision", "/revision", self.revision.clone(), rule.revision.to_string()),
            ("status", "/status", self.status.clone(), rule.status.as_str().to_owned()),
        ];
        let reference = self.audience.clone().map(|column| {
            ("audience", "/audience", column.unwrap_or_else(none), audience.unwrap_or_else(none))
        });
        let differs = pairs.into_iter().chain(reference).find(|(_, _, column, rule)| column != rule);
        differs.map(|(name, path, column, rule)| {
            let reason = say!(
                "the column `{name}` of its row says {column}, the rule itself {rule}",
                name,
                column,
                rule
            );
            Problem::new(path, reason, say!("publish a revision in which both say the same"))
        })
    }
}

/// A value as text: Debezium tells numbers as numbers, Canal all of them as texts.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Texts with a rule or a list of rules in a document; the text itself where it is not wrapped.
pub(crate) fn unwrap(text: &str) -> Vec<Unwrapped<'_>> {
    let as_it_is = || vec![Unwrapped { text: Cow::Borrowed(text), columns: None }];
    // Rules are read by the model, which refuses what serde_json would let pass: so only a wrapping is looked for.
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(text) else {
        return as_it_is();
    };
    let Some(rows) = rows(&fields) else {
        return as_it_is();
    };
    let unwrapped = |row| Unwrapped { text: Cow::Owned(rule_of(row)), columns: Columns::of(row) };
    rows.into_iter().map(unwrapped).collect()
}

/// The rows that a message tells of; none if it is no message of a capture.
fn rows(fields: &Map<String, Value>) -> Option<Vec<&Map<String, Value>>> {
    if fields.contains_key("id") && fields.contains_key("revision") && !fields.contains_key(COLUMN) {
        return None; // a plain rule, whatever else it holds
    }
    match (fields.get("payload"), fields.get("schema")) {
        (Some(Value::Object(payload)), _) => return Some(rows(payload).unwrap_or_default()),
        // A deletion is followed by an empty payload.
        (Some(Value::Null), Some(_)) => return Some(Vec::new()),
        _ => {}
    }
    if fields.contains_key("op") && (fields.contains_key("after") || fields.contains_key("before")) {
        return Some(fields.get("after").and_then(Value::as_object).into_iter().collect());
    }
    if let (Some(kind), Some(_)) = (fields.get("type").and_then(Value::as_str), fields.get("isDdl")) {
        let there = matches!(kind, "INSERT" | "UPDATE");
        let data = fields.get("data").and_then(Value::as_array).filter(|_| there);
        return Some(data.into_iter().flatten().filter_map(Value::as_object).collect());
    }
    if fields.contains_key(COLUMN) {
        return Some(vec![fields]);
    }
    // Debezium's changes of the schema, and its heartbeats.
    let aside = fields.contains_key("ddl") || (fields.len() == 1 && fields.contains_key("ts_ms"));
    aside.then(Vec::new)
}

/// A row without its rule is told as such: it is then refused by name and place, not lost.
fn rule_of(row: &Map<String, Value>) -> String {
    match row.get(COLUMN) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => format!("This row has no column `{COLUMN}` that holds a rule"),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"{"id":"r","revision":2,"trigger":{"on":{"event":"a"}}}"#;

    fn wrapped(text: &str) -> Vec<String> {
        unwrap(text).into_iter().map(|one| one.text.into_owned()).collect()
    }

    #[test]
    fn a_rule_and_what_is_no_capture_stay_as_they_are() {
        for text in [RULE, "[]", "{", "7", "{}", r#"{"id":"r","revision":1,"action":{"op":"c","after":1}}"#] {
            assert_eq!(wrapped(text), [text]);
        }
        // Of a repeated key the model must hear.
        let twice = r#"{"id":"r","id":"s","revision":1}"#;
        assert_eq!(wrapped(twice), [twice]);
    }

    #[test]
    fn debezium_with_and_without_schema_and_flattened() {
        let row = serde_json::json!({"seq": 5, "rule_id": "r", "rule": RULE});
        let plain = serde_json::json!({"before": null, "after": row, "op": "c", "ts_ms": 1});
        let schema = serde_json::json!({"schema": {"type": "struct"}, "payload": plain});
        for message in [&row, &plain, &schema] {
            assert_eq!(wrapped(&message.to_string()), [RULE]);
        }
        let object = serde_json::json!({"op": "u", "before": row, "after": {"rule": {"id": "r"}}});
        assert_eq!(wrapped(&object.to_string()), [r#"{"id":"r"}"#]);
    }

    /// What is refused of a row, or nothing.
    fn disagreement(row: &serde_json::Value) -> Option<String> {
        let text = row.to_string();
        let one = unwrap(&text).into_iter().next()?;
        let parsed = Rule::parse(&one.text).ok()?;
        one.agreed(parsed).err().map(|refused| refused.problems[0].to_string())
    }

    #[test]
    fn a_row_of_the_outbox_agrees_with_its_rule() {
        let row = |name: &str, value: Value| {
            let mut row = serde_json::json!({"rule_id": "r", "revision": 2, "status": "live", "rule": RULE});
            row[name] = value;
            row
        };
        assert_eq!(disagreement(&row("revision", "2".into())), None, "Canal's numbers are texts");
        assert_eq!(disagreement(&row("audience", Value::Null)), None);
        for (name, value, says) in [
            ("rule_id", "s", "/id: the column `rule_id` of its row says s, the rule itself r"),
            ("revision", "3", "/revision: the column `revision` of its row says 3, the rule itself 2"),
            ("status", "paused", "/status: the column `status` of its row says paused, the rule itself live"),
            ("audience", "vip", "/audience: the column `audience` of its row says vip, the rule itself none"),
        ] {
            let told = disagreement(&row(name, value.into())).unwrap_or_default();
            assert!(told.starts_with(says), "{told}");
        }
        // Another table: its columns may mean anything.
        assert_eq!(disagreement(&serde_json::json!({"status": 1, "revision": 9, "rule": RULE})), None);
    }

    #[test]
    fn what_tells_of_no_row_holds_no_rule() {
        let gone = serde_json::json!({"op": "d", "before": {"rule": RULE}, "after": null});
        let ddl = serde_json::json!({"databaseName": "alcedo", "ddl": "CREATE TABLE ..", "tableChanges": []});
        let empty = serde_json::json!({"schema": null, "payload": null});
        let beat = serde_json::json!({"ts_ms": 1});
        let canal = serde_json::json!({"data": [{"rule": RULE}], "type": "DELETE", "isDdl": false});
        let create = serde_json::json!({"data": null, "type": "CREATE", "isDdl": true, "sql": "CREATE .."});
        for message in [gone, ddl, empty, beat, canal, create] {
            assert_eq!(wrapped(&message.to_string()), Vec::<String>::new(), "{message}");
        }
    }

    #[test]
    fn canal_tells_of_many_rows_with_texts() {
        let other = RULE.replace("\"r\"", "\"s\"");
        let message = serde_json::json!({
            "data": [{"seq": "5", "rule": RULE}, {"seq": "6", "rule": other}, {"seq": "7", "rule": null}],
            "database": "alcedo", "table": "rule_outbox", "type": "INSERT", "isDdl": false, "old": null,
        });
        let found = wrapped(&message.to_string());
        assert_eq!(found[..2], [RULE.to_owned(), other]);
        assert!(found[2].contains("no column `rule`"), "{}", found[2]);
    }
}
