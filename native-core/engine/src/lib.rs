//! placeholder while the house is built
#![allow(missing_docs)]
mod engine;
pub use engine::*;
pub struct Program;
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct EngineError;
