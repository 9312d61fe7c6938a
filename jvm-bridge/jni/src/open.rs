//! What Java opens and names by a handle: extractors, books of rules, engines. Each method is one question to the
//! engine crate, with bytes on both sides.

use std::sync::Arc;

use alcedo_engine::{
    Audience, Audiences, Book, CommandFound, Counters, Document, EndOfInput, Engine, EngineConfig, Extracted,
    Extractor, MAX_DEDUPE, Order, Program, Question, Update, audience_id, extract_command,
};
use alcedo_model::{Mapping, Problem, Rule};
use serde::Deserialize;
use serde_json::json;

use crate::compiled::{COMPILED, Merged, Place};
use crate::guard::Fault;
use crate::handles::Table;
use crate::memory;
use crate::selection::Selection;
use crate::shared::{AUDIENCES, Members};
use crate::wire;

pub(crate) static EXTRACTORS: Table<OpenExtractor> = Table::new(1, "extractor");
pub(crate) static BOOKS: Table<OpenBook> = Table::new(2, "rule book");
pub(crate) static ENGINES: Table<OpenEngine> = Table::new(3, "engine");
pub(crate) static MEMBERS: Table<Members> = Table::new(4, "audience");
pub(crate) static SELECTIONS: Table<Selection> = Table::new(5, "selection");

/// Takes any handle away; a number that names nothing is fine.
pub(crate) fn close(handle: i64) {
    let _ = EXTRACTORS.close(handle)
        || BOOKS.close(handle)
        || ENGINES.close(handle)
        || MEMBERS.close(handle)
        || SELECTIONS.close(handle);
}

/// What records an extractor reads.
pub(crate) enum OpenExtractor {
    Events(Extractor),
    Commands,
}

/// An extractor for events of this shape.
pub(crate) fn extractor(mapping: &str, max_ahead: i64) -> Result<OpenExtractor, Fault> {
    let extractor = Extractor::new(&mapping_of(mapping)?, (max_ahead >= 0).then_some(max_ahead));
    Ok(OpenExtractor::Events(extractor))
}

fn mapping_of(text: &str) -> Result<Mapping, Fault> {
    Mapping::parse(text)
        .map_err(|problems| Fault::Refused(format!("the input mapping is refused: {}", lines(&problems))))
}

pub(crate) fn lines(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}

/// Each record's (user, time), a command's (user, id), or why not, back to back in `out`; the bytes written.
pub(crate) fn extract(extractor: &OpenExtractor, records: &[u8], out: &mut [u8]) -> Result<usize, Fault> {
    let room = out.len();
    let mut at = 0;
    for record in wire::extractions(records)? {
        let (raw, broker_time) = record?;
        let written = out.get_mut(at..).and_then(|rest| extract_one(extractor, raw, broker_time, rest));
        at += written.ok_or_else(|| {
            Fault::Refused(format!("what was extracted does not fit into {room} bytes of output"))
        })?;
    }
    Ok(at)
}

fn extract_one(
    extractor: &OpenExtractor,
    raw: &[u8],
    broker_time: Option<i64>,
    out: &mut [u8],
) -> Option<usize> {
    match extractor {
        OpenExtractor::Events(extractor) => {
            let found = extractor.extract(raw, broker_time);
            let told = match &found {
                Extracted::Event { user, time, .. } => wire::Extracted::Event(user, *time),
                Extracted::Blank => wire::Extracted::Blank,
                Extracted::Bad(reason) => wire::Extracted::Bad(reason),
            };
            wire::extracted(told, out)
        }
        OpenExtractor::Commands => {
            let found = extract_command(raw);
            let told = match &found {
                CommandFound::Command { user, id } => wire::Extracted::Command(user, id),
                CommandFound::Blank => wire::Extracted::Blank,
                CommandFound::Bad(reason) => wire::Extracted::Bad(reason),
            };
            wire::extracted(told, out)
        }
    }
}

/// The rules a job knows, with the audiences it has loaded for them.
#[derive(Default)]
pub(crate) struct OpenBook {
    book: Book,
    audiences: Audiences,
    /// What compiling its present program took and kept, bytes.
    program_bytes: usize,
    max_user_bytes: Option<u64>,
    /// What the last update gave, for others that merge the same one.
    merged: Option<Place>,
}

