//! Rules: every kind, window, trigger and gate.

use serde_json::{Map, Value as Json, json};

use super::conditions::Place;
use super::{Draw, Setting, Theme, moments, patterns};

/// A rule that is legal most of the time. `pool` holds the measures of the case, which rules share.
pub(super) fn drawn(draw: &mut Draw, setting: &Setting, index: usize, pool: &mut Vec<Json>) -> Json {
    let mut measures = Map::new();
    let correlates = if setting.theme == Theme::Dense { 90 } else { *draw.of(&[0, 0, 50, 100]) };
    for name in ["m", "a", "z"].iter().take(*draw.of(&[1, 1, 2, 2, 3])) {
        let measure = match measures.values().next().filter(|first| first.get("absence").is_some()) {
            Some(first) if draw.chance(40) => with_another_deadline(draw, setting, first.clone()),
            _ => shared_or_new(draw, setting, correlates, pool),
        };
        measures.insert((*name).to_owned(), measure);
    }
    let mut rule = Map::new();
    let id = if draw.chance(90) { format!("r{index}") } else { format!("r{index}.x-_") };
    rule.insert("id".into(), id.into());
    rule.insert("revision".into(), json!(draw.of(&[1, 1, 7])));
    trigger_and_condition(draw, setting, &measures, &mut rule);
    rule.insert("measures".into(), Json::Object(measures));
    gates(draw, setting, &mut rule);
    if Json::Object(rule.clone()).to_string().contains("publish\"") || draw.chance(10) {
        let at = if draw.chance(80) { setting.published } else { setting.moment(draw) };
        rule.insert("published_at".into(), moments::moment(draw, at));
    }
    Json::Object(rule)
}

fn trigger_and_condition(
    draw: &mut Draw,
    setting: &Setting,
    measures: &Map<String, Json>,
    rule: &mut Map<String, Json>,
) {
    let counts = ["count", "distinct", "sequence", "pairs", "absence"];
    let rising: Vec<&String> = measures
        .iter()
        .filter(|(_, measure)| counts.iter().any(|kind| measure.get(kind).is_some()))
        .map(|(name, _)| name)
        .collect();
    if draw.chance(20) {
        // Shows every value at every event.
        rule.insert("trigger".into(), json!({"on": {}}));
        return;
    }
    if draw.chance(15) {
        // False where nothing is held, and true by one measure or another: last judgements come and go (F16, F43).
        rule.insert("when".into(), json!({"any": reached(measures)}));
        return;
    }
    let choice = draw.below(10);
    let on = choice < 3;
    if on {
        rule.insert("trigger".into(), json!({"on": patterns::pattern(draw, setting)}));
    } else if choice < 6 && !rising.is_empty() {
        rule.insert("trigger".into(), json!({"rise": draw.of(&rising)}));
    }
    if !rule.contains_key("trigger") || draw.chance(75) {
        let place = Place { setting, measures, properties: on };
        let depth = *draw.of(&[0, 0, 1, 2]);
        rule.insert("when".into(), place.condition(draw, depth));
    }
}

fn reached(measures: &Map<String, Json>) -> Vec<Json> {
    let one = |(name, measure): (&String, &Json)| {
        let measured = json!({"measure": name});
        let counts = ["count", "distinct", "sequence", "pairs", "absence"];
        if counts.iter().any(|kind| measure.get(kind).is_some()) {
            json!({"ge": [measured, 1]})
        } else if measure.get("sum").is_some() || measure.get("top").is_some() {
            json!({"gt": [measured, 0]})
        } else {
            json!({"exists": measured})
        }
    };
    measures.iter().map(one).collect()
}

