//! Step by step: events in one by one, time passes, and a user can be looked at.

use std::collections::BTreeMap;

use alcedo_backtest::{Explained, Sourced, Words, event_type};
use alcedo_engine::{Content, Extracted, Extractor, History, HistoryEvent, Past};
use alcedo_model::{Mapping, Match};
use jiff::tz::TimeZone;
use pyo3::prelude::*;
use serde_json::Value;

use crate::guard::{Failed, guarded};
use crate::matches::Matches;
use crate::rules::ready;
use crate::run::answer;

/// Rules at work on events that come one by one.
#[pyclass]
pub(crate) struct Session {
    rules: Vec<Sourced>,
    history: History,
    mapping: Mapping,
    extractor: Extractor,
    users: BTreeMap<String, Person>,
    /// The largest time of an event, and where time was brought to, Unix ms.
    clock: Option<i64>,
    next: i64,
}

/// A user: how he stands, and what came and fired.
#[derive(Default)]
struct Person {
    past: Past,
    /// When his events were, Unix ms, and their types.
    seen: Vec<(i64, String)>,
    fired: Vec<Match>,
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
            let history = History::new(ready.program, mapping.clone()).dedupe(dedupe);
            let users = BTreeMap::new();
            Ok(Session { rules: ready.rules, history, mapping, extractor, users, clock: None, next: 0 })
        })?)
    }

    /// Takes in one event as JSON, after all deadlines of anybody below its time.
    fn feed(&mut self, event: &str) -> PyResult<Matches> {
        Ok(guarded(|| {
            let wrong = |message: String| Failed::new("input", message, Value::Null);
            let position = self.next;
            let (user, time) = match self.extractor.extract(event.as_bytes(), None) {
                Extracted::Event { user, time, .. } => (user.into_owned(), time),
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
            let person = self.users.entry(user.clone()).or_default();
            let before = out.len();
            let taken = HistoryEvent { time, position, content: Content::Json(event.as_bytes()) };
            self.history.take(&user, &mut person.past, &taken, &mut out);
            person.seen.push((time, event_type(event.as_bytes(), &self.mapping)));
            person.fired.extend_from_slice(&out[before..]);
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
            let (at, nobody) = (at.or(self.clock).unwrap_or(0), Person::default());
            let person = self.users.get(user).unwrap_or(&nobody);
            let explained = Explained {
                explanation: self.history.look(&sourced.rule, user, &person.past, at),
                matches: person.fired.iter().filter(|found| found.rule == rule).cloned().collect(),
                events: person.seen.len() as u64,
                all_events: self.next.unsigned_abs(),
                bad: 0,
                at,
                seen: person.seen.clone(),
            };
            let zone = TimeZone::get(&sourced.rule.time_zone).unwrap_or(TimeZone::UTC);
            Ok(answer(&explained, &Words::new(zone)).to_string())
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
        for (user, person) in &mut self.users {
            let before = out.len();
            self.history.advance(user, &mut person.past, time, &mut out);
            person.fired.extend_from_slice(&out[before..]);
        }
        out.sort_by(|one, other| {
            (one.time, &one.user, &one.rule).cmp(&(other.time, &other.user, &other.rule))
        });
        out
    }
}
