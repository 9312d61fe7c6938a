//! One user's time: what is due when, what passes up to a moment, what is forgotten, what a new program keeps.

use alcedo_model::Match;

use crate::codec::StateError;
use crate::judge::{self, Desk};
use crate::key::Key;
use crate::person::Person;
use crate::program::{Program, Rule, Trigger};
use crate::reading;
use crate::state::{MeasureState, UserState};

/// The user's earliest deadline, Unix ms.
pub(crate) fn next_deadline(program: &Program, state: &mut UserState) -> Option<i64> {
    state.measures.look(program);
    state.measures.outlook(program).deadline()
}

/// When the user must next be looked at, Unix ms. `lateness`: events so far behind the watermark may still come.
pub(crate) fn due(program: &Program, state: &UserState, lateness: i64) -> Option<i64> {
    let waiting = state.waiting.front().map(|w| w.time);
    let outlook = state.measures.outlook(program);
    let shrinks = outlook.shrinks().map(|at| at.saturating_add(lateness));
    [waiting, outlook.deadline(), shrinks].into_iter().flatten().min()
}

/// What happens to a user next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The first waiting event is taken in.
    Event,
    /// The deadlines of this time (Unix ms) pass.
    Deadline(i64),
}

/// What happens next, of events up to and at `events` and deadlines up to and at `deadlines` (Unix ms).
pub(crate) fn next(program: &Program, state: &mut UserState, events: i64, deadlines: i64) -> Option<Next> {
    let event = state.waiting.front().map(|w| w.time).filter(|t| *t <= events);
    match (event, next_deadline(program, state)) {
        // A deadline lies after all events of its time; those before a waiting event pass on the way.
        (Some(time), deadline) if deadline.is_none_or(|d| time <= d) => Some(Next::Event),
        (Some(_), Some(deadline)) => Some(Next::Deadline(deadline)),
        (None, Some(deadline)) if deadline <= deadlines => Some(Next::Deadline(deadline)),
        _ => None,
    }
}

/// Passes every deadline up to and at `limit`.
pub(crate) fn pass_deadlines(
    desk: &mut Desk,
    person: &Person<'_>,
    state: &mut UserState,
    limit: i64,
    out: &mut Vec<Match>,
) {
    while let Some(deadline) = next_deadline(person.program, state).filter(|d| *d <= limit) {
        desk.pass(person, state, deadline, out);
    }
}

/// Forgets what can no longer matter once every event to come lies after `horizon`; where they come `in_order`, none
/// lies before the user's clock either.
pub(crate) fn forget(program: &Program, state: &mut UserState, horizon: i64, in_order: bool) {
    // A timer may be older than what the user has taken in meanwhile.
    let time = state.clock.map_or(horizon, |clock| clock.max(horizon));
    let horizon = if in_order { time } else { horizon };
    // What holds something for longer is trimmed when an event enters it.
    let changed = state.measures.forget(program, time, |measure, held| {
        held.instances.retain(|i| !measure.spec.trim(&mut i.slot, time, horizon, &measure.set));
        !held.instances.is_empty()
    });
    if changed || state.measures.is_empty() {
        forget_truths(program, state, time);
    }
}

/// A true judgement whose measures hold nothing is false again at the next judgement, where the condition is.
fn forget_truths(program: &Program, state: &mut UserState, time: i64) {
    let mut rules = std::mem::take(&mut state.rules);
    for held in &mut rules {
        let Some(rule) = program.rule_by_hash.get(&held.hash).map(|id| program.rule_at(*id)) else {
            continue;
        };
        if rule.forgets {
            held.truths.retain(|key| judge::backed(program, &state.measures, rule, key, time));
        }
    }
    rules.retain(|r| r.occurrence > 0 || !r.truths.is_empty());
    state.rules = rules;
}

/// Whether what is held of each measure is of the measure's kind: bytes may say anything.
pub(crate) fn check(program: &Program, state: &UserState) -> Result<(), StateError> {
    let fits = |held: &MeasureState| {
        let measure = program.measure_by_hash.get(&held.hash).map(|id| program.measure_at(*id));
        measure.is_none_or(|measure| held.instances.iter().all(|i| measure.spec.fits(&i.slot)))
    };
    if state.measures.iter().all(fits) {
        Ok(())
    } else {
        Err(StateError::Damaged("a measure of another kind"))
    }
}

/// Brings a state to the program's generation: drops what nobody reads, keeps what did not change, and lets the last
/// judgement of an edited condition start as its value at the old clock.
pub(crate) fn convert(program: &Program, state: &mut UserState) {
    if state.generation == program.generation {
        return;
    }
    let old = state.generation;
    // A measure that came to run since then (again, perhaps) begins from nothing.
    let runs =
        |hash: u64| program.measure_by_hash.get(&hash).is_some_and(|id| program.measure_at(*id).born <= old);
    state.measures.retain(runs);
    state.rules.retain_mut(|held| match program.rule_by_hash.get(&held.hash) {
        None => false,
        Some(id) => {
            let rule = program.rule_at(*id);
            // A rule that stopped, and one that came back after a stop, starts as false.
            if !rule.runs() || rule.born > old {
                held.truths.clear();
            }
            held.occurrence > 0 || !held.truths.is_empty()
        }
    });
    for rule in program.rules.iter().filter(|r| r.runs() && r.born <= old && r.judgement_since > old) {
        rejudge(program, state, rule);
    }
    state.generation = program.generation;
}

/// Lets an edited condition start as its value at the moment of the edit, for each correlation value that holds
/// something then. Whoever holds nothing starts as false, like one who was never seen: he cannot be told from one.
fn rejudge(program: &Program, state: &mut UserState, rule: &Rule) {
    if let Ok(at) = state.rules.binary_search_by_key(&rule.hash, |r| r.hash) {
        state.rules[at].truths.clear();
    }
    let (Trigger::Edge, Some(clock)) = (rule.trigger, state.clock) else { return };
    let clock = rule.judgement_at.map_or(clock, |at| at.max(clock));
    let mut keys: Vec<Key> = Vec::new();
    for used in rule.uses.iter().filter(|u| u.named) {
        let measure = program.measure_at(used.measure);
        for instance in state.measure(measure.hash).iter().flat_map(|m| &m.instances) {
            if rule.correlated && measure.by.is_empty() {
                continue; // it holds for every value, also for those that hold nothing of their own
            }
            let key = if rule.correlated { instance.key.clone() } else { Key::default() };
            if !keys.contains(&key) && measure.holds(&instance.slot, clock) {
                keys.push(key);
            }
        }
    }
    for key in keys {
        let truth = reading::holds(program, state, rule, Some(&key), clock, &[]);
        judge::remember(program, state, rule, key, truth, clock);
    }
}
