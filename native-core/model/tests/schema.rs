//! The schema that editors and forms use is the one of these types.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a panic is the report")]

use alcedo_model::schema;
use serde_json::Value;

mod support;

const RENEW: &str = "cargo run --release -q -p alcedo -- schema > schema/rule.schema.json";

#[test]
fn the_file_is_what_the_types_say() {
    let file = support::root().join("schema/rule.schema.json");
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let kept: Value = serde_json::from_str(&text).unwrap_or_default();
    assert!(kept == schema(), "schema/rule.schema.json is not what the types say; renew it: {RENEW}");
}

#[test]
fn it_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn every_example_fits_in_both_forms() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (name, text) in support::examples() {
        let written: Value = serde_json::from_str(&text).unwrap();
        let canonical = support::example(&name).to_json();
        for rule in [written, canonical] {
            let errors: Vec<String> = validator.iter_errors(&rule).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
        }
    }
}
