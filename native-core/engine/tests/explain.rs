//! What an explanation says, and that it says the same from a log and from stored state.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

mod host;

use std::sync::Arc;

use alcedo_engine::{
    Audience, Audiences, Content, Document, Explanation, History, HistoryEvent, KEYS, Message, Node, Order,
    Program, Question, Update, audience_id,
};
use alcedo_model::{Mapping, Rule};
use host::{Host, Line, Shape};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;

/// The rule, its program (the users are its audience) and the lines of user "u".
struct Case {
    rule: Rule,
    program: Arc<Program>,
    lines: Vec<Line>,
}

impl Case {
    fn new(rule: Value, members: &[&str], events: &[Value]) -> Case {
        let rule = Rule::parse(&rule.to_string()).unwrap().rule;
        let mut audiences = Audiences::new();
        if let Some(audience) = &rule.audience {
            audiences.insert(&audience_id(audience), Arc::new(Audience::from_users(members.iter().copied())));
        }
        let program = Program::compile(std::slice::from_ref(&rule), &audiences).unwrap();
        let lines = events.iter().enumerate().map(|(position, event)| Line {
            user: "u".into(),
            time: event["time"].as_i64().unwrap(),
            position: position as i64,
            raw: event.to_string().into_bytes(),
        });
        Case { rule, program, lines: lines.collect() }
    }

    fn at(&self, at: i64) -> Explanation {
        let events: Vec<HistoryEvent<'_>> = self
            .lines
            .iter()
            .map(|l| HistoryEvent { time: l.time, position: l.position, content: Content::Json(&l.raw) })
            .collect();
        let mut history = History::new(Arc::clone(&self.program), Mapping::default());
        let explanation = history.explain(&self.rule, "u", &events, at, &mut Vec::new()).unwrap();
        all_messages(&explanation).iter().for_each(|m| assert!(KEYS.contains(&m.key), "{}", m.key));
        explanation
    }
}

fn a(time: i64) -> Value {
    json!({"user": "u", "type": "a", "time": time})
}

fn event(kind: &str, time: i64) -> Value {
    json!({"user": "u", "type": kind, "time": time})
}

fn rule(more: Value) -> Value {
    let mut rule = json!({"id": "r", "revision": 1});
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

fn told(message: &Message) -> (&str, Value) {
    (message.key, Value::Object(message.with.clone()))
}

fn all_messages(explanation: &Explanation) -> Vec<&Message> {
    fn tree<'n>(node: &'n Node, all: &mut Vec<&'n Message>) {
        all.push(&node.message);
        node.parts.iter().for_each(|part| tree(part, all));
    }
    let mut all = vec![&explanation.verdict, &explanation.trigger];
    all.extend(explanation.gates.iter().map(|gate| &gate.message));
    for case in &explanation.cases {
        case.condition.iter().for_each(|condition| tree(condition, &mut all));
        all.extend(case.measures.iter().flat_map(|measure| &measure.notes));
    }
    all
}

fn count_of_five() -> Value {
    rule(json!({
        "measures": {"n": {"count": {"event": "a"}, "window": {"last": "1h"}}},
        "when": {"all": [{"ge": [{"measure": "n"}, 5]}, {"not": {"gt": [{"measure": "n"}, 100]}}]},
    }))
}

#[test]
fn two_of_five() {
    let explanation = Case::new(count_of_five(), &[], &[a(0), a(1000)]).at(2000);
    assert_eq!(told(&explanation.verdict), ("verdict.condition", json!({})));
    assert_eq!(told(&explanation.trigger), ("trigger.change", json!({"measures": ["n"]})));
    let tree = explanation.cases[0].condition.as_ref().unwrap();
    assert_eq!(told(&tree.message), ("node.all", json!({"hold": 1, "of": 2})));
    let node = &tree.parts[0];
    assert_eq!((node.path.as_str(), node.kind, node.holds), ("/when/all/0", "ge", false));
    assert_eq!(told(&node.message), ("node.short", json!({"present": 2, "target": 5, "missing": 3})));
    assert_eq!(node.sides[0].operand, json!({"measure": "n"}));
    assert_eq!(tree.parts[1].parts[0].path, "/when/all/1/not");
    assert_eq!(told(&tree.parts[1].parts[0].message).0, "node.short");
    let leaves = &explanation.cases[0].measures[0].notes[0];
    assert_eq!(told(leaves), ("measure.leaves", json!({"at": HOUR})));
}

#[test]
fn what_held_before_must_become_false_first() {
    let events: Vec<Value> = (0..5).map(|i| a(i * 1000)).collect();
    let case = Case::new(count_of_five(), &[], &events);
    let explanation = case.at(5000);
    assert_eq!(told(&explanation.verdict).0, "verdict.held_before");
    assert_eq!((explanation.occurrence, explanation.last_fired), (1, Some(4000)));
    assert_eq!(explanation.cases[0].held_before, Some(true));
    assert_eq!(told(&case.at(HOUR).verdict).0, "verdict.condition", "the first has left the window");
}

