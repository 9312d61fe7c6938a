//! Bad rules, each with the places its problems must name. Where the shape alone is wrong, the schema refuses it too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a panic is the report")]

use alcedo_model::{Rule, limits};
use serde_json::{Value, json};

/// A rule that is right: each case changes it in one place.
fn good() -> Value {
    json!({
        "id": "good", "revision": 1, "published_at": "2022-08-10T00:00:00+08:00",
        "measures": {
            "a": {"count": {"event": "A"}},
            "d": {"distinct": {"value": {"prop": "w"}, "of": {"event": "A"}, "up_to": 10}},
            "l": {"last_time": {"event": "A"}},
        },
        "when": {"all": [{"ge": [{"measure": "a"}, 1]}, {"ge": [{"measure": "d"}, 2]}, {"gt": [{"measure": "l"}, 5]}]},
        "trigger": {"on": {"event": "A"}},
    })
}

/// Whether the schema can see it.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Seen {
    Shape,
    Meaning,
}
use Seen::{Meaning, Shape};

/// Puts the value at the place; a place that is not there is made.
fn with(place: &str, value: Value) -> Value {
    let mut rule = good();
    let (parent, name) = place.rsplit_once('/').unwrap();
    let parent = rule.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(fields) => drop(fields.insert(name.to_owned(), value)),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{place}"),
    }
    rule
}

fn without(name: &str) -> Value {
    let mut rule = good();
    rule.as_object_mut().unwrap().remove(name);
    rule
}

fn when(predicate: Value) -> Value {
    with("/when", predicate)
}

fn measure(measure: Value) -> Value {
    with("/measures/a", measure)
}

fn windowed(window: Value) -> Value {
    measure(json!({"count": {}, "window": window}))
}

fn filtered(predicate: Value) -> Value {
    with("/trigger/on/where", predicate)
}

type Case = (Value, &'static [&'static str], Seen);

fn of_the_rule() -> Vec<Case> {
    vec![
        (json!([good()]), &[""], Shape),
        (json!("text"), &[""], Shape),
        (json!({}), &["/id", "/revision", "/when"], Shape),
        (without("id"), &["/id"], Shape),
        (without("revision"), &["/revision"], Shape),
        (with("/id", Value::Null), &["/id"], Shape),
        (with("/id", json!("")), &["/id"], Shape),
        (with("/id", json!("Big")), &["/id"], Shape),
        (with("/id", json!("x".repeat(65))), &["/id"], Shape),
        (with("/id", json!(7)), &["/id"], Shape),
        (with("/revision", json!(0)), &["/revision"], Shape),
        (with("/revision", json!(-1)), &["/revision"], Shape),
        (with("/revision", json!(1.5)), &["/revision"], Shape),
        (with("/revision", json!(u64::MAX)), &["/revision"], Shape),
        (with("/revision", json!("1")), &["/revision"], Shape),
        (with("/name", json!(5)), &["/name"], Shape),
        (with("/name", json!("x".repeat(1025))), &["/name"], Shape),
        (with("/status", json!("running")), &["/status"], Shape),
        (with("/status", json!(true)), &["/status"], Shape),
        (with("/colour", json!(1)), &["/colour"], Shape),
        (with("/time_zone", json!("Asia/Beijing")), &["/time_zone"], Meaning),
        (with("/time_zone", json!("asia/shanghai")), &["/time_zone"], Meaning),
        (with("/time_zone", json!(8)), &["/time_zone"], Shape),
        (with("/published_at", json!("2022-08-10")), &["/published_at"], Shape),
        (with("/published_at", json!(1_660_060_800_000_i64)), &["/published_at"], Shape),
        (with("/published_at", json!("2022-02-30T00:00:00Z")), &["/published_at"], Meaning),
        (with("/published_at", json!("1969-01-01T00:00:00Z")), &["/published_at"], Meaning),
        (with("/validity", json!({"to": "2022-08-10T00:00:00+08:00"})), &["/validity/to"], Meaning),
        (
            with("/validity", json!({"from": "2023-01-01T00:00:00Z", "to": "2022-12-31T00:00:00Z"})),
            &["/validity/to"],
            Meaning,
        ),
        (with("/validity", json!({"until": null})), &["/validity/until"], Shape),
        (with("/audience", json!({})), &["/audience"], Shape),
        (with("/audience", json!({"id": null})), &["/audience"], Shape),
        (with("/audience", json!({"id": "../etc"})), &["/audience/id"], Shape),
        (
            with("/audience", json!({"profile": {"eq": [{"prop": "x"}, 1]}})),
            &["/audience/profile/eq/0/prop"],
            Shape,
        ),
        (
            with("/audience", json!({"profile": {"eq": [{"tag": ""}, {"now": true}]}})),
            &["/audience/profile/eq/0/tag", "/audience/profile/eq/1/now"],
            Shape,
        ),
        (with("/limits", json!({"times": 1, "per": "day"})), &["/limits"], Shape),
        (with("/limits", json!([{"times": 0, "per": "day"}])), &["/limits/0/times"], Shape),
        (with("/limits", json!([{"times": 1, "per": "year"}])), &["/limits/0/per"], Shape),
        (with("/limits", json!([{}])), &["/limits/0/times", "/limits/0/per"], Shape),
        (with("/limits", json!(vec![json!({"times": 1, "per": "day"}); 17])), &["/limits"], Shape),
        (with("/cooldown", json!("0s")), &["/cooldown"], Shape),
        (with("/cooldown", json!("6 hours")), &["/cooldown"], Shape),
        (with("/cooldown", json!(6)), &["/cooldown"], Shape),
        (with("/cooldown", json!("40000d")), &["/cooldown"], Meaning),
        (with("/action", json!("x".repeat(limits::MAX_ACTION_BYTES))), &["/action"], Meaning),
        (with("/measures", json!([])), &["/measures"], Shape),
    ]
}

