//! Event bytes: extraction reads or refuses any record; what it reads, the engine reads too, and however the stream is
//! cut, cached and restarted, it means what a backtest of it means.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use alcedo_engine::{
    Content, EndOfInput, EngineConfig, Extracted, Extractor, History, HistoryEnd, HistoryEvent, MAX_USER,
    Program, Record,
};
use alcedo_model::limits::MAX_TIME_MS;
use alcedo_model::{Mapping, Match};

use crate::host::{self, Host};
use crate::rules::{self, BASE};

/// More records would only make a run slow.
const MOST_RECORDS: usize = 48;

static MAPPINGS: LazyLock<Vec<Mapping>> = LazyLock::new(|| {
    [
        "{}",
        r#"{"user":"uid","type":"evt.name","time":"ts","id":"eid","props":"p","time_unit":"s"}"#,
        r#"{"user":"a.b","type":"a","time":"a.b","id":"a.b.c","props":"a","time_unit":"rfc3339"}"#,
        r#"{"user":"x","type":"x","time":["x.y","z"],"id":"x","time_unit":"us"}"#,
    ]
    .iter()
    .map(|text| Mapping::parse(text).unwrap())
    .collect()
});

/// Byte 0 picks the rules, byte 1 the mapping and what the job is set to; the rest is records, a line each.
pub(crate) fn run(bytes: &[u8]) {
    let [pick, mapping, rest @ ..] = bytes else { return };
    let program = rules::program(*pick);
    let (bounded, dedupe) = (mapping & 8 != 0, usize::from(mapping >> 4 & 3));
    let mapping = &MAPPINGS[usize::from(*mapping) % MAPPINGS.len()];
    let extractor = Extractor::new(mapping, bounded.then_some(1000));
    let lines: Vec<&[u8]> = rest.split(|byte| *byte == b'\n').take(MOST_RECORDS).collect();
    let mut events = Vec::new();
    let mut refused = Vec::new();
    for (position, raw) in lines.iter().enumerate() {
        match extractor.extract(raw, Some(BASE)) {
            Extracted::Event { user, time, .. } => {
                assert!(
                    (1..=MAX_USER).contains(&user.len()) && (0..=MAX_TIME_MS).contains(&time),
                    "{user:?} {time}"
                );
                assert!(!bounded || time <= BASE + 1000, "{time}");
                events.push((user, time, position as i64, *raw));
            }
            Extracted::Blank => assert!(raw.iter().all(u8::is_ascii_whitespace)),
            // Whether reading works there too is open: it checks less. It only must not panic.
            Extracted::Bad(_) => refused.push(host::event("u", BASE, position as i64, raw)),
        }
    }
    let records: Vec<Record<'_>> =
        events.iter().map(|(user, time, position, raw)| host::event(user, *time, *position, raw)).collect();
    if !records.is_empty() {
        let whole = stream(&program, host::config(mapping.clone(), 1000, dedupe), &[&records]);
        let pieces: Vec<&[Record<'_>]> = records.chunks(1).collect();
        assert_eq!(
            whole,
            stream(&program, host::config(mapping.clone(), 1, dedupe), &pieces),
            "one by one, with restarts"
        );
        assert_eq!(whole, backtest(&program, mapping, dedupe, &records), "as a backtest");
    }
    let mut host = Host::new(program, host::config(mapping.clone(), 1000, dedupe));
    host.send(&refused).unwrap();
    host.end(EndOfInput::Fire).unwrap();
}

fn stream(program: &Arc<Program>, config: EngineConfig, pieces: &[&[Record<'_>]]) -> Vec<Match> {
    let mut host = Host::new(Arc::clone(program), config);
    for piece in pieces {
        host.send(piece).unwrap();
        if pieces.len() > 1 {
            host.restart().unwrap();
        }
    }
    host.end(EndOfInput::Fire).unwrap();
    assert!(host.bad.is_empty(), "extraction read what the engine cannot read: {:?}", host.bad);
    host.sorted()
}

fn backtest(program: &Arc<Program>, mapping: &Mapping, dedupe: usize, records: &[Record<'_>]) -> Vec<Match> {
    let mut users: BTreeMap<&str, Vec<HistoryEvent<'_>>> = BTreeMap::new();
    for Record { user, time, position, raw, .. } in records {
        let event = HistoryEvent { time: *time, position: *position, content: Content::Json(raw) };
        users.entry(user).or_default().push(event);
    }
    let mut history = History::new(Arc::clone(program), mapping.clone()).dedupe(dedupe);
    let mut matches = Vec::new();
    for (user, mut events) in users {
        events.sort_by_key(|event| (event.time, event.position));
        history.run(user, &events, HistoryEnd::Fire, &mut matches);
    }
    host::sort(&mut matches);
    matches
}