#[test]
fn waiting_for_b() {
    let sequence = rule(json!({
        "measures": {"s": {"sequence": {"steps": [{"event": "a"}, {"event": "b", "min_gap": "1m", "max_gap": "5m"}],
                                        "within": "10m"}}},
        "when": {"ge": [{"measure": "s"}, 1]},
    }));
    let case = Case::new(sequence, &[], &[a(1000)]);
    let note = case.at(2000).cases[0].measures[0].notes[0].clone();
    let expected = json!({"pattern": {"event": "b"}, "began": 1000, "step": 2, "of": 2, "from": 61_000, "until": 301_000});
    assert_eq!(told(&note), ("measure.waits_for_step", expected));
    let late = case.at(301_001);
    assert_eq!(told(&late.cases[0].measures[0].notes[0]).0, "measure.nothing_yet");

    let pairs = rule(json!({
        "measures": {"p": {"pairs": {"from": {"event": "a"}, "to": {"event": "b"}, "min_gap": "5m"}}},
        "when": {"ge": [{"measure": "p"}, 1]},
    }));
    let note = Case::new(pairs, &[], &[a(0)]).at(1).cases[0].measures[0].notes[0].clone();
    let expected = json!({"pattern": {"event": "b"}, "began": 0, "from": 300_000});
    assert_eq!(told(&note), ("measure.waits_for_pair", expected));
}

#[test]
fn a_deadline_by_order() {
    let unpaid = rule(json!({
        "measures": {"unpaid": {"absence": {"after": {"event": "order"}, "no": {"event": "pay"}, "within": "15m"},
                                "by": ["order"]}},
        "trigger": {"rise": "unpaid"},
    }));
    let order = |id: i64, time: i64| json!({"user": "u", "type": "order", "order": id, "time": time});
    let case = Case::new(unpaid, &[], &[order(7, 0), order(8, 60_000)]);
    let explanation = case.at(100_000);
    assert_eq!(told(&explanation.verdict).0, "verdict.ready");
    let keys: Vec<_> = explanation.cases.iter().map(|c| c.key.as_ref().unwrap()["order"].clone()).collect();
    assert_eq!(keys, [7, 8]);
    let note = &explanation.cases[1].measures[0].notes[0];
    let expected = json!({"pattern": {"event": "pay"}, "began": 60_000, "until": 960_000});
    assert_eq!(told(note), ("measure.deadline", expected));
    assert_eq!(case.at(900_000).occurrence, 1, "the deadline of 7 lies at that moment");
    let nobody = Case::new(
        rule(
            json!({"measures": {"n": {"count": {"event": "a"}, "by": ["x"]}}, "when": {"ge": [{"measure": "n"}, 1]}}),
        ),
        &[],
        &[event("z", 0)],
    );
    assert_eq!(told(&nobody.at(10).verdict).0, "verdict.no_value");
}

/// An A that is too young for the next B hides no earlier one that is old enough.
#[test]
fn candidates_that_wait_are_told_together() {
    let steps = json!([{"event": "a"}, {"event": "b", "min_gap": "1m", "max_gap": "5m"}]);
    let sequence = rule(
        json!({"measures": {"s": {"sequence": {"steps": steps}}}, "when": {"ge": [{"measure": "s"}, 1]}}),
    );
    let note =
        Case::new(sequence, &[], &[a(0), a(240_000)]).at(240_000).cases[0].measures[0].notes[0].clone();
    let expected =
        json!({"pattern": {"event": "b"}, "began": 0, "step": 2, "of": 2, "from": 60_000, "until": 540_000});
    assert_eq!(told(&note), ("measure.waits_for_step", expected));
}

/// The last view was of b, so its price says nothing about a.
#[test]
fn the_judged_event_speaks_for_its_own_value() {
    let view = |item: &str, price: i64, time: i64| json!({"user": "u", "type": "view", "item": item, "price": price, "time": time});
    let dear = rule(json!({
        "measures": {"m": {"max": {"value": {"prop": "price"}, "of": {"event": "view"}}, "by": ["item"]}},
        "when": {"ge": [{"prop": "price"}, {"measure": "m"}]},
        "trigger": {"on": {"event": "view"}},
    }));
    let explanation = Case::new(dear, &[], &[view("a", 5, 0), view("b", 9, 10), view("b", 8, 20)]).at(30);
    let [b, a] = &explanation.cases[..] else { panic!("{:?}", explanation.cases) };
    assert_eq!((b.key.as_ref().unwrap()["item"].as_str(), b.holds), (Some("b"), false));
    assert_eq!((a.key.as_ref().unwrap()["item"].as_str(), a.holds), (Some("a"), false));
    assert_eq!(a.condition.as_ref().unwrap().message.key, "node.no_event");
    assert_eq!(explanation.verdict.key, "verdict.condition");
}

