//! Carries commands out: repair, reset and erase of one user's state, and an audit line of each. A seed is refused.
//!
//! A command takes effect at its place among the records of its user, on what was taken in before it. Events that wait
//! for the watermark are part of the state: `erase` drops them and a repair replaces them, a reset lets them come.

use std::sync::Arc;

use serde::Serialize;

use super::{Engine, Pending, Rejected};
use crate::cache::SlotId;
use crate::codec;
use crate::command::{Command, Refusal, Task, refusal};
use crate::program::Program;
use crate::protocol::{CommandEffect, EngineError, Order, Outcome};
use crate::state::UserState;
use crate::timeline;

/// What was dropped of a user's state.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Dropped {
    /// Measures that held something.
    measures: usize,
    /// Rules with judgements, limits or occurrence numbers.
    rules: usize,
    /// Events that waited for the watermark.
    waiting: usize,
    /// Names of measures that stay because another rule reads them too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shared: Vec<String>,
}

impl Dropped {
    fn changed(self) -> Done {
        let changed = self.measures + self.rules + self.waiting > 0;
        Done { dropped: self, changed }
    }
}

/// What became of a command that was carried out.
struct Done {
    dropped: Dropped,
    /// Whether the state is another one than before.
    changed: bool,
}

/// A line of the audit: who asked for what, and what became of it. Times are Unix ms.
#[derive(Serialize)]
struct Audit<'a> {
    at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    watermark: Option<i64>,
    partition: i32,
    position: i64,
    user: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<&'a Dropped>,
    /// The stored bytes could not be read, and were replaced or erased all the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    was_unreadable: bool,
}

impl Engine {
    /// Carries a command out and tells what became of it. `again`: the host knows its id; it is only told.
    pub(super) fn command(&mut self, record: &Pending, raw: &[u8], again: bool) -> Result<(), EngineError> {
        let (user, mut state) = self.check_out(record.slot)?;
        let parsed = Command::parse(raw).and_then(|command| self.for_this_user(command, &user));
        let done = match &parsed {
            Err(refused) => Err(refused.clone()),
            Ok(_) if again => Ok(None),
            Ok(command) => self.carry_out(command, &mut state).map(Some),
        };
        let changed = matches!(&done, Ok(Some(Done { changed: true, .. })));
        if changed || self.batch.unreadable.contains(&record.slot) {
            self.check_in(record.slot, state, None);
        } else {
            self.put_back(record.slot, state);
        }
        self.tell(record, raw, &user, parsed.as_ref().ok(), &done);
        Ok(())
    }

    /// A host keys a command by the user in it; one that comes to another user is a defect that must do no harm.
    fn for_this_user(&self, command: Command, user: &str) -> Result<Command, Refusal> {
        if command.user == user {
            return Ok(command);
        }
        Err(refusal("command_not_understood", "it was handed over for another user than it names"))
    }

    fn carry_out(&self, command: &Command, state: &mut UserState) -> Result<Done, Refusal> {
        let changed = || Done { dropped: Dropped::default(), changed: true };
        match &command.task {
            Task::Erase => {
                let fresh = self.fresh();
                let old = std::mem::replace(state, fresh);
                let changed = old.clock.is_some() || !old.is_empty();
                let (measures, rules, waiting) = (old.measures.len(), old.rules.len(), old.waiting.len());
                Ok(Done { dropped: Dropped { measures, rules, waiting, shared: Vec::new() }, changed })
            }
            Task::Reset(None) => Ok(reset_all(state).changed()),
            Task::Reset(Some(rule)) => Ok(reset_one(&self.program, state, rule)?.changed()),
            Task::Repair(None) => {
                // Whatever timer was set may be lost: one is set again.
                state.armed = None;
                Ok(changed())
            }
            Task::Repair(Some(bytes)) => {
                let mut new = self.readable(bytes)?;
                // The bytes may tell of a timer that is not set; the old state knows which is.
                new.armed = state.armed;
                *state = new;
                Ok(changed())
            }
            Task::Seed(rule) => Err(self.unseeded(rule)),
        }
    }

    /// To put history beneath what came since its cut, that must have been kept. No state keeps it, and without it an
    /// answer that came meanwhile is lost to a wait that history holds open: a match too many is worse than none.
    fn unseeded(&self, rule: &str) -> Refusal {
        if !self.program.rules.iter().any(|r| &*r.id == rule && r.runs()) {
            return refusal("command_rule", format!("no rule {rule:?} runs here"));
        }
        let why = "this version takes no history into a job that runs; the rule counts from where the job met it, and its \
                   matches say so by `since`. To count from earlier on, start the job at earlier offsets";
        refusal("command_seed", why)
    }

    fn fresh(&self) -> UserState {
        UserState { generation: self.program.generation, ..UserState::default() }
    }

    /// The state in these bytes, if it can be a state of this job at this time.
    fn readable(&self, bytes: &[u8]) -> Result<UserState, Refusal> {
        let no = |why: String| refusal("command_state", why);
        let mut state = codec::decode_user(bytes).map_err(|e| no(e.to_string()))?;
        if state.generation > self.program.generation {
            return Err(no(
                "it was written under rules that this job has not seen: another job's, or a later \
                           one's"
                    .into(),
            ));
        }
        timeline::check(&self.program, &state).map_err(|e| no(e.to_string()))?;
        timeline::convert(&self.program, &mut state);
        let ahead = state.clock.is_some_and(|clock| clock > self.watermark);
        if ahead && self.watermark != i64::MIN && matches!(self.config.order, Order::Ordered) {
            return Err(no(format!("its clock lies after the watermark {}", self.watermark)));
        }
        Ok(state)
    }

