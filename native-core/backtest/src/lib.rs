//! A log in, matches out: the whole history of every user, in order, over threads.
//!
//! ```text
//! lines, CSV, Parquet, batches of columns
//!     --> a round of them: extract (user, time) on every thread --> 64 shards of users
//!     --> put a shard in order of (user, time, position) --> judge user by user; what is remembered waits
//!     --> the next round --> ... --> sort the matches
//! ```
//! Invariants: nothing is late here: a log is sorted, or refused; the number of threads, the size of rounds and the form
//! of the input change no byte of the result; no file is written and no clock is read; memory holds one round and
//! what is remembered of users, unless the log must be sorted as a whole.

mod audience;
mod blocks;
mod column;
mod comma;
mod doubt;
mod error;
mod exclude;
mod explain;
mod ingest;
mod input;
mod judge;
mod names;
mod parquet_file;
mod rules;
mod source;
mod table;
mod words;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alcedo_engine::{Audiences, EndOfInput, HistoryEnd, Program};
use alcedo_model::{Mapping, Match};

use crate::ingest::Ingest;
use crate::judge::{Crowd, Judge, Judged};
use crate::source::Pieces;
use crate::table::Reads;

pub use audience::{AudienceSources, judge_tags, profile_of, read_audiences, read_members};
pub use blocks::LINE_LIMIT;
pub use comma::{CellType, Separated};
pub use error::{Error, Refused};
pub use exclude::Exclusions;
pub use explain::{Ask, Explained, event_type, explain, explain_all};
pub use input::{open, unpacked};
pub use rules::{Sourced, collect_rules, read_rule_files, read_rules};
pub use source::{Batches, FileSource, Opened, Source, Watch};
pub use words::Words;

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
    /// Threads that extract and judge: from 1 to 64, whatever is asked for.
    pub threads: usize,
    /// Records that are not part of the input.
    pub exclude: Exclusions,
    /// Keep the bad records, not only their counts.
    pub keep_bad: bool,
    /// What becomes of an input that is not sorted by time.
    pub unsorted: Unsorted,
    /// A round of the input takes so many bytes of memory, nearly. A log that fits into one round may be in any order
    /// at no further cost.
    pub memory: usize,
    /// Set from outside, it ends the work with [`Error::Stopped`].
    pub stop: Option<&'a AtomicBool>,
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
            unsorted: Unsorted::default(),
            memory: 1 << 30,
            stop: None,
            progress: &|_| (),
        }
    }
}

impl Options<'_> {
    pub(crate) fn stopped(&self) -> Result<(), Error> {
        let stopped = self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        if stopped { Err(Error::Stopped) } else { Ok(()) }
    }
}

/// What becomes of an input in which a user's events are not in the order of their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unsorted {
    /// It is sorted: what rules read of the whole input is then kept in memory. An input that passes once is kept so
    /// from the beginning.
    #[default]
    Sort,
    /// It is refused, and memory stays bounded whatever comes.
    Refuse,
}

/// How far a backtest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many lines or rows were read.
    Read {
        /// Lines or rows, all counted.
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
    /// Lines or rows of the log.
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
    /// Line or row number from 0.
    pub position: i64,
    /// A stable word.
    pub reason: &'static str,
    /// The first 4 KiB of a line, or user, type, time and id of a row as JSON.
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
pub fn compile(rules: &[Sourced], audiences: &Audiences) -> Result<Arc<Program>, Error> {
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

/// Judges a log of JSON lines that passes once, in any order.
///
/// # Errors
/// As [`backtest_source`].
pub fn backtest<R: BufRead + Send + 'static>(
    program: &Arc<Program>,
    log: Log<R>,
    options: &Options<'_>,
) -> Result<Outcome, Error> {
    backtest_source(program, &source::Once::new(log), options)
}

/// Judges a whole input.
///
/// # Errors
/// The input cannot be read, is not sorted where it has to be, or the work was stopped. A record that cannot be read
/// is none of it: it is counted.
pub fn backtest_source(
    program: &Arc<Program>,
    source: &dyn Source,
    options: &Options<'_>,
) -> Result<Outcome, Error> {
    let sorts = options.unsorted == Unsorted::Sort;
    if sorts && !source.reopens() {
        return rounds(program, source, options, None);
    }
    match rounds(program, source, options, Some(options.memory)) {
        Err(Error::Unsorted { .. }) if sorts => rounds(program, source, options, None),
        done => done,
    }
}

/// `memory`: bytes of a round; none = all in one round.
fn rounds(
    program: &Arc<Program>,
    source: &dyn Source,
    options: &Options<'_>,
    memory: Option<usize>,
) -> Result<Outcome, Error> {
    let reads = Reads::new(&options.mapping, program);
    let name = source.name();
    let mut pieces = Pieces::open(source, &reads)?;
    let mut ingest = Ingest { program, reads: &reads, name, options, records: 0 };
    let judge = Judge { program, name, options };
    let (mut counters, mut bad) = (Counters::default(), Vec::new());
    let (crowd, mut judged) = (Crowd::new(), Judged::default());
    loop {
        let mut round = match ingest.round(&mut pieces, memory) {
            Ok(round) => round,
            Err(error) => {
                let_go((crowd, judged));
                return Err(error);
            }
        };
        ingest::add_totals(&mut counters, &mut bad, &mut round.found);
        let end = round.last.then(|| match (options.until, options.end_of_input) {
            (Some(until), _) => HistoryEnd::Until(until),
            (None, EndOfInput::Fire) => HistoryEnd::Fire,
            // Without any event nothing waits, so any moment will do.
            (None, EndOfInput::Hold) => HistoryEnd::Hold { largest: counters.largest.unwrap_or(i64::MIN) },
        });
        if let Err(error) = judge.round(&round, &crowd, end, &mut judged) {
            let_go((round, crowd, judged));
            return Err(error);
        }
        if end.is_some() {
            break;
        }
    }
    judge::sort(&mut judged.matches);
    bad.sort_unstable_by_key(|record| record.position);
    counters.users = judged.users;
    (counters.dropped, counters.repeated) = (judged.dropped, judged.repeated);
    Ok(Outcome { matches: judged.matches, counters, bad })
}

/// Frees gigabytes of small pieces, which takes seconds, in another thread: whoever stops a backtest does not wait.
fn let_go(held: impl Send + 'static) {
    // Without a thread it is freed here.
    let _ = std::thread::Builder::new().spawn(move || drop(held));
}
