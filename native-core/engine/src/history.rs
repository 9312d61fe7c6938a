//! A whole history of one user, in order: what a backtest does. No cache, no host, nothing is late.

use std::sync::Arc;

use alcedo_model::{Mapping, Match, Rule};

use crate::explain::{self, Explanation, Subject};
use crate::identity;
use crate::judge::{Desk, Origin};
use crate::person::Person;
use crate::program::Program;
use crate::read::{EventReader, Spare};
use crate::state::UserState;
use crate::timeline;

/// One event of a history.
#[derive(Debug, Clone, Copy)]
pub struct HistoryEvent<'a> {
    /// Unix ms, as the extractor found it.
    pub time: i64,
    /// Offset or line.
    pub position: i64,
    /// The record's bytes.
    pub raw: &'a [u8],
}

/// What the end of the input means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryEnd {
    /// Deadlines below the largest event time of the whole input (all users) have passed, later ones do not.
    Hold {
        /// Largest event time of the whole input, Unix ms.
        largest: i64,
    },
    /// Every deadline passes.
    Fire,
    /// Deadlines up to and at this time (Unix ms) pass; later events are left out.
    Until(i64),
}

/// Runs users' histories through a program, one user after another.
#[derive(Debug)]
pub struct History {
    program: Arc<Program>,
    reader: EventReader,
    spare: Spare,
    desk: Desk,
}

impl History {
    /// For this program and input.
    pub fn new(program: Arc<Program>, mapping: Mapping) -> Self {
        let reader = EventReader::new(&mapping, program.paths());
        History { program, reader, spare: Spare::default(), desk: Desk::default() }
    }

    /// Drops an event whose id is among those of its user's last `n` events taken in (at most
    /// [`MAX_DEDUPE`](crate::MAX_DEDUPE)); 0, the default, drops none.
    pub fn dedupe(mut self, n: usize) -> Self {
        self.desk = Desk::new(n.min(crate::MAX_DEDUPE));
        self
    }

    /// Appends the user's matches, in the order in which they happen. `events` are sorted by (time, position) and
    /// have passed the extractor; one that has not is left out.
    pub fn run(&mut self, user: &str, events: &[HistoryEvent<'_>], end: HistoryEnd, out: &mut Vec<Match>) {
        self.replay(user, events, end, out);
    }

    /// Why a rule fires, or does not, for the user once all events and deadlines up to and at `at` (Unix ms) have
    /// happened; `events` as for [`History::run`], later ones are left out. Appends the matches until then.
    ///
    /// None if the program does not run the rule in this revision.
    pub fn explain(
        &mut self,
        rule: &Rule,
        user: &str,
        events: &[HistoryEvent<'_>],
        at: i64,
        out: &mut Vec<Match>,
    ) -> Option<Explanation> {
        let id = *self.program.rule_by_hash.get(&identity::rule_hash(&rule.id))?;
        let state = self.replay(user, events, HistoryEnd::Until(at), out);
        let judges = |event: &&HistoryEvent<'_>| {
            let read = self.reader.read(event.raw, Spare::default()).ok();
            event.time <= at && read.is_some_and(|read| explain::triggers(&self.program, id, &read))
        };
        let judged = events.iter().rev().find(judges);
        let read =
            judged.and_then(|event| Some((event.time, self.reader.read(event.raw, Spare::default()).ok()?)));
        let judged = read.as_ref().map(|(time, event)| (*time, event.props.as_slice()));
        explain::explain(&Subject { program: &self.program, model: rule, user, state: &state, at, judged })
    }

    fn replay(
        &mut self,
        user: &str,
        events: &[HistoryEvent<'_>],
        end: HistoryEnd,
        out: &mut Vec<Match>,
    ) -> UserState {
        let person = Person::new(&self.program, user);
        let mut state = UserState { generation: self.program.generation, ..UserState::default() };
        for event in events {
            if matches!(end, HistoryEnd::Until(until) if event.time > until) {
                break;
            }
            let Ok(read) = self.reader.read(event.raw, std::mem::take(&mut self.spare)) else { continue };
            // Deadlines of the event's own time lie after all events of that time.
            timeline::pass_deadlines(&mut self.desk, &person, &mut state, event.time.saturating_sub(1), out);
            let at = Origin { time: event.time, position: event.position };
            self.desk.take(&person, &mut state, &read, at, out);
            self.spare = read.into_spare();
        }
        let limit = match end {
            HistoryEnd::Hold { largest } => largest.saturating_sub(1),
            HistoryEnd::Fire => i64::MAX,
            HistoryEnd::Until(until) => until,
        };
        timeline::pass_deadlines(&mut self.desk, &person, &mut state, limit, out);
        state
    }

    /// Correlation values and open absences dropped by their bounds so far.
    pub fn dropped(&self) -> u64 {
        self.desk.tallied.dropped
    }

    /// Events dropped so far because their id was among their user's last ones.
    pub fn repeated(&self) -> u64 {
        self.desk.tallied.repeated
    }

    /// Deadlines that passed so far.
    pub fn deadlines(&self) -> u64 {
        self.desk.tallied.deadlines
    }
}
