//! Patterns and what they ask of an event.

use serde_json::{Map, Value as Json, json};

use super::{Draw, Setting, Theme, values};

pub(super) fn pattern(draw: &mut Draw, setting: &Setting) -> Json {
    let mut fields = Map::new();
    match draw.below(100) {
        0..75 => drop(fields.insert("event".into(), json!(draw.of(&setting.types)))),
        75..90 => {
            let (x, y) = (*draw.of(&setting.types), *draw.of(&setting.types));
            fields.insert("event".into(), if x == y { json!(x) } else { json!([x, y]) });
        }
        _ => {}
    }
    let asks = if setting.theme == Theme::Values { 70 } else { 12 };
    if draw.chance(asks) {
        let question = if setting.theme == Theme::Values {
            predicate(draw, setting, 2)
        } else {
            match draw.below(4) {
                0 => json!({"gt": [{"prop": "n"}, draw.between(0, 4)]}),
                1 => json!({"eq": [{"prop": "item"}, draw.of(&setting.keys)]}),
                2 => json!({"exists": {"prop": "n"}}),
                _ => json!({"not": {"eq": [{"prop": "n"}, draw.between(0, 3)]}}),
            }
        };
        fields.insert("where".into(), question);
    }
    Json::Object(fields)
}

/// Over an event's properties.
pub(super) fn predicate(draw: &mut Draw, setting: &Setting, depth: usize) -> Json {
    if depth > 0 && draw.chance(30) {
        let parts: Vec<Json> = (0..1 + draw.below(2)).map(|_| predicate(draw, setting, depth - 1)).collect();
        return if draw.chance(50) { json!({"all": parts}) } else { json!({"any": parts}) };
    }
    if depth > 0 && draw.chance(12) {
        return json!({"not": predicate(draw, setting, depth - 1)});
    }
    let ordered = *draw.of(&["eq", "ne", "gt", "ge", "lt", "le"]);
    match draw.below(10) {
        0 => json!({"exists": property(draw)}),
        1 => {
            let searched = ["^a", "b$", "a.c", "[0-9]+", "(?i)AB", "^(a|b)$", "咖啡", "^$", "x{65}", "速溶"];
            json!({"matches": [property(draw), draw.of(&searched)]})
        }
        2 => json!({"in": [number(draw, setting, 1), list(draw, setting)]}),
        3..5 => json!({ordered: [number(draw, setting, 2), number(draw, setting, 2)]}),
        5 => {
            json!({*draw.of(&["contains", "starts_with", "ends_with"]): [property(draw), operand(draw, setting)]})
        }
        6 => json!({"contains": [list_or(draw, setting), operand(draw, setting)]}),
        _ => json!({ordered: [property(draw), operand(draw, setting)]}),
    }
}

pub(super) fn property(draw: &mut Draw) -> Json {
    json!({"prop": draw.of(&["a", "b", "a", "b", "n", "item", "a.z", "type", "o.k", "user", "nowhere", "f"])})
}

fn operand(draw: &mut Draw, setting: &Setting) -> Json {
    match draw.below(10) {
        0..3 => property(draw),
        3 => number(draw, setting, 1),
        4 => list(draw, setting),
        _ => values::scalar(draw, setting, true),
    }
}

fn list(draw: &mut Draw, setting: &Setting) -> Json {
    (0..draw.below(4)).map(|_| values::scalar(draw, setting, true)).collect()
}

fn list_or(draw: &mut Draw, setting: &Setting) -> Json {
    if draw.chance(60) { property(draw) } else { list(draw, setting) }
}

/// An expression that is a number for most events.
pub(super) fn number(draw: &mut Draw, setting: &Setting, depth: usize) -> Json {
    match draw.below(10) {
        0..5 => property(draw),
        5..8 if depth > 0 => {
            let operator = *draw.of(&["add", "sub", "mul", "div"]);
            json!({operator: [number(draw, setting, depth - 1), number(draw, setting, depth - 1)]})
        }
        _ => match values::scalar(draw, setting, true) {
            constant @ Json::Number(_) => constant,
            _ => json!(2),
        },
    }
}
