//! Bad rules, each with the places its problems must name. Where the shape alone is wrong, the schema refuses it too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a panic is the report")]

mod case;
mod conditions;
mod measures;
mod rules;
mod texts;
mod warnings;

use alcedo_model::Rule;

use case::Seen::Meaning;
use case::{Case, good};

fn cases() -> Vec<Case> {
    [
        rules::of_the_rule(),
        measures::of_measures(),
        measures::of_windows(),
        conditions::of_conditions(),
        conditions::of_distinct(),
        rules::of_the_whole(),
    ]
    .concat()
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