fn of_measures() -> Vec<Case> {
    let step = json!({"event": "A"});
    let sequence = |steps: Value| measure(json!({"sequence": {"steps": steps}}));
    vec![
        (with("/measures/Big", json!({"count": {}})), &["/measures/Big"], Shape),
        (measure(json!({})), &["/measures/a"], Shape),
        (measure(json!(null)), &["/measures/a"], Shape),
        (measure(json!({"window": "always"})), &["/measures/a"], Shape),
        (measure(json!({"count": null})), &["/measures/a/count"], Shape),
        (measure(json!({"count": {}, "sum": {"value": 1, "of": {}}})), &["/measures/a"], Shape),
        (measure(json!({"count": {}, "windows": "always"})), &["/measures/a/windows"], Shape),
        (measure(json!({"cnt": {}})), &["/measures/a/cnt"], Shape),
        (measure(json!({"count": "A"})), &["/measures/a/count"], Shape),
        (measure(json!({"count": {"event": []}})), &["/measures/a/count/event"], Shape),
        (measure(json!({"count": {"event": ["A", ""]}})), &["/measures/a/count/event/1"], Shape),
        (measure(json!({"count": {"event": 5}})), &["/measures/a/count/event"], Shape),
        (measure(json!({"count": {"event": vec!["A"; 65]}})), &["/measures/a/count/event"], Shape),
        (measure(json!({"count": {"where": true}})), &["/measures/a/count/where"], Shape),
        (measure(json!({"sum": {"of": {}}})), &["/measures/a/sum/value"], Shape),
        (measure(json!({"sum": {"value": {"prop": "x"}}})), &["/measures/a/sum/of"], Shape),
        (
            measure(json!({"sum": {"value": {"measure": "d"}, "of": {}}})),
            &["/measures/a/sum/value/measure"],
            Shape,
        ),
        (
            measure(json!({"top": {"value": 1, "of": {}, "k": 0, "take": "max"}})),
            &["/measures/a/top/k", "/measures/a/top/take"],
            Shape,
        ),
        (
            measure(json!({"top": {"value": 1, "of": {}}})),
            &["/measures/a/top/k", "/measures/a/top/take"],
            Shape,
        ),
        (
            measure(json!({"top": {"value": 1, "of": {}, "k": 1001, "take": "avg"}})),
            &["/measures/a/top/k"],
            Shape,
        ),
        (measure(json!({"distinct": {"value": 1, "of": {}}})), &["/measures/a/distinct/up_to"], Shape),
        (
            measure(json!({"distinct": {"value": 1, "of": {}, "up_to": 0}})),
            &["/measures/a/distinct/up_to"],
            Shape,
        ),
        (sequence(json!([step])), &["/measures/a/sequence/steps"], Shape),
        (sequence(json!(vec![step.clone(); 17])), &["/measures/a/sequence/steps"], Shape),
        (sequence(json!([{"min_gap": "1s"}, step])), &["/measures/a/sequence/steps/0/min_gap"], Meaning),
        (
            sequence(json!([{"max_gap": "1s", "without": {}}, step])),
            &["/measures/a/sequence/steps/0/max_gap", "/measures/a/sequence/steps/0/without"],
            Meaning,
        ),
        (
            sequence(json!([step, {"min_gap": "5m", "max_gap": "1m"}])),
            &["/measures/a/sequence/steps/1/min_gap"],
            Meaning,
        ),
        (sequence(json!([step, {"min_gap": 5}])), &["/measures/a/sequence/steps/1/min_gap"], Shape),
        (
            measure(
                json!({"sequence": {"steps": [step, {"min_gap": "1h"}, {"min_gap": "1h"}], "within": "119m"}}),
            ),
            &["/measures/a/sequence/within"],
            Meaning,
        ),
        (
            measure(json!({"sequence": {"steps": [step, {"min_gap": "1h"}]}, "window": {"last": "1h"}})),
            &["/measures/a/sequence"],
            Meaning,
        ),
        (
            measure(json!({"sequence": {"steps": [step, step], "within": "0ms", "strict": 1}})),
            &["/measures/a/sequence/within", "/measures/a/sequence/strict"],
            Shape,
        ),
        (measure(json!({"pairs": {"from": {}}})), &["/measures/a/pairs/to"], Shape),
        (
            measure(json!({"pairs": {"from": {}, "to": {}, "min_gap": "2s", "max_gap": "1s"}})),
            &["/measures/a/pairs/min_gap"],
            Meaning,
        ),
        (
            measure(json!({"pairs": {"from": {}, "to": {}, "min_gap": "2s"}, "window": {"last": "2s"}})),
            &["/measures/a/pairs"],
            Meaning,
        ),
        (measure(json!({"absence": {"after": {}, "no": {}}})), &["/measures/a/absence/within"], Shape),
        (
            measure(json!({"absence": {"after": {}, "no": {}, "within": "0m"}})),
            &["/measures/a/absence/within"],
            Shape,
        ),
        (
            measure(json!({"absence": {"after": {}, "no": {}, "within": "5m"}, "window": {"session": "1h"}})),
            &["/measures/a/window"],
            Meaning,
        ),
        (measure(json!({"count": {}, "by": "item"})), &["/measures/a/by"], Shape),
        (measure(json!({"count": {}, "by": ["item", "item"]})), &["/measures/a/by/1"], Shape),
        (
            measure(json!({"count": {}, "by": ["a..b", ["x", ""], []]})),
            &["/measures/a/by/0", "/measures/a/by/1", "/measures/a/by/2"],
            Shape,
        ),
        (
            measure(
                json!({"count": {}, "max_keys": 0, "max_open": -1, "max_partials": 1e3, "exact_events": 10_001}),
            ),
            &[
                "/measures/a/max_keys",
                "/measures/a/max_open",
                "/measures/a/max_partials",
                "/measures/a/exact_events",
            ],
            Shape,
        ),
    ]
}

