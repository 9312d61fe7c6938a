//! Matches on their way to Python: an Arrow table of them, or JSON.

use std::sync::Arc;

use alcedo_model::{Cause, Match};
use arrow_array::builder::{Int64Builder, StringBuilder, TimestampMillisecondBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator};
use arrow_schema::{ArrowError, Field, Schema};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde_json::Value;

use crate::events::capsule;
use crate::guard::{Failed, guarded};

/// Rows of a batch on its way out: texts of that many fit 32-bit offsets.
const ROWS: usize = 1 << 16;

/// Matches, sorted by time, user, rule and occurrence.
#[pyclass(frozen)]
pub(crate) struct Matches(pub(crate) Vec<Match>);

#[pymethods]
impl Matches {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// The Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema; // it may be ignored, says the interface
        let batches = guarded(|| {
            let batches: Result<Vec<RecordBatch>, ArrowError> = self.0.chunks(ROWS).map(batch).collect();
            batches.map_err(|error| Failed::new("defect", error.to_string(), Value::Null))
        })?;
        let schema = match batches.first() {
            Some(batch) => batch.schema(),
            None => guarded(|| {
                let empty =
                    batch(&[]).map_err(|error| Failed::new("defect", error.to_string(), Value::Null))?;
                Ok(empty.schema())
            })?,
        };
        capsule(py, Box::new(RecordBatchIterator::new(batches.into_iter().map(Ok), schema)))
    }

    /// The matches from `start` on and before `end`, each as JSON.
    fn json(&self, start: usize, end: usize) -> PyResult<Vec<String>> {
        let end = end.min(self.0.len());
        Ok(guarded(|| {
            let text = |one: &Match| {
                serde_json::to_string(one)
                    .map_err(|error| Failed::new("defect", error.to_string(), Value::Null))
            };
            self.0.get(start.min(end)..end).unwrap_or_default().iter().map(text).collect()
        })?)
    }

    /// (rule, user, time in Unix ms, occurrence, correlation value as JSON) of each.
    fn places(&self) -> Vec<(&str, &str, i64, u64, Option<String>)> {
        let key = |one: &Match| one.key.as_ref().map(|key| Value::Object(key.clone()).to_string());
        self.0.iter().map(|one| (&*one.rule, &*one.user, one.time, one.occurrence, key(one))).collect()
    }
}

fn batch(matches: &[Match]) -> Result<RecordBatch, ArrowError> {
    let text = |of: &dyn Fn(&Match) -> Option<String>| {
        let mut builder = StringBuilder::new();
        matches.iter().for_each(|one| builder.append_option(of(one)));
        Arc::new(builder.finish()) as ArrayRef
    };
    let number = |of: &dyn Fn(&Match) -> Option<i64>| {
        let mut builder = Int64Builder::new();
        matches.iter().for_each(|one| builder.append_option(of(one)));
        Arc::new(builder.finish()) as ArrayRef
    };
    let moment = |of: &dyn Fn(&Match) -> Option<i64>| {
        let mut builder = TimestampMillisecondBuilder::new().with_timezone("UTC");
        matches.iter().for_each(|one| builder.append_option(of(one)));
        Arc::new(builder.finish()) as ArrayRef
    };
    let object = |map: &serde_json::Map<String, Value>| Value::Object(map.clone()).to_string();
    let event = |one: &Match| match &one.cause {
        Cause::Event { event_type, id, position } => Some((event_type.clone(), id.clone(), *position)),
        Cause::Deadline { .. } => None,
    };
    let deadline = |one: &Match| match &one.cause {
        Cause::Deadline { measure, after } => Some((measure.clone(), *after)),
        Cause::Event { .. } => None,
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("match_id", text(&|one| Some(one.match_id.clone()))),
        ("rule", text(&|one| Some(one.rule.clone()))),
        ("revision", number(&|one| i64::try_from(one.revision).ok())),
        ("user", text(&|one| Some(one.user.clone()))),
        ("time", moment(&|one| Some(one.time))),
        ("occurrence", number(&|one| i64::try_from(one.occurrence).ok())),
        ("key", text(&|one| one.key.as_ref().map(object))),
        ("event_type", text(&|one| event(one).map(|(kind, ..)| kind))),
        ("event_id", text(&|one| event(one)?.1.map(|id| id.to_string()))),
        ("event_position", number(&|one| event(one).map(|(.., position)| position))),
        ("deadline_measure", text(&|one| deadline(one).map(|(measure, _)| measure))),
        ("deadline_after", moment(&|one| deadline(one).map(|(_, after)| after))),
        ("evidence", text(&|one| Some(object(&one.evidence)))),
        ("action", text(&|one| one.action.as_ref().map(Value::to_string))),
    ];
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect())
}
