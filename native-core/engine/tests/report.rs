//! The compile report says what a measure lets go of, for each bound that a rule may set.

#![allow(clippy::unwrap_used)] // a test reports by panicking

use alcedo_engine::{Audiences, Program};
use alcedo_model::Rule;

fn approximate(measure: &str) -> Option<String> {
    let text = format!(r#"{{"id":"r","revision":1,"measures":{{"m":{measure}}},"trigger":{{"rise":"m"}}}}"#);
    let rule = Rule::parse(&text).unwrap().rule;
    let report = Program::compile(&[rule], &Audiences::new()).unwrap().report();
    report.rules[0].measures[0].approximate.clone()
}

#[test]
fn what_is_exact_says_nothing() {
    assert_eq!(approximate(r#"{"count":{"event":"a"}}"#), None);
}

#[test]
fn each_bound_is_told() {
    let keys = "at most 7 values of `by` are kept; beyond that the one longest without an event is dropped";
    let open = "at most 5 are open; beyond that the oldest is dropped";
    assert_eq!(approximate(r#"{"count":{"event":"a"},"by":["item"],"max_keys":7}"#).unwrap(), keys);
    let absence = r#"{"absence":{"after":{"event":"a"},"no":{"event":"b"},"within":"1h"},"max_open":5"#;
    assert_eq!(approximate(&format!("{absence}}}")).unwrap(), open);
    let both = approximate(&format!(r#"{absence},"by":["item"],"max_keys":7}}"#)).unwrap();
    assert_eq!(both, format!("{keys}; {open}"));
}
