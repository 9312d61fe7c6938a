//! The protocol between a host's keyed state and the engine: a bounded cache of users' states.
use std::sync::Arc;
use alcedo_model::{Mapping, Match};
use crate::{Program, EngineError};

/// How the engine decides when an event is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Events wait until the watermark passes them.
    #[default]
    Ordered,
    /// Judged at once; events later than `lateness` ms behind the watermark are late.
    Arrival {
        /// Allowed lateness, ms.
        lateness: i64,
    },
}

/// What a bounded input's end means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndOfInput {
    /// Waiting events are taken in, no further deadline passes.
    #[default]
    Hold,
    /// Waiting events are taken in, then every deadline passes.
    Fire,
}

/// Settings of one engine.
#[derive(Debug, Clone)]
pub struct EngineConfig {
    /// Order mode.
    pub order: Order,
    /// Where user, type, time and properties are in a record.
    pub mapping: Mapping,
    /// Events and deadlines after this time (Unix ms) never happen.
    pub until: Option<i64>,
    /// Bound of the cache in bytes.
    pub cache_bytes: usize,
    /// Bound of the cache in users (tests use 3).
    pub cache_users: usize,
    /// At most so many users may be dirty after an `evaluate` or `advance`.
    pub dirty_users: usize,
}

/// What a record of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// An event: raw bytes.
    Event,
    /// A host timer fired for this user: bring it into the cache. No bytes.
    Touch,
}

/// One record of a batch, borrowed from the host's buffer.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// What it is.
    pub kind: RecordKind,
    /// User id as UTF-8 bytes, 1 to 128.
    pub user: &'a str,
    /// Event time, Unix ms.
    pub time: i64,
    /// Source partition.
    pub partition: i32,
    /// Offset, or line number from 0.
    pub position: i64,
    /// The record's bytes as they came.
    pub raw: &'a [u8],
}

/// What the engine tells its host, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The host must store this now: a user evicted or written back. Precedes any later `Need` of the same user.
    Store {
        /// Who.
        user: Arc<str>,
        /// State bytes; none = nothing is left, drop the entry.
        state: Option<Vec<u8>>,
        /// Register an event-time timer for this moment (Unix ms).
        arm: Option<i64>,
    },
    /// The host must `supply` this user's state before `evaluate`.
    Need {
        /// Names the request in `supply`.
        token: u32,
        /// Who.
        user: Arc<str>,
    },
    /// A rule fired.
    Match(Box<Match>),
    /// An event at or below the watermark, or beyond the allowed lateness.
    Late(Rejected),
    /// A record that cannot be read.
    Bad {
        /// Stable word, see `BadReason`.
        reason: &'static str,
        /// The record.
        record: Rejected,
    },
}

/// A record that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// User, empty where unknown.
    pub user: Arc<str>,
    /// Event time, Unix ms.
    pub time: i64,
    /// Source partition.
    pub partition: i32,
    /// Offset or line.
    pub position: i64,
    /// Bytes as they came (cut at 4 KiB for bad records).
    pub raw: Vec<u8>,
}

/// What was counted since the engine began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Events taken in.
    pub taken: u64,
    /// Events that were late.
    pub late: u64,
    /// Records that could not be read.
    pub bad: u64,
    /// Matches.
    pub matches: u64,
    /// Deadlines that passed.
    pub deadlines: u64,
    /// Correlation values and open absences dropped by a bound of the law.
    pub dropped: u64,
    /// Users found in the cache.
    pub cache_hits: u64,
    /// Users asked of the host.
    pub cache_misses: u64,
    /// State bytes read from the host.
    pub state_read: u64,
    /// State bytes given to the host.
    pub state_written: u64,
    /// Users in the cache now.
    pub cached_users: u64,
    /// Dirty users now.
    pub dirty_users: u64,
    /// Bytes of the cache now.
    pub cached_bytes: u64,
    /// Events waiting in cached users now.
    pub waiting: u64,
}

/// A cache of users' states and the rules that run on them.
pub struct Engine;

impl Engine {
    /// An engine with an empty cache. `watermark` is what the host last saw before a restart (`i64::MIN` at first).
    pub fn new(config: EngineConfig, program: Arc<Program>, watermark: i64) -> Self { let _ = (config, program, watermark); Engine }
    /// Takes records into the running batch until the cache is full; returns how many it took (at least one of a
    /// non-empty batch). The host drains, supplies what is needed, calls `evaluate`, then begins with the rest.
    pub fn begin<'a>(&mut self, records: impl IntoIterator<Item = Record<'a>>) -> Result<usize, EngineError> { let _ = records.into_iter(); Ok(0) }
    /// Answers a `Need`. `None`: the host has no state for this user.
    pub fn supply(&mut self, token: u32, state: Option<&[u8]>) -> Result<(), EngineError> { let _ = (token, state); Ok(()) }
    /// Takes in the batch. An unsupplied user is an error, never an empty state.
    pub fn evaluate(&mut self) -> Result<(), EngineError> { Ok(()) }
    /// Time passes for all cached users. False: the result queue is full, drain and call again.
    pub fn advance(&mut self, watermark: i64) -> Result<bool, EngineError> { let _ = watermark; Ok(true) }
    /// The input ended, for all cached users. False: drain and call again. May be called again after more touches.
    pub fn end(&mut self, end: EndOfInput) -> Result<bool, EngineError> { let _ = end; Ok(true) }
    /// Queues `Store` for up to `limit` dirty users, oldest dirty first; returns how many are still dirty.
    pub fn write_back(&mut self, limit: usize) -> usize { let _ = limit; 0 }
    /// The oldest waiting outcome.
    pub fn next_outcome(&mut self) -> Option<Outcome> { None }
    /// Swaps the rules; a user's slots are converted when next touched.
    pub fn publish(&mut self, program: Arc<Program>) { let _ = program; }
    /// What was counted.
    pub fn counters(&self) -> Counters { Counters::default() }
}
