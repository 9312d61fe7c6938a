//! The extension module behind the Python package `alcedo`. Its face is in `python/alcedo`; nobody else calls this.
//!
//! Invariants: it decides nothing about rules, all of which the engine does; the interpreter's lock is released while
//! work is done; every failure is one exception, [`guard::Failure`], with a kind, a message and what belongs to it; a
//! panic is a failure too. Everything but events and matches crosses as JSON text.

mod events;
mod guard;
mod matches;
mod rules;
mod run;
mod session;

use pyo3::prelude::*;

/// The extension module.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("Failure", module.py().get_type::<guard::Failure>())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<matches::Matches>()?;
    module.add_class::<session::Session>()?;
    module.add_function(wrap_pyfunction!(rules::parse, module)?)?;
    module.add_function(wrap_pyfunction!(rules::report, module)?)?;
    module.add_function(wrap_pyfunction!(run::backtest, module)?)?;
    module.add_function(wrap_pyfunction!(run::explain, module)?)?;
    Ok(())
}