fn of_windows() -> Vec<Case> {
    vec![
        (windowed(json!("forever")), &["/measures/a/window"], Shape),
        (windowed(json!("last")), &["/measures/a/window"], Shape),
        (windowed(json!(5)), &["/measures/a/window"], Shape),
        (windowed(json!({})), &["/measures/a/window"], Shape),
        (windowed(json!({"last": "5m", "session": "1m"})), &["/measures/a/window"], Shape),
        (windowed(json!({"last": "0s"})), &["/measures/a/window/last"], Shape),
        (windowed(json!({"last": null})), &["/measures/a/window/last"], Shape),
        (windowed(json!({"calendar": "life"})), &["/measures/a/window/calendar"], Shape),
        (windowed(json!({"calendar": "year"})), &["/measures/a/window/calendar"], Shape),
        (windowed(json!({"between": {}})), &["/measures/a/window/between"], Shape),
        (windowed(json!({"between": {"from": null, "to": null}})), &["/measures/a/window/between"], Shape),
        (
            windowed(json!({"between": {"from": "2022-08-07T00:00:00Z", "to": "2022-08-07T08:00:00+08:00"}})),
            &["/measures/a/window/between"],
            Meaning,
        ),
        (windowed(json!({"between": {"from": "yesterday"}})), &["/measures/a/window/between/from"], Shape),
    ]
}

