//! Random rules over random logs: the engine says what the oracle says, as a backtest and however a host runs it.
//!
//! `CASES` is how many (20,000 unless given), `SEED` which; `CASE` runs one alone. `native-core/oracle/README.md` tells
//! what to do with a difference.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test reports by panicking and printing

mod host;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use alcedo_engine::{
    Audience, Audiences, Book, Content, Document, EndOfInput, Extracted, Extractor, History, HistoryEnd,
    HistoryEvent, Order, Profile, RuleStatus, Tags, Update, audience_id,
};
use alcedo_model::{Mapping, Match, Rule};
use alcedo_oracle::random::{Case, Draw, shrink};
use alcedo_oracle::{End, Event, World};
use host::{Host, Line, Shape, Vector};
use serde_json::Value;

#[allow(clippy::disallowed_methods)] // a person chooses how many cases, not the engine
fn setting(name: &str, unless_given: u64) -> u64 {
    std::env::var(name).map_or(unless_given, |text| text.parse().unwrap())
}

/// What all parts did so far.
static DONE: AtomicU64 = AtomicU64::new(0);
static MATCHES: AtomicU64 = AtomicU64::new(0);
static FIRING: AtomicU64 = AtomicU64::new(0);
static RULES: AtomicU64 = AtomicU64::new(0);
static THROWN_AWAY: AtomicU64 = AtomicU64::new(0);

#[test]
fn random_cases() {
    let (cases, seed, alone) = (setting("CASES", 20_000), setting("SEED", 1), setting("CASE", 0));
    if alone != 0 {
        return compare(alone, 0, seed);
    }
    let next = AtomicU64::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= cases {
                break;
            }
            compare(Draw::new(seed.wrapping_mul(1 << 32).wrapping_add(index)).number(), index, seed);
            let done = DONE.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(20_000) || done == cases {
                report(seed, done, cases);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    #[allow(clippy::disallowed_methods)] // the test is the engine's host, and so owns the threads
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
}

/// For those who wait (with `--nocapture`).
fn report(seed: u64, done: u64, cases: u64) {
    let of = |number: &AtomicU64| number.load(Ordering::Relaxed);
    println!(
        "SEED={seed}: {done} of {cases} cases, {} rules ({} more were not legal), {} matches in {} cases, 0 differences",
        of(&RULES),
        of(&THROWN_AWAY),
        of(&MATCHES),
        of(&FIRING)
    );
}

fn note(case: &Case, matches: u64) {
    MATCHES.fetch_add(matches, Ordering::Relaxed);
    FIRING.fetch_add(u64::from(matches > 0), Ordering::Relaxed);
    RULES.fetch_add(case.rules.len() as u64, Ordering::Relaxed);
    THROWN_AWAY.fetch_add(case.refused as u64, Ordering::Relaxed);
}

/// Compares one case in two ways; a difference is made small and shown as a vector.
fn compare(number: u64, index: u64, seed: u64) {
    let case = Case::drawn(number);
    let expected = case.matches(case.end);
    note(&case, expected.len() as u64);
    for (way, difference) in [("backtest", backtest_differs as Differs), ("live", live_differs)] {
        if difference(&case, &expected, number).is_none() {
            continue;
        }
        let difference = |case: &Case| difference(case, &case.matches(case.end), number);
        let small = shrink(&case, &|case| difference(case).is_some());
        panic!(
            "case {index} of SEED={seed} differs ({way}); CASE={number} repeats it\n{}\n{}",
            shown(&small.vector()),
            difference(&small).unwrap_or_default()
        );
    }
}

/// A vector with each rule, step and match on a line of its own.
fn shown(vector: &Value) -> String {
    let field = |(name, value): (&String, &Value)| match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| format!("    {item}")).collect();
            format!("  \"{name}\": [\n{}\n  ]", items.join(",\n"))
        }
        other => format!("  \"{name}\": {other}"),
    };
    let fields: Vec<String> = vector.as_object().unwrap().iter().map(field).collect();
    format!("{{\n{}\n}}", fields.join(",\n"))
}