impl OpenBook {
    /// An empty book, or one out of a job's state. A restored book's rules run after the next `apply`, when the
    /// audiences they need are there.
    /// `max_user_bytes`: state bytes that one rule may need for one user, negative = the engine's own limit.
    pub(crate) fn new(state: Option<&[u8]>, max_user_bytes: i64) -> Result<Self, Fault> {
        let mut book = match state {
            None => Book::new(),
            Some(bytes) => {
                Book::decode(bytes).map_err(|e| Fault::unreadable("the rule book in the job's state", e))?
            }
        };
        let max_user_bytes = u64::try_from(max_user_bytes).ok();
        if let Some(bytes) = max_user_bytes {
            book.limit_user_bytes(bytes);
        }
        Ok(OpenBook { book, max_user_bytes, ..OpenBook::default() })
    }

    /// Merges an update; one status per rule, as a JSON list.
    pub(crate) fn apply(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        let read = wire::update(bytes)?;
        let document =
            |(source, text): &(&str, &str)| Document { source: (*source).into(), text: (*text).into() };
        let update =
            Update { complete: read.complete, documents: read.documents.iter().map(document).collect() };
        let place = COMPILED.place(&self.book, self.max_user_bytes, &self.audiences, bytes);
        let merged = place.get_or_init(|| self.merge(&update, read.at));
        self.book = merged.book.clone();
        self.program_bytes = merged.program_bytes;
        let statuses = merged.statuses.clone();
        self.merged = Some(place);
        Ok(statuses)
    }

    /// What comes of an update; where it changes nothing, the program stays as it was.
    fn merge(&self, update: &Update, at: Option<i64>) -> Merged {
        let mut book = self.book.clone();
        let (statuses, bytes) = memory::kept(|| book.apply(update, &self.audiences, at));
        let same = Arc::ptr_eq(&self.book.program(), &book.program());
        let program_bytes = if same { self.program_bytes } else { bytes };
        // Writing texts and numbers into memory cannot fail.
        Merged { book, statuses: serde_json::to_vec(&statuses).unwrap_or_default(), program_bytes }
    }

    /// What broadcast state keeps.
    pub(crate) fn encode(&self) -> Vec<u8> {
        self.book.encode()
    }

    /// Brings the members of an audience; they count from the next `apply` on. Other books find them by the name.
    pub(crate) fn audience(&mut self, id: &str, name: &str, members: &[u8]) -> Result<(), Fault> {
        let audience =
            AUDIENCES.read(name, members).map_err(|e| Fault::unreadable(&format!("audience \"{id}\""), e))?;
        self.audiences.insert(id, audience);
        Ok(())
    }

    /// As `audience`, with the members that another book has under this name; false: none has.
    pub(crate) fn share(&mut self, id: &str, name: &str) -> bool {
        let there = AUDIENCES.named(name);
        there.map(|audience| self.audiences.insert(id, audience)).is_some()
    }

    /// The ids of the audiences that live rules need, each u16 length | id.
    pub(crate) fn audiences(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for id in self.book.audiences() {
            out.extend_from_slice(&(id.len() as u16).to_le_bytes());
            out.extend_from_slice(id.as_bytes());
        }
        out
    }

    /// Names the content of what runs.
    pub(crate) fn hash(&self) -> String {
        self.book.hash()
    }

    /// What runs now.
    pub(crate) fn info(&self) -> Result<Vec<u8>, Fault> {
        let program = self.book.program();
        json_bytes(&json!({
            "hash": self.book.hash(),
            "audiences": self.book.audiences(),
            "report": program.report(),
        }))
    }

    /// Why a rule fires, or does not, for a user as his state tells, at a moment or as it stands.
    pub(crate) fn explain(
        &self,
        rule: &str,
        user: &str,
        state: Option<&[u8]>,
        at: Option<i64>,
        config: &str,
    ) -> Result<Vec<u8>, Fault> {
        let config = Config::read(config)?;
        let none = || Fault::Refused(format!("no rule \"{rule}\" runs here; see the book's info"));
        let model = self.book.rule(rule).ok_or_else(none)?;
        let (mapping, mappings, dedupe) = (&config.mapping, &config.mappings, config.dedupe);
        let question = Question { rule: model, user, state, at, mapping, mappings, dedupe };
        let told = self
            .book
            .program()
            .explain(&question)
            .map_err(|e| Fault::unreadable(&format!("the state of user {user:?}"), e))?;
        json_bytes(&told.ok_or_else(none)?)
    }

