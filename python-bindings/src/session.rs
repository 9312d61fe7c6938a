//! Step by step: events in one by one, time passes, and a user can be looked at.

use std::collections::BTreeMap;

use alcedo_backtest::{Sourced, Words};
use alcedo_engine::{Content, Extracted, Extractor, History, HistoryEvent, Past};
use alcedo_model::{Mapping, Match};
use jiff::tz::TimeZone;
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::guard::{Failed, guarded};
use crate::matches::Matches;
use crate::rules::ready;

/// Rules at work on events that come one by one.
#[pyclass]
pub(crate) struct Session {
    rules: Vec<Sourced>,
    history: History,
    extractor: Extractor,
    users: BTreeMap<String, Past>,
    /// The largest time of an event, and where time was brought to, Unix ms.
    clock: Option<i64>,
    next: i64,
}

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (rules, mapping, tags, audiences, dedupe))]
    fn new(
        rules: Vec<String>,
        mapping: Option<&str>,
        tags: Option<Vec<String>>,
        audiences: BTreeMap<String, Vec<String>>,
        dedupe: usize,
    ) -> PyResult<Session> {
        Ok(guarded(|| {
            let ready = ready(&rules, tags.as_deref(), &audiences)?;
            let mapping = mapping.map(Mapping::parse).transpose().map_err(|problems| {
                let told: Vec<String> = problems.iter().map(|one| format!("mapping: {one}")).collect();
                Failed::new("input", told.join("\n"), Value::Null)
            })?;
            let mapping = mapping.unwrap_or_default();
            let extractor = Extractor::new(&mapping, None);
            let history = History::new(ready.program, mapping).dedupe(dedupe);
            let users = BTreeMap::new();
            Ok(Session { rules: ready.rules, history, extractor, users, clock: None, next: 0 })
        })?)
    }

    /// Takes in one event as JSON, after all deadlines of anybody below its time.
    fn feed(&mut self, event: &str) -> PyResult<Matches> {
        Ok(guarded(|| {
            let wrong = |message: String| Failed::new("input", message, Value::Null);
            let position = self.next;
            let (user, time) = match self.extractor.extract(event.as_bytes(), None) {
                Extracted::Event { user, time } => (user.into_owned(), time),
                Extracted::Blank => return Err(wrong("the event is empty (give an object)".to_owned())),
                Extracted::Bad(reason) => {
                    let message = format!(
                        "event {position}: it cannot be read: {reason} (a mapping says where user, type and time are)"
                    );
                    return Err(wrong(message));
                }
            };
            if self.clock.is_some_and(|clock| time < clock) {
                let message = format!(
                    "event {position}: its time {time} lies before {} (feed events in the order of their times)",
                    self.clock.unwrap_or(0)
                );
                return Err(Failed::new("unsorted", message, Value::Null));
            }
            let mut out = self.pass(time.saturating_sub(1));
            let past = self.users.entry(user.clone()).or_default();
            let event = HistoryEvent { time, position, content: Content::Json(event.as_bytes()) };
            self.history.take(&user, past, &event, &mut out);
            self.next += 1;
            self.clock = Some(time);
            Ok(Matches(out))
        })?)
    }

    /// Time passes: the deadlines of everybody up to and at `time`, Unix ms.
    fn advance(&mut self, time: i64) -> PyResult<Matches> {
        Ok(guarded(|| {
            let out = self.pass(time);
            self.clock = self.clock.max(Some(time.saturating_add(1)));
            Ok(Matches(out))
        })?)
    }

    /// Why a rule fires for a user, or does not, at `at` (Unix ms, the present where none): as JSON.
    fn explain(&self, rule: &str, user: &str, at: Option<i64>) -> PyResult<String> {
        Ok(guarded(|| {
            let found = self.rules.iter().find(|sourced| sourced.rule.id == rule);
            let unknown = || Failed::new("input", format!("there is no rule {rule}"), Value::Null);
            let sourced = found.ok_or_else(unknown)?;
            let (at, none) = (at.or(self.clock).unwrap_or(0), Past::default());
            let past = self.users.get(user).unwrap_or(&none);
            let told = self.history.look(&sourced.rule, user, past, at);
            serde_json::to_string(&told)
                .map_err(|error| Failed::new("defect", error.to_string(), Value::Null))
        })?)
    }

    /// Users of whom something came.
    fn users(&self) -> Vec<String> {
        self.users.keys().cloned().collect()
    }
}

impl Session {
    fn pass(&mut self, time: i64) -> Vec<Match> {
        let mut out = Vec::new();
        for (user, past) in &mut self.users {
            self.history.advance(user, past, time, &mut out);
        }
        out.sort_by(|one, other| {
            (one.time, &one.user, &one.rule).cmp(&(other.time, &other.user, &other.rule))
        });
        out
    }
}
