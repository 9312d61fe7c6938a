//! Commands: repair, reset and erase of one user, whatever is in the cache, waits or is due, and what is told of each.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

mod host;

use alcedo_engine::{CommandEffect, Document, Order, Update};
use alcedo_model::Mapping;
use host::{Host, Line, Shape};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;

const SHAPES: [Shape; 3] = [
    Shape { batch: 4, cache_users: 100, dirty_users: 100, restart_every: 0 },
    Shape { batch: 1, cache_users: 1, dirty_users: 0, restart_every: 0 },
    Shape { batch: 1, cache_users: 1, dirty_users: 1, restart_every: 1 },
];

fn third_view(id: &str) -> Value {
    json!({"id": id, "revision": 1,
        "measures": {"views": {"count": {"event": "view"}, "window": {"last": "1h"}}},
        "when": {"ge": [{"measure": "views"}, 3]}})
}

/// Shares its count with `views`, and has one of its own.
fn both() -> Value {
    json!({"id": "both", "revision": 1,
        "measures": {
            "views": {"count": {"event": "view"}, "window": {"last": "1h"}},
            "carts": {"count": {"event": "cart"}, "window": {"last": "1h"}}},
        "when": {"all": [{"ge": [{"measure": "views"}, 3]}, {"ge": [{"measure": "carts"}, 1]}]}})
}

fn unpaid() -> Value {
    json!({"id": "unpaid", "revision": 1,
        "measures": {"unpaid": {"absence": {"after": {"event": "order"}, "no": {"event": "pay"}, "within": "15m"}}},
        "trigger": {"rise": "unpaid"}})
}

fn host(shape: Shape, order: Order, rules: &[Value]) -> Host {
    let mut host = Host::new(order, Mapping::default(), None, shape);
    let text = Value::Array(rules.to_vec()).to_string();
    host.apply(&Update { complete: true, documents: vec![Document { source: "test".into(), text }] });
    host
}

fn event(host: &mut Host, user: &str, kind: &str, minute: i64, position: i64) {
    let time = minute * MINUTE;
    let raw = json!({"user": user, "type": kind, "time": time}).to_string().into_bytes();
    host.event(Line { user: user.into(), time, position, raw });
}

/// Gives a command and the result it is told with.
fn command(host: &mut Host, user: &str, more: Value) -> Value {
    let mut command = json!({"id": "c1", "by": "ops", "user": user});
    command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    host.command(user, command.to_string().as_bytes(), false);
    host.results.audits.last().unwrap().1.clone()
}

fn fired(host: &Host) -> Vec<(String, String, u64)> {
    host.results.matches.iter().map(|m| (m.rule.clone(), m.user.clone(), m.occurrence)).collect()
}

fn restart(host: &mut Host, shape: Shape) {
    if shape.restart_every > 0 {
        host.restart();
    }
}

#[test]
fn a_reset_rule_begins_from_nothing_and_a_shared_measure_stays() {
    for shape in SHAPES {
        let mut host = host(shape, Order::Ordered, &[third_view("views"), both(), unpaid()]);
        for (position, kind) in ["view", "view", "cart"].into_iter().enumerate() {
            event(&mut host, "u1", kind, 1 + position as i64, position as i64);
            event(&mut host, "u2", kind, 1 + position as i64, 10 + position as i64);
        }
        host.watermark(5 * MINUTE);
        restart(&mut host, shape);
        let told = command(&mut host, "u1", json!({"command": "reset", "rule": "both"}));
        assert_eq!(told["result"], "done");
        assert_eq!(told["dropped"], json!({"measures": 1, "rules": 0, "waiting": 0, "shared": ["views"]}));
        restart(&mut host, shape);
        for user in ["u1", "u2"] {
            event(&mut host, user, "view", 6, 20);
        }
        host.watermark(7 * MINUTE);
        // Of u1 the cart is forgotten, the views are not: they are the other rule's too.
        let mut found = fired(&host);
        found.sort();
        let of = |rule: &str, user: &str| (rule.to_owned(), user.to_owned(), 1);
        assert_eq!(found, [of("both", "u2"), of("views", "u1"), of("views", "u2")], "{shape:?}");
    }
}

