//! Rules edited while the stream runs mean the same however much is cached, and however often time passes.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

mod host;

use alcedo_engine::{Document, EndOfInput, Order, Update};
use alcedo_model::{Mapping, Match};
use host::{Host, Line, Shape};

const SHAPES: [Shape; 3] = [
    Shape { batch: 100, cache_users: 100, dirty_users: 100, restart_every: 0 },
    Shape { batch: 1, cache_users: 3, dirty_users: 1, restart_every: 0 },
    Shape { batch: 1, cache_users: 1, dirty_users: 0, restart_every: 1 },
];

enum Step {
    Event(&'static str, i64),
    Watermark(i64),
    Rules(String),
}
use Step::{Event, Rules, Watermark};

fn run(steps: &[Step], shape: Shape) -> Vec<Match> {
    let mut host = Host::new(Order::Ordered, Mapping::default(), None, shape);
    for (position, step) in steps.iter().enumerate() {
        match step {
            Event(kind, time) => {
                let raw = format!("{{\"user\":\"u\",\"type\":\"{kind}\",\"time\":{time}}}").into_bytes();
                host.event(Line { user: "u".into(), time: *time, position: position as i64, raw });
            }
            Watermark(watermark) => host.watermark(*watermark),
            Rules(text) => host.apply(&Update {
                complete: true,
                documents: vec![Document { source: "test".into(), text: text.clone() }],
            }),
        }
        if shape.restart_every > 0 {
            host.restart();
        }
    }
    host.end(EndOfInput::Hold);
    assert!(host.results.statuses.iter().all(|s| s.problems.is_empty()), "{:?}", host.results.statuses);
    host.results.matches.sort_by(|a, b| (a.time, &a.rule).cmp(&(b.time, &b.rule)));
    host.results.matches
}

/// Times of the matches; the same in every shape.
fn times(steps: &[Step]) -> Vec<i64> {
    let all: Vec<Vec<Match>> = SHAPES.iter().map(|shape| run(steps, *shape)).collect();
    assert!(all.windows(2).all(|two| two[0] == two[1]), "{all:#?}");
    all[0].iter().map(|m| m.time).collect()
}

fn count(id: &str, revision: u64, window: &str, when: &str) -> String {
    format!(
        r#"{{"id":"{id}","revision":{revision},"measures":{{"n":{{"count":{{"event":"a"}},"window":{window}}}}},"when":{when}}}"#
    )
}

fn rules(all: &[String]) -> Step {
    Rules(format!("[{}]", all.join(",")))
}

#[test]
fn an_edit_that_makes_a_condition_true_fires_nothing() {
    let before = count("r", 1, "\"always\"", r#"{"ge":[{"measure":"n"},9]}"#);
    let after = count("r", 2, "\"always\"", r#"{"ge":[{"measure":"n"},2]}"#);
    let steps =
        [rules(&[before]), Event("a", 10), Event("a", 20), Watermark(20), rules(&[after]), Event("a", 30)];
    assert!(times(&steps).is_empty());
}

#[test]
fn who_holds_nothing_starts_as_false_cached_or_not() {
    let before = count("r", 1, "\"always\"", r#"{"ge":[{"measure":"n"},9]}"#);
    let after = count("r", 2, "\"always\"", r#"{"lt":[{"measure":"n"},5]}"#);
    let steps = [rules(&[before]), Event("z", 1000), Watermark(1000), rules(&[after]), Event("a", 2000)];
    assert_eq!(times(&steps), [2000]);
}

#[test]
fn what_left_the_window_before_the_edit_does_not_depend_on_when_time_passed() {
    let keeps = count("keeps", 1, "\"always\"", r#"{"ge":[{"measure":"n"},99]}"#);
    let before = count("r", 1, r#"{"last":"10s"}"#, r#"{"ge":[{"measure":"n"},9]}"#);
    let after = count("r", 2, r#"{"last":"10s"}"#, r#"{"lt":[{"measure":"n"},2]}"#);
    let first = [rules(&[keeps.clone(), before]), Event("a", 1000), Event("a", 2000)];
    let edit = || rules(&[keeps.clone(), after.clone()]);
    let with = |middle: Vec<Step>| {
        let mut steps: Vec<Step> = Vec::new();
        for step in &first {
            steps.push(match step {
                Event(kind, time) => Event(kind, *time),
                Rules(text) => Rules(text.clone()),
                Watermark(w) => Watermark(*w),
            });
        }
        steps.extend(middle);
        steps.push(Event("a", 30_000));
        times(&steps)
    };
    // Nothing has left at the edit: false then, so it fires when it is next judged and true.
    assert_eq!(with(vec![Watermark(2000), edit()]), [30_000]);
    // All has left: who holds nothing starts as false.
    assert_eq!(with(vec![Watermark(20_000), edit()]), [30_000]);
    assert_eq!(with(vec![Watermark(2000), Watermark(15_000), Watermark(20_000), edit()]), [30_000]);
}

#[test]
fn a_stopped_rule_begins_from_nothing() {
    let one = |revision, status| {
        format!(
            r#"{{"id":"r","revision":{revision},"status":"{status}","measures":{{"n":{{"count":{{"event":"a"}}}}}},"when":{{"ge":[{{"measure":"n"}},2]}}}}"#
        )
    };
    let steps = [
        rules(&[one(1, "live")]),
        Event("a", 10),
        Watermark(10),
        rules(&[one(2, "stopped")]),
        Watermark(20),
        rules(&[one(3, "live")]),
        Event("a", 30),
        Event("a", 40),
    ];
    assert_eq!(times(&steps), [40]);
}

#[test]
fn a_bound_that_falls_and_rises_says_since_when_it_is_whole() {
    let at = |revision, k| {
        format!(
            r#"{{"id":"r","revision":{revision},"measures":{{"n":{{"count":{{"event":"a"}},"window":{{"last":"1h"}}}}}},"when":{{"ge":[{{"measure":"n"}},{k}]}},"trigger":{{"on":{{"event":"ask"}}}}}}"#
        )
    };
    let steps = [
        rules(&[at(1, 4)]),
        Event("a", 1),
        Event("a", 2),
        Event("a", 3),
        Event("a", 4),
        Watermark(4),
        rules(&[at(2, 1)]),
        Event("a", 5),
        Event("ask", 5),
        Watermark(5),
        rules(&[at(3, 2)]),
        Event("a", 6),
        Event("ask", 7),
    ];
    for shape in SHAPES {
        let since = |m: &Match| m.since.get("n").and_then(serde_json::Value::as_i64);
        let told: Vec<_> = run(&steps, shape).iter().map(|m| (m.time, since(m))).collect();
        assert_eq!(told, [(5, None), (7, Some(5))], "{shape:?}");
    }
}

#[test]
fn a_path_is_not_two_properties() {
    let by = |id: &str, by: &str| {
        format!(
            r#"{{"id":"{id}","revision":1,"measures":{{"n":{{"count":{{"event":"a"}},"by":{by}}}}},"trigger":{{"rise":"n"}}}}"#
        )
    };
    let step = rules(&[by("one", r#"["a.b"]"#), by("two", r#"["a","b"]"#)]);
    let mut host = Host::new(Order::Ordered, Mapping::default(), None, SHAPES[0]);
    let Rules(text) = step else { panic!() };
    host.apply(&Update { complete: true, documents: vec![Document { source: "t".into(), text }] });
    let raw = br#"{"user":"u","type":"a","time":1,"a":7,"b":8}"#.to_vec();
    host.event(Line { user: "u".into(), time: 1, position: 0, raw });
    host.end(EndOfInput::Hold);
    assert_eq!(host.results.matches.iter().map(|m| m.rule.as_str()).collect::<Vec<_>>(), ["two"]);
}

/// The rule's measure is shared, so it stands above the threshold when the rule comes back: it starts as false all the
/// same, as a new rule does, and fires at the next judged event.
#[test]
fn a_rule_that_comes_back_starts_as_false_although_another_kept_its_measure() {
    let kept = r#"{"id":"k","revision":1,"measures":{"n":{"count":{"event":"a"}}},"trigger":{"on":{"event":"never"}}}"#;
    let rule = |revision| count("r", revision, "\"always\"", r#"{"ge":[{"measure":"n"},2]}"#);
    let steps = [
        rules(&[kept.to_owned(), rule(1)]),
        Event("a", 10),
        Event("a", 20),
        Watermark(20),
        rules(&[kept.to_owned()]),
        Event("a", 30),
        Watermark(30),
        rules(&[kept.to_owned(), rule(1)]),
        Event("a", 40),
        Event("a", 50),
    ];
    assert_eq!(times(&steps), [20, 40]);
}
