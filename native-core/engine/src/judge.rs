//! Judging: an event or a deadline on its way through one user's measures and rules.
//!
//! One event: find the patterns it matches; note what the rules concerned read before; let every measure it matches
//! take it in; then judge the rules in the order of their ids. A deadline walks the same way.

use alcedo_model::{Cause, Match};

use crate::intake::{Now, Touched, take_in};
use crate::key::Key;
use crate::measure::{Body, Roles, Slot, Spec};
use crate::person::Person;
use crate::predicate::Memo;
use crate::program::{MeasureId, Program, Rule, RuleId, Trigger};
use crate::read::Event;
use crate::reading::{carried, evidence, height, holds, since};
use crate::scope::EventScope;
use crate::shelf::Shelf;
use crate::state::{RuleState, UserState};
use crate::value::Value;
use crate::{fire, identity, repeats};

/// What was counted while judging.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tallied {
    pub(crate) taken: u64,
    pub(crate) deadlines: u64,
    pub(crate) matches: u64,
    /// Correlation values and open absences dropped by their bounds.
    pub(crate) dropped: u64,
    /// Events dropped because their id was among the user's last ones.
    pub(crate) repeated: u64,
}

/// Scratch space for judging, reused from event to event.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    memo: Memo,
    hits: Vec<(MeasureId, Roles)>,
    /// Of each measure: the number of the last event that matched one of its patterns, and its place in `hits`.
    places: Vec<(u64, u32)>,
    events: u64,
    triggered: Vec<RuleId>,
    touched: Vec<Touched>,
    pending: Vec<Pending>,
    /// Ids kept per user (`dedupe`); 0 = repeats are events like others.
    dedupe: usize,
    /// In arrival order: events to come lie after it (Unix ms). None where they come in order.
    pub(crate) horizon: Option<i64>,
    pub(crate) tallied: Tallied,
}

/// A rule that is about to be judged.
#[derive(Debug)]
struct Pending {
    rule: RuleId,
    /// None where the rule is correlated and the event carries no value.
    key: Option<Key>,
    /// What held, or how high the trigger's measure stood, just before.
    before: u64,
    cause: Option<Cause>,
}

/// Where and when the judged event came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    /// Unix ms.
    pub(crate) time: i64,
    /// Offset or line.
    pub(crate) position: i64,
}

impl Desk {
    /// A desk that drops an event whose id is among those of the user's last `dedupe` events.
    pub(crate) fn new(dedupe: usize) -> Self {
        Desk { dedupe, ..Desk::default() }
    }

    /// Takes in one event and judges.
    pub(crate) fn take(
        &mut self,
        person: &Person<'_>,
        state: &mut UserState,
        event: &Event<'_>,
        at: Origin,
        out: &mut Vec<Match>,
    ) {
        if self.repeats(state, event) {
            return;
        }
        let clock = state.clock.map_or(at.time, |c| c.max(at.time));
        self.find_patterns(person.program, event);
        self.find_measures(person, event, at.time);
        self.find_rules(person.program, state, event, clock);
        let now = Now { time: at.time, clock, horizon: self.horizon.unwrap_or(clock) };
        for touched in self.touched.drain(..) {
            self.tallied.dropped += take_in(person.program, state, touched, now);
        }
        state.clock = Some(clock);
        self.tallied.taken += 1;
        let pending = std::mem::take(&mut self.pending);
        for case in &pending {
            let rule = person.program.rule_at(case.rule);
            let cause = || Cause::Event {
                event_type: event.event_type.to_string(),
                id: event.id.as_deref().and_then(|raw| serde_json::from_str(raw).ok()),
                position: at.position,
            };
            let key = || carried(rule, event);
            self.judge(
                person,
                state,
                case,
                &Moment { time: at.time, clock, props: &event.props, cause: &cause, key: &key },
                out,
            );
        }
        self.pending = pending;
        self.pending.clear();
    }

    fn repeats(&mut self, state: &mut UserState, event: &Event<'_>) -> bool {
        if self.dedupe == 0 && state.seen.is_empty() {
            return false;
        }
        let repeated = repeats::repeats(&mut state.seen, repeats::name(event.id.as_deref()), self.dedupe);
        self.tallied.repeated += u64::from(repeated);
        repeated
    }

