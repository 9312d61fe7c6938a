//! The engine: rules in, events in, matches out. A pure function of its inputs.
//!
//! Architecture invariants: it does no I/O, reads no clock, starts no thread, has no global state, uses no unsafe
//! code and never panics on any bytes. The same inputs give the same outputs, byte for byte.
//!
//! The way of an event: [`Extractor`] (in the source) finds user and time; [`Engine`] keeps users' states in a bounded
//! cache and lets events wait for the watermark; `judge` takes one in and asks the rules; a [`Match`](alcedo_model::Match)
//! comes out. [`History`] walks the same way for a backtest, without a host. [`Book`] merges rules by revision and
//! compiles them into a [`Program`].

mod audience;
mod bitmap;
mod book;
mod cache;
mod codec;
mod command;
mod compile;
mod engine;
mod envelope;
mod explain;
mod extract;
mod fire;
mod hashes;
mod history;
mod identity;
mod index;
mod intake;
mod judge;
mod key;
mod measure;
mod period;
mod person;
mod predicate;
mod profile;
mod program;
mod protocol;
mod queue;
mod read;
mod reading;
mod repeats;
mod report;
mod scope;
mod shelf;
mod sizes;
mod state;
mod tally;
mod threshold;
mod timeline;
mod typed;
mod value;
mod window;

pub use audience::{Audience, AudienceBuilder, AudienceError, Audiences, MAX_AUDIENCE};
pub use bitmap::BitmapFormat;
pub use book::{Book, Document, MAX_USER_BYTES, RuleStatus, Update};
pub use codec::{FORMAT, MAX_STATE, StateError};
pub use command::{CommandFound, MAX_COMMAND_ID, extract_command};
pub use compile::{MAX_MEASURE_BYTES, RuleProblems};
pub use engine::Engine;
pub use explain::{Case, Explanation, Gate, KEYS, MAX_CASES, MeasureNow, Message, Node, Question, Side};
pub use extract::{Extracted, Extractor, MAX_RECORD, MAX_USER, time_of, without_mark};
pub use history::{History, HistoryEnd, HistoryEvent, Past};
pub use identity::audience_id;
pub use profile::{Profile, Tags};
pub use program::Program;
pub use protocol::{
    CommandEffect, Counters, EndOfInput, EngineConfig, EngineError, Order, Outcome, Record, RecordKind,
    Rejected,
};
pub use repeats::MAX_DEDUPE;
pub use report::{MeasureReport, Report, RuleReport};
pub use typed::{Content, Rows, Typed};
