//! Every example of the language's documentation reads, and its canonical form reads to the same rule.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a panic is the report")]

use alcedo_model::{Mapping, MeasureKind, Operand, Path, Predicate, Rule, TimeUnit, Trigger, Window};

mod support;

#[test]
fn every_example_reads_and_comes_back() {
    let mut seen = 0;
    for (name, text) in support::examples() {
        let parsed = Rule::parse(&text).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
        assert_eq!(parsed.warnings, [], "{name}");
        let canonical = parsed.rule.canonical();
        assert_eq!(Rule::parse(&canonical).unwrap().rule, parsed.rule, "{name}");
        assert_eq!(Rule::parse(&canonical).unwrap().rule.canonical(), canonical, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 11);
}

#[test]
fn the_types_hold_what_the_text_says() {
    let rule = support::example("t3-lapsed");
    let MeasureKind::Distinct { value, of, up_to } = &rule.measures["words"].kind else { panic!() };
    assert_eq!(*value, Operand::Prop(Path(vec!["q.text".to_owned(), "word".to_owned()])));
    assert_eq!((of.event.as_ref(), *up_to), (None, 100));
    let MeasureKind::LastTime(bought) = &rule.measures["bought"].kind else { panic!() };
    assert_eq!(bought.event, Some(vec!["order".to_owned(), "pay".to_owned()]), "sorted");
    assert_eq!(rule.validity.from, rule.published_at, "filled in");
    assert_eq!(rule.validity.to.unwrap().ms, 1_672_502_399_500);
    assert_eq!(rule.measures["bought"].window, Window::Always);
    assert!(matches!(rule.trigger, Some(Trigger::On(_))));
    assert!(matches!(rule.when, Some(Predicate::All(parts)) if parts.len() == 5));
}

#[test]
fn the_canonical_form_leaves_defaults_out() {
    let text = r#"{"when": null, "id": "a", "revision": 7, "status": "live", "time_zone": "UTC", "limits": [],
        "measures": {}, "validity": {"from": null}, "cooldown": "3600s", "action": {"b": [1.0, 18446744073709551615], "a": null},
        "trigger": {"on": {"event": ["y", "x", "y"], "where": null}}}"#;
    let rule = Rule::parse(text).unwrap().rule;
    assert_eq!(
        rule.canonical(),
        r#"{"action":{"a":null,"b":[1.0,18446744073709551615]},"cooldown":"1h","id":"a","revision":7,"trigger":{"on":{"event":["x","y"]}}}"#
    );
}

#[test]
fn numbers_keep_their_kind() {
    let when = r#"[1, 1.0, -0, 9223372036854775808, 1e2]"#;
    let text = format!(
        r#"{{"id": "n", "revision": 1, "trigger": {{"on": {{"where": {{"in": [{{"prop": "x"}}, {when}]}}}}}}}}"#
    );
    let canonical = Rule::parse(&text).unwrap().rule.canonical();
    assert!(canonical.contains("[1,1.0,0,9.223372036854776e+18,100.0]"), "{canonical}");
}

#[test]
fn a_list_of_rules_is_read_one_by_one() {
    let good = r#"{"id": "a", "revision": 1, "trigger": {"on": {}}}"#;
    let bad = r#"{"id": "b", "revision": 2, "trigger": {}}"#;
    let all = Rule::parse_many(&format!("[{good}, {bad}, 5]"));
    assert_eq!(all[0].as_ref().unwrap().rule.id, "a");
    let refused = all[1].as_ref().unwrap_err();
    assert_eq!((refused.id.as_deref(), refused.revision), (Some("b"), Some(2)));
    assert_eq!(refused.problems[0].path, "/trigger");
    assert_eq!(all[2].as_ref().unwrap_err().id, None);
    assert_eq!(Rule::parse_many(good).len(), 1);
    assert_eq!(Rule::parse_many(" [ ] "), []);
    let torn = Rule::parse_many(&format!("[{good}, "));
    assert_eq!(torn.len(), 1, "what is not JSON gives one refusal");
    assert!(torn[0].as_ref().unwrap_err().problems[0].reason.starts_with("this is not JSON: at line 1"));
}

#[test]
fn a_mapping_reads_and_comes_back() {
    assert_eq!(Mapping::parse("{}").unwrap(), Mapping::default());
    let usual =
        r#"{"user": "user", "type": "type", "time": "time", "id": "id", "props": null, "time_unit": "ms"}"#;
    assert_eq!(Mapping::parse(usual).unwrap(), Mapping::default());
    let text = r#"{"user": "who.id", "props": "data", "time_unit": "rfc3339", "type": ["a.b", "c"]}"#;
    let mapping = Mapping::parse(text).unwrap();
    assert_eq!(mapping.time_unit, TimeUnit::Rfc3339);
    assert_eq!(mapping.user, Path(vec!["who".to_owned(), "id".to_owned()]));
    assert_eq!(Mapping::parse(&mapping.to_json().to_string()).unwrap(), mapping);
    let problems = Mapping::parse(r#"{"usr": "u", "time": 5, "time_unit": "min"}"#).unwrap_err();
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["/usr", "/time", "/time_unit"]);
}

#[test]
fn rules_and_mappings_embed_in_other_types() {
    let rule = support::example("r2-winback");
    let text = serde_json::to_string(&vec![&rule]).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Rule>>(&text).unwrap(), [rule]);
    let error =
        serde_json::from_str::<Rule>(r#"{"id": "x", "revision": 0, "when": true}"#).unwrap_err().to_string();
    assert!(error.contains("/revision: ") && error.contains("; /when: "), "{error}");
    let mapping: Mapping = serde_json::from_str(r#"{"user": "uid"}"#).unwrap();
    assert_eq!(serde_json::to_string(&mapping).unwrap(), r#"{"user":"uid"}"#);
}
