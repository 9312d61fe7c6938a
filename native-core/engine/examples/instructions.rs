//! Fixed work for an instruction counter: `scripts/instructions.py` runs it and holds the counts against a budget.
//!
//! `target/release/examples/instructions PART`; only what `measured` does is counted. Each part first brings its users
//! into the state in which they are for good, then takes the same events on every machine.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool for ourselves: a panic says what is wrong"
)]

#[path = "../benches/workload/mod.rs"]
mod workload;

use alcedo_engine::{Extracted, Extractor, Order, Program};
use alcedo_model::Mapping;
use workload::Shop;
use workload::host::{Host, Log};

/// Events that are counted.
const EVENTS: u64 = 1000;
const ARRIVAL: Order = Order::Arrival { lateness: 2000 };

/// The work that is counted: its name is what the counter looks for.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    let done = work();
    std::hint::black_box(&done);
    done
}

/// A host with users who know the rules, and the events that come next.
fn warmed(order: Order, rules: u64, users: u64) -> (Host, Log) {
    let shop = Shop { users };
    let program = Program::compile(&shop.rules(rules), &shop.audiences()).unwrap();
    let mut host = Host::new(order, program);
    // Three days of four events.
    let warm = users * 12;
    let mut log = Log::new(shop, 0, warm);
    host.play(&log).unwrap();
    log.fill(shop, warm, warm + EVENTS);
    (host, log)
}

/// Takes events in; says how many matched.
fn judge(order: Order, rules: u64, users: u64) -> u64 {
    let (mut host, log) = warmed(order, rules, users);
    let before = host.matches;
    measured(|| host.play(&log)).unwrap();
    host.matches - before
}

/// Reads user and time; gives how many records were good.
fn extract() -> u64 {
    let log = Log::new(Shop { users: 100 }, 0, EVENTS);
    let extractor = Extractor::new(&Mapping::default(), None);
    measured(|| {
        log.records(0, log.len())
            .filter(|r| matches!(extractor.extract(r.raw, None), Extracted::Event { .. }))
            .count() as u64
    })
}

/// Writes every user's state as bytes and reads it back; gives the bytes.
fn state() -> u64 {
    let (mut host, _) = warmed(ARRIVAL, 100, 100);
    let stored = measured(|| host.store());
    let shop = Shop { users: 100 };
    let program = Program::compile(&shop.rules(100), &shop.audiences()).unwrap();
    let mut other = Host::new(ARRIVAL, program);
    measured(|| other.load(&stored)).unwrap();
    stored.iter().map(|(_, bytes)| bytes.len() as u64).sum()
}

fn main() {
    let part = std::env::args().nth(1).unwrap_or_default();
    let done = match part.as_str() {
        "extract" => extract(),
        "judge-10" => judge(ARRIVAL, 10, 100),
        "judge-100" => judge(ARRIVAL, 100, 100),
        "judge-1000" => judge(ARRIVAL, 1000, 50),
        "ordered-100" => judge(Order::Ordered, 100, 100),
        "state" => state(),
        _ => std::process::exit(2),
    };
    println!("{part} {done}");
}
