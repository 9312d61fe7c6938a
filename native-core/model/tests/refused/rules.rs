//! What is wrong with the fields of a rule, or between them.

use alcedo_model::limits;
use serde_json::{Value, json};

use crate::case::Seen::{Meaning, Shape};
use crate::case::{Case, good, with, without};

pub(crate) fn of_the_rule() -> Vec<Case> {
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

/// What only the whole rule shows.
pub(crate) fn of_the_whole() -> Vec<Case> {
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
