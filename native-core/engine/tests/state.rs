//! Released state bytes still load and still mean the same; bytes that are not whole are refused for what they are.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

mod host;

use std::collections::{BTreeMap, BTreeSet};

use alcedo_engine::{
    Book, Engine, EngineConfig, EngineError, FORMAT, MAX_STATE, Order, Outcome, Program, Record, RecordKind,
    StateError,
};
use alcedo_model::{Function, Mapping, MeasureKind, Period, Rule, Window};
use host::sample::{Sample, Snapshot, folder, samples};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

/// Samples that were released; a sample is never deleted, so the number only grows.
const AT_LEAST: usize = 26;

#[test]
fn every_sample_goes_on_as_it_was() {
    let all = samples();
    assert!(all.len() >= AT_LEAST, "{} samples", all.len());
    for sample in &all {
        let found = sample.go_on(&sample.snapshot);
        assert_eq!(found, sample.matches, "{}", sample.vector.name);
    }
}

/// So the present format's layout cannot change unseen. A sample of an older one may be written as a newer.
#[test]
fn every_sample_of_this_format_is_written_as_it_was_read() {
    let all = samples();
    for sample in all.iter().filter(|sample| sample.format == FORMAT) {
        let Snapshot { book, users, timers, watermark } = &sample.snapshot;
        assert_eq!(Book::decode(book).unwrap().encode(), *book, "{}", sample.vector.name);
        let mut host = sample.restore(&sample.snapshot);
        host.look_at_all();
        let written = host.snapshot();
        // A user last judged under an older generation of the rules is brought to theirs.
        let older = sample.vector.json["older"].as_array().cloned().unwrap_or_default();
        for (user, state) in users {
            let same = written.users.get(user) == Some(state);
            assert_eq!(same, !older.contains(&user.as_str().into()), "{}: {user}", sample.vector.name);
        }
        assert_eq!((&written.timers, &written.watermark), (timers, watermark), "{}", sample.vector.name);
    }
    assert!(all.iter().any(|sample| sample.format == FORMAT), "format {FORMAT} has no sample");
}

/// The kinds, as a list that does not compile when one is missing.
fn kind(kind: &MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Count(_) => "count",
        MeasureKind::Aggregate { function, .. } => match function {
            Function::Sum => "sum",
            Function::Min => "min",
            Function::Max => "max",
            Function::Avg => "avg",
            Function::First => "first",
            Function::Last => "last",
        },
        MeasureKind::Top { .. } => "top",
        MeasureKind::Distinct { .. } => "distinct",
        MeasureKind::FirstTime(_) => "first_time",
        MeasureKind::LastTime(_) => "last_time",
        MeasureKind::Sequence { .. } => "sequence",
        MeasureKind::Pairs { .. } => "pairs",
        MeasureKind::Absence { .. } => "absence",
    }
}

const KINDS: [&str; 14] = [
    "count",
    "sum",
    "min",
    "max",
    "avg",
    "first",
    "last",
    "top",
    "distinct",
    "first_time",
    "last_time",
    "sequence",
    "pairs",
    "absence",
];

/// The windows, in the same way.
fn window(window: &Window) -> &'static str {
    match window {
        Window::Always => "always",
        Window::Between { .. } => "between",
        Window::BeforePublish(_) => "before_publish",
        Window::SincePublish => "since_publish",
        Window::AcrossPublish(_) => "across_publish",
        Window::Last(_) => "last",
        Window::Calendar(period) => match period {
            Period::Hour => "hour",
            Period::Day => "day",
            Period::Week => "week",
            Period::Month | Period::Life => "month",
        },
        Window::Session(_) => "session",
    }
}

const WINDOWS: [&str; 11] = [
    "always",
    "between",
    "before_publish",
    "since_publish",
    "across_publish",
    "last",
    "hour",
    "day",
    "week",
    "month",
    "session",
];

type Covered = BTreeSet<(&'static str, &'static str, bool)>;

/// What the bytes of a sample decide: measures whose value in a match differs from what it is without any state.
fn decided(sample: &Sample, covered: &mut Covered) {
    let nobody = Snapshot { users: BTreeMap::new(), ..sample.snapshot.clone() };
    let without = sample.go_on(&nobody);
    assert_ne!(without, sample.matches, "{}: its state decides nothing", sample.vector.name);
    let place =
        |m: &Value| [&m["rule"], &m["user"], &m["time"], &m["key"], &m["cause"]].map(Value::to_string);
    let without: BTreeMap<_, _> = without.iter().map(|m| (place(m), m)).collect();
    let rules: BTreeMap<String, Rule> = Rule::parse_many(&sample.vector.json["rules"].to_string())
        .into_iter()
        .map(|parsed| parsed.unwrap().rule)
        .map(|rule| (rule.id.clone(), rule))
        .collect();
    for found in &sample.matches {
        let (Some(other), Some(rule)) =
            (without.get(&place(found)), rules.get(found["rule"].as_str().unwrap()))
        else {
            continue;
        };
        for (name, value) in found["evidence"].as_object().unwrap() {
            let measure = rule.measures.get(name).filter(|_| other["evidence"][name] != *value);
            covered.extend(measure.map(|m| (kind(&m.kind), window(&m.window), !m.by.is_empty())));
        }
    }
}

#[test]
fn the_samples_have_every_kind_in_every_window() {
    let mut covered = Covered::new();
    samples().iter().for_each(|sample| decided(sample, &mut covered));
    let mut missing = Vec::new();
    for (kind, window, by) in
        KINDS.iter().flat_map(|k| WINDOWS.iter().flat_map(move |w| [(*k, *w, false), (*k, *w, true)]))
    {
        // An absence has no session.
        if (kind, window) != ("absence", "session") && !covered.contains(&(kind, window, by)) {
            missing.push((kind, window, by));
        }
    }
    assert!(
        missing.is_empty(),
        "no sample decides {} of these (kind, window, by): {missing:?}",
        missing.len()
    );
}

