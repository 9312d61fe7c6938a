//! What the engine does alone, on one core, in figures.
//!
//! `cargo bench -p alcedo-engine --bench figures -- speed 100 1000000 arrival` : rules, users, order.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for ourselves")]

mod workload;

use alcedo_engine::{Order, Program};
use workload::Shop;
use workload::host::{Host, Log};

const STEP: u64 = 100_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let number = |at: usize| args.get(at).map_or(0, |a| a.parse::<u64>().unwrap());
    let order = match args.get(3).map(String::as_str) {
        Some("ordered") => Order::Ordered,
        _ => Order::Arrival { lateness: 2000 },
    };
    let (rules, shop) = (number(1), Shop { users: number(2) });
    let program = Program::compile(&shop.rules(rules), &shop.audiences()).unwrap();
    let mut host = Host::new(order, program);
    let mut log = Log::new(shop, 0, 0);
    // What users do in three days fills their state; then it is measured.
    let warm = shop.users * 12;
    let mut from = 0;
    while from < warm {
        let to = (from + STEP).min(warm);
        log.fill(shop, from, to);
        host.play(&log).unwrap();
        from = to;
    }
    let (before, matches) = (host.counters(), host.matches);
    let measured = if number(4) > 0 { number(4) } else { 2_000_000 };
    let mut spent = 0.0;
    while from < warm + measured {
        let to = (from + STEP).min(warm + measured);
        log.fill(shop, from, to);
        let begin = workload::cpu();
        host.play(&log).unwrap();
        spent += workload::cpu().saturating_sub(begin).as_secs_f64();
        from = to;
    }
    let after = host.counters();
    println!(
        "rules {rules} users {} {order:?}: {:.0} ns/event, {:.3} M/s, {} B/event, {:.4} matches/event, deadlines {:.4}, cached bytes/user {}",
        shop.users,
        spent * 1e9 / measured as f64,
        measured as f64 / spent / 1e6,
        log.bytes() / log.len(),
        (host.matches - matches) as f64 / measured as f64,
        (after.deadlines - before.deadlines) as f64 / measured as f64,
        after.cached_bytes / after.cached_users.max(1),
    );
}