    /// The compiled rules, with the bytes that they take.
    pub(crate) fn program(&self) -> (Arc<Program>, usize) {
        (self.book.program(), self.program_bytes)
    }
}

/// An engine and the outcome that waits for room in Java's buffer.
pub(crate) struct OpenEngine {
    engine: Engine,
    writer: wire::Writer,
    /// Of its rules and of its host's buffers, bytes.
    program_bytes: usize,
    buffer_bytes: usize,
}

/// What `EngineConfig.java` writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    order: OrderName,
    lateness_ms: i64,
    /// A JSON text of its own: the model reads it and tells what is wrong with it.
    mapping: Option<String>,
    /// Other mappings, each for the partitions from this number on.
    mappings: Vec<(i32, Option<String>)>,
    until: Option<i64>,
    cache_bytes: usize,
    cache_users: usize,
    dirty_users: usize,
    dedupe: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum OrderName {
    Ordered,
    Arrival,
}

impl Config {
    fn read(text: &str) -> Result<EngineConfig, Fault> {
        let config: Config =
            serde_json::from_str(text).map_err(|e| Fault::unreadable("the engine's configuration", e))?;
        let order = match config.order {
            OrderName::Ordered => Order::Ordered,
            OrderName::Arrival => Order::Arrival { lateness: config.lateness_ms },
        };
        let read =
            |text: Option<String>| text.map_or_else(|| Ok(Mapping::default()), |text| mapping_of(&text));
        let mapping = read(config.mapping)?;
        let mappings = config.mappings.into_iter().map(|(from, text)| Ok((from, read(text)?)));
        let mappings = mappings.collect::<Result<Vec<_>, Fault>>()?;
        if !mappings.is_sorted_by_key(|(from, _)| *from) {
            return Err(Fault::Refused("the mappings are not in the order of their partitions".into()));
        }
        let Config { until, cache_bytes, cache_users, dirty_users, dedupe, .. } = config;
        if dedupe > MAX_DEDUPE {
            return Err(Fault::Refused(format!("dedupe is {dedupe}, the most is {MAX_DEDUPE} ids per user")));
        }
        Ok(EngineConfig { order, mapping, mappings, until, cache_bytes, cache_users, dirty_users, dedupe })
    }
}

impl OpenEngine {
    pub(crate) fn new(config: &str, program: (Arc<Program>, usize), watermark: i64) -> Result<Self, Fault> {
        let (program, program_bytes) = program;
        let engine = Engine::new(Config::read(config)?, program, watermark);
        let mut opened =
            OpenEngine { engine, writer: wire::Writer::default(), program_bytes, buffer_bytes: 0 };
        opened.count_buffers(0);
        Ok(opened)
    }

    /// The host's buffers for this engine have so many bytes now.
    pub(crate) fn count_buffers(&mut self, bytes: usize) {
        self.buffer_bytes = bytes;
        self.engine.count_beside(self.program_bytes + bytes + self.writer.bytes());
    }

    /// How many records of the batch were taken.
    pub(crate) fn begin(&mut self, batch: &[u8]) -> Result<usize, Fault> {
        Ok(self.engine.begin(wire::records(batch)?)?)
    }

    pub(crate) fn supply(&mut self, answers: &[u8]) -> Result<(), Fault> {
        for answer in wire::supplies(answers)? {
            self.engine.supply(answer.token, answer.state)?;
        }
        Ok(())
    }

    pub(crate) fn evaluate(&mut self) -> Result<(), Fault> {
        Ok(self.engine.evaluate()?)
    }

    /// False: drain and call again.
    pub(crate) fn advance(&mut self, watermark: i64) -> Result<bool, Fault> {
        Ok(self.engine.advance(watermark)?)
    }

