//! From bytes to events: one thread reads blocks, the others extract (user, time) from each line.
//!
//! Invariants: the bytes of an event are kept once, in the block that was read, and an event costs 32 bytes more;
//! what a thread finds depends on its blocks alone, and everything is sorted later, so that the number of threads
//! changes no result.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use alcedo_engine::{Extracted, Extractor};
use xxhash_rust::xxh3::xxh3_64;

use crate::blocks::{Block, Blocks};
use crate::names::Names;
use crate::{Bad, Counters, Error, Log, Options, Progress};

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
    pub(crate) block: u32,
    pub(crate) start: u32,
    pub(crate) length: u32,
}

/// What one thread found for one shard.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) names: Names,
    pub(crate) places: Vec<Place>,
}

/// What one thread found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) parts: Vec<Part>,
    pub(crate) counters: Counters,
    pub(crate) bad: Vec<Bad>,
}

/// The whole log in memory.
#[derive(Debug)]
pub(crate) struct Ingested {
    pub(crate) blocks: Vec<Arc<Vec<u8>>>,
    pub(crate) found: Vec<Found>,
}

impl Ingested {
    /// The bytes of an event.
    pub(crate) fn raw(&self, place: &Place) -> &[u8] {
        let start = place.start as usize;
        &self.blocks[place.block as usize][start..start + place.length as usize]
    }
}

/// Reads the whole log.
pub(crate) fn ingest<R: BufRead>(log: Log<R>, options: &Options<'_>) -> Result<Ingested, Error> {
    let threads = options.threads.max(1);
    let (sender, receiver) = sync_channel(threads * 2);
    let receiver = Mutex::new(receiver);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| work(&receiver, options))).collect();
        let blocks = feed(log, sender, options);
        let mut found = Vec::with_capacity(threads);
        for worker in workers {
            found.push(worker.join().map_err(|_| Error::Thread("while it read the log"))?);
        }
        Ok(Ingested { blocks: blocks?, found })
    })
}

fn feed<R: BufRead>(
    log: Log<R>,
    sender: SyncSender<(u32, Block)>,
    options: &Options<'_>,
) -> Result<Vec<Arc<Vec<u8>>>, Error> {
    let mut blocks = Blocks::new(log.reader);
    let mut kept = Vec::new();
    let mut lines = 0;
    while let Some(block) = blocks.next_block().map_err(|error| Error::io(&log.name, error))? {
        let number = u32::try_from(kept.len()).map_err(|_| Error::Thread("the log has too many blocks"))?;
        kept.push(Arc::clone(&block.bytes));
        lines += block.lines as u64;
        if sender.send((number, block)).is_err() {
            break; // every worker is gone; joining them says why
        }
        (options.progress)(Progress::Read { lines });
    }
    Ok(kept)
}

fn work(blocks: &Mutex<Receiver<(u32, Block)>>, options: &Options<'_>) -> Found {
    let extractor = Extractor::new(&options.mapping, None);
    let mut found = Found::default();
    found.parts.resize_with(SHARDS, Part::default);
    loop {
        let next = blocks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, block)) = next else { return found };
        for (position, range) in block.lines() {
            found.take(&extractor, options, (number, &block), position, range);
        }
    }
}

impl Found {
    fn take(
        &mut self,
        extractor: &Extractor,
        options: &Options<'_>,
        (number, block): (u32, &Block),
        position: i64,
        range: Range<usize>,
    ) {
        let raw = &block.bytes[range.clone()];
        self.counters.lines += 1;
        match extractor.extract(raw, None) {
            Extracted::Blank => self.counters.blank += 1,
            Extracted::Bad(reason) => self.refuse(reason, position, raw, options),
            Extracted::Event { .. } if options.exclude.contains(PARTITION, position) => {
                self.counters.excluded += 1;
            }
            Extracted::Event { time, .. } if options.until.is_some_and(|until| time > until) => {
                self.counters.beyond += 1;
            }
            Extracted::Event { user, time } => {
                self.counters.events += 1;
                self.counters.largest = self.counters.largest.max(Some(time));
                let hash = xxh3_64(user.as_bytes());
                let part = &mut self.parts[hash as usize % SHARDS];
                let user = part.names.number(hash, &user);
                // A block holds little more than a block and a line: far below 4 GiB.
                let (start, length) = (range.start as u32, range.len() as u32);
                part.places.push(Place { time, position, user, block: number, start, length });
            }
        }
    }

    fn refuse(&mut self, reason: &'static str, position: i64, raw: &[u8], options: &Options<'_>) {
        *self.counters.bad.entry(reason).or_default() += 1;
        if options.keep_bad {
            let raw = raw[..raw.len().min(BAD_BYTES)].to_vec();
            self.bad.push(Bad { partition: PARTITION, position, reason, raw });
        }
    }
}

/// Adds up what the threads counted, and brings the bad records into the order of the log.
pub(crate) fn totals(found: &mut [Found]) -> (Counters, Vec<Bad>) {
    let mut all = Counters::default();
    let mut bad = Vec::new();
    for found in found {
        let one = std::mem::take(&mut found.counters);
        all.lines += one.lines;
        all.blank += one.blank;
        all.events += one.events;
        all.excluded += one.excluded;
        all.beyond += one.beyond;
        all.largest = all.largest.max(one.largest);
        add(&mut all.bad, one.bad);
        bad.append(&mut found.bad);
    }
    bad.sort_unstable_by_key(|record| record.position);
    (all, bad)
}

fn add(all: &mut BTreeMap<&'static str, u64>, one: BTreeMap<&'static str, u64>) {
    for (reason, count) in one {
        *all.entry(reason).or_default() += count;
    }
}
