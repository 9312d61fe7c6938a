//! The rule language as types: parsing with errors that name the place and the cure, canonical text, JSON Schema.
//!
//! No regular expressions and no bitmaps are compiled here; the engine does that and may refuse more.

mod matched;
mod problem;
mod rule;

pub use matched::{Cause, Match};
pub use problem::Problem;
pub use rule::*;
