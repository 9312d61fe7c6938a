//! State that can no longer matter goes, no earlier and no later, and the host is told when: users do something and
//! then never again, and time moves on by the host's own timers alone.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

mod host;

use std::collections::BTreeSet;

use alcedo_engine::{Document, EndOfInput, Order, Update};
use alcedo_model::limits::MAX_TIME_MS;
use alcedo_model::{Mapping, Match, Rule};
use alcedo_oracle::End;
use alcedo_oracle::random::{Case, Draw};
use host::random::{audiences, lines, sort, update};
use host::{Host, Line, Shape};
use serde_json::{Value, json};

/// When everybody begins: ten seconds before an hour ends.
const BASE: i64 = 3_590_000;
const HOUR_ENDS: i64 = 3_600_000;
/// Long after every window here.
const FAR: i64 = 40_000_000;
/// D of windows, and how long what has begun may take, ms.
const D: i64 = 1000;
const WITHIN: i64 = 300;

const SHAPES: [Shape; 3] = [
    Shape { batch: 4, cache_users: 100, dirty_users: 100, restart_every: 0 },
    Shape { batch: 1, cache_users: 1, dirty_users: 0, restart_every: 0 },
    Shape { batch: 2, cache_users: 1, dirty_users: 1, restart_every: 1 },
];

