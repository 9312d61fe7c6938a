//! One file per command.

pub(crate) mod audience;
pub(crate) mod backtest;
pub(crate) mod explain;
pub(crate) mod schema;
pub(crate) mod simulate;
pub(crate) mod validate;
