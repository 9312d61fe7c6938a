//! No text makes reading panic, and what is accepted keeps its promises: it comes back from its canonical form,
//! and the schema accepts it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a panic is the report")]

use std::sync::LazyLock;

use alcedo_model::{Mapping, Predicate, Rule, schema};
use proptest::prelude::*;
use serde_json::{Value, json};

mod support;

static SCHEMA: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::validator_for(&schema()).unwrap());
static EXAMPLES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    support::examples().iter().map(|(_, text)| serde_json::from_str(text).unwrap()).collect()
});

/// Pieces of which rules are made, and some that rules are not made of.
const PIECES: [&str; 64] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "d800",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e999",
    "0.5",
    "18446744073709551616",
    "\"id\":",
    "\"revision\":",
    "\"when\":",
    "\"trigger\":",
    "\"measures\":",
    "\"count\":",
    "\"sequence\":",
    "\"steps\":",
    "\"absence\":",
    "\"within\":",
    "\"window\":",
    "\"last\":",
    "\"between\":",
    "\"from\":",
    "\"to\":",
    "\"by\":",
    "\"all\":",
    "\"any\":",
    "\"not\":",
    "\"eq\":",
    "\"in\":",
    "\"matches\":",
    "\"exists\":",
    "\"prop\":",
    "\"measure\":",
    "\"now\":",
    "\"add\":",
    "\"a\"",
    "\"a.b\"",
    "\"..\"",
    "\"5m\"",
    "\"99999999999999999999w\"",
    "\"2022-08-10T00:00:00+08:00\"",
    "\"9999-12-31T23:59:59-23:59\"",
    "\"always\"",
    "\"on\":",
    "\"rise\":",
    "\"limits\":",
    "\"times\":",
    "\"per\":",
    "\"day\"",
    "\"action\":",
    "é",
    "\u{feff}",
    "\u{0}",
    " ",
];

/// What a mutation puts into a rule.
fn strange() -> impl Strategy<Value = Value> {
    const WORDS: [&str; 13] = [
        "a",
        "",
        "always",
        "0s",
        "5m",
        "36525d",
        "day",
        "life",
        "live",
        "Asia/Shanghai",
        "^x",
        "2022-08-10T00:00:00Z",
        "a..b",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..5_i64).prop_map(Value::from),
        proptest::sample::select(WORDS.as_slice()).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([1, "a", 2.5])),
        Just(json!({"event": ["b", "a"]})),
        Just(json!({"eq": [{"prop": "x"}, 1]})),
        Just(json!({"ge": [{"measure": "a"}, {"now": true}]})),
        Just(json!({"last": "10m"})),
        Just(json!({"count": {}, "by": ["x"]})),
    ]
}

/// Every place in a value.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| places(item, &format!("{at}/{i}"), all))
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(key, item)| places(item, &format!("{at}/{key}"), all))
        }
        _ => {}
    }
}

/// Replaces, removes or copies something somewhere in the rule.
fn mutate(rule: &mut Value, place: usize, donor: usize, action: u8, strange: Value) {
    let mut all = Vec::new();
    places(rule, "", &mut all);
    let at = all[place % all.len()].clone();
    let copied = rule.pointer(&all[donor % all.len()]).cloned().unwrap_or_default();
    let Some(target) = rule.pointer_mut(&at) else { return };
    match action {
        0 => *target = strange,
        1 => *target = copied,
        2 => drop(
            target
                .as_object_mut()
                .and_then(|fields| fields.keys().next().cloned().map(|key| fields.remove(&key))),
        ),
        3 => drop(target.as_array_mut().and_then(Vec::pop)),
        4 => target.as_array_mut().into_iter().for_each(|items| items.push(copied.clone())),
        5 => *target = json!({"not": target.take()}),
        6 => *target = json!({"all": [target.take(), strange]}),
        _ => drop(target.as_object_mut().map(|fields| fields.insert("window".to_owned(), strange))),
    }
}

fn promises(text: &str) {
    let Ok(parsed) = Rule::parse(text) else { return };
    let canonical = parsed.rule.canonical();
    let again = Rule::parse(&canonical).unwrap_or_else(|problems| panic!("{canonical}: {problems:?}"));
    assert_eq!(again, parsed, "{canonical}");
    assert_eq!(again.rule.canonical(), canonical);
    let written: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    for rule in [written, parsed.rule.to_json()] {
        let errors: Vec<String> = SCHEMA.iter_errors(&rule).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "the schema refuses what is read: {rule} {errors:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        promises(&text);
        let _ = (Rule::parse_many(&text), Mapping::parse(&text), Predicate::parse_profile(&text));
    }

    #[test]
    fn json_like_text_is_read_or_refused(pieces in prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..60)) {
        let text = pieces.concat();
        promises(&text);
        let _ = (Rule::parse_many(&text), Mapping::parse(&text), Predicate::parse_profile(&text));
    }

    #[test]
    fn json_is_what_everybody_calls_json(pieces in prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..12)) {
        let text = format!("[{}]", pieces.concat());
        let torn = Rule::parse_many(&text).iter().any(
            |rule| matches!(rule, Err(refused) if refused.problems.iter().any(|problem| problem.reason.starts_with("this is not JSON"))),
        );
        let known = serde_json::from_str::<Value>(&text);
        // Numbers beyond f64 are JSON, and are refused at their place.
        if !text.contains("1e999") {
            prop_assert_eq!(torn, known.is_err(), "{}", text);
        }
    }

    #[test]
    fn changed_examples_are_read_or_refused(
        which in any::<usize>(),
        changes in prop::collection::vec((any::<usize>(), any::<usize>(), 0..8_u8, strange()), 1..4),
    ) {
        let mut rule = EXAMPLES[which % EXAMPLES.len()].clone();
        for (place, donor, action, strange) in changes {
            mutate(&mut rule, place, donor, action, strange);
        }
        promises(&rule.to_string());
    }

    #[test]
    fn cut_examples_are_refused(which in any::<usize>(), cut in any::<usize>()) {
        let text = EXAMPLES[which % EXAMPLES.len()].to_string();
        let cut = text.char_indices().nth(cut % text.chars().count()).map_or(0, |(index, _)| index);
        prop_assert!(Rule::parse(&text[..cut]).is_err());
    }
}
