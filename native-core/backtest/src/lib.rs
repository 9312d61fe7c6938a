//! A log in, matches out: the whole history of every user, in order, over threads.
//!
//! ```text
//! blocks of lines --> extract (user, time) on every thread --> 64 shards of users
//!                 --> sort a shard by (user, time, position) --> judge user by user --> sort the matches
//! ```
//! Invariants: nothing is late here, the log is sorted; the number of threads changes no byte of the result; no file
//! is written and no clock is read.

mod audience;
mod blocks;
mod error;
mod exclude;
mod explain;
mod ingest;
mod input;
mod judge;
mod names;
mod rules;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::PathBuf;

use alcedo_engine::{Audiences, EndOfInput, HistoryEnd, Program};
use alcedo_model::{Mapping, Match};

pub use audience::{AudienceSources, judge_tags, profile_of, read_audiences, read_members};
pub use blocks::LINE_LIMIT;
pub use error::{Error, Refused};
pub use exclude::Exclusions;
pub use explain::{Explained, explain};
pub use input::{open, unpacked};
pub use rules::{Sourced, collect_rules, read_rule_files, read_rules};

/// A log to read: JSON lines.
pub struct Log<R> {
    /// What errors call it.
    pub name: PathBuf,
    /// Its bytes, already unpacked.
    pub reader: R,
}

/// How a backtest is made.
pub struct Options<'a> {
    /// Where user, type, time and properties are in a record.
    pub mapping: Mapping,
    /// Ends the input with this watermark, Unix ms: nothing later happens. It wins over `end_of_input`.
    pub until: Option<i64>,
    /// What happens to deadlines at the end of the log.
    pub end_of_input: EndOfInput,
    /// An event whose id is among those of its user's last so many events taken in is dropped; 0 = none is.
    pub dedupe: usize,
    /// Threads that extract and judge; at least 1.
    pub threads: usize,
    /// Records that are not part of the input.
    pub exclude: Exclusions,
    /// Keep the bad records, not only their counts.
    pub keep_bad: bool,
    /// Hears how far the work is; called from any thread.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            mapping: Mapping::default(),
            until: None,
            end_of_input: EndOfInput::default(),
            dedupe: 0,
            threads: 1,
            exclude: Exclusions::default(),
            keep_bad: false,
            progress: &|_| (),
        }
    }
}

/// How far a backtest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many lines were read.
    Read {
        /// Lines, all counted.
        lines: u64,
    },
    /// So many parts of the users were judged.
    Judged {
        /// Parts done or under way.
        shards: u64,
        /// Parts there are.
        of: u64,
        /// Users judged so far.
        users: u64,
    },
}

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// Lines of the log.
    pub lines: u64,
    /// Lines with nothing but white space.
    pub blank: u64,
    /// Events taken in.
    pub events: u64,
    /// Events left out on request.
    pub excluded: u64,
    /// Events later than `until`.
    pub beyond: u64,
    /// Bad records by reason.
    pub bad: BTreeMap<&'static str, u64>,
    /// Users with at least one event.
    pub users: u64,
    /// The largest event time taken in, Unix ms.
    pub largest: Option<i64>,
    /// Correlation values and open absences dropped by the bounds of their measures (`max_keys`, `max_open`).
    pub dropped: u64,
    /// Events dropped because their id was among their user's last ones (`dedupe`).
    pub repeated: u64,
}

/// A record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// Source partition; a file has one, 0.
    pub partition: i32,
    /// Line number from 0.
    pub position: i64,
    /// A stable word.
    pub reason: &'static str,
    /// Its first 4 KiB.
    pub raw: Vec<u8>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Sorted by time, user, rule, occurrence.
    pub matches: Vec<Match>,
    /// What was counted.
    pub counters: Counters,
    /// Bad records in the order of the log, if they were asked for.
    pub bad: Vec<Bad>,
}

/// Compiles rules that came from files.
///
/// # Errors
/// Rules that do not compile, each with its file and paths.
pub fn compile(rules: &[Sourced], audiences: &Audiences) -> Result<std::sync::Arc<Program>, Error> {
    let plain: Vec<alcedo_model::Rule> = rules.iter().map(|sourced| sourced.rule.clone()).collect();
    Program::compile(&plain, audiences).map_err(|refused| {
        let source = |id: &str| {
            rules
                .iter()
                .find(|sourced| sourced.rule.id == id)
                .map_or_else(String::new, |found| found.source.clone())
        };
        let refused = refused.into_iter().map(|one| Refused {
            source: source(&one.rule),
            rule: Some(one.rule),
            problems: one.problems,
        });
        Error::Rules(refused.collect())
    })
}

/// Judges a whole log.
///
/// # Errors
/// The log cannot be read. A record that cannot be read is none: it is counted.
pub fn backtest<R: BufRead>(
    program: &std::sync::Arc<Program>,
    log: Log<R>,
    options: &Options<'_>,
) -> Result<Outcome, Error> {
    let mut ingested = ingest::ingest(log, options)?;
    let (mut counters, bad) = ingest::totals(&mut ingested.found);
    let end = match (options.until, options.end_of_input) {
        (Some(until), _) => HistoryEnd::Until(until),
        (None, EndOfInput::Fire) => HistoryEnd::Fire,
        // Without any event nothing waits, so any moment will do.
        (None, EndOfInput::Hold) => HistoryEnd::Hold { largest: counters.largest.unwrap_or(i64::MIN) },
    };
    let judged = judge::judge(&ingested, program, end, options)?;
    counters.users = judged.users;
    (counters.dropped, counters.repeated) = (judged.dropped, judged.repeated);
    Ok(Outcome { matches: judged.matches, counters, bad })
}