#[test]
fn after_a_reset_of_all_the_next_firing_has_the_next_number() {
    for shape in SHAPES {
        let mut host = host(shape, Order::Ordered, &[third_view("views")]);
        for i in 0..3 {
            event(&mut host, "u1", "view", i, i);
        }
        event(&mut host, "u1", "view", 20, 3); // waits, and is taken in after the reset
        host.watermark(10 * MINUTE);
        assert_eq!(fired(&host).len(), 1);
        let told = command(&mut host, "u1", json!({"command": "reset", "rules": "all"}));
        assert_eq!(told["dropped"], json!({"measures": 1, "rules": 1, "waiting": 0}), "{shape:?}");
        restart(&mut host, shape);
        event(&mut host, "u1", "view", 21, 4);
        host.watermark(21 * MINUTE);
        assert_eq!(fired(&host).len(), 1, "two views since the reset");
        event(&mut host, "u1", "view", 22, 5);
        host.watermark(22 * MINUTE);
        assert_eq!(fired(&host)[1], ("views".into(), "u1".into(), 2), "a match id never comes twice");
    }
}

#[test]
fn an_erased_user_is_a_new_one_and_his_timer_finds_nothing() {
    for shape in SHAPES {
        let mut host = host(shape, Order::Ordered, &[third_view("views"), unpaid()]);
        for i in 0..3 {
            event(&mut host, "u1", "view", i, i);
        }
        event(&mut host, "u1", "order", 3, 3);
        event(&mut host, "u1", "order", 8, 4); // waits
        host.watermark(5 * MINUTE);
        host.restart(); // his timer is set now
        assert!(!host.timers().is_empty());
        let told = command(&mut host, "u1", json!({"command": "erase", "why": "request 4711"}));
        let expected = json!({"at": 77, "watermark": 5 * MINUTE, "partition": 3, "position": 9, "user": "u1",
            "id": "c1", "by": "ops", "why": "request 4711", "command": "erase", "result": "done",
            "dropped": {"measures": 2, "rules": 1, "waiting": 1}});
        assert_eq!(told, expected, "{shape:?}");
        assert_eq!(host.results.audits[0].0, CommandEffect::Erased);
        assert_eq!(host.stored(), 0, "{shape:?}");
        restart(&mut host, shape);
        host.watermark(60 * MINUTE);
        assert_eq!(host.results.matches.len(), 1, "no deadline of an erased order passes");
        assert_eq!(host.stored(), 0);
        for i in 0..3 {
            event(&mut host, "u1", "view", 61 + i, 10 + i);
        }
        host.watermark(70 * MINUTE);
        assert_eq!(fired(&host)[1], ("views".into(), "u1".into(), 1), "a new user's first");
    }
}

#[test]
fn open_deadlines_are_counted_whatever_ends_them() {
    let mut host = host(SHAPES[0], Order::Ordered, &[third_view("views"), unpaid()]);
    for (position, user) in ["u1", "u1", "u2", "u3", "u3"].into_iter().enumerate() {
        event(&mut host, user, "order", 1 + position as i64, position as i64);
        event(&mut host, user, "view", 1 + position as i64, 10 + position as i64);
    }
    host.flush();
    assert_eq!(host.open_deadlines(), 0, "the events wait");
    host.watermark(6 * MINUTE);
    assert_eq!(host.open_deadlines(), 5);
    event(&mut host, "u1", "pay", 7, 20);
    host.watermark(7 * MINUTE);
    assert_eq!(host.open_deadlines(), 3, "two were answered");
    assert_eq!(command(&mut host, "u2", json!({"command": "erase"}))["result"], "done");
    assert_eq!(host.open_deadlines(), 2, "one was erased");
    host.watermark(19 * MINUTE);
    assert_eq!(host.open_deadlines(), 1, "one passed");
    host.restart();
    assert_eq!(host.open_deadlines(), 0, "nobody is in memory");
    event(&mut host, "u3", "order", 20, 30);
    host.flush();
    assert_eq!(host.open_deadlines(), 1, "back in memory");
    host.watermark(20 * MINUTE);
    assert_eq!(host.open_deadlines(), 1, "one passed, one came");
    host.apply(&Update { complete: true, documents: Vec::new() });
    event(&mut host, "u3", "view", 21, 31);
    host.watermark(21 * MINUTE);
    assert_eq!(host.open_deadlines(), 0, "its rule went");
}

