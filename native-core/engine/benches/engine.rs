//! What the engine's parts cost, each alone: `cargo bench -p alcedo-engine --bench engine -- FILTER`.
//!
//! A figure is the time of 1000 events, or of all users' states; compare figures of one run with each other. `figures`
//! beside it plays as long as one wants, for a profiler.
#![allow(clippy::disallowed_methods, reason = "it measures time; the engine does not")]
#![allow(clippy::unwrap_used, missing_docs, reason = "a program for ourselves: a panic says what is wrong")]

mod workload;

use std::sync::Arc;
use std::time::{Duration, Instant};

use alcedo_engine::{Audiences, Extracted, Extractor, Order, Program};
use alcedo_model::{Mapping, Rule};
use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use serde_json::{Value, json};
use workload::Shop;
use workload::host::{Host, Log};

const EVENTS: u64 = 1000;
const ARRIVAL: Order = Order::Arrival { lateness: 2000 };

/// A host whose users are in the state in which they are for good, and the events that come next.
struct Stage {
    shop: Shop,
    host: Host,
    log: Log,
    next: u64,
}

impl Stage {
    fn new(order: Order, program: Arc<Program>, users: u64, warm: u64) -> Self {
        let shop = Shop { users };
        let mut stage = Stage { shop, host: Host::new(order, program), log: Log::new(shop, 0, 0), next: 0 };
        while stage.next < warm {
            stage.prepare();
            stage.host.play(&stage.log).unwrap();
        }
        stage
    }

    fn prepare(&mut self) {
        self.log.fill(self.shop, self.next, self.next + EVENTS);
        self.next += EVENTS;
    }
}

/// Measures 1000 events in a row, others each time: time moves on.
fn play(group: &mut BenchmarkGroup<'_, WallTime>, name: BenchmarkId, mut stage: Stage) {
    group.throughput(Throughput::Elements(EVENTS));
    group.bench_function(name, |bench| {
        bench.iter_custom(|rounds| {
            let mut spent = Duration::ZERO;
            for _ in 0..rounds {
                stage.prepare();
                let before = Instant::now();
                stage.host.play(&stage.log).unwrap();
                spent += before.elapsed();
            }
            spent
        });
    });
}

/// So many rules like this one, each of its own.
fn like(count: u64, rule: impl Fn(u64) -> (Value, u64)) -> Arc<Program> {
    let rules: Vec<Rule> = (0..count)
        .map(|n| {
            let (measure, above) = rule(n);
            let document = json!({
                "id": format!("rule-{n:05}"), "revision": 1, "published_at": "2024-03-01T00:00:00Z",
                "time_zone": "Asia/Shanghai", "measures": {"m": measure},
                "when": {"ge": [{"measure": "m"}, above]}, "cooldown": "30d", "action": {},
            });
            serde_json::from_value(document).unwrap()
        })
        .collect();
    Program::compile(&rules, &Audiences::default()).unwrap()
}

/// The mix of rules: twice the rules are twice the rules that an event touches.
fn rules(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rules");
    for (count, users) in [(1, 2000), (10, 2000), (100, 2000), (1000, 500), (10_000, 100)] {
        let shop = Shop { users };
        let program = Program::compile(&shop.rules(count), &shop.audiences()).unwrap();
        play(&mut group, BenchmarkId::from_parameter(count), Stage::new(ARRIVAL, program, users, users * 8));
    }
}

/// Rules that an event seldom touches: one of a hundred thousand each.
fn untouched(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("untouched");
    for count in [10, 100, 1000, 10_000] {
        let program = like(count, |n| {
            let pattern = json!({"event": "t07", "where": {"eq": [{"prop": "item"}, format!("i{n}")]}});
            (json!({"count": pattern, "window": {"last": "1d"}}), 2)
        });
        play(&mut group, BenchmarkId::from_parameter(count), Stage::new(ARRIVAL, program, 2000, 16_000));
    }
}

/// 1000 rules that look at events in one way.
fn predicates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("predicates");
    type OfNumber = fn(u64) -> Value;
    let one: [(&str, OfNumber); 5] = [
        ("type", |n| json!({"event": format!("t{n}")})),
        ("equal", |n| json!({"where": {"eq": [{"prop": "item"}, format!("i{n}")]}})),
        ("above", |n| json!({"where": {"ge": [{"prop": "price"}, 990 + n]}})),
        ("contains", |n| json!({"where": {"contains": [{"prop": "title"}, format!("word{n}")]}})),
        ("matches", |n| json!({"where": {"matches": [{"prop": "title"}, format!("^word{n}.*x")]}})),
    ];
    for (name, pattern) in one {
        let program = like(1000, |n| (json!({"count": pattern(n), "window": {"last": "1d"}}), 2));
        play(&mut group, BenchmarkId::from_parameter(name), Stage::new(ARRIVAL, program, 2000, 16_000));
    }
}

