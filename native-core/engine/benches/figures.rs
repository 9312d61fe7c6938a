//! What the engine does alone, on one core, in figures: one part a call, one line of JSON each.
//!
//! ```text
//! cargo bench -p alcedo-engine --bench figures -- speed 100 1000000 arrival [EVENTS]   rules, users, order
//! cargo bench -p alcedo-engine --bench figures -- memory 100 20000                     rules, users
//! cargo bench -p alcedo-engine --bench figures -- swap 100 10000                       rules, swaps
//! cargo bench -p alcedo-engine --bench figures -- latency 100 100000 300000            rules, users, events a second
//! ```
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for ourselves")]
#![allow(clippy::disallowed_methods, reason = "it measures time; the engine does not")]

mod workload;

use std::time::{Duration, Instant};

use alcedo_engine::{Book, Document, Order, Program, Update};
use serde_json::{Value, json};
use workload::Shop;
use workload::host::{Host, Log};

const STEP: u64 = 100_000;
const ARRIVAL: Order = Order::Arrival { lateness: 2000 };
/// Users of the engine that swaps rules, and events after a swap that belong to its pause.
const SWAP_USERS: u64 = 10_000;
const AFTER: u64 = 100;
/// Nobody waits longer for all swaps, most of whose time is compiling.
const LONGEST: Duration = Duration::from_secs(120);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let number = |at: usize| args.get(at).map_or(0, |a| a.parse::<u64>().unwrap());
    let order = match args.get(3).map(String::as_str) {
        Some("ordered") => Order::Ordered,
        _ => ARRIVAL,
    };
    let told = match args.first().map(String::as_str) {
        Some("memory") => memory(number(1), number(2)),
        Some("swap") => swap(number(1), number(2)),
        Some("latency") => latency(number(1), number(2), number(3)),
        _ => speed(number(1), number(2), order, if number(4) > 0 { number(4) } else { 2_000_000 }),
    };
    println!("{told}");
}

/// An engine whose users have done what they do in three days: that fills their states.
fn warm(rules: u64, users: u64, order: Order) -> (Shop, Host, Log, u64) {
    let shop = Shop { users };
    let program = Program::compile(&shop.rules(rules), &shop.audiences()).unwrap();
    let (mut host, mut log) = (Host::new(order, program), Log::new(shop, 0, 0));
    let (end, mut from) = (users * 12, 0);
    while from < end {
        let to = (from + STEP).min(end);
        log.fill(shop, from, to);
        host.play(&log).unwrap();
        from = to;
    }
    (shop, host, log, end)
}

/// Processor time of an event.
fn speed(rules: u64, users: u64, order: Order, events: u64) -> Value {
    let (shop, mut host, mut log, begin) = warm(rules, users, order);
    let (before, matches) = (host.counters(), host.matches);
    let (mut from, mut spent) = (begin, 0.0);
    while from < begin + events {
        let to = (from + STEP).min(begin + events);
        log.fill(shop, from, to);
        let start = workload::cpu();
        host.play(&log).unwrap();
        spent += workload::cpu().saturating_sub(start).as_secs_f64();
        from = to;
    }
    let after = host.counters();
    json!({
        "rules": rules, "users": users, "order": format!("{order:?}"),
        "nanos": spent * 1e9 / events as f64,
        "per_second": events as f64 / spent,
        "event_bytes": log.bytes() / log.len(),
        "matches": (host.matches - matches) as f64 / events as f64,
        "deadlines": (after.deadlines - before.deadlines) as f64 / events as f64,
        "cached_bytes": after.cached_bytes / after.cached_users.max(1),
    })
}

/// Bytes of a user's state as a host stores it.
fn memory(rules: u64, users: u64) -> Value {
    let (_, mut host, _, _) = warm(rules, users, ARRIVAL);
    let cached = host.counters().cached_bytes / host.counters().cached_users.max(1);
    let mut sizes: Vec<usize> = host.store().iter().map(|(_, state)| state.len()).collect();
    sizes.sort_unstable();
    let at = |part: f64| sizes[((sizes.len() - 1) as f64 * part) as usize];
    json!({
        "rules": rules, "users": users, "median": at(0.5), "p99": at(0.99), "most": at(1.0),
        "cached_bytes": cached,
    })
}

/// How long events wait for the edit of a rule's condition: the swap and the first events after it, whose users are
/// brought to the new rules. The rules are compiled before and the old ones freed after, as a host does it.
fn swap(rules: u64, swaps: u64) -> Value {
    let (shop, mut host, mut log, mut from) = warm(rules, SWAP_USERS, ARRIVAL);
    let (audiences, texts) = (shop.audiences(), shop.rules(rules));
    let document = |at: u64, revision: u64| {
        let mut text = serde_json::to_value(&texts[at as usize]).unwrap();
        text["revision"] = revision.into();
        text["when"]["ge"][1] = (1 + revision % 5).into();
        Document { source: "swap".to_owned(), text: text.to_string() }
    };
    let mut book = Book::new();
    let all = Update { complete: true, documents: (0..rules).map(|at| document(at, 1)).collect() };
    let mut publish = |update: &Update| {
        let refused = book.apply(update, &audiences, None).into_iter().find(|told| !told.problems.is_empty());
        assert!(refused.is_none(), "{refused:?}");
        book.program()
    };
    host.engine.publish(publish(&all));
    let (mut pauses, begin) = (Vec::new(), Instant::now());
    for n in (0..swaps).take_while(|_| begin.elapsed() < LONGEST) {
        log.fill(shop, from, from + AFTER);
        from += AFTER;
        let edit = Update { complete: false, documents: vec![document(n % rules, 2 + n / rules)] };
        let program = publish(&edit);
        let start = Instant::now();
        let before = host.engine.publish(program);
        host.play(&log).unwrap();
        pauses.push(start.elapsed());
        drop(before);
    }
    json!({ "rules": rules, "swaps": pauses.len(), "events_after": AFTER, "ms": percentiles(&mut pauses) })
}

/// From the moment an event is due, whatever happens to those before it, until it is judged and its matches are out.
fn latency(rules: u64, users: u64, per_second: u64) -> Value {
    let (shop, mut host, mut log, begin) = warm(rules, users, ARRIVAL);
    let events = per_second * 5;
    log.fill(shop, begin, begin + events);
    let (start, mut done, mut waits) = (Instant::now(), 0, Vec::new());
    while done < events {
        let due = (start.elapsed().as_nanos() * u128::from(per_second) / 1_000_000_000) as u64;
        if due <= done {
            std::hint::spin_loop();
            continue;
        }
        let most = (due.min(events) - done).min(workload::host::BATCH as u64);
        let taken = host.batch(&log, done as usize, most as usize).unwrap() as u64;
        let now = start.elapsed();
        waits.extend(
            (done..done + taken)
                .map(|event| now.saturating_sub(Duration::from_nanos(event * 1_000_000_000 / per_second))),
        );
        done += taken;
    }
    json!({ "rules": rules, "users": users, "per_second": per_second, "ms": percentiles(&mut waits) })
}

fn percentiles(all: &mut [Duration]) -> Value {
    all.sort_unstable();
    let at = |part: f64| all[((all.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    json!({ "p50": at(0.5), "p99": at(0.99), "p99.9": at(0.999), "most": at(1.0) })
}