    fn find_patterns(&mut self, program: &Program, event: &Event<'_>) {
        let Desk { memo, hits, places, triggered, events, .. } = self;
        hits.clear();
        triggered.clear();
        *events += 1;
        if places.len() < program.measures.len() {
            places.resize(program.measures.len(), (0, 0));
        }
        let mut hit = |measure: MeasureId, roles: Roles| {
            let place = &mut places[measure as usize];
            if place.0 == *events {
                hits[place.1 as usize].1 |= roles;
            } else {
                *place = (*events, hits.len() as u32);
                hits.push((measure, roles));
            }
        };
        let Program { predicates, patterns, index, every_event, .. } = program;
        memo.begin(predicates);
        index.find(predicates, &event.event_type, &event.props, memo, &mut |id| {
            let pattern = &patterns[id as usize];
            pattern.measures.iter().for_each(|(measure, roles)| hit(*measure, *roles));
            triggered.extend_from_slice(&pattern.triggers);
        });
        every_event.iter().for_each(|measure| hit(*measure, 0));
    }

    fn find_measures(&mut self, person: &Person<'_>, event: &Event<'_>, time: i64) {
        self.touched.clear();
        let scope = EventScope { props: &event.props };
        for (id, roles) in &self.hits {
            let measure = person.program.measure_at(*id);
            if !measure.set.window.bounds(time) || !person.in_audience(measure.audience) {
                continue;
            }
            if let Some(key) = Program::key(&measure.by, &event.props) {
                let datum = measure.spec.datum(&scope, time);
                let carries = |(hash, by): &(u64, Vec<u32>)| Some((*hash, Program::key(by, &event.props)?));
                let carried = measure.carries.iter().filter_map(carries).collect();
                self.touched.push(Touched { measure: *id, roles: *roles, key, datum, carried });
            }
        }
    }

    fn find_rules(&mut self, program: &Program, state: &UserState, event: &Event<'_>, clock: i64) {
        self.pending.clear();
        let mut rules = std::mem::take(&mut self.triggered);
        for touched in &self.touched {
            let measure = program.measure_at(touched.measure);
            if touched.roles & measure.spec.own_roles() != 0 {
                rules.extend_from_slice(&measure.judges);
                rules.extend_from_slice(&measure.rises);
            }
        }
        rules.sort_unstable();
        rules.dedup();
        for id in &rules {
            let rule = program.rule_at(*id);
            let key = if rule.correlated { rule.key(&event.props) } else { Some(Key::default()) };
            let before = before(program, state, rule, key.as_ref(), clock);
            self.pending.push(Pending { rule: *id, key, before, cause: None });
        }
        self.triggered = rules;
    }

    /// Passes all deadlines of exactly this time.
    pub(crate) fn pass(
        &mut self,
        person: &Person<'_>,
        state: &mut UserState,
        time: i64,
        out: &mut Vec<Match>,
    ) {
        let program = person.program;
        let clock = state.clock.map_or(time, |c| c.max(time));
        let due = due_at(program, state, time);
        let pending = deadline_cases(program, state, &due, clock);
        for case in &due {
            let measure = program.measure_at(case.measure);
            let Ok(place) = state.measures.place(measure.hash) else { continue };
            let held = state.measures.at_mut(place);
            if let Some(at) = held.instances.iter().position(|i| i.key == case.key)
                && let Slot { frame, body: Body::Absence(slot) } = &mut held.instances[at].slot
                && let Spec::Absence(spec) = &measure.spec
            {
                self.tallied.deadlines += spec.pass(slot, frame, time, clock, &measure.set);
            }
            state.measures.changed(place, measure);
        }
        state.clock = Some(clock);
        for case in &pending {
            let rule = program.rule_at(case.rule);
            let cause =
                || case.cause.clone().unwrap_or(Cause::Deadline { measure: String::new(), after: time });
            let key = || {
                let key = case.key.as_ref().filter(|_| rule.correlated)?;
                Some(
                    rule.by
                        .iter()
                        .zip(key.iter())
                        .map(|((name, _), part)| (name.to_string(), part.to_json()))
                        .collect(),
                )
            };
            self.judge(
                person,
                state,
                case,
                &Moment { time, clock, props: &[], cause: &cause, key: &key },
                out,
            );
        }
    }

