//! The words between a host and the engine.

use std::sync::Arc;

use alcedo_model::{Mapping, Match};

use crate::codec::StateError;
use crate::extract::MAX_USER;

/// Why a call was refused. The engine is then as it was before, unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Calls came in an order that the protocol does not know.
    #[error("protocol: {0}")]
    Protocol(&'static str),
    /// A user of the batch was not supplied.
    #[error(
        "user {0:?} was not supplied; every Need must be answered, with no bytes where the host has none"
    )]
    Unsupplied(Arc<str>),
    /// State bytes cannot be read.
    #[error("state of user {user:?}: {error}")]
    State {
        /// Whose.
        user: Arc<str>,
        /// Why.
        error: StateError,
    },
    /// A record's user is empty or too long.
    #[error("a record's user has {0} bytes; 1 to {MAX_USER} are allowed")]
    User(usize),
}

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
    /// Other mappings, each for the partitions from this number on; ascending. Below the first of them `mapping` holds.
    pub mappings: Vec<(i32, Mapping)>,
    /// Events and deadlines after this time (Unix ms) never happen.
    pub until: Option<i64>,
    /// Bound of everything that the engine holds, in bytes: users' states, the running batch, outcomes that wait, and
    /// what the host counts beside it. One user, one record and one outcome always fit.
    pub cache_bytes: usize,
    /// Bound of the cache in users (tests use 3).
    pub cache_users: usize,
    /// At most so many users may be dirty after an `evaluate` or `advance`.
    pub dirty_users: usize,
    /// An event whose id is among those of its user's last so many events taken in is dropped; 0 = none is. At most
    /// [`MAX_DEDUPE`](crate::MAX_DEDUPE).
    pub dedupe: usize,
}

/// What a record of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// An event: raw bytes.
    Event,
    /// A host timer fired for this user: bring it into the cache. No bytes.
    Touch,
    /// What whoever runs the job asks for this user: raw bytes. Its time is the host's wall clock, for the audit alone.
    Command,
    /// A command whose id the host has seen: it is told and not carried out.
    CommandAgain,
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

/// What a command did, for the host that remembers which ones were carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandEffect {
    /// Refused, or known before: it does not count as carried out.
    None,
    /// Carried out.
    Done,
    /// Carried out, and nothing of the user is to be kept: not even which commands were carried out.
    Erased,
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
    /// What became of a command.
    Audit {
        /// Whose state.
        user: Arc<str>,
        /// What it did.
        effect: CommandEffect,
        /// One JSON object: who asked for what, and the result.
        line: Vec<u8>,
    },
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
    /// Events dropped because their id was among their user's last ones (`dedupe`).
    pub repeated: u64,
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
    /// Deadlines that are open now, of the users in the cache.
    pub open_deadlines: u64,
    /// Bytes of the cache now.
    pub cached_bytes: u64,
    /// Bytes of everything held now: the cache, the running batch, outcomes that wait, and what the host counts beside it.
    pub held_bytes: u64,
}
