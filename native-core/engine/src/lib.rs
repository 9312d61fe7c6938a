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
mod book;
mod cache;
mod codec;
mod compile;
mod engine;
mod fire;
mod history;
mod identity;
mod judge;
mod key;
mod measure;
mod period;
mod predicate;
mod program;
mod read;
mod report;
mod scope;
mod state;
mod tally;
mod timeline;
mod value;

pub use audience::{Audience, AudienceError, Audiences, Profile, Tags};
pub use book::{Book, Document, RuleStatus, Update};
pub use codec::{FORMAT, MAX_STATE, StateError};
pub use compile::{MAX_MEASURE_BYTES, RuleProblems};
pub use engine::{
    Counters, EndOfInput, Engine, EngineConfig, EngineError, Order, Outcome, Record, RecordKind, Rejected,
};
pub use history::{History, HistoryEnd, HistoryEvent};
pub use identity::audience_id;
pub use program::Program;
pub use read::{Extracted, Extractor, MAX_RECORD, MAX_USER};
pub use report::{MeasureReport, Report, RuleReport};
