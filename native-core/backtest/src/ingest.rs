//! From an input to events: one thread reads pieces, the others decode them and extract (user, time) from each record.
//!
//! Invariants: what an event says is kept once, if a rule may listen to it, and such an event costs 32 bytes more; what a
//! thread finds depends on its pieces alone, and everything is sorted later, so that the number of threads changes no
//! result; a round ends when it holds so many bytes, wherever that is.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use alcedo_engine::{Content, Extracted, Extractor, Program, Rows};

use crate::blocks::Block;
use crate::names::{Counted, Names, hash_of};
use crate::source::{Piece, Pieces, Taken};
use crate::table::{Chunk, Reads, Table};
use crate::{Bad, Counters, Error, Options, Progress};

/// The one partition of a file.
pub(crate) const PARTITION: i32 = 0;
/// Users are dealt out over so many shards; a shard is sorted and judged by one thread.
pub(crate) const SHARDS: usize = 64;
/// A bad record keeps so many of its bytes.
const BAD_BYTES: usize = 4096;

/// Where an event is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) time: i64,
    pub(crate) position: i64,
    /// Number in the names of its part.
    pub(crate) user: u32,
    pub(crate) chunk: u32,
    /// The first byte of a line in its chunk and their number, or a row.
    pub(crate) start: u32,
    pub(crate) length: u32,
}

/// What one thread found for one shard.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// Of users with places.
    pub(crate) names: Names,
    /// Users of events that no rule listens to.
    pub(crate) counted: Counted,
    pub(crate) places: Vec<Place>,
}

/// What one thread found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) parts: Vec<Part>,
    pub(crate) counters: Counters,
    pub(crate) bad: Vec<Bad>,
    /// The chunks that it took, with their numbers.
    chunks: Vec<(u32, Chunk)>,
}

impl Found {
    /// How many places each shard has.
    fn kept(&self) -> Vec<usize> {
        self.parts.iter().map(|part| part.places.len()).collect()
    }

    /// The places that came since then, shard by shard.
    fn since(&mut self, before: &[usize]) -> impl Iterator<Item = &mut Place> {
        self.parts.iter_mut().zip(before).flat_map(|(part, before)| &mut part.places[*before..])
    }
}

/// A round of the input in memory.
#[derive(Debug)]
pub(crate) struct Ingested {
    chunks: BTreeMap<u32, Chunk>,
    pub(crate) found: Vec<Found>,
    /// Nothing comes after it.
    pub(crate) last: bool,
}

impl Ingested {
    /// The chunks by their numbers, which have no gaps.
    pub(crate) fn chunks(&self) -> Vec<&Chunk> {
        self.chunks.values().collect()
    }
}

/// What an event says.
pub(crate) fn content<'a>(chunks: &[&'a Chunk], place: &Place) -> Content<'a> {
    let start = place.start as usize;
    match chunks[place.chunk as usize] {
        Chunk::Lines(bytes) => Content::Json(&bytes[start..start + place.length as usize]),
        Chunk::Rows(table) => Content::Row(&**table, start),
    }
}

/// What all rounds share.
pub(crate) struct Ingest<'a> {
    pub(crate) program: &'a Program,
    pub(crate) reads: &'a Reads,
    pub(crate) name: &'a Path,
    pub(crate) options: &'a Options<'a>,
    /// Records read in all rounds.
    pub(crate) records: u64,
}

impl Ingest<'_> {
    /// Reads on, until the memory of a round is full or the input ends.
    pub(crate) fn round(&mut self, pieces: &mut Pieces, memory: Option<usize>) -> Result<Ingested, Error> {
        let threads = self.options.threads.clamp(1, SHARDS);
        let (sender, receiver) = sync_channel(threads);
        let receiver = Mutex::new(receiver);
        let (next, failed) = (AtomicU32::new(0), AtomicBool::new(false));
        let shared = Shared { receiver: &receiver, next: &next, failed: &failed };
        let (program, reads, name, options) = (self.program, self.reads, self.name, self.options);
        std::thread::scope(|scope| {
            let worker = || Worker { program, reads, name, options }.work(&shared);
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
            let last = self.feed(pieces, sender, memory, &failed);
            let mut found = Vec::with_capacity(threads);
            for worker in workers {
                found.push(worker.join().map_err(|_| Error::Thread("while it read the log"))??);
            }
            match last {
                Ok(last) => {
                    let chunks = found.iter_mut().flat_map(|found| std::mem::take(&mut found.chunks));
                    Ok(Ingested { chunks: chunks.collect(), found, last })
                }
                Err(error) => {
                    crate::let_go(found);
                    Err(error)
                }
            }
        })
    }

    /// True at the end of the input.
    fn feed(
        &mut self,
        pieces: &mut Pieces,
        sender: SyncSender<Piece>,
        memory: Option<usize>,
        failed: &AtomicBool,
    ) -> Result<bool, Error> {
        // A round takes one piece at least: so there is an end, however small a round is.
        let (mut bytes, mut begun) = (0, false);
        while !begun || memory.is_none_or(|memory| bytes < memory) {
            begun = true;
            self.options.stopped()?;
            let Some(piece) = pieces.next(self.reads, self.name)? else { return Ok(true) };
            self.records += piece.records();
            if memory.is_some() {
                bytes += piece.bytes(self.reads) + piece.records() as usize * size_of::<Place>();
            }
            if failed.load(Ordering::Relaxed) || sender.send(piece).is_err() {
                return Ok(true); // joining the workers says why
            }
            (self.options.progress)(Progress::Read { lines: self.records });
        }
        Ok(false)
    }
}

