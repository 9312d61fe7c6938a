//! Judging: an event or a deadline on its way through one user's measures and rules.
//!
//! One event: find the patterns it matches; note what the rules concerned read before; let every measure it matches
//! take it in; then judge the rules in the order of their ids. A deadline walks the same way.

use alcedo_model::{Cause, Match};

use crate::key::Key;
use crate::measure::{Intake, Roles};
use crate::predicate::Memo;
use crate::program::{MeasureId, Program, Rule, RuleId, Trigger, Use};
use crate::read::Event;
use crate::scope::{ConditionScope, EventScope};
use crate::state::{Instance, UserState};
use crate::value::{Value, to_json};
use crate::{fire, identity};

/// What was counted while judging.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tallied {
    pub(crate) taken: u64,
    pub(crate) deadlines: u64,
    pub(crate) matches: u64,
    /// Correlation values and open absences dropped by their bounds.
    pub(crate) dropped: u64,
}

/// Scratch space for judging, reused from event to event.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    memo: Memo,
    hits: Vec<(MeasureId, Roles)>,
    triggered: Vec<RuleId>,
    touched: Vec<Touched>,
    pending: Vec<Pending>,
    pub(crate) tallied: Tallied,
}

/// A measure that an event enters.
#[derive(Debug)]
struct Touched {
    measure: MeasureId,
    roles: Roles,
    key: Key,
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

/// The user at hand and who he is to the audiences.
pub(crate) struct Person<'a> {
    pub(crate) program: &'a Program,
    pub(crate) user: &'a str,
}

