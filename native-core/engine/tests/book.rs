//! Rules arrive in any order, wrong, twice, or not at all: the book ends in the same rules and says what became of each.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

use std::sync::Arc;

use alcedo_engine::{Audience, Audiences, Book, Document, RuleStatus, Update};
use proptest::prelude::*;

fn document(text: &str) -> Document {
    Document { source: "file.json".to_owned(), text: text.to_owned() }
}

fn rule(id: &str, revision: u64, more: &str) -> String {
    format!(r#"{{"id":"{id}","revision":{revision},"trigger":{{"on":{{"event":"a"}}}}{more}}}"#)
}

fn apply(book: &mut Book, complete: bool, texts: &[String], audiences: &Audiences) -> Vec<RuleStatus> {
    let documents = texts.iter().map(|t| document(t)).collect();
    book.apply(&Update { complete, documents }, audiences, Some(5))
}

fn states(statuses: &[RuleStatus]) -> Vec<(&str, &str)> {
    statuses.iter().map(|s| (s.rule.as_deref().unwrap_or("?"), s.state)).collect()
}

proptest! {
    #[test]
    fn the_highest_revision_wins_in_any_order(order in Just((1..=6u64).collect::<Vec<_>>()).prop_shuffle(), cut in 0usize..6) {
        let none = Audiences::new();
        let mut book = Book::new();
        for revision in &order[..cut] {
            apply(&mut book, false, &[rule("r", *revision, "")], &none);
        }
        book = Book::decode(&book.encode()).unwrap();
        for revision in &order[cut..] {
            apply(&mut book, false, &[rule("r", *revision, "")], &none);
        }
        let mut last = Book::new();
        apply(&mut last, false, &[rule("r", 6, "")], &none);
        prop_assert_eq!(book.hash(), last.hash());
    }
}

#[test]
fn what_is_wrong_changes_nothing_and_says_so() {
    let none = Audiences::new();
    let mut book = Book::new();
    assert_eq!(states(&apply(&mut book, true, &[rule("r", 2, "")], &none)), [("r", "live")]);
    let hash = book.hash();
    let refused = apply(&mut book, false, &[rule("r", 3, r#","limits":[{"times":0,"per":"day"}]"#)], &none);
    assert_eq!(states(&refused), [("r", "refused")]);
    assert_eq!(refused[0].problems[0].path, "/limits/0/times");
    let other = apply(&mut book, false, &[rule("r", 2, r#","cooldown":"1h""#)], &none);
    assert_eq!(states(&other), [("r", "refused")]);
    assert_eq!(other[0].problems[0].path, "/revision");
    assert_eq!(states(&apply(&mut book, false, &[rule("r", 1, "")], &none)), [("r", "ignored")]);
    assert_eq!(states(&apply(&mut book, false, &["{".to_owned()], &none)), [("?", "refused")]);
    let regex = rule("r", 3, r#","when":{"matches":[{"prop":"x"},"("]}"#);
    assert_eq!(apply(&mut book, false, &[regex], &none)[0].problems[0].path, "/when/matches/1");
    assert_eq!(book.hash(), hash);
    assert_eq!(states(&apply(&mut book, false, &[rule("r", 2, "")], &none)), []);
}

#[test]
fn a_complete_set_stops_what_it_lacks_unless_it_cannot_be_read() {
    let none = Audiences::new();
    let mut book = Book::new();
    apply(&mut book, true, &[rule("a", 1, ""), rule("b", 1, "")], &none);
    let both = book.hash();
    assert_eq!(
        states(&apply(&mut book, true, &[rule("a", 1, ""), "{".to_owned()], &none)),
        [("?", "refused")]
    );
    assert_eq!(book.hash(), both);
    // A rule that is there but wrong is not lacking.
    assert_eq!(
        states(&apply(&mut book, true, &[rule("a", 1, ""), rule("b", 2, ",\"x\":1")], &none)),
        [("b", "refused")]
    );
    assert_eq!(book.hash(), both);
    assert_eq!(states(&apply(&mut book, true, &[rule("a", 1, "")], &none)), [("b", "stopped")]);
    assert_ne!(book.hash(), both);
    assert_eq!(
        states(&apply(&mut book, true, &[rule("a", 1, ""), rule("b", 1, "")], &none)),
        [("b", "live")]
    );
    assert_eq!(book.hash(), both);
}

#[test]
fn a_rule_waits_for_its_audience_while_the_old_one_judges() {
    let mut audiences = Audiences::new();
    let mut book = Book::new();
    apply(&mut book, true, &[rule("r", 1, "")], &audiences);
    let first = book.hash();
    let wants = rule("r", 2, r#","audience":{"id":"vip"}"#);
    assert_eq!(
        states(&apply(&mut book, false, std::slice::from_ref(&wants), &audiences)),
        [("r", "waiting")]
    );
    assert_eq!((book.hash(), book.audiences()), (first.clone(), vec!["vip".to_owned()]));
    let mut book = Book::decode(&book.encode()).unwrap();
    assert_eq!(states(&apply(&mut book, false, &[], &audiences)), []);
    assert_eq!(book.hash(), first);
    audiences.insert("vip", Arc::new(Audience::from_users(["u1"])));
    assert_eq!(states(&apply(&mut book, false, &[], &audiences)), [("r", "live")]);
    assert_ne!(book.hash(), first);
    assert_eq!(states(&apply(&mut book, false, &[wants], &audiences)), []);
}

#[test]
fn one_audience_id_has_one_profile() {
    let mut audiences = Audiences::new();
    audiences.insert("c", Arc::new(Audience::default()));
    let profile =
        |level: &str| format!(r#","audience":{{"id":"c","profile":{{"eq":[{{"tag":"level"}},"{level}"]}}}}"#);
    let mut book = Book::new();
    apply(&mut book, true, &[rule("a", 1, &profile("C"))], &audiences);
    assert_eq!(states(&apply(&mut book, false, &[rule("b", 1, &profile("C"))], &audiences)), [("b", "live")]);
    let refused = apply(&mut book, false, &[rule("d", 1, &profile("D"))], &audiences);
    assert_eq!(states(&refused), [("d", "refused")]);
    assert_eq!(refused[0].problems[0].path, "/audience/profile");
}

/// A rule is held against those that run beside it, not against those that the same set drops; and one that comes back
/// is held against those that came meanwhile.
#[test]
fn rules_that_come_and_go_are_held_against_their_neighbours() {
    let mut audiences = Audiences::new();
    audiences.insert("c", Arc::new(Audience::default()));
    let profile =
        |level: &str| format!(r#","audience":{{"id":"c","profile":{{"eq":[{{"tag":"level"}},"{level}"]}}}}"#);
    let (a, b) = (rule("a", 1, &profile("C")), rule("b", 1, &profile("D")));
    let mut book = Book::new();
    apply(&mut book, true, std::slice::from_ref(&a), &audiences);
    assert_eq!(
        states(&apply(&mut book, true, std::slice::from_ref(&b), &audiences)),
        [("a", "stopped"), ("b", "live")]
    );
    let hash = book.hash();
    assert_eq!(states(&apply(&mut book, true, &[a.clone(), b.clone()], &audiences)), [("a", "refused")]);
    assert_eq!(book.hash(), hash);
    let all = [a, b, rule("d", 1, "")];
    assert_eq!(states(&apply(&mut book, true, &all, &audiences)), [("a", "refused"), ("d", "live")]);
    assert_ne!(book.hash(), hash);
}

/// A rule that comes back waits for an audience that has gone meanwhile; the others do not.
#[test]
fn a_rule_that_comes_back_may_wait() {
    let mut audiences = Audiences::new();
    audiences.insert("vip", Arc::new(Audience::default()));
    let wants = rule("r", 1, r#","audience":{"id":"vip"}"#);
    let mut book = Book::new();
    apply(&mut book, true, std::slice::from_ref(&wants), &audiences);
    apply(&mut book, true, &[], &audiences);
    let mut book = Book::decode(&book.encode()).unwrap();
    let none = Audiences::new();
    assert_eq!(
        states(&apply(&mut book, true, &[wants, rule("s", 1, "")], &none)),
        [("r", "waiting"), ("s", "live")]
    );
    assert_eq!(states(&apply(&mut book, false, &[], &audiences)), [("r", "live")]);
}