/// Asks for one user and supplies these bytes.
struct Desk {
    engine: Engine,
    token: u32,
}

impl Desk {
    fn new() -> Self {
        let config = EngineConfig {
            order: Order::Ordered,
            mapping: Mapping::default(),
            until: None,
            mappings: Vec::new(),
            cache_bytes: 1 << 20,
            cache_users: 10,
            dirty_users: 10,
            dedupe: 0,
        };
        let mut engine = Engine::new(config, Program::compile(&[], &Default::default()).unwrap(), i64::MIN);
        let touch =
            Record { kind: RecordKind::Touch, user: "u", time: 0, partition: 0, position: 0, raw: b"" };
        engine.begin([touch]).unwrap();
        let Some(Outcome::Need { token, .. }) = engine.next_outcome() else { panic!("nobody was asked for") };
        Desk { engine, token }
    }

    fn refusal(&mut self, bytes: &[u8]) -> StateError {
        match self.engine.supply(self.token, Some(bytes)) {
            Err(EngineError::State { user, error }) if *user == *"u" => error,
            other => panic!("{other:?} for {} bytes", bytes.len()),
        }
    }
}

fn damaged(error: &StateError) -> bool {
    matches!(error, StateError::Damaged(_))
}

/// Changes an envelope and gives it the checksum it then needs.
fn resealed(bytes: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = bytes[..bytes.len() - 4].to_vec();
    change(&mut bytes);
    let sum = xxh3_64(&bytes) as u32;
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

#[test]
fn every_flipped_bit_and_every_cut_is_told() {
    let mut desk = Desk::new();
    for sample in samples() {
        let Snapshot { book, users, .. } = &sample.snapshot;
        for state in users.values() {
            for bit in 0..state.len() * 8 {
                let mut bytes = state.clone();
                bytes[bit / 8] ^= 1 << (bit % 8);
                assert!(damaged(&desk.refusal(&bytes)), "{}: bit {bit}", sample.vector.name);
            }
            for cut in 0..state.len() {
                assert!(damaged(&desk.refusal(&state[..cut])), "{}: cut at {cut}", sample.vector.name);
            }
            assert!(damaged(&desk.refusal(&[state, &[0][..]].concat())), "{}: longer", sample.vector.name);
            assert_eq!(desk.refusal(book), StateError::Damaged("other content"), "a book is no user");
            assert_eq!(Book::decode(state).unwrap_err(), StateError::Damaged("other content"));
        }
        for bit in (0..book.len() * 8).step_by(7) {
            let mut bytes = book.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(damaged(&Book::decode(&bytes).unwrap_err()), "{}: bit {bit}", sample.vector.name);
        }
        for cut in 0..book.len() {
            assert!(damaged(&Book::decode(&book[..cut]).unwrap_err()), "{}: cut {cut}", sample.vector.name);
        }
    }
}

#[test]
fn a_newer_format_is_told_and_so_is_none() {
    let mut desk = Desk::new();
    for sample in samples() {
        let Snapshot { book, users, .. } = &sample.snapshot;
        for found in [FORMAT + 1, u8::MAX] {
            for state in users.values() {
                assert_eq!(desk.refusal(&resealed(state, |b| b[3] = found)), StateError::Newer { found });
            }
            let newer = Book::decode(&resealed(book, |b| b[3] = found)).unwrap_err();
            assert_eq!(newer, StateError::Newer { found });
        }
        let state = users.values().next().unwrap();
        assert_eq!(desk.refusal(&resealed(state, |b| b[3] = 0)), StateError::Damaged("format"));
    }
}

#[test]
fn a_size_that_lies_and_one_beyond_the_limit_are_told() {
    let mut desk = Desk::new();
    let sample = samples().into_iter().next().unwrap();
    let state = sample.snapshot.users.values().next().unwrap();
    for length in [0, (state.len() - 13) as u32, (state.len() - 11) as u32, MAX_STATE as u32, u32::MAX] {
        let lying = resealed(state, |b| b[4..8].copy_from_slice(&length.to_le_bytes()));
        assert_eq!(desk.refusal(&lying), StateError::Damaged("length"), "{length}");
    }
    // Nobody writes to these pages, so they take no memory; nor does whoever refuses them look at them.
    let huge = vec![0; MAX_STATE + 1];
    assert_eq!(desk.refusal(&huge), StateError::TooLarge(MAX_STATE + 1));
    assert_eq!(Book::decode(&huge).unwrap_err(), StateError::TooLarge(MAX_STATE + 1));
}

/// What other languages' tests refuse too: they cannot seal bytes of their own.
#[test]
fn the_refused_samples_are_refused() {
    let read = |name: &str| -> Value {
        let path = folder().join("refused").join(name);
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let bytes = |json: &Value| host::sample::unhex(json["state"].as_str().unwrap());
    let mut desk = Desk::new();
    assert_eq!(desk.refusal(&bytes(&read("newer.json"))), StateError::Newer { found: u8::MAX });
    assert_eq!(desk.refusal(&bytes(&read("damaged.json"))), StateError::Damaged("checksum"));
    // Repaired, it would be fine: it is the damage alone that is refused.
    let whole = resealed(&bytes(&read("damaged.json")), |_| {});
    desk.engine.supply(desk.token, Some(&whole)).unwrap();
}