#[test]
fn deadlines_of_those_who_left_the_cache_are_not_counted() {
    let mut host = host(SHAPES[1], Order::Ordered, &[unpaid()]);
    for (position, user) in ["u1", "u2", "u3"].into_iter().enumerate() {
        event(&mut host, user, "order", 1, position as i64);
    }
    host.watermark(2 * MINUTE);
    assert_eq!(host.open_deadlines(), 1);
    assert_eq!(command(&mut host, "u1", json!({"command": "erase"}))["result"], "done");
    assert_eq!(host.open_deadlines(), 0, "he alone is in memory");
}

#[test]
fn in_arrival_order_the_clock_goes_too() {
    let arrival = Order::Arrival { lateness: 1_000_000 * MINUTE };
    let mut host = host(SHAPES[1], arrival, &[third_view("views")]);
    event(&mut host, "u1", "other", 5, 0);
    host.watermark(5 * MINUTE);
    assert_eq!(host.stored(), 1, "what may still come lies before his clock");
    assert_eq!(command(&mut host, "u1", json!({"command": "erase"}))["result"], "done");
    assert_eq!(host.stored(), 0);
}

#[test]
fn nobody_is_made_up_for_a_command() {
    for shape in SHAPES {
        let mut host = host(shape, Order::Ordered, &[third_view("views")]);
        for more in [json!({"command": "erase"}), json!({"command": "reset", "rules": "all"})] {
            assert_eq!(command(&mut host, "nobody", more)["result"], "nothing");
        }
        assert_eq!(host.stored(), 0);
    }
}

#[test]
fn a_command_that_was_carried_out_is_only_told() {
    let mut host = host(SHAPES[0], Order::Ordered, &[third_view("views")]);
    event(&mut host, "u1", "view", 1, 0);
    host.watermark(2 * MINUTE);
    let raw = br#"{"id":"c1","by":"ops","user":"u1","command":"erase"}"#;
    host.command("u1", raw, true);
    let (effect, line) = &host.results.audits[0];
    assert_eq!((*effect, &line["result"]), (CommandEffect::None, &json!("repeated")));
    assert_eq!(host.stored(), 1);
}

#[test]
fn a_repair_replaces_the_state_and_keeps_the_timer_that_is_set() {
    for shape in SHAPES {
        let mut host = host(shape, Order::Ordered, &[third_view("views"), unpaid()]);
        event(&mut host, "u1", "order", 1, 0);
        event(&mut host, "u1", "view", 1, 1);
        host.watermark(2 * MINUTE);
        let good = host.states()["u1"].clone();
        event(&mut host, "u1", "pay", 3, 2);
        event(&mut host, "u1", "view", 3, 3);
        host.watermark(4 * MINUTE);
        let told = command(&mut host, "u1", json!({"command": "repair", "state": base64(&good)}));
        assert_eq!(told["result"], "done");
        restart(&mut host, shape);
        event(&mut host, "u1", "view", 5, 4);
        host.watermark(20 * MINUTE);
        // The payment and one view are no more: the order falls due, and there are two views.
        assert_eq!(fired(&host), [("unpaid".into(), "u1".into(), 1)], "{shape:?}");
        assert_eq!(host.results.matches[0].time, 16 * MINUTE);
    }
}

#[test]
fn a_state_that_lost_its_timer_gets_one() {
    for repaired in [false, true] {
        let mut host = host(SHAPES[1], Order::Ordered, &[unpaid()]);
        event(&mut host, "u1", "order", 1, 0);
        host.watermark(2 * MINUTE);
        host.restart();
        host.lose_timers();
        if repaired {
            assert_eq!(command(&mut host, "u1", json!({"command": "repair"}))["result"], "done");
        }
        host.restart();
        host.watermark(16 * MINUTE);
        assert_eq!(fired(&host).len(), usize::from(repaired));
    }
}

