//! In arrival order matches may depend on how the input came, and on nothing else: random rules over random logs, in
//! any cut, cache and restarts.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

mod host;

use alcedo_engine::{EndOfInput, Order};
use alcedo_model::Mapping;
use alcedo_oracle::End;
use alcedo_oracle::random::{Case, Draw, shrink};
use host::random::{audiences, lines, sort, update};
use host::{Host, Shape};

const CASES: u64 = 6_000;

/// What came of an input: matches as JSON, positions of late events.
type Told = (Vec<String>, Vec<i64>);

/// The case in one shape. What comes and which watermarks lie between depends on the number alone.
fn run(case: &Case, number: u64, shape: Shape, restarts: usize) -> Told {
    let (mut draw, mut other) = (Draw::new(number), Draw::new(!number));
    let lateness = *draw.of(&[0, 1, 50, 5_000, 100_000]);
    let (marks, bound) = (draw.below(80), *draw.of(&[0, 1, 10, 1_000, 100_000]));
    let until = if let End::Until(until) = case.end { Some(until) } else { None };
    let mut host = Host::new(Order::Arrival { lateness }, Mapping::default(), until, shape);
    host.dedupe(case.dedupe);
    host.audiences = audiences(case);
    host.apply(&update(&case.rules));
    let mut largest = i64::MIN;
    for line in lines(case) {
        largest = largest.max(line.time);
        let marked = draw.chance(marks);
        host.event(line);
        if marked {
            host.watermark(largest - bound);
        }
        if other.chance(restarts) {
            host.restart();
        }
    }
    host.end(EndOfInput::Fire);
    sort(&mut host.results.matches);
    let matches = host.results.matches.iter().map(|m| serde_json::to_string(m).unwrap()).collect();
    (matches, host.results.late)
}

fn differs(case: &Case, number: u64) -> Option<String> {
    let mut draw = Draw::new(number ^ 7);
    let calm = Shape { batch: 1, cache_users: 1000, dirty_users: 1000, restart_every: 0 };
    let shape = Shape {
        batch: *draw.of(&[1, 2, 5, 1000]),
        cache_users: *draw.of(&[1, 3, 1000]),
        dirty_users: *draw.of(&[0, 1, 1000]),
        restart_every: 0,
    };
    let restarts = *draw.of(&[0, 10, 100]);
    let (calm, found) = (run(case, number, calm, 0), run(case, number, shape, restarts));
    (calm != found).then(|| format!("{shape:?}, restarts {restarts}\ncalm {calm:#?}\nfound {found:#?}"))
}

fn part(part: u64) {
    for index in (part..CASES).step_by(4) {
        let number = Draw::new(index).number();
        let case = Case::drawn(number);
        if differs(&case, number).is_some() {
            let small = shrink(&case, &|case| differs(case, number).is_some());
            let shown: Vec<String> =
                small.rules.iter().chain(&small.records).map(ToString::to_string).collect();
            panic!("case {index}\n{}\n{}", shown.join("\n"), differs(&small, number).unwrap_or_default());
        }
    }
}

#[test]
fn no_shape_changes_a_match_0() {
    part(0);
}

#[test]
fn no_shape_changes_a_match_1() {
    part(1);
}

#[test]
fn no_shape_changes_a_match_2() {
    part(2);
}

#[test]
fn no_shape_changes_a_match_3() {
    part(3);
}