fn of_conditions() -> Vec<Case> {
    vec![
        (when(json!(true)), &["/when"], Shape),
        (when(json!("a")), &["/when"], Shape),
        (when(json!([])), &["/when"], Shape),
        (when(json!({})), &["/when"], Shape),
        (when(json!({"all": []})), &["/when/all"], Shape),
        (when(json!({"any": {}})), &["/when/any"], Shape),
        (when(json!({"all": [null, 5]})), &["/when/all/0", "/when/all/1"], Shape),
        (when(json!({"not": null})), &["/when/not"], Shape),
        (when(json!({"eq": [1, 2], "ne": [1, 2]})), &["/when"], Shape),
        (when(json!({"equals": [1, 2]})), &["/when/equals"], Shape),
        (when(json!({"eq": [{"measure": "a"}]})), &["/when/eq"], Shape),
        (when(json!({"eq": [{"measure": "a"}, 1, 2]})), &["/when/eq"], Shape),
        (when(json!({"eq": {"measure": "a"}})), &["/when/eq"], Shape),
        (when(json!({"eq": [{"measure": "a"}, null]})), &["/when/eq/1"], Shape),
        (
            when(json!({"eq": [{"measure": "b"}, {"measure": "c"}]})),
            &["/when/eq/0/measure", "/when/eq/1/measure"],
            Meaning,
        ),
        (when(json!({"eq": [{"tag": "x"}, 1]})), &["/when/eq/0/tag"], Shape),
        (when(json!({"eq": [{"now": false}, 1]})), &["/when/eq/0/now"], Shape),
        (when(json!({"eq": [{"add": [{"measure": "a"}]}, 1]})), &["/when/eq/0/add"], Shape),
        (when(json!({"eq": [{"add": [{"measure": "a"}, {"pow": 2}]}, 1]})), &["/when/eq/0/add/1/pow"], Shape),
        (
            when(json!({"eq": [{"measure": "a"}, [1, [2], {}, null]]})),
            &["/when/eq/1/1", "/when/eq/1/2", "/when/eq/1/3"],
            Shape,
        ),
        (when(json!({"gt": [{"measure": "l"}, {"time": "noon"}]})), &["/when/gt/1/time"], Shape),
        (when(json!({"gt": [{"measure": "l"}, {"duration": "1y"}]})), &["/when/gt/1/duration"], Shape),
        (when(json!({"in": [{"measure": "a"}, 5]})), &["/when/in/1"], Shape),
        (when(json!({"in": [[1], [1, 2]]})), &["/when/in/0"], Shape),
        (filtered(json!({"in": [{"prop": "x"}, {"add": [1, 2]}]})), &["/trigger/on/where/in/1"], Meaning),
        (
            filtered(json!({"matches": [{"prop": "x"}, {"prop": "y"}]})),
            &["/trigger/on/where/matches/1"],
            Shape,
        ),
        (
            filtered(json!({"matches": [{"prop": "x"}, "y".repeat(1025)]})),
            &["/trigger/on/where/matches/1"],
            Shape,
        ),
        (
            filtered(json!({"all": [{"exists": {"prop": "x"}}, {"matches": [{"prop": "x"}, 5]}]})),
            &["/trigger/on/where/all/1/matches/1"],
            Shape,
        ),
        (
            filtered(json!({"eq": [{"prop": ""}, {"prop": 5}]})),
            &["/trigger/on/where/eq/0/prop", "/trigger/on/where/eq/1/prop"],
            Shape,
        ),
        (
            filtered(json!({"eq": [{"prop": vec!["x"; 17]}, {"duration": "5m"}]})),
            &["/trigger/on/where/eq/0/prop", "/trigger/on/where/eq/1/duration"],
            Shape,
        ),
        (filtered(json!({"eq": [{"prop": "x"}, "y".repeat(4097)]})), &["/trigger/on/where/eq/1"], Shape),
        (filtered(json!({"in": [{"prop": "x"}, vec![1; 10_001]]})), &["/trigger/on/where/in/1"], Shape),
        (
            filtered(json!({"any": vec![json!({"exists": {"prop": "x"}}); 1001]})),
            &["/trigger/on/where/any/999"],
            Meaning,
        ),
        (with("/trigger", json!({})), &["/trigger"], Shape),
        (with("/trigger", json!("A")), &["/trigger"], Shape),
        (with("/trigger", json!({"on": {}, "rise": "a"})), &["/trigger"], Shape),
        (with("/trigger", json!({"rise": "b"})), &["/trigger/rise"], Meaning),
        (with("/trigger", json!({"rise": "l"})), &["/trigger/rise"], Meaning),
    ]
}