/// Ten rules of one kind, each of which takes in one event of twenty.
fn kinds(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("kinds");
    let category = |n: u64| json!({"where": {"eq": [{"prop": "category"}, format!("c{:02}", n % 20)]}});
    let price = |n: u64| json!({"value": {"prop": "price"}, "of": category(n)});
    let of_items = |n: u64| json!({"value": {"prop": "item"}, "of": category(n), "up_to": 10});
    let steps = |n: u64| json!({"steps": [category(n), category(n + 7)], "within": "1d"});
    let pairs = |n: u64| json!({"from": category(n), "to": category(n + 7), "max_gap": "1d"});
    let absence = |n: u64| json!({"after": category(n), "no": category(n + 7), "within": "15m"});
    let kinds: [(&str, &dyn Fn(u64) -> Value); 8] = [
        ("count", &|n| json!({"count": category(n), "window": {"last": "7d"}})),
        ("count-by", &|n| json!({"count": category(n), "by": ["item"], "window": {"last": "7d"}})),
        ("count-day", &|n| json!({"count": category(n), "window": {"calendar": "day"}})),
        ("sum", &|n| json!({"sum": price(n), "window": {"last": "7d"}})),
        ("distinct", &|n| json!({"distinct": of_items(n), "window": {"last": "7d"}})),
        ("sequence", &|n| json!({"sequence": steps(n), "window": {"last": "7d"}})),
        ("pairs", &|n| json!({"pairs": pairs(n), "window": {"last": "7d"}})),
        ("timers", &|n| json!({"absence": absence(n), "window": {"last": "7d"}})),
    ];
    for (name, kind) in kinds {
        let program = like(10, |n| (kind(n), 3));
        play(&mut group, BenchmarkId::from_parameter(name), Stage::new(ARRIVAL, program, 2000, 24_000));
    }
}

/// 100 rules, users in memory.
fn users(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("users");
    for (users, order) in [(1000, ARRIVAL), (100_000, ARRIVAL), (1000, Order::Ordered)] {
        let shop = Shop { users };
        let program = Program::compile(&shop.rules(100), &shop.audiences()).unwrap();
        let name = BenchmarkId::new(if order == Order::Ordered { "ordered" } else { "arrival" }, users);
        play(&mut group, name, Stage::new(order, program, users, users * 4));
    }
}

/// From a record's bytes to its user and time.
fn extract(criterion: &mut Criterion) {
    let log = Log::new(Shop { users: 1000 }, 0, EVENTS);
    let extractor = Extractor::new(&Mapping::default(), None);
    let good = |raw| matches!(extractor.extract(raw, None), Extracted::Event { .. });
    let mut group = criterion.benchmark_group("extract");
    group.throughput(Throughput::Elements(EVENTS));
    group.bench_function("plain", |bench| {
        bench.iter(|| log.records(0, log.len()).filter(|record| good(record.raw)).count());
    });
}

/// All users' states to bytes and back, and a new set of rules over them.
fn states(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("states");
    let shop = Shop { users: 1000 };
    let compile = |count| Program::compile(&shop.rules(count), &shop.audiences()).unwrap();
    let program = compile(100);
    let stored = Stage::new(ARRIVAL, Arc::clone(&program), 1000, 12_000).host.store();
    let filled = || {
        let mut host = Host::new(ARRIVAL, Arc::clone(&program));
        host.load(&stored).unwrap();
        host
    };
    group.throughput(Throughput::Elements(stored.len() as u64));
    group.bench_function("read", |bench| {
        let empty = || Host::new(ARRIVAL, Arc::clone(&program));
        bench.iter_batched_ref(empty, |host| host.load(&stored).unwrap(), BatchSize::LargeInput);
    });
    group.bench_function("write", |bench| {
        bench.iter_batched_ref(filled, |host| host.store().len(), BatchSize::LargeInput);
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("swap", |bench| {
        let other = compile(101);
        bench.iter_batched_ref(filled, |host| host.engine.publish(Arc::clone(&other)), BatchSize::LargeInput);
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600));
    targets = rules, untouched, predicates, kinds, users, extract, states
}
criterion_main!(benches);