/// What somebody does, and what the measure then holds.
struct Story {
    kind: &'static str,
    fields: Value,
    /// Event types with their time after `BASE`.
    did: Vec<(&'static str, i64)>,
    /// Event types of whoever comes back; `z` asks for the value.
    back: Vec<&'static str>,
    holds: Holds,
}

#[derive(Clone, Copy)]
enum Holds {
    /// A value, of which the last leaves a sliding window D after this time.
    Value(i64),
    /// What began at this time and can go on for so long, if there is a bound.
    Begun(i64, Option<i64>),
    Nothing,
}

fn stories() -> Vec<Story> {
    let (a, b) = (json!({"event": "a"}), json!({"event": "b"}));
    let of = json!({"value": {"prop": "n"}, "of": a});
    let with = |more: Value| {
        let mut fields = of.as_object().unwrap().clone();
        fields.extend(more.as_object().unwrap().clone());
        Value::Object(fields)
    };
    let steps = json!([a, b]);
    let within = format!("{WITHIN}ms");
    let pairs = |more: Value| {
        let mut fields = json!({"from": a, "to": b});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields
    };
    let absence = json!({"after": a, "no": b, "within": within});
    let twice = || vec![("a", 0), ("a", 5)];
    let story = |kind, fields: &Value, did: Vec<_>, back: &[&'static str], holds| Story {
        kind,
        fields: fields.clone(),
        did,
        back: back.to_vec(),
        holds,
    };
    let value = |kind, fields: &Value| story(kind, fields, twice(), &["z"], Holds::Value(5));
    let mut all: Vec<Story> = ["count", "first_time", "last_time"].map(|kind| value(kind, &a)).into();
    all.extend(["sum", "min", "max", "avg", "first", "last"].map(|kind| value(kind, &of)));
    all.push(value("top", &with(json!({"k": 2, "take": "avg"}))));
    all.push(value("distinct", &with(json!({"up_to": 3}))));
    let limited = json!({"steps": steps, "within": within});
    let gap = json!({"steps": [a, {"event": "b", "max_gap": within}]});
    let strict = json!({"steps": steps, "strict": true});
    let one = || vec![("a", 0)];
    let both = || vec![("a", 0), ("b", 5)];
    let bz = &["b", "z"][..];
    all.extend([
        story("sequence", &limited, both(), &["z"], Holds::Value(0)),
        story("sequence", &limited, one(), bz, Holds::Begun(0, Some(WITHIN))),
        story("sequence", &gap, one(), bz, Holds::Begun(0, Some(WITHIN))),
        story("sequence", &strict, one(), bz, Holds::Begun(0, None)),
        story("pairs", &pairs(json!({})), both(), &["z"], Holds::Value(0)),
        story("pairs", &pairs(json!({})), one(), bz, Holds::Begun(0, None)),
        story("pairs", &pairs(json!({"max_gap": within})), one(), bz, Holds::Begun(0, Some(WITHIN))),
        story("absence", &absence, one(), &["z"], Holds::Value(WITHIN)),
        story("absence", &absence, both(), &["z"], Holds::Nothing),
    ]);
    all
}

/// A window, the moment of publication that it needs, and its fixed end.
struct Span {
    json: Value,
    published: Option<&'static str>,
    to: Option<i64>,
}

fn spans() -> Vec<Span> {
    let span = |json, published, to| Span { json, published, to };
    let (half, hour) = (Some("1970-01-01T00:30:00Z"), Some("1970-01-01T01:00:00Z"));
    let between = json!({"between": {"from": "1970-01-01T00:10:00Z", "to": "1970-01-01T01:00:00Z"}});
    let d = format!("{D}ms");
    vec![
        span(json!("always"), None, None),
        span(between, None, Some(HOUR_ENDS)),
        span(json!({"before_publish": "1h"}), hour, Some(HOUR_ENDS)),
        span(json!("since_publish"), half, None),
        span(json!({"across_publish": "1h"}), half, None),
        span(json!({"last": d}), None, None),
        span(json!({"calendar": "hour"}), None, None),
        span(json!({"session": d}), None, None),
    ]
}

/// The first moment at which what the story left holds nothing that could matter; none where something always can.
fn ends(story: &Story, span: &Span) -> Option<i64> {
    let last = story.did.last().unwrap().1;
    let (last_d, calendar, session) =
        (span.json.get("last"), span.json.get("calendar"), span.json.get("session"));
    let frame = calendar.map(|_| HOUR_ENDS).or(session.map(|_| BASE + last + D + 1));
    match story.holds {
        Holds::Nothing => None,
        Holds::Value(moment) => last_d.map(|_| BASE + moment + D).or(frame),
        Holds::Begun(first, within) => {
            let within = within.map(|within| BASE + first + within + 1);
            let window = last_d.map(|_| BASE + first + D).or(frame).or(span.to);
            within.into_iter().chain(window).min()
        }
    }
}

/// A rule beside the one that asks.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Beside {
    Nothing,
    Edge(&'static str),
    Rise(&'static str),
}

const BESIDE: [Beside; 5] = [
    Beside::Nothing,
    Beside::Edge("paused"),
    Beside::Edge("live"),
    Beside::Rise("paused"),
    Beside::Rise("live"),
];

/// The rules of a case; none where they are not legal.
fn rules(story: &Story, span: &Span, by: bool, beside: Beside) -> Option<Vec<Value>> {
    let mut measure = json!({story.kind: story.fields, "window": span.json});
    if by {
        measure["by"] = json!(["item"]);
    }
    let rule = |id: &str, more: Value| {
        let mut rule = json!({"id": id, "revision": 1, "measures": {"m": measure},
            "validity": {"from": "1970-01-01T00:00:00Z"}});
        if let Some(published) = span.published {
            rule["published_at"] = published.into();
        }
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rule
    };
    let when = json!({"ge": [{"measure": "m"}, 1]});
    // With `by` the asking rule must be judged for the item, so its condition names the measure and always holds.
    let always = json!({"any": [when, {"not": when}]});
    let mut rules = vec![rule("ask", json!({"trigger": {"on": {"event": "z"}}, "when": always}))];
    match beside {
        Beside::Nothing => {}
        Beside::Edge(status) => rules.push(rule("beside", json!({"when": when, "status": status}))),
        Beside::Rise(status) => {
            rules.push(rule("beside", json!({"trigger": {"rise": "m"}, "status": status})));
        }
    }
    rules.iter().all(|rule| Rule::parse(&rule.to_string()).is_ok()).then_some(rules)
}

/// A host and the number of its records.
struct Stage {
    host: Host,
    position: i64,
    restarts: bool,
}

impl Stage {
    fn new(rules: &[Value], shape: Shape) -> Stage {
        let mut host = Host::new(Order::Ordered, Mapping::default(), None, shape);
        host.apply(&update(rules));
        assert!(host.results.statuses.iter().all(|s| s.state != "refused"), "{:?}", host.results.statuses);
        Stage { host, position: 0, restarts: shape.restart_every > 0 }
    }

    fn event(&mut self, user: &str, kind: &str, time: i64) {
        let record = json!({"user": user, "type": kind, "time": time, "item": 7, "n": 5});
        let (position, raw) = (self.position, record.to_string().into_bytes());
        self.host.event(Line { user: user.to_owned(), time, position, raw });
        self.position += 1;
    }

    fn watermark(&mut self, watermark: i64) {
        self.host.watermark(watermark);
        if self.restarts {
            self.host.restart();
        }
    }

    /// Bytes that the host keeps of a user.
    fn bytes(&mut self, user: &str) -> Option<usize> {
        self.host.states().get(user).map(Vec::len)
    }

    /// The latest timer of a user.
    fn timer(&mut self, user: &str) -> Option<i64> {
        self.host.states();
        self.host.timers().iter().filter(|(_, of)| of == user).map(|(time, _)| *time).max()
    }

    /// Time up to `limit`, a watermark at each of the host's timers and some between.
    fn pass(&mut self, limit: i64) {
        while let Some(next) = self.host.timers().first().map(|(time, _)| *time).filter(|t| *t <= limit) {
            self.watermark(next - 1);
            self.watermark(next);
        }
        self.watermark(limit);
    }

    fn asked(&self, user: &str) -> Option<&Match> {
        self.host.results.matches.iter().find(|m| m.user == user && m.rule == "ask")
    }
}

/// All cases in one shape.
fn every_case(shape: Shape, check: impl Fn(&mut Stage, &Story, &Span, Beside, &str)) {
    let mut cases = 0;
    for story in stories() {
        for span in spans() {
            for (by, beside) in [false, true].iter().flat_map(|by| BESIDE.map(|beside| (*by, beside))) {
                let Some(rules) = rules(&story, &span, by, beside) else { continue };
                let name = format!("{} {} {} by {by} {beside:?}", story.kind, story.fields, span.json);
                check(&mut Stage::new(&rules, shape), &story, &span, beside, &name);
                cases += 1;
            }
        }
    }
    assert!(cases > 1200, "{cases}");
}

/// Everybody of these does what the story says; then the watermark is where they stopped.
fn begin(stage: &mut Stage, story: &Story, users: &[&str]) -> i64 {
    let last = BASE + story.did.last().unwrap().1;
    for (kind, after) in &story.did {
        users.iter().for_each(|user| stage.event(user, kind, BASE + after));
    }
    stage.watermark(last);
    last
}

fn come_back(stage: &mut Stage, story: &Story, users: &[&str], time: i64) {
    for kind in &story.back {
        users.iter().for_each(|user| stage.event(user, kind, time));
    }
}

/// Nobody is forgotten a millisecond early, and nobody is kept a millisecond longer.
fn exactly(shape: Shape) {
    every_case(shape, |stage, story, span, beside, name| {
        let Some(end) = ends(story, span) else { return };
        begin(stage, story, &["idle", "early", "late"]);
        stage.pass(end - 2);
        come_back(stage, story, &["early", "new at early"], end - 1);
        let before = stage.timer("idle");
        assert_eq!(before, Some(end), "{name}: the timer");
        stage.watermark(end - 1);
        assert!(stage.bytes("idle").is_some(), "{name}: gone too early");
        come_back(stage, story, &["late", "new at late"], end);
        stage.watermark(end);
        let fired = stage.host.results.matches.iter().any(|m| m.user == "idle");
        assert_eq!(fired, stage.bytes("idle").is_some(), "{name}: kept too long");
        let told =
            |user: &str| stage.asked(user).unwrap_or_else(|| panic!("{name}: {user}")).evidence.clone();
        assert_ne!(told("early"), told("new at early"), "{name}: what he had is lost");
        assert_eq!(told("late"), told("new at late"), "{name}: what he had is still there");
        assert!(!fired || matches!(beside, Beside::Edge("live") | Beside::Rise("live")), "{name}");
    });
}

#[test]
fn exactly_in_a_large_cache() {
    exactly(SHAPES[0]);
}

#[test]
fn exactly_in_a_cache_of_one_user() {
    exactly(SHAPES[1]);
}

#[test]
fn exactly_with_restarts() {
    exactly(SHAPES[2]);
}

/// In the end nothing is left, but for what may matter for ever; no timer is set for it, and nobody was touched more
/// than a few times on the way.
fn at_last(shape: Shape) {
    every_case(shape, |stage, story, span, _, name| {
        let last = begin(stage, story, &["idle"]);
        let at_first = stage.bytes("idle");
        let touched = stage.host.touches.get("idle").copied().unwrap_or(0);
        for step in 0..40 {
            stage.pass(last + step * D);
        }
        stage.pass(FAR);
        let touches = stage.host.touches.get("idle").copied().unwrap_or(0) - touched;
        assert!(touches <= 3, "{name}: touched {touches} times");
        assert_eq!(stage.timer("idle"), None, "{name}: a timer for nothing");
        let fired = stage.host.results.matches.iter().any(|m| m.user == "idle");
        let bytes = stage.bytes("idle");
        if ends(story, span).is_some() || matches!(story.holds, Holds::Nothing) {
            assert_eq!(bytes.is_some(), fired, "{name}");
            return;
        }
        assert!(at_first.is_some() && bytes.is_some(), "{name}: what stays is gone");
        come_back(stage, story, &["idle", "new"], FAR + 1);
        stage.watermark(FAR + 1);
        let told =
            |user: &str| stage.asked(user).unwrap_or_else(|| panic!("{name}: {user}")).evidence.clone();
        assert_ne!(told("idle"), told("new"), "{name}: what stays is lost");
    });
}

#[test]
fn at_last_in_a_large_cache() {
    at_last(SHAPES[0]);
}

#[test]
fn at_last_in_a_cache_of_one_user() {
    at_last(SHAPES[1]);
}

#[test]
fn at_last_with_restarts() {
    at_last(SHAPES[2]);
}

/// What stays of a user for whom rules fired: some bytes for him, and some for each rule.
#[test]
fn what_a_firing_costs() {
    const NOW: i64 = 1_770_000_000_000;
    let rule = |n: usize| json!({"id": format!("r{n}"), "revision": 1, "trigger": {"on": {"event": format!("e{n}")}}});
    let bytes = |fired: usize, later: i64| {
        let rules: Vec<Value> = (0..fired).map(rule).collect();
        let mut stage = Stage::new(&rules, SHAPES[0]);
        (0..fired).for_each(|n| stage.event("u", &format!("e{n}"), NOW));
        stage.event("u", "other", NOW + later);
        stage.watermark(NOW + later);
        assert_eq!(stage.timer("u"), None);
        stage.bytes("u").unwrap()
    };
    let (user, rule) = (bytes(1, 0) - (bytes(2, 0) - bytes(1, 0)), bytes(2, 0) - bytes(1, 0));
    let (minute, week, year) = (60_000, 7 * 86_400_000, 365 * 86_400_000);
    let later = [minute, week, year].map(|later| bytes(2, later) - bytes(1, later));
    assert_eq!((user, rule, later), (29, 15, [19, 19, 23]), "docs/semantics/limits.md tells these numbers");
}

/// The case with windows that end in place of those that do not; none where a rule is then not legal.
fn ending(mut case: Case) -> Option<Case> {
    for rule in &mut case.rules {
        for measure in rule["measures"].as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
            let window = &measure["window"];
            if ["last", "calendar", "session"].iter().all(|word| window.get(*word).is_none()) {
                measure["window"] = json!({"last": "3h"});
            }
        }
    }
    case.dedupe = 0;
    let legal = case.rules.iter().all(|rule| Rule::parse(&rule.to_string()).is_ok());
    legal.then_some(case)
}

/// The case's records taken in by a host of a drawn shape.
fn live(case: &Case, number: u64) -> Stage {
    let shape = *Draw::new(number).of(&SHAPES);
    let mut stage = Stage {
        host: Host::new(Order::Ordered, Mapping::default(), None, shape),
        position: case.records.len() as i64,
        restarts: shape.restart_every > 0,
    };
    stage.host.dedupe(case.dedupe);
    stage.host.audiences = audiences(case);
    stage.host.apply(&update(&case.rules));
    let mut largest = 0;
    for line in lines(case) {
        largest = line.time.max(largest);
        stage.host.event(line);
    }
    stage.watermark(largest);
    stage
}

/// Of random rules with windows that end nothing stays but the firings.
#[test]
fn random_users_are_forgotten() {
    let mut stayed = 0;
    for number in (0..1500).map(|index| Draw::new(index).number()) {
        let Some(case) = ending(Case::drawn(number)) else { continue };
        let mut stage = live(&case, number);
        stage.pass(MAX_TIME_MS);
        let fired: BTreeSet<&str> = stage.host.results.matches.iter().map(|m| m.user.as_str()).collect();
        let fired: Vec<String> = fired.into_iter().map(str::to_owned).collect();
        let kept: Vec<String> = stage.host.states().into_keys().collect();
        assert_eq!(kept, fired, "case {number}: {:#?}", case.rules);
        assert!(stage.host.timers().is_empty(), "case {number}: {:?}", stage.host.timers());
        stayed += kept.len();
    }
    assert!(stayed > 500, "{stayed}");
}

/// Whoever comes back a year later finds what the law says he left: the oracle forgets nothing.
#[test]
fn random_users_come_back() {
    const YEAR: i64 = 365 * 86_400_000;
    for number in (0..1500).map(|index| Draw::new(!index).number()) {
        let case = Case::drawn(number);
        let mut stage = live(&case, number);
        let again: Vec<Value> = case.records.iter().filter_map(|record| later(record, YEAR)).collect();
        let first =
            lines(&Case { records: again.clone(), ..case.clone() }).iter().map(|line| line.time).min();
        stage.pass(first.map_or(0, |first| first - 1));
        let whole = Case { records: [case.records.clone(), again].concat(), ..case };
        for line in lines(&whole).into_iter().filter(|line| line.position >= stage.position) {
            stage.host.event(line);
        }
        stage.host.end(EndOfInput::Fire);
        sort(&mut stage.host.results.matches);
        let text = |matches: &[Match]| -> Vec<String> {
            matches.iter().map(|m| serde_json::to_string(m).unwrap()).collect()
        };
        let expected = whole.matches_without(End::Fire, &stage.host.results.late);
        assert_eq!(text(&stage.host.results.matches), text(&expected), "case {number}: {:#?}", whole.rules);
    }
}

fn later(record: &Value, by: i64) -> Option<Value> {
    let mut record = record.clone();
    record["time"] = (record.get("time")?.as_i64()? + by).into();
    Some(record)
}

/// 2024-04-07 02:00 in Lord Howe is set back to 01:30: the hour from 01:00 on is left after 30 minutes by its computed end,
/// and come back to. Time must not stand still there, and in the end the user is forgotten.
#[test]
fn an_hour_that_a_clock_comes_back_to_does_not_stop_time() {
    const HOUR: i64 = 3_600_000;
    const FIRST: i64 = 1_712_412_000_000; // 2024-04-06T14:00Z, 01:00 there
    let rule = r#"{"id":"r","revision":1,"time_zone":"Australia/Lord_Howe","measures":{"n":{"count":{"event":"a"},"window":{"calendar":"hour"}}},"trigger":{"on":{"event":"b"}},"when":{"ge":[{"measure":"n"},9]}}"#;
    for (order, cache_users) in [
        (Order::Ordered, 9),
        (Order::Ordered, 1),
        (Order::Arrival { lateness: 0 }, 9),
        (Order::Arrival { lateness: 0 }, 1),
    ] {
        let shape = Shape { batch: 1, cache_users, dirty_users: 0, restart_every: 0 };
        let mut host = Host::new(order, Mapping::default(), None, shape);
        let documents = vec![Document { source: "t".into(), text: rule.into() }];
        host.apply(&Update { complete: true, documents });
        for (position, user) in ["u1", "u2"].into_iter().enumerate() {
            let time = FIRST + HOUR / 6;
            let raw = format!("{{\"user\":\"{user}\",\"type\":\"a\",\"time\":{time}}}").into_bytes();
            host.event(Line { user: user.into(), time, position: position as i64, raw });
        }
        for minutes in [20, 40, 59, 61, 80, 200] {
            host.watermark(FIRST + minutes * 60_000);
        }
        assert_eq!(host.stored(), 0, "{order:?}, cache of {cache_users}");
    }
}