/// What the threads of a round share.
struct Shared<'a> {
    receiver: &'a Mutex<Receiver<Piece>>,
    next: &'a AtomicU32,
    failed: &'a AtomicBool,
}

struct Worker<'a> {
    program: &'a Program,
    reads: &'a Reads,
    name: &'a Path,
    options: &'a Options<'a>,
}

impl Worker<'_> {
    fn work(&self, shared: &Shared<'_>) -> Result<Found, Error> {
        let extractor = Extractor::new(&self.options.mapping, None);
        let mut found = Found::default();
        found.parts.resize_with(SHARDS, Part::default);
        loop {
            let next = shared.receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(piece) = next else { return Ok(found) };
            let taken = piece.taken(self.reads, self.name).inspect_err(|_| {
                shared.failed.store(true, Ordering::Relaxed);
            })?;
            for taken in taken {
                let number = shared.next.fetch_add(1, Ordering::Relaxed);
                let chunk = match taken {
                    Taken::Lines(block) => Chunk::Lines(self.lines(&mut found, &extractor, &block, number)),
                    Taken::Rows(table) => Chunk::Rows(self.rows(&mut found, table, number)),
                };
                found.chunks.push((number, chunk));
            }
        }
    }

    /// What is kept of a block: the lines that matter, shard by shard, because a shard is judged at once.
    fn lines(&self, found: &mut Found, extractor: &Extractor, block: &Block, number: u32) -> Vec<u8> {
        let before = found.kept();
        for (position, range) in block.lines() {
            // A block holds little more than a block and a line: far below 4 GiB.
            let (start, length) = (range.start as u32, range.len() as u32);
            let place = Place { time: 0, position, user: 0, chunk: number, start, length };
            self.line(found, extractor, &block.bytes[range], place);
        }
        let length = found.since(&before).map(|place| place.length as usize).sum();
        let mut kept = Vec::with_capacity(length);
        for place in found.since(&before) {
            let from = place.start as usize;
            place.start = kept.len() as u32;
            kept.extend_from_slice(&block.bytes[from..from + place.length as usize]);
        }
        kept
    }

    fn line(&self, found: &mut Found, extractor: &Extractor, raw: &[u8], place: Place) {
        found.counters.lines += 1;
        match extractor.extract(raw, None) {
            Extracted::Blank => found.counters.blank += 1,
            Extracted::Bad(reason) => self.refuse(found, reason, place.position, || raw.to_vec()),
            Extracted::Event { user, time, event_type } => {
                let listens = event_type.is_none_or(|kind| self.listens(kind));
                self.event(found, &user, Place { time, ..place }, listens);
            }
        }
    }

    /// What is kept of a table: the rows that matter, shard by shard, because a shard is judged at once.
    fn rows(&self, found: &mut Found, table: Box<Table>, number: u32) -> Box<Table> {
        let before = found.kept();
        for row in 0..table.rows {
            found.counters.lines += 1;
            let position = table.first + row as i64;
            match table.extract(row) {
                Err(reason) => self.refuse(found, reason, position, || table.shown(row)),
                Ok((user, time)) => {
                    let place =
                        Place { time, position, user: 0, chunk: number, start: row as u32, length: 0 };
                    let listens = table.event_type(row).is_some_and(|kind| self.listens(&kind));
                    self.event(found, &user, place, listens);
                }
            }
        }
        let mut rows = Vec::new();
        for place in found.since(&before) {
            rows.push(std::mem::replace(&mut place.start, rows.len() as u32));
        }
        Box::new(table.pick(&rows.into()))
    }

    /// Whether an event of this type can move a rule, or the memory of ids.
    fn listens(&self, event_type: &str) -> bool {
        self.options.dedupe > 0 || self.program.listens(event_type)
    }

    /// `matters`: false if no rule can be moved by it; then it only counts.
    fn event(&self, found: &mut Found, user: &str, place: Place, matters: bool) {
        let options = self.options;
        if options.exclude.contains(PARTITION, place.position) {
            found.counters.excluded += 1;
            return;
        }
        if options.until.is_some_and(|until| place.time > until) {
            found.counters.beyond += 1;
            return;
        }
        found.counters.events += 1;
        found.counters.largest = found.counters.largest.max(Some(place.time));
        let hash = hash_of(user);
        let part = &mut found.parts[hash as usize % SHARDS];
        if matters {
            part.places.push(Place { user: part.names.number(hash, user), ..place });
        } else {
            part.counted.add(hash);
        }
    }

    fn refuse(&self, found: &mut Found, reason: &'static str, position: i64, raw: impl FnOnce() -> Vec<u8>) {
        *found.counters.bad.entry(reason).or_default() += 1;
        if self.options.keep_bad {
            let mut raw = raw();
            raw.truncate(BAD_BYTES);
            found.bad.push(Bad { partition: PARTITION, position, reason, raw });
        }
    }
}

/// Adds what the threads of a round counted.
pub(crate) fn add_totals(all: &mut Counters, bad: &mut Vec<Bad>, found: &mut [Found]) {
    for found in found {
        let one = std::mem::take(&mut found.counters);
        all.lines += one.lines;
        all.blank += one.blank;
        all.events += one.events;
        all.excluded += one.excluded;
        all.beyond += one.beyond;
        all.largest = all.largest.max(one.largest);
        for (reason, count) in one.bad {
            *all.bad.entry(reason).or_default() += count;
        }
        bad.append(&mut found.bad);
    }
}
