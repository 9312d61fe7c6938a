//! What is wrong with a measure or its window.

use serde_json::{Value, json};

use crate::case::Seen::{Meaning, Shape};
use crate::case::{Case, measure, windowed, with};

pub(crate) fn of_measures() -> Vec<Case> {
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

pub(crate) fn of_windows() -> Vec<Case> {
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
