//! In the long run an event costs no allocation: what is held of a user has its room, and what judging needs is reused.
//!
//! Counted are the calls to the allocator while events of known users are taken in and time moves on. What hands something
//! over or begins to hold something allocates: a match, a user's first event in a measure, a correlation value.
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its trait; this one only counts what the system's does"
)]
#![allow(clippy::unwrap_used, reason = "a test: a panic says what is wrong")]

#[path = "../benches/workload/mod.rs"]
mod workload;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use alcedo_engine::{Audiences, Order, Program};
use alcedo_model::Rule;
use serde_json::{Value, json};
use workload::Shop;
use workload::host::{Host, Log};

thread_local! {
    // No destructor: an allocator may be asked when a thread is nearly gone.
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

/// `bytes`: how many more are in use.
fn count(calls: u64, bytes: isize) {
    // A thread that is gone counts nothing.
    let _ = CALLS.try_with(|all| all.set(all.get() + calls));
    let _ = BYTES.try_with(|all| all.set(all.get() + bytes));
}

// SAFETY: every call goes to the system's allocator with the arguments as they came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(0, -(layout.size() as isize));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, size as isize - layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(place, layout, size) }
    }
}

const SHOP: Shop = Shop { users: 20 };
/// So many events make every user known in every way; then as many are counted.
const EVENTS: u64 = 20_000;

/// Calls to the allocator while the last `EVENTS` events are taken in by these measures, each in a rule that never fires.
fn calls(order: Order, measures: &[Value]) -> u64 {
    let rule = |(at, measure): (usize, &Value)| -> Rule {
        serde_json::from_value(json!({
            "id": format!("rule-{at}"), "revision": 1, "published_at": "2024-03-01T00:00:00Z",
            "time_zone": "Asia/Shanghai", "measures": {"m": measure},
            "when": {"ge": [{"measure": "m"}, 5]}, "trigger": {"on": {"event": "never"}}, "action": {},
        }))
        .unwrap()
    };
    let rules: Vec<Rule> = measures.iter().enumerate().map(rule).collect();
    let program = Program::compile(&rules, &Audiences::default()).unwrap();
    let mut host = Host::new(order, program);
    let mut log = Log::new(SHOP, 0, EVENTS);
    host.play(&log).unwrap();
    log.fill(SHOP, EVENTS, 2 * EVENTS);
    let before = CALLS.get();
    host.play(&log).unwrap();
    assert_eq!(host.matches, 0, "a match allocates");
    assert!(host.counters().taken >= 2 * EVENTS - 1000, "nothing was measured");
    CALLS.get() - before
}

fn arrival() -> Order {
    Order::Arrival { lateness: 2000 }
}

/// Half of all events.
fn members() -> Value {
    json!({"where": {"eq": [{"prop": "member"}, true]}})
}

#[test]
fn an_event_that_nobody_listens_to_allocates_nothing() {
    let measure = json!({"count": {"event": "never"}, "window": {"last": "1d"}});
    assert_eq!(calls(arrival(), &[measure]), 0);
}

#[test]
fn an_event_that_is_counted_allocates_nothing() {
    let price = json!({"value": {"prop": "price"}, "of": members()});
    let dear =
        json!({"where": {"all": [{"gt": [{"prop": "price"}, 300]}, {"contains": [{"prop": "title"}, "k"]}]}});
    let measures = [
        json!({"count": members(), "window": {"last": "7d"}, "exact_events": 8}),
        json!({"count": members()}),
        json!({"count": dear, "window": {"last": "30d"}, "exact_events": 8}),
        json!({"count": {"where": {"matches": [{"prop": "title"}, "a "]}}, "window": {"last": "30d"}, "exact_events": 8}),
        json!({"sum": price}),
        json!({"max": price}),
    ];
    for measure in &measures {
        assert_eq!(calls(arrival(), std::slice::from_ref(measure)), 0, "{measure}");
    }
    assert_eq!(calls(arrival(), &measures), 0);
}

/// The cache's bound is one of bytes, so it must know what users take; what is stored stays below the report's bound.
#[test]
fn the_cache_knows_what_users_take() {
    // So many users nearly fill the lists that double when they are full: the room beyond them is nobody's.
    for (rules, users) in [(10, 7000), (100, 3500), (1000, 880)] {
        let shop = Shop { users };
        let program = Program::compile(&shop.rules(rules), &shop.audiences()).unwrap();
        let bound = program.report().bytes_per_user;
        let (warm, step) = (users * 12, users);
        let before = BYTES.get();
        let mut log = Log::new(shop, 0, 0);
        let mut host = Host::new(arrival(), program);
        for from in (0..warm).step_by(step as usize) {
            log.fill(shop, from, from + step);
            host.play(&log).unwrap();
        }
        drop(log);
        let taken = (BYTES.get() - before) as u64 / users;
        let told = host.counters().cached_bytes / users;
        let stored: Vec<u64> = host.store().iter().map(|(_, state)| state.len() as u64).collect();
        let (mean, most) = (stored.iter().sum::<u64>() / users, stored.iter().copied().max().unwrap());
        println!(
            "{rules} rules: {taken} bytes a user in memory, {told} told; {mean} stored, {most} at the most, bound {bound}"
        );
        assert!(told * 3 > taken * 2 && told * 2 < taken * 3, "{rules} rules: {told} told, {taken} taken");
        assert!(most <= bound, "{rules} rules: {most} stored, at most {bound} were told");
    }
}