    /// False: drain and call again.
    pub(crate) fn end(&mut self, fire: bool) -> Result<bool, Fault> {
        Ok(self.engine.end(if fire { EndOfInput::Fire } else { EndOfInput::Hold })?)
    }

    /// How many users are still dirty.
    pub(crate) fn write_back(&mut self, limit: usize) -> usize {
        self.engine.write_back(limit)
    }

    /// Bytes written, 0 = nothing to tell, negative = a buffer of so many bytes is needed.
    pub(crate) fn drain(&mut self, out: &mut [u8]) -> Result<i64, Fault> {
        let OpenEngine { engine, writer, .. } = self;
        Ok(match writer.fill(out, || engine.next_outcome())? {
            wire::Next::Written(bytes) => bytes as i64,
            wire::Next::Needs(bytes) => -(bytes as i64),
        })
    }

    pub(crate) fn publish(&mut self, program: (Arc<Program>, usize)) {
        let (program, bytes) = program;
        let before = self.engine.publish(program);
        // The last engine that lets go of rules frees them, and its subtask's events wait meanwhile: not here.
        if let Some(before) = Arc::into_inner(before) {
            let _ = std::thread::Builder::new().spawn(move || drop(before));
        }
        self.program_bytes = bytes;
        self.count_buffers(self.buffer_bytes);
    }

    pub(crate) fn counters(&self) -> Counters {
        self.engine.counters()
    }
}

/// Judges a rule as a publication would, with an empty audience in the place of one that comes from outside.
pub(crate) fn validate(text: &str) -> Result<Vec<u8>, Fault> {
    let refused = |problems: &[Problem], warnings: &[Problem]| {
        json_bytes(&json!({"ok": false, "problems": problems, "warnings": warnings, "report": null}))
    };
    let parsed = match Rule::parse(text) {
        Ok(parsed) => parsed,
        Err(problems) => return refused(&problems, &[]),
    };
    let mut audiences = Audiences::new();
    if let Some(audience) = &parsed.rule.audience {
        audiences.insert(&audience_id(audience), Arc::new(Audience::from_users([])));
    }
    match Program::compile(std::slice::from_ref(&parsed.rule), &audiences) {
        Ok(program) => json_bytes(
            &json!({"ok": true, "problems": [], "warnings": parsed.warnings, "report": program.report()}),
        ),
        Err(rules) => {
            let problems: Vec<Problem> = rules.into_iter().flat_map(|rule| rule.problems).collect();
            refused(&problems, &parsed.warnings)
        }
    }
}

/// The bytes of an audience of these users.
pub(crate) fn audience_of_users(users: &[u8]) -> Result<Vec<u8>, Fault> {
    Ok(Audience::from_users(wire::users(users)?).encode())
}

/// The users for whose tags a rule's profile holds: u16 length | audience id | bytes of the audience. `tags` has one
/// JSON object a line.
pub(crate) fn audience_of_tags(rule: &str, tags: &str) -> Result<Vec<u8>, Fault> {
    let mut selection = Selection::open(rule)?;
    selection.add(tags)?;
    let id = selection.id();
    let mut out = (id.len() as u16).to_le_bytes().to_vec();
    out.extend_from_slice(id.as_bytes());
    out.extend(selection.encode());
    Ok(out)
}