/// Distinct counts up to 10.
fn of_distinct() -> Vec<Case> {
    let d = || json!({"measure": "d"});
    vec![
        (when(json!({"ge": [d(), 11]})), &["/when/ge"], Meaning),
        (when(json!({"gt": [d(), 10]})), &["/when/gt"], Meaning),
        (when(json!({"eq": [d(), 10]})), &["/when/eq"], Meaning),
        (when(json!({"lt": [10, d()]})), &["/when/lt"], Meaning),
        (when(json!({"in": [d(), [1, 10.0]]})), &["/when/in"], Meaning),
        (when(json!({"ge": [d(), {"measure": "a"}]})), &["/when/ge"], Meaning),
        (when(json!({"ge": [{"add": [d(), 1]}, 3]})), &["/when/ge/0/add/0/measure"], Meaning),
    ]
}

/// What only the whole rule shows.
fn of_the_whole() -> Vec<Case> {
    let bare = |fields: Value| {
        let mut rule = json!({"id": "whole", "revision": 1});
        rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        rule
    };
    let counts = |window: Value| json!({"a": {"count": {}, "window": window}});
    let reached = json!({"ge": [{"measure": "a"}, 1]});
    vec![
        (bare(json!({"when": null, "trigger": null})), &["/when"], Shape),
        (bare(json!({"when": {"gt": [{"now": true}, 5]}})), &["/when"], Meaning),
        (bare(json!({"when": {"eq": [{"prop": "x"}, 5]}})), &["/when/eq/0/prop", "/when"], Meaning),
        (
            bare(
                json!({"measures": counts(json!("always")), "when": {"all": [reached, {"eq": [{"prop": "x"}, 5]}]},
            "trigger": {"rise": "a"}}),
            ),
            &["/when/all/1/eq/0/prop"],
            Meaning,
        ),
        (
            bare(json!({"measures": counts(json!({"before_publish": "1d"})), "when": reached})),
            &["/measures/a/window"],
            Meaning,
        ),
        (
            bare(json!({"measures": counts(json!("since_publish")), "when": reached})),
            &["/measures/a/window"],
            Meaning,
        ),
        (
            bare(json!({"measures": counts(json!({"across_publish": "1d"})), "when": reached})),
            &["/measures/a/window"],
            Meaning,
        ),
        (
            bare(
                json!({"published_at": "2022-08-10T00:00:00Z", "measures": counts(json!({"before_publish": "1d"})), "when": reached}),
            ),
            &["/when"],
            Meaning,
        ),
        (
            bare(json!({"published_at": "2022-08-10T00:00:00Z", "when": reached,
            "measures": counts(json!({"between": {"to": "2022-08-10T00:00:00Z"}}))})),
            &["/when"],
            Meaning,
        ),
        (
            bare(
                json!({"when": reached, "measures": {"a": {"count": {}, "by": ["x"]}, "b": {"count": {}, "by": ["x", "y"]}}}),
            ),
            &["/measures/b/by"],
            Meaning,
        ),
        (
            bare(
                json!({"published_at": 5, "when": {"ge": [{"measure": "a"}, null]}, "trigger": {"off": 1}, "cooldown": "x",
            "measures": {"a": {"count": {}, "window": "since_publish"}, "b": {"sum": {}}}}),
            ),
            &[
                "/published_at",
                "/measures/b/sum/value",
                "/measures/b/sum/of",
                "/trigger/off",
                "/when/ge/1",
                "/cooldown",
            ],
            Shape,
        ),
    ]
}

