//! Operands as people write them: `views`, `now - bought`, `(max - min)`.

use serde_json::Value;

/// An operand of a rule as a short text.
pub(super) fn text(operand: &Value) -> String {
    let Some((kind, inner)) = operand.as_object().and_then(|fields| fields.iter().next()) else {
        return operand.to_string();
    };
    let arithmetic = |sign: &str| {
        let side = |at: usize| inner.get(at).map_or(String::new(), text);
        format!("({} {sign} {})", side(0), side(1))
    };
    match kind.as_str() {
        "add" => arithmetic("+"),
        "sub" => arithmetic("-"),
        "mul" => arithmetic("*"),
        "div" => arithmetic("/"),
        "now" => "now".to_owned(),
        "prop" => format!("event.{}", path(inner)),
        _ => path(inner),
    }
}

fn path(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."),
        other => other.to_string(),
    }
}

/// A comparison's sign.
pub(super) fn sign(kind: &str) -> &str {
    match kind {
        "eq" => "=",
        "ne" => "!=",
        "gt" => ">",
        "ge" => ">=",
        "lt" => "<",
        "le" => "<=",
        "starts_with" => "starts with",
        "ends_with" => "ends with",
        other => other,
    }
}