/// What differs from the oracle's word on a case, if anything does.
type Differs = fn(&Case, &[Match], u64) -> Option<String>;

fn backtest_differs(case: &Case, expected: &[Match], _: u64) -> Option<String> {
    match backtest(case) {
        Some(found) => differ(expected, found),
        None => Some("the engine refuses a rule that the model takes".to_owned()),
    }
}

/// The engine has no end `hold` that hosts agree on (T18), so a live case ends with `fire` instead. The oracle is asked
/// anew where the input is another one.
fn live_differs(case: &Case, expected: &[Match], number: u64) -> Option<String> {
    let end = if case.end == End::Hold { End::Fire } else { case.end };
    let (found, late) = Live::drawn(number).run(case, end)?;
    if late.is_empty() && end == case.end {
        return differ(expected, found);
    }
    differ(&case.matches_without(end, &late), found)
}

fn differ(expected: &[Match], mut found: Vec<Match>) -> Option<String> {
    found.sort_by(|x, y| {
        (x.time, &x.user, &x.rule, x.occurrence).cmp(&(y.time, &y.user, &y.rule, y.occurrence))
    });
    let text = |m: &Match| serde_json::to_string(m).unwrap();
    let (expected, found): (Vec<_>, Vec<_>) =
        (expected.iter().map(text).collect(), found.iter().map(text).collect());
    (expected != found)
        .then(|| format!("the oracle says\n{}\nand the engine\n{}", expected.join("\n"), found.join("\n")))
}

/// A rule that the engine refuses although the model takes it.
fn not_taken(status: &RuleStatus) -> bool {
    status.state == "refused" || status.state == "waiting"
}

fn update(rules: &[Value]) -> Update {
    let text = Value::from(rules.to_vec()).to_string();
    Update { complete: true, documents: vec![Document { source: "case".to_owned(), text }] }
}

/// Audiences by id, and those that tags resolve.
fn audiences(case: &Case) -> Audiences {
    let mut audiences = Audiences::new();
    for (id, members) in &case.members {
        audiences.insert(id, Arc::new(Audience::from_users(members.iter().map(String::as_str))));
    }
    let tags: Vec<Tags> = case.tags.values().map(|t| Tags::parse_line(&t.to_string()).unwrap()).collect();
    for rule in &case.rules {
        let Some(audience) = Rule::parse(&rule.to_string()).unwrap().rule.audience else { continue };
        if let (None, Some(profile)) = (&audience.id, &audience.profile) {
            let profile = Profile::compile(profile).unwrap();
            let users = tags.iter().filter(|t| profile.holds(t)).map(|t| t.user.as_str());
            audiences.insert(&audience_id(&audience), Arc::new(Audience::from_users(users)));
        }
    }
    audiences
}

fn lines(case: &Case) -> Vec<Line> {
    let extractor = Extractor::new(&Mapping::default(), None);
    let line = |(position, raw): (i64, Vec<u8>)| {
        let Extracted::Event { user, time, .. } = extractor.extract(&raw, None) else { return None };
        let user = user.into_owned();
        Some(Line { user, time, position, raw })
    };
    (0_i64..).zip(case.bytes()).filter_map(line).collect()
}

fn backtest(case: &Case) -> Option<Vec<Match>> {
    let mut book = Book::new();
    if book.apply(&update(&case.rules), &audiences(case), None).iter().any(not_taken) {
        return None;
    }
    let lines = lines(case);
    let end = match case.end {
        End::Fire => HistoryEnd::Fire,
        End::Until(until) => HistoryEnd::Until(until),
        End::Hold => HistoryEnd::Hold { largest: lines.iter().map(|l| l.time).max().unwrap_or(i64::MIN) },
    };
    let mut users: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in &lines {
        users.entry(&line.user).or_default().push(line);
    }
    let mut history = History::new(book.program(), Mapping::default()).dedupe(case.dedupe);
    let mut matches = Vec::new();
    for (user, mut lines) in users {
        lines.sort_by_key(|l| (l.time, l.position));
        let events: Vec<HistoryEvent<'_>> = lines
            .iter()
            .map(|l| HistoryEvent { time: l.time, position: l.position, content: Content::Json(&l.raw) })
            .collect();
        history.run(user, &events, end, &mut matches);
    }
    Some(matches)
}

