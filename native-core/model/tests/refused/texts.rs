//! What only a text can be wrong in, and how much is told of it.

use alcedo_model::{Rule, limits};
use serde_json::{Value, json};

use crate::case::{when, with};

/// What only a text can hold.
#[test]
fn every_bad_text_is_refused() {
    let deep = format!(
        r#"{{"id":"x","revision":1,"trigger":{{"on":{{}}}},"action":{}1{}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    let nots = format!(
        r#"{{"id":"x","revision":1,"trigger":{{"on":{{"where":{}{{"exists":{{"prop":"x"}}}}{}}}}}}}"#,
        r#"{"not":"#.repeat(31),
        "}".repeat(31)
    );
    let nots_at = format!("/trigger/on/where{}", "/not".repeat(31));
    let nots_at = format!("{nots_at}/exists");
    let wide = format!(r#"{{"id":"x","revision":1,"name":"{}"}}"#, "x".repeat(limits::MAX_RULE_BYTES));
    let trigger = r#""trigger": {"on": {}}"#;
    for (text, paths) in [
        ("", &[""] as &[&str]),
        ("{", &[""]),
        ("{}}", &[""]),
        ("{'id': 1}", &[""]),
        (r#"{"id": "a",}"#, &[""]),
        (r#"{"id": "\ud800"}"#, &[""]),
        (r#"{"id": "\x"}"#, &[""]),
        ("{\"id\": \"a\nb\"}", &[""]),
        (r#"{"revision": 01}"#, &[""]),
        (r#"{"revision": NaN}"#, &[""]),
        (&format!(r#"{{"id": "x", "revision": 1, "id": "y", {trigger}}}"#), &["/id"]),
        (
            r#"{"id": "x", "revision": 1, "trigger": {"on": {"event": "a", "event": "a"}}}"#,
            &["/trigger/on/event"],
        ),
        (
            r#"{"id": "x", "revision": 1, "trigger": {"on": {}, "on": {}}, "action": {"a": {"b": 1, "b": 2}}}"#,
            &["/trigger/on", "/action/a/b"],
        ),
        (&format!(r#"{{"id": "x", "revision": 1e0, {trigger}}}"#), &["/revision"]),
        (
            r#"{"id": "x", "revision": 1, "trigger": {"on": {"where": {"eq": [{"prop": "a"}, 1e999]}}}}"#,
            &["/trigger/on/where/eq/1"],
        ),
        (
            &format!(r#"{{"id": "x", "revision": 1, {trigger}, "action": [18446744073709551616, -1e999]}}"#),
            &["/action/0", "/action/1"],
        ),
        (
            &deep,
            &[
                "/action/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0",
                "/action/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0",
            ],
        ),
        (&nots, &[&nots_at]),
        (&wide, &[""]),
    ] {
        let shown: String = text.chars().take(200).collect();
        let problems = Rule::parse(text).expect_err(&shown);
        let found: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(found, paths, "{shown} {problems:?}");
    }
}

#[test]
fn a_flood_of_problems_is_cut() {
    let limits: Vec<Value> = (0..16).map(|_| json!({"times": 0, "per": 1})).collect();
    let parts: Vec<Value> = (0..200).map(|_| json!({"eq": [1]})).collect();
    let rule = json!({"id": "x", "revision": 1, "limits": limits, "when": {"all": parts}});
    let problems = Rule::parse(&rule.to_string()).unwrap_err();
    assert_eq!(problems.len(), limits::MAX_PROBLEMS + 1);
    assert_eq!(problems.last().unwrap().reason, "132 more problems are not shown");
}

#[test]
fn a_cure_names_what_was_meant() {
    for (rule, cure) in [
        (with("/cool_down", json!("1h")), "write cooldown, or leave it out"),
        (with("/status", json!("Live")), "write live; known: draft, warming, live, paused, stopped"),
        (
            when(json!({"starts": [1, 2]})),
            "leave it out; known here: eq, ne, gt, ge, lt, le, contains, starts_with, ends_with, in, matches, exists, all, any, not",
        ),
        (with("/trigger", json!({"rise": "aa"})), "write a, or declare it under measures"),
        (with("/time_zone", json!("utc")), "write UTC"),
    ] {
        assert_eq!(Rule::parse(&rule.to_string()).unwrap_err()[0].cure, cure);
    }
}

#[test]
fn what_grows_beyond_the_limit_when_written_back_is_refused() {
    let list = format!("[{}]", vec!["1e9"; 10_000].join(","));
    let parts = vec![format!(r#"{{"in": [{{"prop": "x"}}, {list}]}}"#); 6].join(",");
    let text =
        format!(r#"{{"id": "x", "revision": 1, "trigger": {{"on": {{"where": {{"any": [{parts}]}}}}}}}}"#);
    assert!(text.len() < limits::MAX_RULE_BYTES);
    let problems = Rule::parse(&text).unwrap_err();
    assert!(problems[0].reason.starts_with("the canonical form of "), "{problems:?}");
}

#[test]
fn a_list_of_too_many_rules_is_refused_whole() {
    let text = format!("[{}]", vec!["0"; limits::MAX_RULES + 1].join(","));
    let all = Rule::parse_many(&text);
    assert_eq!(all.len(), 1);
    assert!(all[0].as_ref().unwrap_err().problems[0].reason.contains("more rules than the limit of 10000"));
}
