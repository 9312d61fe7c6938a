//! Events.

use serde_json::{Map, Value as Json, json};

use super::{Draw, Setting, Theme, values};

pub(super) fn drawn(draw: &mut Draw, setting: &Setting) -> Vec<Json> {
    let missing = *draw.of(&[2, 10, 40]);
    // Mostly in order, so that live hosts have few late ones.
    let most = setting.step * *draw.of(&[0, 0, 1, 3]);
    let mut records: Vec<(i64, Json)> = Vec::new();
    for _ in 0..setting.events {
        let aside = if draw.chance(6) { *draw.of(&[-1, 1]) } else { 0 };
        let time = (setting.base + setting.step * draw.between(0, setting.span) + aside).max(0);
        records.push((time + draw.between(0, most), record(draw, setting, time, missing)));
    }
    records.sort_by_key(|(arrival, _)| *arrival);
    records.into_iter().map(|(_, record)| record).collect()
}

fn record(draw: &mut Draw, setting: &Setting, time: i64, missing: usize) -> Json {
    let mut fields = Map::new();
    fields.insert("user".into(), json!(draw.of(&setting.users)));
    fields.insert("type".into(), json!(draw.of(&setting.types)));
    fields.insert("time".into(), json!(time));
    if draw.chance(25) {
        let ids =
            [json!("i1"), json!("i1"), json!(5), json!(5.0), json!("5"), json!({"x": [1.5]}), Json::Null];
        fields.insert("id".into(), draw.of(&ids).clone());
    }
    if draw.chance(70) {
        fields.insert("n".into(), values::amount(draw));
    }
    if draw.chance(50) {
        fields.insert("f".into(), values::rounded(draw));
    }
    let hard = setting.theme == Theme::Values;
    for name in ["a", "b"] {
        if hard || draw.chance(25) {
            fields.insert(name.into(), values::property(draw, setting, hard));
        }
    }
    if !draw.chance(missing) {
        fields.insert("item".into(), draw.of(&setting.keys).clone());
    } else if draw.chance(50) {
        fields.insert("item".into(), draw.of(&[Json::Null, json!([1]), json!({"a": 1})]).clone());
    }
    if draw.chance(90) {
        let key = setting.keys[draw.below(2)].clone();
        fields.insert("k2".into(), key);
    }
    let by = setting.by.to_string();
    if by.contains("o.k") {
        fields.insert("o".into(), json!({"k": draw.of(&setting.keys)}));
    }
    if by.contains("d.t") {
        fields.insert("d.t".into(), draw.of(&setting.keys).clone());
    }
    if draw.chance(6) {
        fields.insert(SPELT.into(), json!(draw.of(&["escaped", "repeated"])));
    }
    Json::Object(fields)
}

/// A property that only says how its record is to be written.
const SPELT: &str = "spelt";

/// A record as its source writes it.
pub(super) fn spelt(record: &Json) -> String {
    let text = record.to_string();
    match record.get(SPELT).and_then(Json::as_str) {
        Some("escaped") => escaped(&text),
        // Of a repeated key the last counts.
        Some("repeated") => format!("{{\"n\": 9, \"item\": [0], \"type\": \"X\", \"id\": 1,{}", &text[1..]),
        _ => text,
    }
}

/// Every letter inside a text as its escape.
fn escaped(json: &str) -> String {
    let (mut out, mut inside, mut after_backslash) = (String::new(), false, false);
    for c in json.chars() {
        inside ^= c == '"' && !after_backslash;
        if inside && c.is_alphabetic() && !after_backslash {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
        after_backslash = c == '\\' && !after_backslash;
    }
    out
}

/// The step of a vector.
pub(super) fn step(record: &Json) -> Json {
    if record.get(SPELT).is_some() { json!({"raw": spelt(record)}) } else { json!({"event": record}) }
}
