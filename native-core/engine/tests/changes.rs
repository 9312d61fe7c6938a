//! Rules that come, are edited and go while the stream runs: random rules over random logs, changed at random moments.
//!
//! What a rule tells is what the oracle says of it over the events of its life alone: whoever comes at B begins from
//! nothing there, whoever goes at B takes its deadlines along, and an edit that changes no measure changes no match but
//! in its revision. Rules that share a measure are changed too, but not compared: who begins where another rule counts
//! already is the law's (W12), and `edits.rs` holds it.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

mod host;

use alcedo_engine::{EndOfInput, Order};
use alcedo_model::{Mapping, Match, Rule};
use alcedo_oracle::End;
use alcedo_oracle::random::{Case, Draw, shrink};
use host::random::{audiences, lines, sort, update};
use host::{Host, Line, Shape};
use serde_json::{Value, json};

const CASES: u64 = 4_000;
const PARTS: u64 = 4;

/// The watermarks at which a rule comes (none: it is there from the start), is edited, and goes. Unix ms.
#[derive(Debug, Clone, Default)]
struct Life {
    from: Option<i64>,
    edits: Vec<i64>,
    until: Option<i64>,
}

/// How many matches of each kind were compared.
#[derive(Debug, Default)]
struct Compared {
    came_later: usize,
    after_an_edit: usize,
    of_whom_went: usize,
}

/// The watermarks of a run, each with the line after which it comes. No line is late.
fn marks(draw: &mut Draw, lines: &[Line]) -> Vec<(usize, i64)> {
    let bound = *draw.of(&[0, 0, 1, 1_000]);
    let often = *draw.of(&[5, 20, 60]);
    let mut marks: Vec<(usize, i64)> = Vec::new();
    for (at, two) in lines.windows(2).enumerate() {
        let mark = (two[0].time - bound).min(two[1].time - 1);
        if marks.last().is_none_or(|(_, last)| *last < mark) && draw.chance(often) {
            marks.push((at, mark));
        }
    }
    marks
}

/// A life for each rule, of moments at which a watermark comes.
fn lives(draw: &mut Draw, rules: usize, marks: &[(usize, i64)]) -> Vec<Life> {
    let life = |draw: &mut Draw| {
        let mut moments: Vec<i64> =
            (0..4).filter_map(|_| Some(marks.get(draw.below(marks.len().max(1)))?.1)).collect();
        moments.sort_unstable();
        moments.dedup();
        let mut life = Life::default();
        if draw.chance(60) && !moments.is_empty() {
            life.from = Some(moments.remove(0));
        }
        if draw.chance(40) {
            life.until = moments.pop();
        }
        life.edits = moments;
        life
    };
    (0..rules).map(|_| life(draw)).collect()
}

/// Stands in every set, so that none is empty, and never fires.
fn keeper() -> Value {
    json!({"id": "keeper", "revision": 1, "measures": {"kept": {"count": {"event": "no such event"}}},
        "when": {"ge": [{"measure": "kept"}, 1]}})
}

/// The rules after the changes of the moment `at`; none: those from the start.
fn set(case: &Case, lives: &[Life], at: Option<i64>) -> Vec<Value> {
    let mut rules = vec![keeper()];
    for (rule, life) in case.rules.iter().zip(lives) {
        if life.from > at || (at.is_some() && life.until.is_some_and(|until| Some(until) <= at)) {
            continue;
        }
        let edits = life.edits.iter().filter(|edit| Some(**edit) <= at).count() as u64;
        let mut rule = rule.clone();
        rule["revision"] = (rule["revision"].as_u64().unwrap() + edits).into();
        if edits > 0 {
            rule["name"] = format!("edited {edits} times").into();
        }
        rules.push(rule);
    }
    rules
}

fn run(case: &Case, lives: &[Life], lines: Vec<Line>, marks: &[(usize, i64)], number: u64) -> Vec<Match> {
    let mut draw = Draw::new(!number);
    let shape = Shape {
        batch: *draw.of(&[1, 2, 5, 1000]),
        cache_users: *draw.of(&[1, 3, 1000]),
        dirty_users: *draw.of(&[0, 1, 1000]),
        restart_every: 0,
    };
    let restarts = *draw.of(&[0, 10, 50]);
    let mut host = Host::new(Order::Ordered, Mapping::default(), None, shape);
    host.audiences = audiences(case);
    host.apply(&update(&set(case, lives, None)));
    let mut next = marks.iter().peekable();
    for (at, line) in lines.into_iter().enumerate() {
        host.event(line);
        if let Some((_, mark)) = next.next_if(|(after, _)| *after == at) {
            host.watermark(*mark);
            let changes = |life: &Life| {
                life.from == Some(*mark) || life.until == Some(*mark) || life.edits.contains(mark)
            };
            if lives.iter().any(changes) {
                host.apply(&update(&set(case, lives, Some(*mark))));
            }
        }
        if draw.chance(restarts) {
            host.restart();
        }
    }
    host.end(EndOfInput::Fire);
    assert!(host.results.statuses.iter().all(|s| s.problems.is_empty()), "{:?}", host.results.statuses);
    assert!(host.results.late.is_empty());
    host.results.matches
}