/// One way in which a host may run a case: any cut, cache and restarts, users in any interleaving, rules in any order,
/// strangers among the rules, and either order of events.
#[derive(Debug)]
struct Live {
    draw: Draw,
    shape: Shape,
    /// In arrival order the input comes sorted, and then means the same.
    arrival: bool,
    /// Rules that only stand beside those of the case.
    strangers: Vec<Value>,
}

/// What is stored of a user is never more than the compile report says, ids that `dedupe` keeps aside. Nothing waits.
fn within_the_report(host: &mut Host, dedupe: usize) {
    let most = host.program().report().bytes_per_user + 17 * dedupe as u64;
    for (user, state) in host.states() {
        assert!(state.len() as u64 <= most, "{user}: {} bytes, the report says {most}", state.len());
    }
}

impl Live {
    fn drawn(number: u64) -> Live {
        let mut draw = Draw::new(!number);
        let shape = Shape {
            batch: *draw.of(&[1, 2, 5, 1000]),
            cache_users: *draw.of(&[1, 3, 1000]),
            dirty_users: *draw.of(&[0, 1, 1000]),
            restart_every: 0,
        };
        let arrival = draw.chance(30);
        let mut strangers = if draw.chance(30) { Case::drawn(number ^ 1).rules } else { Vec::new() };
        for rule in &mut strangers {
            let id = format!("{}stranger.{}", ["a.", "z."][draw.below(2)], rule["id"].as_str().unwrap());
            rule["id"] = id.into();
            rule.as_object_mut().unwrap().remove("audience");
        }
        Live { draw, shape, arrival, strangers }
    }

    /// The matches of the case's rules, and the positions of late events.
    fn run(mut self, case: &Case, end: End) -> Option<(Vec<Match>, Vec<i64>)> {
        let mut rules = [case.rules.as_slice(), self.strangers.as_slice()].concat();
        for at in (1..rules.len()).rev() {
            rules.swap(at, self.draw.below(at + 1));
        }
        let until = if let End::Until(until) = end { Some(until) } else { None };
        let order = if self.arrival { Order::Arrival { lateness: 0 } } else { Order::Ordered };
        let mut host = Host::new(order, Mapping::default(), until, self.shape);
        host.dedupe(case.dedupe);
        host.audiences = audiences(case);
        host.apply(&update(&rules));
        if host.results.statuses.iter().any(not_taken) {
            return None;
        }
        let lines = self.interleaved(lines(case));
        self.feed(&mut host, lines);
        host.end(EndOfInput::Fire);
        within_the_report(&mut host, case.dedupe);
        let mut matches = std::mem::take(&mut host.results.matches);
        matches.retain(|m| !m.rule.contains("stranger"));
        Some((matches, host.results.late))
    }

    /// Users in another interleaving: each event moves, past those of others only. In arrival order: sorted.
    fn interleaved(&mut self, mut lines: Vec<Line>) -> Vec<Line> {
        if self.arrival {
            lines.sort_by_key(|line| (line.time, line.position));
            return lines;
        }
        for _ in 0..lines.len() {
            let at = self.draw.below(lines.len().saturating_sub(1));
            if lines.len() > 1 && lines[at].user != lines[at + 1].user {
                lines.swap(at, at + 1);
            }
        }
        lines
    }