fn json_bytes(value: &impl serde::Serialize) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(value).map_err(|e| Fault::Refused(format!("an answer cannot be written as JSON: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(rules: &[&str], at: i64) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend_from_slice(&at.to_le_bytes());
        bytes.extend_from_slice(&(rules.len() as u32).to_le_bytes());
        for rule in rules {
            bytes.extend_from_slice(&[4, 0]);
            bytes.extend_from_slice(b"test");
            bytes.extend_from_slice(&(rule.len() as u32).to_le_bytes());
            bytes.extend_from_slice(rule.as_bytes());
        }
        bytes
    }

    const RULE: &str = r#"{"id":"compiled-once","revision":1,"trigger":{"on":{"event":"a"}}}"#;

    #[test]
    fn books_that_merge_the_same_share_what_was_compiled_until_the_last_is_closed() {
        let first = set(&[RULE], i64::MIN);
        let (mut one, mut two) = (OpenBook::default(), OpenBook::default());
        let told = one.apply(&first).unwrap();
        assert_eq!(two.apply(&first).unwrap(), told);
        assert!(String::from_utf8_lossy(&told).contains("\"live\""), "{}", String::from_utf8_lossy(&told));
        assert!(Arc::ptr_eq(&one.program().0, &two.program().0));
        assert_eq!((one.hash(), one.encode()), (two.hash(), two.encode()));
        // A restored book runs nothing yet: it is compiled by itself, and shared with others that were restored.
        let none = wire_update_of_nothing();
        let (mut three, mut four) = (
            OpenBook::new(Some(&one.encode()), -1).unwrap(),
            OpenBook::new(Some(&one.encode()), -1).unwrap(),
        );
        three.apply(&none).unwrap();
        four.apply(&none).unwrap();
        assert!(Arc::ptr_eq(&three.program().0, &four.program().0));
        assert_eq!(three.hash(), one.hash());
        let held = Arc::downgrade(&one.program().0);
        drop((one, two));
        assert_eq!(held.strong_count(), 0);
    }

    fn wire_update_of_nothing() -> Vec<u8> {
        let mut bytes = set(&[], 5);
        bytes[0] = 0;
        bytes
    }

    #[test]
    fn what_differs_is_compiled_by_itself() {
        let rule = RULE.replace("-once", "-apart");
        let rule = rule.as_str();
        let (mut one, mut two, mut three) =
            (OpenBook::default(), OpenBook::default(), OpenBook::new(None, 1).unwrap());
        one.apply(&set(&[rule], i64::MIN)).unwrap();
        two.apply(&set(&[rule], 7)).unwrap();
        assert!(!Arc::ptr_eq(&one.program().0, &two.program().0), "another watermark");
        let limited = RULE.replace("-once", "-limited").replace(
            r#""trigger""#,
            r#""measures":{"n":{"count":{"event":"a"}}},"when":{"ge":[{"measure":"n"},2]},"trigger""#,
        );
        let (limited, mut four) = (set(&[&limited], i64::MIN), OpenBook::default());
        four.apply(&limited).unwrap();
        let told = three.apply(&limited).unwrap();
        assert!(String::from_utf8_lossy(&told).contains("refused"), "another limit");
        let members = |user| Arc::new(Audience::from_users([user]));
        let vip = r#"{"id":"vip","revision":1,"audience":{"id":"vips"},"trigger":{"on":{"event":"a"}}}"#;
        let (mut five, mut six) = (OpenBook::default(), OpenBook::default());
        five.audiences.insert("vips", members("1"));
        six.audiences.insert("vips", members("2"));
        five.apply(&set(&[vip], i64::MIN)).unwrap();
        six.apply(&set(&[vip], i64::MIN)).unwrap();
        assert!(!Arc::ptr_eq(&five.program().0, &six.program().0), "another audience");
    }

    #[test]
    fn those_that_come_at_once_wait_for_the_first() {
        let update = set(&[&RULE.replace("-once", "-at-once")], i64::MIN);
        let programs: Vec<_> = std::thread::scope(|threads| {
            let open = |_| {
                threads.spawn(|| {
                    let mut book = OpenBook::default();
                    book.apply(&update).unwrap();
                    (book.program().0, book)
                })
            };
            let all: Vec<_> = (0..4).map(open).collect();
            all.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(programs.iter().all(|(program, _)| Arc::ptr_eq(program, &programs[0].0)));
    }

    #[test]
    fn two_books_keep_one_copy_of_an_audience_until_both_are_closed() {
        let members = Audience::from_users(["two books", "one copy"]).encode();
        let name = "two_books_keep_one_copy";
        let (mut one, mut two) = (OpenBook::default(), OpenBook::default());
        assert!(!two.share("vip", name));
        one.audience("vip", name, &members).unwrap();
        assert!(two.share("vip", name));
        let held = one.audiences.get("vip").map(Arc::downgrade).unwrap();
        assert_eq!(held.strong_count(), 2);
        drop(one);
        assert_eq!(held.strong_count(), 1);
        drop(two);
        assert_eq!(held.strong_count(), 0);
        assert!(!OpenBook::default().share("vip", name));
    }
}
