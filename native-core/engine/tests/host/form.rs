//! The form of a golden vector: the fields it may have, and the bytes of its records. Every Rust host reads it here.

#![allow(unreachable_pub, missing_docs, dead_code)] // each test target uses its part of it
#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

use alcedo_model::Problem;
use serde_json::Value;

const VECTOR: &str =
    "why law order lateness dedupe max_ahead rules audiences tags mapping until steps expect";
const RECORD: &str = "event raw partition position broker_time";
const EXPECT: &str = "matches late bad refused statuses report kept dropped repeated no_audience";
const MATCH: &str = "rule user time occurrence key cause evidence revision since action match_id";
const REPORT: &str = "rule measure bytes_per_user deadlines_per_user approximate shared_with";

/// Panics where the vector has a field that the hosts do not know: none is skipped in silence.
pub fn check(name: &str, vector: &Value) {
    known(name, vector, VECTOR);
    for step in vector["steps"].as_array().unwrap() {
        let fields = if is_record(step) { RECORD } else { "watermark rules audience restart rescale end" };
        known(name, step, fields);
        let kinds = step
            .as_object()
            .unwrap()
            .keys()
            .filter(|k| !"partition position broker_time".contains(k.as_str()));
        assert_eq!(kinds.count(), 1, "{name}: a step is of one kind: {step}");
        if let Some(update) = step.get("rules") {
            known(name, update, "complete rules");
        }
    }
    let expect = &vector["expect"];
    known(name, expect, EXPECT);
    for (field, fields) in [
        ("matches", MATCH),
        ("bad", "position reason"),
        ("refused", "rule path said"),
        ("statuses", "rule revision state"),
        ("report", REPORT),
    ] {
        expect[field].as_array().into_iter().flatten().for_each(|one| known(name, one, fields));
    }
    expect.get("no_audience").into_iter().for_each(|one| known(name, one, "rule audience"));
}

fn known(name: &str, object: &Value, fields: &str) {
    for field in object.as_object().unwrap().keys() {
        assert!(fields.split(' ').any(|f| f == field), "{name}: unknown field {field} in {object}");
    }
}

pub fn is_record(step: &Value) -> bool {
    step.get("event").is_some() || step.get("raw").is_some()
}

/// The bytes of a record: an event as JSON, a text as it is, or the parts of a list, one after the other.
pub fn record(step: &Value) -> Option<Vec<u8>> {
    match (step.get("event"), step.get("raw")) {
        (Some(event), _) => Some(event.to_string().into_bytes()),
        (_, Some(Value::String(text))) => Some(text.clone().into_bytes()),
        (_, Some(parts)) => Some(parts.as_array().unwrap().iter().flat_map(part).collect()),
        _ => None,
    }
}

fn part(part: &Value) -> Vec<u8> {
    match (part, part.get("hex").and_then(Value::as_str), part.get("repeat").and_then(Value::as_str)) {
        (Value::String(text), ..) => text.clone().into_bytes(),
        (_, Some(hex), None) => {
            let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            (0..hex.len()).step_by(2).map(byte).collect()
        }
        (_, None, Some(text)) => text.repeat(part["times"].as_u64().unwrap() as usize).into_bytes(),
        _ => panic!("a part of a record is a text, a hex or a repeat: {part}"),
    }
}

/// Whether a rule is refused for this, as the vector expects it: at the path, and in these phrases where it has some.
pub fn is_problem(want: &Value, problem: &Problem) -> bool {
    let said = || serde_json::to_value(&problem.said).unwrap();
    want["path"] == *problem.path && want.get("said").is_none_or(|wanted| *wanted == said())
}

/// Whether a record's place is its number among the lines of one file.
pub fn is_line(step: &Value) -> bool {
    step.get("partition").is_none() && step.get("position").is_none()
}

/// What of a compile report is not as the vector expects.
pub fn report_differences(expect: &Value, report: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for want in expect["report"].as_array().into_iter().flatten() {
        let named = |list: &Value, field: &str, name: &Value| {
            list.as_array().unwrap().iter().find(|one| &one[field] == name).cloned().unwrap_or_default()
        };
        let mut found = report.clone();
        if let Some(rule) = want.get("rule") {
            found = named(&found["rules"], "rule", rule);
        }
        if let Some(measure) = want.get("measure") {
            found = named(&found["measures"], "name", measure);
        }
        for (field, value) in want.as_object().unwrap() {
            let is = &found[field.as_str()];
            let well = match field.as_str() {
                "rule" | "measure" => true,
                "bytes_per_user" => {
                    let (least, most) = (value[0].as_u64().unwrap(), value[1].as_u64().unwrap());
                    is.as_u64().is_some_and(|bytes| (least..=most).contains(&bytes))
                }
                _ => is == value,
            };
            if !well {
                all.push(format!("the report's {field} is {is} instead of {value}: {want}"));
            }
        }
    }
    all
}
