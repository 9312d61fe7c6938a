//! Conditions over measures.

use serde_json::{Map, Value as Json, json};

use super::{Draw, Setting, moments, patterns, values};

/// The measures of the rule, and whether properties of a judged event may be read.
pub(super) struct Place<'a> {
    pub(super) setting: &'a Setting,
    pub(super) measures: &'a Map<String, Json>,
    pub(super) properties: bool,
}

impl Place<'_> {
    pub(super) fn condition(&self, draw: &mut Draw, depth: usize) -> Json {
        if depth > 0 && draw.chance(35) {
            let parts: Vec<Json> = (0..1 + draw.below(3)).map(|_| self.condition(draw, depth - 1)).collect();
            return if draw.chance(50) { json!({"all": parts}) } else { json!({"any": parts}) };
        }
        if depth > 0 && draw.chance(15) {
            return json!({"not": self.condition(draw, depth - 1)});
        }
        let names: Vec<&String> = self.measures.keys().collect();
        let name = draw.of(&names).as_str();
        let kind = &self.measures[name];
        let measure = json!({"measure": name});
        if kind.get("distinct").is_some() {
            return distinct(draw, &measure, kind["distinct"]["up_to"].as_i64().unwrap_or(1));
        }
        let comparison = *draw.of(&["eq", "ne", "gt", "ge", "lt", "le", "ge", "ge"]);
        let timed = kind.get("first_time").is_some() || kind.get("last_time").is_some();
        match draw.below(100) {
            0..60 if timed => {
                let age = json!({"sub": [{"now": true}, measure]});
                let length = self.setting.length(draw);
                json!({comparison: [age, {"duration": moments::duration(draw, length)}]})
            }
            0..50 => json!({comparison: [measure, threshold(draw)]}),
            50..55 => json!({comparison: [threshold(draw), measure]}),
            55..62 => json!({"in": [measure, [threshold(draw), threshold(draw)]]}),
            62..66 => json!({"exists": measure}),
            66..72 => self.time_of_day(draw, comparison, &measure),
            72..76 => json!({comparison: [measure, values::scalar(draw, self.setting, true)]}),
            76..80 if self.properties => patterns::predicate(draw, self.setting, 1),
            80..82 => json!({"contains": [[threshold(draw), threshold(draw)], measure]}),
            _ => json!({comparison: [self.number(draw, 2), self.number(draw, 2)]}),
        }
    }

    fn time_of_day(&self, draw: &mut Draw, comparison: &str, measure: &Json) -> Json {
        let at = self.setting.moment(draw);
        let at = json!({"time": moments::moment(draw, at)});
        if draw.chance(60) {
            return json!({comparison: [{"now": true}, at]});
        }
        let length = self.setting.length(draw);
        let more = json!({"mul": [measure, {"duration": moments::duration(draw, length)}]});
        json!({comparison: [{"now": true}, {"add": [at, more]}]})
    }

    /// An expression over measures that have no cap of their own.
    fn number(&self, draw: &mut Draw, depth: usize) -> Json {
        let free = self.measures.iter().filter(|(_, measure)| measure.get("distinct").is_none());
        let names: Vec<&String> = free.map(|(name, _)| name).collect();
        match draw.below(100) {
            0..55 if !names.is_empty() => json!({"measure": draw.of(&names)}),
            55..72 if depth > 0 => {
                let operator = *draw.of(&["add", "sub", "mul", "div"]);
                json!({operator: [self.number(draw, depth - 1), self.number(draw, depth - 1)]})
            }
            72..82 if self.properties => json!({"prop": draw.of(&["n", "n", "a", "b"])}),
            _ => threshold(draw),
        }
    }
}

fn threshold(draw: &mut Draw) -> Json {
    draw.of(&[
        json!(0),
        json!(1),
        json!(1),
        json!(1),
        json!(2),
        json!(2),
        json!(3),
        json!(4),
        json!(-1),
        json!(1.5),
        json!(2.0),
        json!(0.5),
    ])
    .clone()
}

/// Only what the cap cannot change is legal.
fn distinct(draw: &mut Draw, measure: &Json, up_to: i64) -> Json {
    match draw.below(3) {
        0 => json!({*draw.of(&["gt", "le", "eq"]): [measure, draw.between(-1, up_to - 1)]}),
        1 => json!({"lt": [measure, draw.between(1, up_to)]}),
        _ => json!({"ge": [measure, draw.between(1, up_to)]}),
    }
}