#[test]
fn bytes_that_cannot_be_read_are_refused_and_change_nothing() {
    let mut host = host(SHAPES[0], Order::Ordered, &[third_view("views")]);
    for i in 0..2 {
        event(&mut host, "u1", "view", i, i);
    }
    host.watermark(2 * MINUTE);
    let good = host.states()["u1"].clone();
    let mut damaged = good.clone();
    damaged[9] ^= 1;
    let told = command(&mut host, "u1", json!({"command": "repair", "state": base64(&damaged)}));
    assert_eq!((&told["result"], &told["reason"]), (&json!("refused"), &json!("command_state")));
    assert!(told["detail"].as_str().unwrap().contains("damaged"), "{told}");
    let rule = command(&mut host, "u1", json!({"command": "reset", "rule": "no such"}));
    assert_eq!(rule["reason"], "command_rule");
    assert!(rule["detail"].as_str().unwrap().contains("no such"), "{rule}");
    host.command("u1", br#"{"id":"c","by":"o","user":"other","command":"erase"}"#, false);
    host.command("u1", b"{", false);
    let reasons = ["command_state", "command_rule", "command_not_understood", "command_not_json"];
    assert_eq!(host.results.bad, reasons.map(|reason| (9, reason.to_owned())));
    assert!(host.results.audits.iter().all(|(effect, _)| *effect == CommandEffect::None));
    assert_eq!(host.states()["u1"], good);
}

#[test]
fn a_state_of_the_future_is_refused_in_order() {
    let mut later = host(SHAPES[0], Order::Ordered, &[third_view("views")]);
    event(&mut later, "u1", "view", 30, 0);
    later.watermark(40 * MINUTE);
    let bytes = base64(&later.states()["u1"]);
    let mut host = host(SHAPES[0], Order::Ordered, &[third_view("views")]);
    host.watermark(10 * MINUTE);
    let told = command(&mut host, "u1", json!({"command": "repair", "state": bytes}));
    assert_eq!(told["reason"], "command_state", "{told}");
    assert_eq!(host.stored(), 0);
}

#[test]
fn a_state_that_cannot_be_read_gives_way_to_what_needs_nothing_of_it() {
    let mut source = host(SHAPES[0], Order::Ordered, &[third_view("views")]);
    for i in 0..2 {
        event(&mut source, "u1", "view", i, i);
    }
    source.watermark(2 * MINUTE);
    let good = base64(&source.states()["u1"]);
    for (more, matches) in
        [(json!({"command": "erase"}), 0), (json!({"command": "repair", "state": good}), 1)]
    {
        let mut host = host(SHAPES[1], Order::Ordered, &[third_view("views")]);
        host.watermark(2 * MINUTE);
        host.put("u1", b"not a state");
        let told = command(&mut host, "u1", more);
        assert_eq!((&told["result"], &told["was_unreadable"]), (&json!("done"), &json!(true)));
        event(&mut host, "u1", "view", 3, 5);
        host.watermark(4 * MINUTE);
        assert_eq!(host.results.matches.len(), matches, "{told}");
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let three = [part[0], *part.get(1).unwrap_or(&0), *part.get(2).unwrap_or(&0)];
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for digit in 0..4 {
            let at = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit <= part.len() { char::from(DIGITS[at as usize]) } else { '=' });
        }
    }
    text
}

#[test]
fn a_seed_is_refused_and_changes_nothing() {
    for shape in SHAPES {
        let mut host = host(shape, Order::Ordered, &[third_view("views")]);
        event(&mut host, "u1", "view", 1, 0);
        event(&mut host, "u1", "view", 2, 1);
        host.watermark(3 * MINUTE);
        restart(&mut host, shape);
        let seed =
            |rule| json!({"command": "seed", "rule": rule, "revision": 1, "cut": MINUTE, "state": "oc4B"});
        let told = command(&mut host, "u1", seed("views"));
        assert_eq!([&told["result"], &told["reason"], &told["rule"]], ["refused", "command_seed", "views"]);
        assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("earlier offsets")), "{told}");
        assert_eq!(command(&mut host, "u1", seed("gone"))["reason"], "command_rule");
        restart(&mut host, shape);
        event(&mut host, "u1", "view", 4, 2);
        host.watermark(5 * MINUTE);
        assert_eq!(fired(&host), [("views".into(), "u1".into(), 1)]);
    }
}
