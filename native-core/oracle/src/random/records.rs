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
    if draw.chance(10) {
        fields.insert("id".into(), draw.of(&[json!("i1"), json!(5), Json::Null]).clone());
    }
    if draw.chance(70) {
        fields.insert("n".into(), values::amount(draw));
    }
    let hard = setting.theme == Theme::Values;
    for name in ["a", "b"] {
        if hard || draw.chance(25) {
            fields.insert(name.into(), values::property(draw, hard));
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
    Json::Object(fields)
}
