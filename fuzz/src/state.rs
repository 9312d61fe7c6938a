//! State bytes, of a user and of a book: a typed error, or something that can be run on, written and read again.

use alcedo_engine::{
    Audiences, Book, EndOfInput, Engine, EngineError, FORMAT, MAX_CASES, Outcome, Program, Question, Update,
};
use alcedo_model::{Mapping, Rule};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

use crate::host::{self, Host};
use crate::rules::{self, BASE};

/// How many steps follow on a state that was read.
const STEPS: usize = 8;
const USER: u8 = 1;
const BOOK: u8 = 2;

/// An envelope around a body, as the engine writes it: a fuzzer cannot guess a checksum.
pub fn seal(content: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xa1, 0xce, content, FORMAT];
    bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend_from_slice(body);
    let sum = xxh3_64(&bytes) as u32;
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

/// Byte 0: whose state, and whether the rest is whole or a body to be sealed; byte 1 picks the rules; then the steps that
/// follow; the rest is the state.
pub(crate) fn run(bytes: &[u8]) {
    let [kind, pick, rest @ ..] = bytes else { return };
    let Some((steps, rest)) = rest.split_first_chunk::<STEPS>() else { return };
    match kind % 4 {
        0 => user(*pick, steps, &seal(USER, rest)),
        1 => user(*pick, steps, rest),
        2 => book(&seal(BOOK, rest)),
        _ => book(rest),
    }
}

fn user(pick: u8, steps: &[u8; STEPS], state: &[u8]) {
    let program = rules::program(pick);
    if !loads(&program, state) {
        return;
    }
    explains(&program, rules::models(pick), state);
    let mut host = Host::new(program, host::config(Mapping::default(), 2, 3));
    host.put("u", state);
    let mut time = BASE;
    host.send(&[host::touch("u", time)]).unwrap();
    for (at, step) in steps.iter().enumerate() {
        // 0 to 15 ms; then 32 ms to 2^23 ms, some two hours; the last is far away.
        time += match i64::from(step & 31) {
            far @ 16..=30 => 1 << (far - 7),
            31 => 1 << 40,
            near => near,
        };
        match step >> 5 {
            0 | 1 => event(&mut host, "a", time, at),
            2 => event(&mut host, "b", time, at),
            3 => event(&mut host, "c", time, at),
            4 | 5 => host.watermark(time).unwrap(),
            6 => host.restart().unwrap(),
            _ => host.send(&[host::touch("u", time)]).unwrap(),
        }
    }
    host.watermark(time).unwrap();
    host.restart().unwrap();
    is_written_as_read(&mut host);
    host.end(EndOfInput::Fire).unwrap();
}

/// What was read explains itself, as it stands and later.
fn explains(program: &Program, rules: &[Rule], state: &[u8]) {
    let mapping = Mapping::default();
    for (rule, at) in
        rules.iter().zip([None, Some(BASE), Some(BASE + 40), Some(i64::MAX)].into_iter().cycle())
    {
        let question =
            Question { rule, user: "u", state: Some(state), at, mapping: &mapping, mappings: &[], dedupe: 3 };
        let told = program.explain(&question).unwrap().unwrap();
        assert!(told.cases.len() <= MAX_CASES);
    }
}

fn event(host: &mut Host, event_type: &str, time: i64, at: usize) {
    let values = [
        "true",
        "-1",
        "1.5",
        "\"x\"",
        "\"long long long long long long long long long long long long long long\"",
    ];
    let raw = format!(
        r#"{{"type":"{event_type}","id":{},"n":{at},"v":{},"k":{}}}"#,
        at % 6,
        values[at % 5],
        at % 3
    );
    host.send(&[host::event("u", time, at as i64, raw.as_bytes())]).unwrap();
}

/// Whether the engine reads the state. Where it does not, the user is nobody's: he can still be supplied.
fn loads(program: &Arc<Program>, state: &[u8]) -> bool {
    let mut engine = Engine::new(host::config(Mapping::default(), 2, 3), Arc::clone(program), i64::MIN);
    engine.begin([host::touch("u", BASE)]).unwrap();
    let Some(Outcome::Need { token, user }) = engine.next_outcome() else { panic!("nobody was asked for") };
    match engine.supply(token, Some(state)) {
        Ok(()) => true,
        Err(EngineError::State { user: whose, .. }) => {
            assert_eq!(whose, user);
            assert_eq!(engine.evaluate(), Err(EngineError::Unsupplied(user)));
            engine.supply(token, None).unwrap();
            engine.evaluate().unwrap();
            false
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// A user who is only looked at, at a moment long ago, is written as he was read.
fn is_written_as_read(host: &mut Host) {
    let Some(before) = host.held("u").map(<[u8]>::to_vec) else { return };
    host.send(&[host::touch("u", i64::MIN)]).unwrap();
    host.restart().unwrap();
    assert_eq!(host.held("u"), Some(before.as_slice()));
}

fn book(bytes: &[u8]) {
    let Ok(mut book) = Book::decode(bytes) else { return };
    let written = book.encode();
    assert_eq!(Book::decode(&written).unwrap().encode(), written);
    let _ = book.audiences();
    let audiences = Audiences::new();
    let statuses = book.apply(&Update::default(), &audiences, Some(BASE));
    // Rules that do not compile together run nowhere: the host is told, and fails.
    assert!(book.hash().len() == 32 || statuses.iter().any(|s| s.state == "refused"), "{statuses:?}");
    book.apply(&Update { complete: true, documents: Vec::new() }, &audiences, Some(BASE));
    let _ = book.program().report();
    let mut host = Host::new(book.program(), host::config(Mapping::default(), 2, 3));
    event(&mut host, "a", BASE, 0);
    host.end(EndOfInput::Fire).unwrap();
    Book::decode(&book.encode()).unwrap();
}
