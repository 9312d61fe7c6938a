//! A log in, matches out: the whole history of every user, in order, over threads.
mod blocks;
mod error;
mod input;

pub use blocks::LINE_LIMIT;
pub use error::{Error, Refused};
pub use input::{open, unpacked};