    fn judge(
        &mut self,
        person: &Person<'_>,
        state: &mut UserState,
        case: &Pending,
        moment: &Moment<'_>,
        out: &mut Vec<Match>,
    ) {
        let program = person.program;
        let rule = program.rule_at(case.rule);
        let holds = holds(program, state, rule, case.key.as_ref(), moment.clock, moment.props);
        let fires = match rule.trigger {
            Trigger::Pattern => holds,
            Trigger::Rise(used) => {
                let after = rule
                    .uses
                    .get(used as usize)
                    .map_or(0, |u| height(program, state, u, case.key.as_ref(), moment.clock));
                holds && after > case.before
            }
            Trigger::Edge => {
                let was = was_true(state, rule, case.key.as_ref());
                let key = case.key.clone().unwrap_or_default();
                // The change is not used up where a gate stops it: `allowed` is part of what is remembered.
                let edge = holds && (case.before == 0 || !was);
                let fires = edge && fire::allowed(person, rule, state.rule(rule.hash), moment.time);
                remember(program, state, rule, key, holds && (fires || !edge), moment.clock);
                fires
            }
        };
        if fires
            && (rule.trigger == Trigger::Edge
                || fire::allowed(person, rule, state.rule(rule.hash), moment.time))
        {
            let occurrence = fire::count_firing(state.rule_mut(rule.hash), rule, moment.time);
            self.tallied.matches += 1;
            out.push(Match {
                match_id: match_id(&rule.id, person.user, occurrence),
                rule: rule.id.to_string(),
                revision: rule.revision,
                user: person.user.to_owned(),
                time: moment.time,
                occurrence,
                key: (moment.key)(),
                cause: (moment.cause)(),
                evidence: evidence(program, state, rule, case.key.as_ref(), moment.clock),
                since: since(program, state, rule, case.key.as_ref(), moment.clock),
                action: rule.action.clone(),
            });
        }
    }
}

/// The event or deadline that is judged.
struct Moment<'a> {
    time: i64,
    clock: i64,
    props: &'a [Value<'a>],
    cause: &'a dyn Fn() -> Cause,
    key: &'a dyn Fn() -> Option<serde_json::Map<String, serde_json::Value>>,
}

