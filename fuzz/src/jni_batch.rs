//! The bytes that Java hands over: batches, answers, updates, users, records to be extracted. Malformed ones are told, the rest goes to the engine
//! as the library passes it on, and what comes out is framed as Java reads it.

use alcedo_engine::{Audience, Audiences, Book, Document, EndOfInput, Engine, Record, RecordKind, Update};
use alcedo_jni::wire::{
    self, EXTRACT_RECORD_HEADER, Next, OUTCOME_HEADER, RECORD_HEADER, SUPPLY_HEADER, Writer,
};
use alcedo_model::Mapping;

use crate::host;
use crate::rules::{self, BASE};

/// Byte 0: what they are; byte 1 picks the rules and the room of the buffer that Java brings; the rest is the bytes.
pub(crate) fn run(bytes: &[u8]) {
    let [kind, pick, rest @ ..] = bytes else { return };
    match kind % 5 {
        0 => batch(*pick, rest),
        1 => supplies(*pick, rest),
        2 => update(rest),
        3 => users(rest),
        _ => extractions(rest),
    }
}

fn batch(pick: u8, bytes: &[u8]) {
    let Ok(records) = wire::records(bytes) else { return };
    let records: Vec<Record<'_>> = records.collect();
    let read: usize = records.iter().map(|r| RECORD_HEADER + r.user.len() + r.raw.len()).sum();
    assert_eq!(read, bytes.len(), "every byte belongs to a record");
    let mut java = Java::new(pick);
    java.send(&records);
    while !java.engine.advance(BASE).unwrap() {
        java.drain();
    }
    java.drain();
    while java.engine.write_back(1) > 0 {
        java.drain();
    }
    while !java.engine.end(EndOfInput::Fire).unwrap() {
        java.drain();
    }
    java.drain();
}

fn supplies(pick: u8, bytes: &[u8]) {
    let Ok(supplies) = wire::supplies(bytes) else { return };
    let read: usize = supplies.clone().map(|s| SUPPLY_HEADER + s.state.map_or(0, <[u8]>::len)).sum();
    assert_eq!(read, bytes.len(), "every byte belongs to an answer");
    let mut java = Java::new(pick);
    let record =
        |user| Record { kind: RecordKind::Touch, user, time: BASE, partition: 0, position: 0, raw: b"" };
    // A cache of one user takes one record at a time.
    let asked = java.engine.begin([record("u"), record("v")]).unwrap();
    let all = supplies.filter(|s| java.engine.supply(s.token, s.state).is_ok()).count();
    assert!(all <= asked, "{asked} were asked for");
    assert_eq!(java.engine.evaluate().is_ok(), all == asked);
}

fn update(bytes: &[u8]) {
    let Ok(read) = wire::update(bytes) else { return };
    let lengths: usize = read.documents.iter().map(|(source, text)| 6 + source.len() + text.len()).sum();
    assert_eq!(lengths + 13, bytes.len(), "every byte belongs to a document");
    let document =
        |(source, text): &(&str, &str)| Document { source: (*source).into(), text: (*text).into() };
    let update = Update { complete: read.complete, documents: read.documents.iter().map(document).collect() };
    let mut book = Book::new();
    let first = book.apply(&update, &Audiences::new(), read.at);
    serde_json::to_vec(&first).unwrap();
    let running = book.hash();
    book.apply(&update, &Audiences::new(), read.at);
    assert_eq!(book.hash(), running, "the same update again changes nothing");
    Book::decode(&book.encode()).unwrap();
}

fn users(bytes: &[u8]) {
    let Ok(users) = wire::users(bytes) else { return };
    let audience = Audience::from_users(users.iter().copied());
    assert!(users.iter().all(|user| audience.contains(user)));
    assert_eq!(Audience::decode(&audience.encode()).as_ref(), Ok(&audience));
}

fn extractions(bytes: &[u8]) {
    let Ok(records) = wire::extractions(bytes) else { return };
    let Ok(records) = records.collect::<Result<Vec<_>, _>>() else { return };
    let read: usize = records.iter().map(|(raw, _)| EXTRACT_RECORD_HEADER + raw.len()).sum();
    assert_eq!(read, bytes.len(), "every byte belongs to a record");
}

/// What stands on the other side, with a buffer that is too small for most.
struct Java {
    engine: Engine,
    writer: Writer,
    buffer: Vec<u8>,
}

impl Java {
    fn new(pick: u8) -> Self {
        let config = host::config(Mapping::default(), usize::from(pick & 3), usize::from(pick >> 6));
        let engine = Engine::new(config, rules::program(pick), i64::MIN);
        Java { engine, writer: Writer::default(), buffer: vec![0; usize::from(pick)] }
    }

    fn send(&mut self, mut records: &[Record<'_>]) {
        while !records.is_empty() {
            let Ok(taken) = self.engine.begin(records.iter().copied()) else { return };
            assert!(taken > 0, "a batch of {} records was not begun", records.len());
            records = &records[taken..];
            for token in self.drain() {
                self.engine.supply(token, None).unwrap();
            }
            self.engine.evaluate().unwrap();
        }
    }

    /// Reads all outcomes, frame by frame; the tokens of needs.
    fn drain(&mut self) -> Vec<u32> {
        let mut tokens = Vec::new();
        loop {
            let engine = &mut self.engine;
            match self.writer.fill(&mut self.buffer, || engine.next_outcome()).unwrap() {
                Next::Written(0) => return tokens,
                Next::Written(len) => read_frames(&self.buffer[..len], &mut tokens),
                Next::Needs(len) => {
                    assert!(len > self.buffer.len());
                    self.buffer.resize(len, 0);
                }
            }
        }
    }
}

fn read_frames(mut frames: &[u8], tokens: &mut Vec<u32>) {
    while !frames.is_empty() {
        let len = u32::from_le_bytes(frames[1..OUTCOME_HEADER].try_into().unwrap()) as usize;
        let body = &frames[OUTCOME_HEADER..OUTCOME_HEADER + len];
        match frames[0] {
            wire::OUT_NEED => tokens.push(u32::from_le_bytes(body[..4].try_into().unwrap())),
            tag => assert!((wire::OUT_STORE..=wire::OUT_AUDIT).contains(&tag), "tag {tag}"),
        }
        frames = &frames[OUTCOME_HEADER + len..];
    }
}