fn gates(draw: &mut Draw, setting: &Setting, rule: &mut Map<String, Json>) {
    let often = if setting.theme == Theme::Calendar { 60 } else { 12 };
    if draw.chance(often / 2) {
        let (from, to) = (setting.moment(draw), setting.moment(draw));
        let both = json!({"from": moments::moment(draw, from.min(to)), "to": moments::moment(draw, from.max(to) + 1)});
        rule.insert("validity".into(), both);
    }
    if draw.chance(often) {
        let periods = ["hour", "day", "week", "month", "life"];
        let limits: Vec<Json> = (0..1 + draw.below(2))
            .map(|_| json!({"times": draw.of(&[1, 1, 2, 3]), "per": draw.of(&periods)}))
            .collect();
        rule.insert("limits".into(), limits.into());
    }
    if setting.theme == Theme::Calendar {
        rule.insert("time_zone".into(), json!(draw.of(&moments::ZONES)));
    }
    if draw.chance(often / 2) {
        let length = setting.length(draw);
        rule.insert("cooldown".into(), moments::duration(draw, length));
    }
    if draw.chance(3) {
        rule.insert("status".into(), json!(draw.of(&["paused", "warming", "live", "draft", "stopped"])));
    }
    if draw.chance(12) {
        let audience = match draw.below(4) {
            0 => json!({"profile": {"eq": [{"tag": "level"}, "C"]}}),
            1 => {
                json!({"profile": {"any": [{"contains": [{"tag": "level"}, "D"]}, {"gt": [{"tag": "level"}, 1]}]}})
            }
            _ => json!({"id": draw.of(&["g1", "g2"])}),
        };
        rule.insert("audience".into(), audience);
    }
    if draw.chance(10) {
        rule.insert("action".into(), json!({"channel": "popup"}));
    }
}

fn shared_or_new(draw: &mut Draw, setting: &Setting, correlates: usize, pool: &mut Vec<Json>) -> Json {
    if !pool.is_empty() && draw.chance(25) {
        return draw.of(pool).clone();
    }
    let measure = measure(draw, setting, correlates);
    pool.push(measure.clone());
    measure
}

/// The deadlines of two A fall together, which must agree on what is told as the cause.
fn with_another_deadline(draw: &mut Draw, setting: &Setting, mut absence: Json) -> Json {
    let length = setting.step * draw.between(1, 4);
    absence["absence"]["within"] = moments::duration(draw, length);
    if draw.chance(60) {
        absence["absence"]["after"] = patterns::pattern(draw, setting);
    }
    absence
}

fn measure(draw: &mut Draw, setting: &Setting, correlates: usize) -> Json {
    let any = *draw.of(&[
        "count",
        "count",
        "count",
        "absence",
        "absence",
        "sequence",
        "sequence",
        "sequence",
        "pairs",
        "pairs",
        "sum",
        "avg",
        "min",
        "max",
        "first",
        "last",
        "top",
        "top",
        "distinct",
        "distinct",
        "first_time",
        "last_time",
    ]);
    let kind = setting.focus.filter(|_| draw.chance(70)).unwrap_or(any);
    let (window, sliding) = window(draw, setting, kind);
    let mut fields = Map::new();
    // Panes of 1 ms are exact; sums of numbers that are exact in any order are, too.
    let panes = sliding.is_some_and(|length| length < 128) && draw.chance(35);
    fields.insert(kind.into(), body(draw, setting, kind, sliding, panes));
    if panes {
        fields.insert("exact_events".into(), json!(draw.of(&[1, 2, 3])));
    }
    if window != "always" || draw.chance(10) {
        fields.insert("window".into(), window);
    }
    if draw.chance(correlates) {
        fields.insert("by".into(), setting.by.clone());
        if draw.chance(60) {
            fields.insert("max_keys".into(), json!(draw.of(&[1, 2, 2, 3, 4])));
        }
    }
    if kind == "absence" && draw.chance(40) {
        fields.insert("max_open".into(), json!(draw.of(&[1, 2, 3])));
    }
    if kind == "sequence" && draw.chance(50) {
        fields.insert("max_partials".into(), json!(draw.of(&[1, 2, 3])));
    }
    Json::Object(fields)
}