#[test]
fn a_constant_on_the_left_and_sums_beyond_their_bounds() {
    let turned =
        rule(json!({"measures": {"n": {"count": {"event": "a"}}}, "when": {"lt": [5, {"measure": "n"}]}}));
    let node = Case::new(turned, &[], &[a(0), a(1)]).at(2).cases[0].condition.clone().unwrap();
    assert_eq!(told(&node.message), ("node.short", json!({"present": 2, "target": 5, "missing": 4})));
    let value = json!({"mul": [{"mul": [{"prop": "x"}, 9_000_000_000_000_000_000_i64]}, 1]});
    let sum = |event: &str| json!({"sum": {"value": value, "of": {"event": event}}});
    let far = rule(
        json!({"measures": {"p": sum("p"), "n": sum("n")}, "when": {"gt": [{"measure": "n"}, {"measure": "p"}]}}),
    );
    let event = |kind: &str, x: i64| json!({"user": "u", "type": kind, "x": x, "time": 0});
    let events = [event("p", i64::MAX), event("p", i64::MAX), event("n", i64::MIN), event("n", i64::MIN)];
    let node = Case::new(far, &[], &events).at(2).cases[0].condition.clone().unwrap();
    assert_eq!((node.message.key, node.holds), ("node.short", false));
    let text =
        rule(json!({"trigger": {"on": {"event": "a"}}, "when": {"matches": [{"prop": "t"}, "^nike"]}}));
    let word = json!({"user": "u", "type": "a", "t": "adidas", "time": 0});
    let node = Case::new(text, &[], &[word]).at(2).cases[0].condition.clone().unwrap();
    assert_eq!(told(&node.message), ("node.differs", json!({"present": "adidas"})));
}

/// The limit opens at the next midnight of the rule's zone, on a day of 23 hours.
#[test]
fn gates_say_until_when() {
    let base = 1_711_839_600_000; // 2024-03-31T00:00 in Berlin
    let gated = rule(json!({
        "time_zone": "Europe/Berlin", "trigger": {"on": {"event": "a"}},
        "validity": {"from": "2024-03-30T00:00:00+01:00", "to": "2024-05-01T00:00:00+02:00"},
        "audience": {"id": "vip"}, "limits": [{"times": 1, "per": "day"}, {"times": 3, "per": "life"}], "cooldown": "2h",
    }));
    let case = Case::new(gated.clone(), &["u"], &[a(base + HOUR)]);
    let explanation = case.at(base + 2 * HOUR);
    let day = json!({"fired": 1, "times": 1, "per": "day", "until": base + 23 * HOUR});
    assert_eq!(told(&explanation.verdict), ("limit.reached", day));
    let gates: Vec<_> = explanation.gates.iter().map(|gate| (gate.gate, gate.open)).collect();
    let expected = [
        ("status", true),
        ("validity", true),
        ("audience", true),
        ("limit", false),
        ("limit", true),
        ("cooldown", false),
    ];
    assert_eq!(gates, expected);
    assert_eq!(told(&explanation.gates[5].message), ("cooldown.pause", json!({"until": base + 3 * HOUR})));
    assert_eq!(told(&case.at(base + 23 * HOUR).verdict).0, "verdict.ready");
    assert_eq!(told(&case.at(base - 48 * HOUR).verdict).0, "validity.not_begun");
    assert_eq!(told(&case.at(base + 60 * 24 * HOUR).verdict).0, "validity.over");
    let outside = Case::new(gated, &["other"], &[a(base + HOUR)]).at(base + 2 * HOUR);
    assert_eq!(told(&outside.verdict), ("audience.out", json!({})));
    let paused = rule(json!({"status": "paused", "trigger": {"on": {"event": "a"}}}));
    assert_eq!(
        told(&Case::new(paused, &[], &[a(0)]).at(1).verdict),
        ("status.not_live", json!({"status": "paused"}))
    );
    assert_eq!(
        told(&Case::new(count_of_five(), &[], &[]).at(1).verdict),
        ("verdict.unseen", json!({})),
        "nothing was taken in"
    );
}

#[test]
fn properties_are_those_of_the_last_event_that_triggers() {
    let amount = rule(json!({"trigger": {"on": {"event": "pay"}}, "when": {"gt": [{"prop": "amount"}, 10]}}));
    let pay = |amount: i64, time: i64| json!({"user": "u", "type": "pay", "amount": amount, "time": time});
    let case = Case::new(amount, &[], &[event("z", 0), pay(3, 1000), pay(12, 2000), event("z", 3000)]);
    let before = case.at(500);
    assert_eq!(before.judged_event, None);
    let node = before.cases[0].condition.clone().unwrap();
    assert_eq!(told(&node.message), ("node.no_event", json!({"operand": {"prop": "amount"}})));
    let short = case.at(1500);
    assert_eq!(short.judged_event, Some(1000));
    let node = short.cases[0].condition.clone().unwrap();
    assert_eq!(told(&node.message), ("node.short", json!({"present": 3, "target": 10, "missing": 8})));
    let well = case.at(4000);
    assert_eq!((told(&well.verdict).0, well.judged_event), ("verdict.ready", Some(2000)));
}