impl Person<'_> {
    pub(crate) fn in_audience(&self, audience: Option<u32>) -> bool {
        audience.is_none_or(|a| self.program.audiences[a as usize].contains(self.user))
    }
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
    /// Takes in one event and judges.
    pub(crate) fn take(
        &mut self,
        person: &Person<'_>,
        state: &mut UserState,
        event: &Event<'_>,
        at: Origin,
        out: &mut Vec<Match>,
    ) {
        let clock = state.clock.map_or(at.time, |c| c.max(at.time));
        self.find_patterns(person.program, event);
        self.find_measures(person, event, at.time);
        self.find_rules(person.program, state, event, clock);
        for touched in self.touched.drain(..) {
            self.tallied.dropped += take_in(person.program, state, touched, at.time, clock);
        }
        state.clock = Some(clock);
        self.tallied.taken += 1;
        let pending = std::mem::take(&mut self.pending);
        for case in &pending {
            let rule = person.program.rule_at(case.rule);
            let cause = || Cause::Event {
                event_type: event.event_type.to_string(),
                id: event.id.and_then(|raw| serde_json::from_str(raw.get()).ok()),
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

    fn find_patterns(&mut self, program: &Program, event: &Event<'_>) {
        self.memo.reset(&program.predicates);
        self.hits.clear();
        self.triggered.clear();
        let scope = EventScope { props: &event.props };
        let named = program.by_type.get(event.event_type.as_ref()).into_iter().flatten();
        for id in named.chain(&program.any_type) {
            let pattern = &program.patterns[*id as usize];
            if pattern.filter.is_none_or(|f| program.predicates.holds_once(f, &scope, &mut self.memo)) {
                self.hits.extend_from_slice(&pattern.measures);
                self.triggered.extend_from_slice(&pattern.triggers);
            }
        }
        self.hits.extend(program.every_event.iter().map(|m| (*m, 0)));
        self.hits.sort_unstable_by_key(|(m, _)| *m);
        self.hits.dedup_by(|next, first| {
            let same = next.0 == first.0;
            if same {
                first.1 |= next.1;
            }
            same
        });
    }

    fn find_measures(&mut self, person: &Person<'_>, event: &Event<'_>, time: i64) {
        self.touched.clear();
        for (id, roles) in &self.hits {
            let measure = person.program.measure_at(*id);
            if !measure.span.bounds(time) || !person.in_audience(measure.audience) {
                continue;
            }
            if let Some(key) = Program::key(&measure.by, &event.props) {
                self.touched.push(Touched { measure: *id, roles: *roles, key });
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
            let slots = rule.by.iter().map(|(_, slot)| *slot).collect::<Vec<_>>();
            let key = if rule.correlated { Program::key(&slots, &event.props) } else { Some(Key::default()) };
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
            let held = state.measure_mut(measure.hash);
            if let Some(at) = held.instances.iter().position(|i| i.key == case.key)
                && let (crate::measure::Spec::Absence(spec), crate::measure::Slot::Absence(slot)) =
                    (&measure.spec, &mut held.instances[at].slot)
            {
                self.tallied.deadlines += spec.pass(slot, time, clock, measure.span, measure.capacity) as u64;
            }
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
                    .map_or(0, |u| count(program, state, u, case.key.as_ref(), moment.clock));
                holds && after > case.before
            }
            Trigger::Edge => {
                let key = case.key.clone().unwrap_or_default();
                let was = state.rule(rule.hash).is_some_and(|r| r.truths.contains(&key));
                // The change is not used up where a gate stops it: `allowed` is part of what is remembered.
                let edge = holds && (case.before == 0 || !was);
                let fires = edge && fire::allowed(person, rule, state.rule(rule.hash), moment.time);
                remember(state, rule, key, holds && (fires || !edge));
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
                since: since(program, rule, moment.clock),
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

/// The correlation value as the event carries it.
fn carried(rule: &Rule, event: &Event<'_>) -> Option<serde_json::Map<String, serde_json::Value>> {
    let slots: Vec<u32> = rule.by.iter().map(|(_, slot)| *slot).collect();
    if !rule.correlated || Program::key(&slots, &event.props).is_none() {
        return None;
    }
    let value = |slot: &u32| event.props.get(*slot as usize).map_or(serde_json::Value::Null, to_json);
    Some(rule.by.iter().map(|(name, slot)| (name.to_string(), value(slot))).collect())
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

/// A measure's value for a correlation value at a clock, as the rule reads it.
pub(crate) fn count(program: &Program, state: &UserState, used: &Use, key: Option<&Key>, clock: i64) -> u64 {
    let measure = program.measure_at(used.measure);
    let own = Key::default();
    let key = if measure.by.is_empty() { &own } else { key.unwrap_or(&own) };
    let slot = state.measure(measure.hash).and_then(|m| m.instance(key)).map(|i| &i.slot);
    let value = slot.map_or(0, |slot| slot.tally().count(clock, measure.span));
    used.cap.map_or(value, |cap| value.min(cap))
}

fn value(program: &Program, state: &UserState, used: &Use, key: Option<&Key>, clock: i64) -> Value<'static> {
    let correlated = !program.measure_at(used.measure).by.is_empty();
    // Without a correlation value a correlated measure has none: not even 0.
    if correlated && key.is_none_or(|k| k.is_empty()) {
        return Value::Missing;
    }
    Value::int(count(program, state, used, key, clock))
}

/// Whether the rule's condition holds for a correlation value at a clock.
pub(crate) fn holds(
    program: &Program,
    state: &UserState,
    rule: &Rule,
    key: Option<&Key>,
    clock: i64,
    props: &[Value<'_>],
) -> bool {
    let measure = |index: u32| {
        rule.uses.get(index as usize).map_or(Value::Missing, |u| value(program, state, u, key, clock))
    };
    let scope = ConditionScope { props, measure, now: clock };
    rule.when.is_none_or(|when| program.predicates.holds(when, &scope))
}

/// What the rule's trigger compares with afterwards: its measure's value, or whether the condition held.
fn before(program: &Program, state: &UserState, rule: &Rule, key: Option<&Key>, clock: i64) -> u64 {
    match rule.trigger {
        Trigger::Pattern => 0,
        Trigger::Rise(used) => {
            rule.uses.get(used as usize).map_or(0, |u| count(program, state, u, key, clock))
        }
        Trigger::Edge => u64::from(holds(program, state, rule, key, clock, &[])),
    }
}

/// Keeps the last judgement of a correlation value. Only true ones are kept: a judgement starts as false.
pub(crate) fn remember(state: &mut UserState, rule: &Rule, key: Key, truth: bool) {
    if !truth {
        if let Ok(at) = state.rules.binary_search_by_key(&rule.hash, |r| r.hash) {
            let held = &mut state.rules[at];
            held.truths.retain(|k| *k != key);
            if held.occurrence == 0 && held.truths.is_empty() {
                state.rules.remove(at);
            }
        }
        return;
    }
    let held = state.rule_mut(rule.hash);
    held.truths.retain(|k| *k != key);
    if held.truths.len() >= rule.max_truths {
        held.truths.remove(0);
    }
    held.truths.push(key);
}

fn evidence(
    program: &Program,
    state: &UserState,
    rule: &Rule,
    key: Option<&Key>,
    clock: i64,
) -> serde_json::Map<String, serde_json::Value> {
    rule.uses.iter().map(|u| (u.name.to_string(), to_json(&value(program, state, u, key, clock)))).collect()
}

/// Measures whose window does not yet lie wholly after the moment at which the job first met them.
fn since(program: &Program, rule: &Rule, clock: i64) -> serde_json::Map<String, serde_json::Value> {
    let lacks = |u: &&Use| match (u.since, program.measure_at(u.measure).span) {
        (None, _) => false,
        (Some(b), crate::tally::Span::Fixed { from, .. }) => from <= b,
        (Some(b), crate::tally::Span::Last { d }) => clock.saturating_sub(d) < b,
    };
    rule.uses.iter().filter(lacks).map(|u| (u.name.to_string(), u.since.into())).collect()
}

/// Lets one measure take in one event; gives how much its bounds dropped.
fn take_in(program: &Program, state: &mut UserState, touched: Touched, time: i64, clock: i64) -> u64 {
    let measure = program.measure_at(touched.measure);
    let own = touched.roles & measure.spec.own_roles() != 0;
    let mut dropped = 0;
    let held = state.measure_mut(measure.hash);
    let at = held.instances.iter().position(|i| i.key == touched.key);
    let mut instance = match at {
        Some(at) => held.instances.remove(at),
        None if own => Instance { key: touched.key, slot: measure.spec.empty() },
        None => {
            state.measures.retain(|m| !m.instances.is_empty());
            return 0;
        }
    };
    let (roles, ordinal) = (touched.roles, held.ordinal);
    held.ordinal += 1;
    let intake = Intake { time, clock, roles, ordinal, span: measure.span, capacity: measure.capacity };
    measure.spec.take(&mut instance.slot, intake);
    if !measure.spec.trim(&mut instance.slot, clock, measure.span) {
        let place = match at {
            Some(at) if !own => at,
            _ => {
                if at.is_none() && !measure.by.is_empty() && held.instances.len() >= measure.max_keys {
                    held.instances.retain_mut(|i| !measure.spec.trim(&mut i.slot, clock, measure.span));
                    if held.instances.len() >= measure.max_keys {
                        held.instances.remove(0);
                        dropped += 1;
                    }
                }
                held.instances.len()
            }
        };
        held.instances.insert(place, instance);
    }
    dropped += bound_opens(held, measure);
    if held.instances.is_empty() {
        state.measures.retain(|m| !m.instances.is_empty());
    }
    dropped
}

/// Drops the oldest open absences beyond `max_open`.
fn bound_opens(held: &mut crate::state::MeasureState, measure: &crate::program::Measure) -> u64 {
    use crate::measure::{Slot, Spec};
    if !matches!(measure.spec, Spec::Absence(_)) {
        return 0;
    }
    let mut dropped = 0;
    loop {
        let opens = |i: &Instance| if let Slot::Absence(a) = &i.slot { a.opens.len() } else { 0 };
        if held.instances.iter().map(opens).sum::<usize>() <= measure.max_open {
            return dropped;
        }
        let oldest = |i: &Instance| match &i.slot {
            Slot::Absence(a) => a.opens.first().map_or((i64::MAX, u64::MAX), |o| (o.time, o.ordinal)),
            _ => (i64::MAX, u64::MAX),
        };
        let Some(at) = (0..held.instances.len()).min_by_key(|at| oldest(&held.instances[*at])) else {
            return dropped;
        };
        if let Slot::Absence(a) = &mut held.instances[at].slot {
            a.opens.remove(0);
        }
        if held.instances[at].slot.is_idle() {
            held.instances.remove(at);
        }
        dropped += 1;
    }
}

/// An instance with deadlines at the time at hand.
struct Due {
    measure: MeasureId,
    key: Key,
    /// Time of the A that opened the first of them.
    after: i64,
}

fn due_at(program: &Program, state: &UserState, time: i64) -> Vec<Due> {
    let mut due = Vec::new();
    for held in &state.measures {
        let Some(id) = program.measure_by_hash.get(&held.hash) else { continue };
        if let crate::measure::Spec::Absence(spec) = &program.measure_at(*id).spec {
            for instance in &held.instances {
                if let crate::measure::Slot::Absence(slot) = &instance.slot
                    && spec.deadline(slot) == Some(time)
                {
                    let after = time.saturating_sub(spec.within);
                    due.push(Due { measure: *id, key: instance.key.clone(), after });
                }
            }
        }
    }
    due
}

/// Rules concerned by deadlines, each once per correlation value, in the order of rule id, then value.
fn deadline_cases(program: &Program, state: &UserState, due: &[Due], clock: i64) -> Vec<Pending> {
    let mut cases: Vec<Pending> = Vec::new();
    let mut named: Vec<(RuleId, Key, String, i64)> = Vec::new();
    for case in due {
        let measure = program.measure_at(case.measure);
        for id in measure.judges.iter().chain(&measure.rises) {
            let rule = program.rule_at(*id);
            let key = if rule.correlated { case.key.clone() } else { Key::default() };
            // The trigger's measure if it rose, else of the measures that `when` names the first by name, then by A.
            let name = |u: &&Use| u.measure == case.measure && (rule.trigger != Trigger::Edge || u.named);
            let name = match rule.trigger {
                Trigger::Rise(used) => rule.uses.get(used as usize),
                _ => rule.uses.iter().find(name),
            };
            named.push((*id, key, name.map_or(String::new(), |u| u.name.to_string()), case.after));
        }
    }
    named.sort();
    named.dedup_by(|next, first| next.0 == first.0 && next.1 == first.1);
    for (id, key, measure, after) in named {
        let before = before(program, state, program.rule_at(id), Some(&key), clock);
        cases.push(Pending {
            rule: id,
            key: Some(key),
            before,
            cause: Some(Cause::Deadline { measure, after }),
        });
    }
    cases
}
