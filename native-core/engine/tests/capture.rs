//! What real Debezium and real Canal told of the outbox of rules (testdata/capture), as the book takes it.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

use std::path::Path;

use alcedo_engine::{Audiences, Book, Document, RuleStatus, Update};

/// The messages of one recording, in their order. A message without a value never comes to a book.
fn recorded(name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/capture");
    let text = std::fs::read_to_string(folder.join(format!("{name}.jsonl"))).unwrap();
    text.lines().filter(|line| *line != "null").map(str::to_owned).collect()
}

fn told(statuses: &[RuleStatus]) -> Vec<(&str, u64, &str)> {
    statuses.iter().map(|s| (s.rule.as_deref().unwrap_or("?"), s.revision.unwrap_or(0), s.state)).collect()
}

/// The last told of a rule's revision.
fn state<'a>(statuses: &'a [RuleStatus], rule: &str, revision: u64) -> Option<&'a str> {
    let of = |s: &&RuleStatus| s.rule.as_deref() == Some(rule) && s.revision == Some(revision);
    statuses.iter().rev().find(of).map(|s| s.state)
}

#[test]
fn what_the_tools_told_makes_the_rules_that_were_published() {
    for name in ["debezium", "debezium-schema", "debezium-flat", "canal"] {
        let documents = recorded(name).into_iter().map(|text| Document { source: name.to_owned(), text });
        let update = Update { complete: true, documents: documents.collect() };
        let mut book = Book::new();
        let statuses = book.apply(&update, &Audiences::new(), None);
        let all = told(&statuses);
        assert!(!all.iter().any(|(rule, ..)| *rule == "?"), "{name}: every message tells of a rule: {all:?}");
        assert_eq!(state(&statuses, "cart", 2), Some("paused"), "{name}: {all:?}");
        assert_eq!(state(&statuses, "vips", 1), Some("waiting"), "{name}: its audience is not there");
        assert_eq!(state(&statuses, "last", 1), Some("live"), "{name}: the table changed before");
        // Canal has no first copy of the table: it tells what is published after it began.
        assert_eq!(state(&statuses, "first", 1), (name != "canal").then_some("live"), "{name}");
        let cart = book.rule("cart").unwrap();
        assert_eq!(
            cart.name.as_deref(),
            Some("\u{52a0}\u{8d2d}\u{672a}\u{4ed8}\u{6b3e} \"a\\b\"\n\u{1f600}"),
            "{name}"
        );
    }
}

/// The status of a row was changed by hand, its rule was not: it says so, and the rule stays as it was published.
#[test]
fn a_row_that_says_something_else_than_its_rule_is_refused() {
    for name in ["debezium", "debezium-schema", "debezium-flat", "canal"] {
        let mut book = Book::new();
        let mut refused = Vec::new();
        for text in recorded(name) {
            let documents = vec![Document { source: name.to_owned(), text }];
            let update = Update { complete: false, documents };
            let statuses = book.apply(&update, &Audiences::new(), None);
            refused.extend(statuses.into_iter().filter(|s| s.state == "refused"));
        }
        assert_eq!(told(&refused), [("gone", 2, "refused")], "{name}");
        assert_eq!(refused[0].problems[0].path, "/status");
        assert_eq!(book.rule("gone").unwrap().status.as_str(), "stopped", "{name}");
    }
}

/// Deletions and what is no row (a statement's text, a change of the table) change nothing.
#[test]
fn what_tells_of_no_row_changes_nothing() {
    let none = |text: &String| {
        let documents = vec![Document { source: String::new(), text: text.clone() }];
        Book::new().apply(&Update { complete: false, documents }, &Audiences::new(), None).is_empty()
    };
    let silent = |name: &str| recorded(name).iter().filter(|text| none(text)).count();
    assert_eq!(silent("debezium"), 1, "the deletion");
    assert_eq!(silent("debezium-schema"), 1);
    assert_eq!(silent("debezium-flat"), 0, "flattened, a deletion is a message without a value");
    assert_eq!(silent("canal"), 11, "statements, a change of the table, a deletion");
}
