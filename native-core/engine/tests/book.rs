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

/// Rules that compile alone and not together: the one that came last is refused, and the rest runs on, also after a restart.
#[test]
fn rules_that_do_not_go_together_are_told_apart() {
    let none = Audiences::new();
    let of = |id: &str, revision: u64, when: &str| {
        let n = r#"{"count":{"event":"a"},"window":{"last":"1h"},"by":["item"],"max_keys":900}"#;
        let m = r#"{"count":{"event":"b"},"window":{"last":"1h"},"by":["item"]}"#;
        format!(r#"{{"id":"{id}","revision":{revision},"measures":{{"n":{n},"m":{m}}},"when":{when}}}"#)
    };
    let high = of("high", 1, r#"{"all":[{"ge":[{"measure":"n"},490]},{"ge":[{"measure":"m"},1]}]}"#);
    let compares = of("compares", 1, r#"{"gt":[{"measure":"n"},{"measure":"m"}]}"#);
    let mut book = Book::new();
    assert_eq!(states(&apply(&mut book, false, &[high], &none)), [("high", "live")]);
    let hash = book.hash();
    let refused = apply(&mut book, false, std::slice::from_ref(&compares), &none);
    assert_eq!(states(&refused), [("compares", "refused")]);
    assert!(!refused[0].problems.is_empty());
    assert_eq!(book.hash(), hash);
    assert_eq!(states(&apply(&mut book, false, &[rule("other", 1, "")], &none)), [("other", "live")]);
    assert_ne!(book.hash(), hash);
    let mut back = Book::decode(&book.encode()).unwrap();
    assert_eq!(states(&apply(&mut back, false, &[], &none)), []);
    assert_eq!(back.hash(), book.hash());
}

/// Two subtasks whose first sets differ number their generations apart; a state that moves between them loses nothing.
#[test]
fn generations_apart_lose_no_count() {
    let none = Audiences::new();
    let (a, b) = (rule("a", 1, ""), rule("b", 1, r#","measures":{"n":{"count":{"event":"x"}}}"#));
    let mut one = Book::new();
    apply(&mut one, true, std::slice::from_ref(&a), &none);
    apply(&mut one, true, &[a.clone(), b.clone()], &none);
    let mut two = Book::new();
    apply(&mut two, true, &[a, b], &none);
    assert_eq!(one.hash(), two.hash());
    let stored = feed(&mut engine(&two), None);
    // `feed` sees that the count went on.
    feed(&mut engine(&one), Some(&stored));
}

fn engine(book: &Book) -> alcedo_engine::Engine {
    let config = alcedo_engine::EngineConfig {
        order: alcedo_engine::Order::Arrival { lateness: 0 },
        mapping: alcedo_model::Mapping::default(),
        until: None,
        mappings: Vec::new(),
        cache_bytes: 1 << 20,
        cache_users: 10,
        dirty_users: 0,
        dedupe: 0,
    };
    alcedo_engine::Engine::new(config, book.program(), i64::MIN)
}

/// Feeds one `x` and one `a` of user u; gives what must be stored. Later outcomes stay in the engine.
fn feed(engine: &mut alcedo_engine::Engine, state: Option<&[u8]>) -> Vec<u8> {
    use alcedo_engine::{Outcome, Record, RecordKind};
    let record = |raw: &'static [u8]| Record {
        kind: RecordKind::Event,
        user: "u",
        time: 1,
        partition: 0,
        position: 0,
        raw,
    };
    let x = record(br#"{"user":"u","type":"x","time":1}"#);
    let a = record(br#"{"user":"u","type":"a","time":1}"#);
    engine.begin([x, a]).unwrap();
    let Some(Outcome::Need { token, .. }) = engine.next_outcome() else { panic!() };
    engine.supply(token, state).unwrap();
    engine.evaluate().unwrap();
    let mut stored = None;
    let mut others = Vec::new();
    while stored.is_none() {
        match engine.next_outcome().unwrap() {
            Outcome::Store { state, .. } => stored = state,
            Outcome::Match(m) if m.rule == "b" => {
                others.push(m);
                if state.is_some() {
                    break;
                }
            }
            _ => {}
        }
    }
    if state.is_some() {
        assert_eq!(others[0].evidence["n"], 2);
    }
    stored.unwrap_or_default()
}

fn with_profile(id: &str, revision: u64, tag: &str) -> String {
    rule(id, revision, &format!(r#","audience":{{"id":"both","profile":{{"exists":{{"tag":"{tag}"}}}}}}"#))
}

#[test]
fn two_rules_change_the_profile_of_their_audience_in_one_update_or_not_at_all() {
    let mut audiences = Audiences::new();
    audiences.insert("both", Arc::new(Audience::default()));
    let mut book = Book::new();
    apply(&mut book, true, &[with_profile("a", 1, "x"), with_profile("b", 1, "x")], &audiences);
    let before = book.hash();
    let alone = apply(&mut book, false, &[with_profile("a", 2, "y")], &audiences);
    assert_eq!(states(&alone), [("a", "refused")]);
    // The other's new revision is wrong, so its old profile stays, and the first is held against that.
    let broken = rule(
        "b",
        2,
        r#","audience":{"id":"both","profile":{"exists":{"tag":"y"}}},"when":{"matches":[{"prop":"p"},"("]}"#,
    );
    let half = apply(&mut book, false, &[with_profile("a", 2, "y"), broken], &audiences);
    assert_eq!(states(&half), [("a", "refused"), ("b", "refused")]);
    assert_eq!(half[0].problems[0].cure, "use one profile, or another audience id");
    assert_eq!(book.hash(), before);
    let both = apply(&mut book, false, &[with_profile("a", 2, "y"), with_profile("b", 2, "y")], &audiences);
    assert_eq!(states(&both), [("a", "live"), ("b", "live")]);
    assert_ne!(book.hash(), before);
}

#[test]
fn a_rule_above_the_jobs_limit_is_refused_and_one_that_runs_runs_on() {
    let none = Audiences::new();
    let large = |revision| {
        let more =
            r#","measures":{"n":{"sum":{"value":{"prop":"x"},"of":{"event":"a"}},"window":{"last":"1d"}}}"#;
        rule("r", revision, more)
    };
    let mut book = Book::new();
    assert_eq!(states(&apply(&mut book, true, &[large(1)], &none)), [("r", "live")]);
    book.limit_user_bytes(2000);
    let refused = apply(&mut book, false, &[large(2)], &none);
    assert_eq!(states(&refused), [("r", "refused")]);
    assert_eq!(refused[0].problems[0].path, "/measures/n");
    assert!(refused[0].problems[0].reason.contains("this job allows 2000"), "{refused:?}");
    assert_eq!(book.program().report().rules.len(), 1, "revision 1 runs on");
    assert_eq!(states(&apply(&mut book, false, &[rule("s", 1, "")], &none)), [("s", "live")]);
}

/// Change capture of an append-only table gives every revision there ever was, again and again.
#[test]
fn a_log_of_changes_ends_in_the_last_revision_that_compiles() {
    let none = Audiences::new();
    let row = |rule: &str| {
        serde_json::json!({"op": "c", "before": null, "after": {"seq": 1, "rule": rule}}).to_string()
    };
    let broken = rule("r", 3, r#","when":{"matches":[{"prop":"x"},"("]}"#);
    let log = [row(&rule("r", 2, "")), row(&broken), row(&rule("r", 1, "")), row(&rule("s", 1, ""))];
    let mut book = Book::new();
    let told = states(&apply(&mut book, true, &log, &none))
        .iter()
        .map(|(r, s)| format!("{r} {s}"))
        .collect::<Vec<_>>();
    assert_eq!(told, ["r live", "r live", "r refused", "s live"]);
    assert_eq!(book.rule("r").unwrap().revision, 2);
    let again = apply(&mut book, true, &log, &none);
    assert_eq!(states(&again), [("r", "refused")], "history is silent, what is wrong is told again");
    let gone =
        serde_json::json!({"op": "d", "before": {"rule": rule("r", 2, "")}, "after": null}).to_string();
    let more = apply(&mut book, false, &[gone], &none);
    assert_eq!(states(&more), [], "a row that is cleaned away stops nothing");
}