    /// Whether bytes that cannot be read may give way: the first that the batch holds for this user is a command that
    /// needs nothing of them.
    pub(super) fn gives_way(&self, slot: SlotId) -> bool {
        let Some(first) = self.batch.records.iter().find(|r| r.slot == slot) else { return false };
        let raw = self.batch.bytes.get(first.raw.0..first.raw.1).unwrap_or_default();
        first.kind == crate::protocol::RecordKind::Command
            && Command::parse(raw).is_ok_and(|command| match command.task {
                Task::Erase => true,
                Task::Repair(Some(bytes)) => self.readable(&bytes).is_ok(),
                Task::Repair(None) | Task::Reset(_) | Task::Seed(_) => false,
            })
    }

    fn put_back(&mut self, id: SlotId, state: UserState) {
        self.cache.slot(id).state = Some(state);
        self.settle(id, false, None);
    }

    fn tell(
        &mut self,
        record: &Pending,
        raw: &[u8],
        user: &Arc<str>,
        command: Option<&Command>,
        done: &Result<Option<Done>, Refusal>,
    ) {
        let was_unreadable = self.batch.unreadable.contains(&record.slot);
        let (result, effect) = match done {
            Err(_) => ("refused", CommandEffect::None),
            Ok(None) => ("repeated", CommandEffect::None),
            Ok(Some(Done { changed: false, .. })) if !was_unreadable => ("nothing", effect_of(command)),
            Ok(Some(_)) => ("done", effect_of(command)),
        };
        let refused = done.as_ref().err();
        let dropped = done.as_ref().ok().and_then(Option::as_ref).map(|done| &done.dropped);
        let line = Audit {
            at: record.time,
            watermark: Some(self.watermark).filter(|w| *w != i64::MIN),
            partition: record.partition,
            position: record.position,
            user,
            id: command.map(|c| c.id.as_str()),
            by: command.map(|c| c.by.as_str()),
            why: command.and_then(|c| c.why.as_deref()),
            command: command.map(|c| name(&c.task)),
            rule: command.and_then(|c| rule(&c.task)),
            result,
            reason: refused.map(|r| r.reason),
            detail: refused.map(|r| r.detail.as_str()),
            dropped: dropped.filter(|d| **d != Dropped::default()),
            was_unreadable,
        };
        // Writing texts and numbers into memory cannot fail.
        let line = serde_json::to_vec(&line).unwrap_or_default();
        self.outcomes.push_back(Outcome::Audit { user: Arc::clone(user), effect, line });
        if let Some(Refusal { reason, .. }) = refused {
            self.counters.bad += 1;
            let record = Rejected {
                user: Arc::clone(user),
                time: record.time,
                partition: record.partition,
                position: record.position,
                raw: raw[..raw.len().min(super::BAD_BYTES)].to_vec(),
            };
            self.outcomes.push_back(Outcome::Bad { reason, record });
        }
    }
}

fn effect_of(command: Option<&Command>) -> CommandEffect {
    match command.map(|c| &c.task) {
        Some(Task::Erase) => CommandEffect::Erased,
        _ => CommandEffect::Done,
    }
}

fn name(task: &Task) -> &'static str {
    match task {
        Task::Repair(_) => "repair",
        Task::Reset(_) => "reset",
        Task::Erase => "erase",
        Task::Seed(_) => "seed",
    }
}

fn rule(task: &Task) -> Option<&str> {
    match task {
        Task::Reset(rule) => rule.as_deref(),
        Task::Seed(rule) => Some(rule),
        Task::Repair(_) | Task::Erase => None,
    }
}

/// What was measured and judged goes. Occurrence numbers, limits and cool-downs stay: a match id must never come twice,
/// and what a user was given is not undone by forgetting it.
fn reset_all(state: &mut UserState) -> Dropped {
    let measures = std::mem::take(&mut state.measures).len();
    let rules =
        state.rules.iter_mut().filter_map(|held| (!held.truths.is_empty()).then(|| held.truths.clear()));
    let rules = rules.count();
    state.rules.retain(|held| held.occurrence > 0);
    Dropped { measures, rules, ..Dropped::default() }
}

fn reset_one(program: &Program, state: &mut UserState, id: &str) -> Result<Dropped, Refusal> {
    let Some(rule) = program.rules.iter().find(|r| &*r.id == id && r.runs()) else {
        return Err(refusal("command_rule", format!("no rule {id:?} runs here")));
    };
    let others = || program.rules.iter().filter(|r| r.runs() && r.hash != rule.hash);
    let mut dropped = Dropped::default();
    for used in &rule.uses {
        let hash = program.measure_at(used.measure).hash;
        if state.measures.get(hash).is_none() {
            continue;
        }
        if others().any(|r| r.uses.iter().any(|u| u.measure == used.measure)) {
            dropped.shared.push(used.name.to_string());
        } else {
            state.measures.retain(|held| held != hash);
            dropped.measures += 1;
        }
    }
    if let Ok(at) = state.rules.binary_search_by_key(&rule.hash, |r| r.hash) {
        let held = &mut state.rules[at];
        dropped.rules = usize::from(!held.truths.is_empty());
        held.truths.clear();
        if held.occurrence == 0 {
            state.rules.remove(at);
        }
    }
    Ok(dropped)
}
