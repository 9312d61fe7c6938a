//! Rules that arrive wrapped: rows of a table `(.., rule, ..)` as change capture tells of them.
//!
//! The column `rule` holds a rule as JSON text (or as an object). Read are Debezium's envelope, with and without its
//! schema part and also flattened to the row, and Canal's flat message. What tells of no row that is there now (a
//! deletion, a change of the schema, a heartbeat) holds no rule. Anything else is taken for a rule as it is.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The column that holds the rule.
const COLUMN: &str = "rule";

/// Texts with a rule or a list of rules in a document; the text itself where it is not wrapped.
pub(crate) fn unwrap(text: &str) -> Vec<Cow<'_, str>> {
    // Rules are read by the model, which refuses what serde_json would let pass: so only a wrapping is looked for.
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(text) else {
        return vec![Cow::Borrowed(text)];
    };
    match rows(&fields) {
        None => vec![Cow::Borrowed(text)],
        Some(rows) => rows.into_iter().filter_map(rule_of).map(Cow::Owned).collect(),
    }
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
fn rule_of(row: &Map<String, Value>) -> Option<String> {
    match row.get(COLUMN) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Null) | None => Some(format!("This row has no column `{COLUMN}` that holds a rule")),
        Some(other) => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"{"id":"r","revision":2,"trigger":{"on":{"event":"a"}}}"#;

    fn wrapped(text: &str) -> Vec<String> {
        unwrap(text).into_iter().map(Cow::into_owned).collect()
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