/// For every vector, user, rule and moment of a step: the log and the store tell the same.
#[test]
fn from_a_log_and_from_stored_state_it_is_the_same() {
    let mut compared = 0;
    for vector in host::vectors() {
        let Some(rules) = vector.json["rules"].as_array() else { continue };
        let plain = |r: &&Value| r.get("audience").is_none() && r.get("status").is_none_or(|s| s == "live");
        let rules: Vec<Rule> = rules
            .iter()
            .filter(plain)
            .filter_map(|r| Some(Rule::parse(&r.to_string()).ok()?.rule))
            // A property of the judged event is not kept in a state.
            .filter(|r| !r.canonical().contains("\"when\":{\"prop") && !json_has_event_operand(r))
            .collect();
        let mut events: Vec<Line> = Vec::new();
        for step in vector.json["steps"].as_array().unwrap() {
            let Some(event) = step.get("event").filter(|e| e["user"].is_string() && e["time"].is_i64())
            else {
                continue;
            };
            let (user, time) = (event["user"].as_str().unwrap().to_owned(), event["time"].as_i64().unwrap());
            let sound = event["type"].is_string() && (0..253_402_300_800_000).contains(&time);
            if sound && (1..=128).contains(&user.len()) {
                let position = events.len() as i64;
                events.push(Line { user, time, position, raw: event.to_string().into_bytes() });
            }
        }
        if vector.json.get("mapping").is_none() && !rules.is_empty() && !events.is_empty() {
            compared += compare(&rules, &events);
        }
    }
    println!("{compared} explanations compared");
    assert!(compared > 300, "{compared}");
}

fn json_has_event_operand(rule: &Rule) -> bool {
    rule.when.as_ref().is_some_and(|when| when.to_json().to_string().contains("\"prop\""))
}

fn compare(rules: &[Rule], events: &[Line]) -> usize {
    let Ok(program) = Program::compile(rules, &Audiences::new()) else { return 0 };
    let shape = Shape { batch: 1000, cache_users: 1000, dirty_users: 1000, restart_every: 0 };
    let mut host = Host::new(Order::Ordered, Mapping::default(), None, shape);
    let text = format!("[{}]", rules.iter().map(Rule::canonical).collect::<Vec<_>>().join(","));
    let documents = vec![Document { source: "test".into(), text }];
    host.apply(&Update { complete: true, documents });
    events.iter().for_each(|line| host.event(line.clone()));
    let stored = host.states();
    let mut compared = 0;
    let largest = events.iter().map(|l| l.time).max().unwrap();
    for at in events.iter().map(|l| l.time).chain([largest + 1, largest + HOUR]) {
        for (user, state) in &stored {
            let mut own: Vec<&Line> = events.iter().filter(|l| l.user == *user).collect();
            own.sort_by_key(|l| (l.time, l.position));
            let own: Vec<HistoryEvent<'_>> = own
                .iter()
                .map(|l| HistoryEvent { time: l.time, position: l.position, content: Content::Json(&l.raw) })
                .collect();
            for rule in rules {
                let mut history = History::new(Arc::clone(&program), Mapping::default());
                let mut from_log = history.explain(rule, user, &own, at, &mut Vec::new()).unwrap();
                let question = Question {
                    rule,
                    user,
                    state: Some(state),
                    at: Some(at),
                    mapping: &Mapping::default(),
                    mappings: &[],
                    dedupe: 0,
                };
                let from_state = host.program().explain(&question).unwrap().unwrap();
                // The event that was judged last is known from a log only; its value then comes first.
                from_log.judged_event = None;
                from_log.cases.sort_by_key(|c| format!("{:?}", c.key));
                let mut sorted = from_state.clone();
                sorted.cases.sort_by_key(|c| format!("{:?}", c.key));
                from_log.cases.retain(|c| sorted.cases.iter().any(|o| o.key == c.key));
                sorted.verdict = from_log.verdict.clone();
                assert_eq!(from_log, sorted, "{} at {at}", rule.canonical());
                compared += 1;
            }
        }
    }
    compared
}

/// Who translates the keys finds each of them, with its parameters, in the guide.
#[test]
fn the_guide_lists_every_key() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/explain.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    for key in KEYS {
        assert!(guide.contains(&format!("`{key}`")), "{key}");
    }
}