fn cases() -> Vec<Case> {
    [of_the_rule(), of_measures(), of_windows(), of_conditions(), of_distinct(), of_the_whole()].concat()
}

#[test]
fn the_model_of_all_cases_is_right() {
    assert!(Rule::parse(&good().to_string()).is_ok());
}

#[test]
fn every_bad_rule_is_refused_at_its_place() {
    let mut count = 0;
    for (rule, paths, _) in cases() {
        let text = rule.to_string();
        let shown: String = text.chars().take(600).collect();
        let problems = Rule::parse(&text).expect_err(&shown);
        let found: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(found, paths, "{shown}\n{problems:#?}");
        assert!(
            problems.iter().all(|problem| !problem.reason.is_empty() && !problem.cure.is_empty()),
            "{problems:?}"
        );
        count += 1;
    }
    assert!(count >= 80, "{count}");
}

#[test]
fn the_schema_refuses_every_bad_shape() {
    let schema = jsonschema::validator_for(&alcedo_model::schema()).unwrap();
    for (rule, paths, seen) in cases() {
        let shown: String = rule.to_string().chars().take(600).collect();
        assert_eq!(schema.is_valid(&rule), seen == Meaning, "{paths:?} {shown}");
    }
}

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
fn what_is_suspicious_is_a_warning() {
    let warned = |fields: Value| -> Vec<String> {
        let mut rule = json!({"id": "warned", "revision": 1, "published_at": "2022-08-10T00:00:00Z"});
        rule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let parsed = Rule::parse(&rule.to_string()).unwrap();
        parsed.warnings.into_iter().map(|warning| warning.path).collect()
    };
    let sliding = json!({"a": {"count": {}, "window": {"last": "1h"}}});
    let last = json!({"l": {"last_time": {"event": "A"}}});
    let long_ago = json!({"gt": [{"sub": [{"now": true}, {"measure": "l"}]}, {"duration": "30d"}]});
    let app_open = json!({"on": {"event": "app_open"}});
    let many = json!({"ge": [{"measure": "a"}, 3]});
    for (fields, paths) in [
        (json!({"measures": sliding, "when": many}), &["/when"] as &[&str]),
        (json!({"measures": sliding, "when": many, "cooldown": "1h"}), &[]),
        (json!({"measures": sliding, "when": many, "limits": [{"times": 1, "per": "day"}]}), &[]),
        (json!({"measures": sliding, "when": many, "trigger": app_open}), &[]),
        (json!({"measures": last, "when": long_ago}), &["/when"]),
        (json!({"measures": last, "when": {"not": {"le": long_ago["gt"]}}}), &["/when"]),
        (json!({"measures": last, "when": long_ago, "trigger": app_open}), &[]),
        (
            json!({"measures": {"l": last["l"], "b": {"count": {}}}, "when": {"all": [long_ago, {"ge": [{"measure": "b"}, 1]}]}}),
            &[],
        ),
        (json!({"measures": sliding, "when": {"eq": [{"measure": "a"}, 0]}, "cooldown": "1h"}), &["/when"]),
        (json!({"measures": sliding, "trigger": app_open}), &["/measures/a"]),
        (
            json!({"measures": {"h": {"count": {}, "window": {"before_publish": "1d"}}}, "trigger": {"rise": "h"}}),
            &["/trigger/rise"],
        ),
        (
            json!({"measures": {"h": {"count": {}, "max_keys": 5, "max_open": 5, "max_partials": 5, "exact_events": 5}}, "trigger": {"rise": "h"}}),
            &[
                "/measures/h/max_keys",
                "/measures/h/max_open",
                "/measures/h/max_partials",
                "/measures/h/exact_events",
            ],
        ),
        (
            json!({"measures": {"h": {"absence": {"after": {}, "no": {}, "within": "2d"}, "window": {"before_publish": "2d"}}},
            "when": {"ge": [{"measure": "h"}, 1]}, "trigger": app_open}),
            &["/measures/h/window"],
        ),
        (json!({"when": {"eq": [1, {"add": [1, 2]}]}, "trigger": app_open}), &["/when/eq"]),
        (json!({"when": {"in": [{"prop": "x"}, []]}, "trigger": app_open}), &["/when/in"]),
    ] {
        assert_eq!(warned(fields.clone()), paths, "{fields}");
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
