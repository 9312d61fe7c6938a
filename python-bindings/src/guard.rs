//! Failures on their way to Python: one exception, and no panic beyond it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use alcedo_backtest::Error;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use serde_json::{Value, json};

pyo3::create_exception!(_native, Failure, PyException, "(kind, message, what belongs to it as JSON)");

/// A failure before it is a Python exception.
#[derive(Debug)]
pub(crate) struct Failed {
    kind: &'static str,
    message: String,
    detail: Value,
}

impl Failed {
    pub(crate) fn new(kind: &'static str, message: impl Into<String>, detail: Value) -> Failed {
        Failed { kind, message: message.into(), detail }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        let message = error.to_string();
        match error {
            Error::Rules(refused) => {
                let one =
                    |rule: &alcedo_backtest::Refused| json!({"rule": rule.rule, "problems": rule.problems});
                Failed::new("rules", message, refused.iter().map(one).collect())
            }
            Error::NoAudience { rule, audience, .. } => {
                Failed::new("audience", message, json!({"rule": rule, "audience": audience}))
            }
            Error::Unsorted { position, user, .. } => {
                Failed::new("unsorted", message, json!({"position": position, "user": user}))
            }
            Error::Stopped => Failed::new("stopped", message, Value::Null),
            _ => Failed::new("input", message, Value::Null),
        }
    }
}

impl From<Failed> for PyErr {
    fn from(failed: Failed) -> PyErr {
        Failure::new_err((failed.kind, failed.message, failed.detail.to_string()))
    }
}

/// Runs what must not panic beyond here.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Failed>) -> Result<T, Failed> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        let message =
            format!("this is a defect of alcedo: {text} (report it with the rules and some of the events)");
        Err(Failed::new("defect", message, Value::Null))
    })
}