/// A window, and its length where it slides.
fn window(draw: &mut Draw, setting: &Setting, kind: &str) -> (Json, Option<i64>) {
    let length = setting.length(draw);
    let written = moments::duration(draw, length);
    let calendar = if setting.theme == Theme::Calendar { 40 } else { 8 };
    if draw.chance(calendar) {
        return (json!({"calendar": draw.of(&["hour", "day", "week", "month"])}), None);
    }
    let slides = setting.theme == Theme::Dense && draw.chance(40);
    match if slides { 3 } else { draw.below(12) } {
        0..3 => (json!("always"), None),
        3..7 => (json!({"last": written}), Some(length)),
        7 => (json!({"before_publish": written}), None),
        8 => (json!("since_publish"), None),
        9 => (json!({"across_publish": written}), None),
        10 if kind != "absence" => (json!({"session": written}), None),
        _ => {
            let (x, y) = (setting.moment(draw), setting.moment(draw));
            let (from, to) = (moments::moment(draw, x.min(y)), moments::moment(draw, x.max(y) + 1));
            let bounds =
                draw.of(&[json!({"from": from, "to": to}), json!({"from": from}), json!({"to": to})]).clone();
            (json!({"between": bounds}), None)
        }
    }
}

fn body(draw: &mut Draw, setting: &Setting, kind: &str, sliding: Option<i64>, panes: bool) -> Json {
    let of = patterns::pattern(draw, setting);
    let value = match draw.below(10) {
        _ if panes => json!({"prop": "n"}),
        0..6 => json!({"prop": "n"}),
        6 => json!({"prop": "a"}),
        7 => json!({"prop": "f"}),
        _ => patterns::number(draw, setting, 2),
    };
    match kind {
        "count" | "first_time" | "last_time" => of,
        "absence" => {
            let length = (setting.length(draw) / *draw.of(&[1, 2, 4])).max(1);
            let never = draw.chance(20);
            let no = if never { json!({"event": "never"}) } else { patterns::pattern(draw, setting) };
            json!({"after": of, "no": no, "within": moments::duration(draw, length)})
        }
        "pairs" => {
            let mut body = json!({"from": of, "to": patterns::pattern(draw, setting)});
            gaps(draw, setting, sliding, &mut body);
            body
        }
        "sequence" => sequence(draw, setting, sliding),
        "top" => {
            let take = *draw.of(&["avg", "sum", "min"]);
            json!({"value": value, "of": of, "k": draw.of(&[1, 2, 2, 3]), "take": take})
        }
        "distinct" => {
            let value = match draw.below(10) {
                0..5 => json!({"prop": "item"}),
                5 => json!({"add": [{"mul": [{"prop": "n"}, i64::MAX]}, {"prop": "k2"}]}), // beyond 64 bits
                _ => value,
            };
            json!({"value": value, "of": of, "up_to": draw.of(&[1, 2, 3, 10])})
        }
        _ => json!({"value": value, "of": of}),
    }
}

fn sequence(draw: &mut Draw, setting: &Setting, sliding: Option<i64>) -> Json {
    let steps = *draw.of(&[2, 2, 3, 3, 4]);
    let gapped = draw.chance(60);
    let steps: Vec<Json> = (0..steps)
        .map(|index| {
            let mut step = patterns::pattern(draw, setting);
            if index > 0 && gapped {
                gaps(draw, setting, sliding, &mut step);
            }
            if index > 0 && draw.chance(15) {
                step["without"] = patterns::pattern(draw, setting);
            }
            step
        })
        .collect();
    let mut body = json!({"steps": steps});
    if draw.chance(40) {
        let length = setting.length(draw);
        body["within"] = moments::duration(draw, length);
    }
    if draw.chance(10) {
        body["strict"] = json!(draw.chance(80));
    }
    body
}

/// `min_gap` and `max_gap`, small enough to fit a sliding window most of the time.
fn gaps(draw: &mut Draw, setting: &Setting, sliding: Option<i64>, into: &mut Json) {
    let most = sliding.map_or(setting.span / 2, |length| length / setting.step / 2).max(0);
    let min = setting.step * draw.between(0, most.min(4));
    if draw.chance(50) {
        into["min_gap"] = moments::duration(draw, min);
    }
    if draw.chance(50) {
        let max = min + setting.step * draw.between(0, 4);
        into["max_gap"] = moments::duration(draw, max);
    }
}
