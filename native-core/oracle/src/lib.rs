//! The law once more, slowly: what rules mean over a whole list of events, for tests to hold the engine against.
//!
//! It is written from `docs/semantics` alone, shares nothing with the engine but the types of rules, and keeps the
//! law's own shape: a measure is computed afresh from all events so far whenever somebody asks. Only what has a
//! history by nature is replayed from the beginning: open deadlines, dropped correlation values, last judgements,
//! firings. It knows one set of rules that does not change; edits of rules are tested elsewhere.
//!
//! Numbers such as M12 or F3 in these files name the sentences of `docs/semantics`.

mod calendar;
mod correlation;
mod event;
mod expression;
mod gates;
mod judge;
mod measure;
mod memory;
mod number;
mod places;
mod predicate;
pub mod random;
mod text;
mod threshold;
mod value;
mod window;
mod world;

pub use event::Event;
pub use world::{End, World};
