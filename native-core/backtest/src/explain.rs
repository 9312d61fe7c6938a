//! One user out of a log, and why a rule fires for him or does not.

use std::io::BufRead;
use std::sync::Arc;

use alcedo_engine::{Explanation, Extracted, Extractor, History, HistoryEvent, Program};
use alcedo_model::{Match, Rule};

use crate::blocks::Blocks;
use crate::ingest::PARTITION;
use crate::{Error, Log, Options, Progress};

/// What a log tells of one user and one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// None if the program does not run the rule in this revision.
    pub explanation: Option<Explanation>,
    /// The matches of this rule for this user until then.
    pub matches: Vec<Match>,
    /// His events until then.
    pub events: u64,
    /// Events of anybody in the log.
    pub all_events: u64,
    /// Records of the log that cannot be read.
    pub bad: u64,
    /// The moment that is explained, Unix ms.
    pub at: i64,
}

/// An event of the user, with its bytes.
struct Kept {
    time: i64,
    position: i64,
    raw: Vec<u8>,
}

/// Reads the whole log and explains the rule for one user at `at` (Unix ms), or at the largest time in the log.
/// `until`, `exclude`, `mapping` and `dedupe` of the options count; threads do not.
///
/// # Errors
/// The log cannot be read. A record that cannot be read is none.
pub fn explain<R: BufRead>(
    program: &Arc<Program>,
    rule: &Rule,
    user: &str,
    at: Option<i64>,
    log: Log<R>,
    options: &Options<'_>,
) -> Result<Explained, Error> {
    let Found { mut kept, largest, all_events, bad } = events_of(user, log, options)?;
    let at = at.or(options.until).or(largest).unwrap_or(0);
    kept.retain(|event| event.time <= at);
    kept.sort_by_key(|event| (event.time, event.position));
    let events: Vec<HistoryEvent<'_>> = kept
        .iter()
        .map(|event| HistoryEvent { time: event.time, position: event.position, raw: &event.raw })
        .collect();
    let mut history = History::new(Arc::clone(program), options.mapping.clone()).dedupe(options.dedupe);
    let mut matches = Vec::new();
    let explanation = history.explain(rule, user, &events, at, &mut matches);
    matches.retain(|found| found.rule == rule.id);
    Ok(Explained { explanation, matches, events: events.len() as u64, all_events, bad, at })
}

/// What one pass over the log finds.
#[derive(Default)]
struct Found {
    /// His events, in the order of the log.
    kept: Vec<Kept>,
    /// The largest time of anybody's, Unix ms.
    largest: Option<i64>,
    all_events: u64,
    bad: u64,
}

fn events_of<R: BufRead>(user: &str, log: Log<R>, options: &Options<'_>) -> Result<Found, Error> {
    let extractor = Extractor::new(&options.mapping, None);
    let mut blocks = Blocks::new(log.reader);
    let (mut found, mut lines) = (Found::default(), 0);
    while let Some(block) = blocks.next_block().map_err(|error| Error::io(&log.name, error))? {
        lines += block.lines as u64;
        for (position, range) in block.lines() {
            let raw = &block.bytes[range];
            let (whose, time) = match extractor.extract(raw, None) {
                Extracted::Event { user, time } => (user, time),
                Extracted::Bad(_) => {
                    found.bad += 1;
                    continue;
                }
                Extracted::Blank => continue,
            };
            let beyond = options.until.is_some_and(|until| time > until);
            if beyond || options.exclude.contains(PARTITION, position) {
                continue;
            }
            found.largest = found.largest.max(Some(time));
            found.all_events += 1;
            if whose == user {
                found.kept.push(Kept { time, position, raw: raw.to_vec() });
            }
        }
        (options.progress)(Progress::Read { lines });
    }
    Ok(found)
}