/// What the oracle says of one rule in its life.
fn expected(case: &Case, rule: &Value, life: &Life, lines: &[Line]) -> Vec<Match> {
    let alone = Case { rules: vec![rule.clone()], ..case.clone() };
    let before: Vec<i64> = lines.iter().filter(|l| Some(l.time) <= life.from).map(|l| l.position).collect();
    let mut matches = alone.matches_without(life.until.map_or(End::Fire, End::Until), &before);
    for found in &mut matches {
        found.revision += life.edits.iter().filter(|edit| **edit < found.time).count() as u64;
    }
    matches
}

fn shares_a_measure(rules: &[Rule], at: usize) -> bool {
    let of = |rule: &Rule| -> Vec<Value> { rule.measures.values().map(|m| m.to_json()).collect() };
    let own = of(&rules[at]);
    rules.iter().enumerate().any(|(other, rule)| other != at && of(rule).iter().any(|m| own.contains(m)))
}

/// What differs in this case, if anything does.
fn differs(case: &Case, number: u64, compared: &mut Compared) -> Option<String> {
    let mut draw = Draw::new(number ^ 7);
    let mut lines = lines(case);
    lines.sort_by_key(|line| (line.time, line.position));
    let marks = marks(&mut draw, &lines);
    let lives = lives(&mut draw, case.rules.len(), &marks);
    let found = run(case, &lives, lines.clone(), &marks, number);
    let rules: Vec<Rule> = case.rules.iter().map(|r| Rule::parse(&r.to_string()).unwrap().rule).collect();
    for (at, life) in lives.iter().enumerate().filter(|(at, _)| !shares_a_measure(&rules, *at)) {
        let expected = expected(case, &case.rules[at], life, &lines);
        let mut found: Vec<Match> =
            found.iter().filter(|m| m.rule == rules[at].id.as_str()).cloned().collect();
        sort(&mut found);
        for one in &mut found {
            // What it lacks it lacks from where it came on.
            let since = std::mem::take(&mut one.since);
            if since.values().any(|moment| life.from.is_none() || moment.as_i64() != life.from) {
                return Some(format!("{life:?}: since {since:?} in {one:?}"));
            }
        }
        let text = |m: &Match| serde_json::to_string(m).unwrap();
        let (wanted, told): (Vec<_>, Vec<_>) =
            (expected.iter().map(text).collect(), found.iter().map(text).collect());
        if wanted != told {
            return Some(format!(
                "{life:?}: the oracle says\n{}\nand the engine\n{}",
                wanted.join("\n"),
                told.join("\n")
            ));
        }
        compared.came_later += if life.from.is_some() { found.len() } else { 0 };
        compared.of_whom_went += if life.until.is_some() { found.len() } else { 0 };
        compared.after_an_edit +=
            found.iter().filter(|m| life.edits.first().is_some_and(|edit| *edit < m.time)).count();
    }
    None
}

fn part(part: u64) {
    let mut compared = Compared::default();
    for index in (part..CASES).step_by(PARTS as usize) {
        let number = Draw::new(index ^ (1 << 40)).number();
        // Which ids were seen before a rule came is not the rule's to say.
        let case = Case { dedupe: 0, ..Case::drawn(number) };
        if differs(&case, number, &mut compared).is_some() {
            let small = shrink(&case, &|case| differs(case, number, &mut Compared::default()).is_some());
            let shown: Vec<String> =
                small.rules.iter().chain(&small.records).map(ToString::to_string).collect();
            let difference = differs(&small, number, &mut Compared::default()).unwrap_or_default();
            panic!("case {index}\n{}\n{difference}", shown.join("\n"));
        }
    }
    let Compared { came_later, after_an_edit, of_whom_went } = compared;
    assert!(
        [came_later, after_an_edit, of_whom_went].iter().all(|n| *n > 200),
        "too few matches: {compared:?}"
    );
}

#[test]
fn a_rule_tells_what_the_oracle_says_of_its_life_0() {
    part(0);
}

#[test]
fn a_rule_tells_what_the_oracle_says_of_its_life_1() {
    part(1);
}

#[test]
fn a_rule_tells_what_the_oracle_says_of_its_life_2() {
    part(2);
}

#[test]
fn a_rule_tells_what_the_oracle_says_of_its_life_3() {
    part(3);
}