    /// Watermarks that are true for most events, and restarts.
    fn feed(&mut self, host: &mut Host, lines: Vec<Line>) {
        let (mut largest, marks, restarts) = (i64::MIN, self.draw.below(60), self.draw.below(20));
        let bound = *self.draw.of(&[0, 1, 10, 1000, 100_000]);
        for line in lines {
            if self.arrival {
                // T11: here a deadline passes only when the watermark reaches it.
                host.watermark(line.time - 1);
            }
            largest = largest.max(line.time);
            host.event(line);
            if !self.arrival && self.draw.chance(marks) {
                host.watermark(largest - bound);
            }
            if self.draw.chance(restarts) {
                host.restart();
            }
        }
    }
}

/// Vectors of what the oracle leaves out: panes, whose error is allowed, and times finer than 1 ms.
const LEFT_OUT: [&str; 3] =
    ["195-panes-beyond-exact-events", "196-panes-change-the-order-of-a-sum", "21-fractions-of-ms-are-cut"];

/// The oracle's word on a golden vector. None where the vector needs what the oracle does not know.
fn word_on(vector: &Vector) -> Option<Vec<Match>> {
    let json = &vector.json;
    let expect = json["expect"].as_object()?;
    let unknown = ["mapping", "max_ahead"].iter().any(|field| json.get(field).is_some())
        || ["bad", "late", "refused", "no_audience"].iter().any(|field| expect.contains_key(*field));
    let (last, records) = json["steps"].as_array()?.split_last()?;
    let plain = |step: &Value| step.get("event").is_some() || step["raw"].is_string();
    let unknown = unknown || LEFT_OUT.contains(&vector.name.as_str());
    if unknown || !vector.is_backtest() || !records.iter().all(plain) {
        return None;
    }
    let bytes = |step: &Value| match step["raw"].as_str() {
        Some(raw) => raw.as_bytes().to_vec(),
        None => step["event"].to_string().into_bytes(),
    };
    let events = (0_i64..).zip(records).filter_map(|(at, step)| Event::read(&bytes(step), at));
    let end = match (json.get("until").and_then(Value::as_i64), last["end"].as_str()) {
        (Some(until), _) => End::Until(until),
        (None, Some("fire")) => End::Fire,
        _ => End::Hold,
    };
    let list = |name: &str| json.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let sets = json.get("audiences").and_then(Value::as_object).cloned().unwrap_or_default();
    let users = |users: &Value| -> BTreeSet<String> {
        users.as_array().unwrap().iter().map(|user| user.as_str().unwrap().to_owned()).collect()
    };
    let world = World {
        rules: list("rules").iter().map(|rule| Rule::parse(&rule.to_string()).unwrap().rule).collect(),
        members: sets.iter().map(|(id, members)| (id.clone(), users(members))).collect(),
        tags: list("tags")
            .into_iter()
            .map(|tags| (tags["user"].as_str().unwrap().to_owned(), tags))
            .collect(),
        dedupe: json.get("dedupe").and_then(Value::as_u64).unwrap_or(0) as usize,
    };
    Some(world.matches(&events.collect::<Vec<_>>(), end))
}

/// What was worked out by hand holds for the oracle too: neither it nor the engine is alone with its reading.
#[test]
fn the_oracle_says_what_the_vectors_say() {
    let (mut asked, mut failed) = (0, Vec::new());
    for vector in host::vectors() {
        let Some(matches) = word_on(&vector) else { continue };
        asked += 1;
        let found: Vec<Value> = matches.iter().map(|m| serde_json::to_value(m).unwrap()).collect();
        let expected = vector.json["expect"]["matches"].as_array().cloned().unwrap_or_default();
        let agrees = |(expected, found): (&Value, &Value)| {
            expected.as_object().unwrap().iter().all(|(name, value)| &found[name] == value)
        };
        if found.len() != expected.len() || !expected.iter().zip(&found).all(agrees) {
            failed.push(format!("{}\n{}", vector.name, shown(&Value::from_iter([("found", found)]))));
        }
    }
    assert!(failed.is_empty(), "of {asked} vectors {} differ\n{}", failed.len(), failed.join("\n"));
    assert!(asked > 100, "{asked} vectors only");
    println!("{asked} vectors");
}