/// `xxh3-128(rule, 0, user, 0, occurrence u64 LE)`, lower-case hex.
fn match_id(rule: &str, user: &str, occurrence: u64) -> String {
    let mut bytes = Vec::with_capacity(rule.len() + user.len() + 10);
    bytes.extend_from_slice(rule.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(user.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(&occurrence.to_le_bytes());
    identity::hex(&bytes)
}

/// Whether the last judgement of this correlation value was true.
fn was_true(state: &UserState, rule: &Rule, key: Option<&Key>) -> bool {
    let key = key.map_or(&[][..], |key| key);
    state.rule(rule.hash).is_some_and(|held| held.truths.iter().any(|truth| **truth == *key))
}

/// What the rule's trigger compares with afterwards: its measure's value, or whether the condition held.
fn before(program: &Program, state: &UserState, rule: &Rule, key: Option<&Key>, clock: i64) -> u64 {
    match rule.trigger {
        Trigger::Pattern => 0,
        Trigger::Rise(used) => {
            rule.uses.get(used as usize).map_or(0, |u| height(program, state, u, key, clock))
        }
        // What was not true at the last judgement need not be asked: either way it is a change if it holds now.
        Trigger::Edge if !was_true(state, rule, key) => 0,
        Trigger::Edge => u64::from(holds(program, state, rule, key, clock, &[])),
    }
}

/// Keeps the last judgement of a correlation value. Only true ones are kept: a judgement starts as false.
pub(crate) fn remember(
    program: &Program,
    state: &mut UserState,
    rule: &Rule,
    key: Key,
    truth: bool,
    clock: i64,
) {
    let at = match state.rules.binary_search_by_key(&rule.hash, |r| r.hash) {
        Ok(at) => at,
        Err(_) if !truth => return,
        Err(at) => {
            state.rules.insert(at, RuleState { hash: rule.hash, ..RuleState::default() });
            at
        }
    };
    let held = &mut state.rules[at];
    held.truths.retain(|k| *k != key);
    if truth {
        if held.truths.len() >= rule.max_truths && rule.forgets {
            // What the passing of time forgets takes no place, however seldom it is looked at.
            held.truths.retain(|k| backed(program, &state.measures, rule, k, clock));
        }
        if held.truths.len() >= rule.max_truths {
            held.truths.remove(0);
        }
        held.truths.push(key);
    } else if held.occurrence == 0 && held.truths.is_empty() {
        state.rules.remove(at);
    }
}

/// Whether a measure that `when` names holds something for this correlation value at this clock.
pub(crate) fn backed(program: &Program, measures: &Shelf, rule: &Rule, key: &Key, clock: i64) -> bool {
    rule.uses.iter().filter(|u| u.named).any(|used| {
        let measure = program.measure_at(used.measure);
        let own = Key::default();
        let key = if measure.by.is_empty() { &own } else { key };
        measures
            .get(measure.hash)
            .and_then(|m| m.instance(key))
            .is_some_and(|i| measure.holds(&i.slot, clock))
    })
}

/// A deadline at the time at hand.
struct Due {
    measure: MeasureId,
    key: Key,
    /// Time of the A that opened it.
    after: i64,
    carried: Vec<(u64, Key)>,
}

fn due_at(program: &Program, state: &UserState, time: i64) -> Vec<Due> {
    let mut due = Vec::new();
    for held in state.measures.due(time) {
        let Some(id) = program.measure_by_hash.get(&held.hash) else { continue };
        let measure = program.measure_at(*id);
        let Spec::Absence(spec) = &measure.spec else { continue };
        let after = time.saturating_sub(spec.within);
        for instance in &held.instances {
            let Body::Absence(slot) = &instance.slot.body else { continue };
            if measure.spec.deadline(&instance.slot) == Some(time) {
                for open in slot.opens.iter().take_while(|open| open.time == after) {
                    let (key, carried) = (instance.key.clone(), open.carried.clone());
                    due.push(Due { measure: *id, key, after, carried });
                }
            }
        }
    }
    due
}

/// Rules concerned by deadlines, each once per correlation value, in the order of rule id, then value.
fn deadline_cases(program: &Program, state: &UserState, due: &[Due], clock: i64) -> Vec<Pending> {
    let mut named: Vec<(RuleId, Option<Key>, String, i64)> = Vec::new();
    for case in due {
        let measure = program.measure_at(case.measure);
        for id in measure.judges.iter().chain(&measure.rises) {
            let rule = program.rule_at(*id);
            let carried =
                || case.carried.iter().find(|(by, _)| *by == rule.by_hash).map(|(_, key)| key.clone());
            let key = match (rule.correlated, measure.by.is_empty()) {
                (false, _) => Some(Key::default()),
                (true, false) => Some(case.key.clone()),
                (true, true) => carried(),
            };
            // The trigger's measure if it rose, else of the measures that `when` names the first by name, then by A.
            let used = match rule.trigger {
                Trigger::Rise(used) => rule.uses.get(used as usize),
                _ => rule.uses.iter().find(|u| u.measure == case.measure && u.named),
            };
            named.push((*id, key, used.map_or(String::new(), |u| u.name.to_string()), case.after));
        }
    }
    named.sort();
    named.dedup_by(|next, first| next.0 == first.0 && next.1 == first.1);
    let case = |(id, key, measure, after): (RuleId, Option<Key>, String, i64)| {
        let before = before(program, state, program.rule_at(id), key.as_ref(), clock);
        Pending { rule: id, key, before, cause: Some(Cause::Deadline { measure, after }) }
    };
    named.into_iter().map(case).collect()
}
