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
use crate::typed::Content;

/// One event of a history.
#[derive(Debug, Clone, Copy)]
pub struct HistoryEvent<'a> {
    /// Unix ms, as the extractor found it.
    pub time: i64,
    /// Offset or line.
    pub position: i64,
    /// What it says.
    pub content: Content<'a>,
}

/// What is remembered of one user in the middle of his history.
#[derive(Debug, Default)]
pub struct Past {
    state: UserState,
    /// Time (Unix ms) and position of the last event.
    last: Option<(i64, i64)>,
}

impl Past {
    /// Time (Unix ms) and position of the last event that was taken in.
    pub fn last(&self) -> Option<(i64, i64)> {
        self.last
    }
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

    /// Takes in one more event of a user, at or after the last in the order of (time, position).
    pub fn take(&mut self, user: &str, past: &mut Past, event: &HistoryEvent<'_>, out: &mut Vec<Match>) {
        let spare = std::mem::take(&mut self.spare);
        let Some(read) = self.reader.content(event.content, spare) else { return };
        let person = Person::new(&self.program, user);
        let state = &mut past.state;
        state.generation = self.program.generation;
        // Deadlines of the event's own time lie after all events of that time.
        timeline::pass_deadlines(&mut self.desk, &person, state, event.time.saturating_sub(1), out);
        let at = Origin { time: event.time, position: event.position };
        self.desk.take(&person, state, &read, at, out);
        self.spare = read.into_spare();
        past.last = Some((event.time, event.position));
    }

    /// Time passes: the deadlines up to and at `time` (Unix ms).
    pub fn advance(&mut self, user: &str, past: &mut Past, time: i64, out: &mut Vec<Match>) {
        self.finish(user, past, HistoryEnd::Until(time), out);
    }

    /// Why a rule fires, or does not, as the user's past stands at `at` (Unix ms). A condition over properties of the
    /// judged event has none here. None if the program does not run the rule in this revision.
    pub fn look(&self, rule: &Rule, user: &str, past: &Past, at: i64) -> Option<Explanation> {
        let state = &past.state;
        explain::explain(&Subject { program: &self.program, model: rule, user, state, at, judged: None })
    }

    /// Passes the deadlines that the end of the input lets pass. Events beyond `HistoryEnd::Until` are the caller's to
    /// leave out.
    pub fn finish(&mut self, user: &str, past: &mut Past, end: HistoryEnd, out: &mut Vec<Match>) {
        let person = Person::new(&self.program, user);
        let limit = match end {
            HistoryEnd::Hold { largest } => largest.saturating_sub(1),
            HistoryEnd::Fire => i64::MAX,
            HistoryEnd::Until(until) => until,
        };
        timeline::pass_deadlines(&mut self.desk, &person, &mut past.state, limit, out);
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
        let past = self.replay(user, events, HistoryEnd::Until(at), out);
        let judges = |event: &&HistoryEvent<'_>| {
            let read = self.reader.content(event.content, Spare::default());
            event.time <= at && read.is_some_and(|read| explain::triggers(&self.program, id, &read))
        };
        let judged = events.iter().rev().find(judges);
        let read = judged
            .and_then(|event| Some((event.time, self.reader.content(event.content, Spare::default())?)));
        let judged = read.as_ref().map(|(time, event)| (*time, event.props.as_slice()));
        let state = &past.state;
        explain::explain(&Subject { program: &self.program, model: rule, user, state, at, judged })
    }

    fn replay(
        &mut self,
        user: &str,
        events: &[HistoryEvent<'_>],
        end: HistoryEnd,
        out: &mut Vec<Match>,
    ) -> Past {
        let mut past = Past::default();
        for event in events {
            if matches!(end, HistoryEnd::Until(until) if event.time > until) {
                break;
            }
            self.take(user, &mut past, event, out);
        }
        self.finish(user, &mut past, end, out);
        past
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
