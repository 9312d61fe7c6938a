//! What is legal and probably not meant.

use alcedo_model::Rule;
use serde_json::{Value, json};

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
