//! The rule language as types: parsing with errors that name the place and the cure, canonical text, JSON Schema.
//!
//! No regular expressions and no bitmaps are compiled here; the engine does that and may refuse more.
//!
//! ```
//! use alcedo_model::Rule;
//!
//! let text = r#"{"id": "hello", "revision": 1, "trigger": {"on": {"event": "app_open"}}}"#;
//! let rule = Rule::parse(text).map_err(|problems| format!("{problems:?}"))?.rule;
//! assert_eq!(rule.canonical(), r#"{"id":"hello","revision":1,"trigger":{"on":{"event":"app_open"}}}"#);
//!
//! let problems = Rule::parse(r#"{"id": "hello", "revision": 1, "triger": {}}"#).unwrap_err();
//! assert_eq!(problems[0].path, "/triger");
//! assert_eq!(problems[0].cure, "write trigger, or leave it out");
//! # Ok::<(), String>(())
//! ```

mod canonical;
mod check;
mod duration;
mod embed;
mod holes;
pub mod limits;
mod matched;
mod parse;
mod phrase;
mod problem;
mod reading;
mod report;
mod rule;
mod schema;
mod sketch;
mod text;
mod timestamp;
mod words;

pub use matched::{Cause, Match};
pub use phrase::{Part, Phrase};
pub use problem::{Problem, Said};
pub use reading::{Parsed, Refused};
pub use rule::*;
pub use schema::schema;
