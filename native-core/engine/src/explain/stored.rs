//! Explaining from a user's state bytes, as a job's store has them.

use alcedo_model::{Mapping, Rule};

use super::{Explanation, Subject, explain};
use crate::codec::{self, StateError};
use crate::judge::{Desk, Origin};
use crate::person::Person;
use crate::program::Program;
use crate::read::{EventReader, Spare};
use crate::state::UserState;
use crate::timeline::{self, Next};

/// Whom, from what, and when to explain.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The rule, in the revision that runs.
    pub rule: &'a Rule,
    /// User id.
    pub user: &'a str,
    /// His state bytes; none = the job holds nothing of him.
    pub state: Option<&'a [u8]>,
    /// The moment, Unix ms; none = as his state stands. Events that wait and lie at or before it are taken in first.
    pub at: Option<i64>,
    /// Where user, type, time and properties are in a record.
    pub mapping: &'a Mapping,
    /// Other mappings, each for the partitions from this number on; ascending.
    pub mappings: &'a [(i32, Mapping)],
    /// Ids kept per user to drop repeats, as the job has it.
    pub dedupe: usize,
}

impl Program {
    /// Why a rule fires, or does not, for a user as his state bytes tell. None if this program does not run the rule
    /// in this revision. What is not kept is not told: a condition over properties of the judged event has none here.
    ///
    /// # Errors
    /// The bytes cannot be read.
    pub fn explain(&self, question: &Question<'_>) -> Result<Option<Explanation>, StateError> {
        let fresh = || UserState { generation: self.generation, ..UserState::default() };
        let mut state = question.state.map_or_else(|| Ok(fresh()), codec::decode_user)?;
        timeline::check(self, &state)?;
        timeline::convert(self, &mut state);
        if let Some(at) = question.at {
            self.bring(&mut state, question, at);
        }
        let at = question.at.or(state.clock).unwrap_or(0);
        let (user, model) = (question.user, question.rule);
        Ok(explain(&Subject { program: self, model, user, state: &state, at, judged: None }))
    }

    /// Takes in what waits up to `at` and passes the deadlines until then.
    fn bring(&self, state: &mut UserState, question: &Question<'_>, at: i64) {
        let person = Person::new(self, question.user);
        let (mut desk, mut matches) = (Desk::new(question.dedupe), Vec::new());
        while let Some(next) = timeline::next(self, state, at, at) {
            match next {
                Next::Deadline(time) => desk.pass(&person, state, time, &mut matches),
                Next::Event => {
                    let Some(waiting) = state.waiting.pop_front() else { return };
                    let at = question.mappings.partition_point(|(from, _)| *from <= waiting.partition);
                    let mapping = at.checked_sub(1).map_or(question.mapping, |i| &question.mappings[i].1);
                    let reader = EventReader::new(mapping, self.paths());
                    if let Ok(event) = reader.read(&waiting.raw, Spare::default()) {
                        let origin = Origin { time: waiting.time, position: waiting.position };
                        desk.take(&person, state, &event, origin, &mut matches);
                    }
                }
            }
        }
    }
}
