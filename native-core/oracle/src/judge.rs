//! One rule judged over one user's events (F1-F20, F35-F41).

use std::collections::{BTreeMap, BTreeSet};

use alcedo_model::{Cause, Match, Operand, Path, Predicate, Rule, Trigger};
use serde_json::Value as Json;

use crate::correlation::{self, Key};
use crate::event::Event;
use crate::gates::Gates;
use crate::measure::absence;
use crate::memory::{Deadline, Memory, Reading};
use crate::number::compare;
use crate::places::Places;
use crate::predicate::{fits, holds};
use crate::value::Value;
use crate::{text, threshold};

/// A rule on its way through one user's past.
pub(crate) struct Judge<'r> {
    rule: &'r Rule,
    events: &'r [Event],
    memories: BTreeMap<&'r str, Memory<'r>>,
    /// Measures that `when` names.
    named: BTreeSet<&'r str>,
    /// F6: `by` of the correlated measures that decide; none where the rule is judged once per user (F7).
    by: Option<&'r [Path]>,
    thresholds: BTreeMap<&'r str, i128>,
    gates: Gates<'r>,
    places: Places,
    /// Whether the first part of F43 applies.
    false_when_empty: bool,
    /// Events taken in so far.
    taken: usize,
    matches: Vec<Match>,
}

/// What is judged: the past with the event or the deadlines and without, at one clock (F14).
struct Moment<'e> {
    with: Reading,
    without: Reading,
    key: Option<Key>,
    event: Option<&'e Event>,
    /// A deadline's measure and A.
    deadline: Option<(String, usize)>,
}

impl<'r> Judge<'r> {
    /// For a user of the rule's audience, `events` being all of his in their order.
    pub(crate) fn new(rule: &'r Rule, events: &'r [Event]) -> Judge<'r> {
        let mut named = BTreeSet::new();
        rule.when.iter().for_each(|when| names(when, &mut named));
        let mut deciding = named.clone();
        if let Some(Trigger::Rise(name)) = &rule.trigger {
            deciding.insert(name);
        }
        let correlated =
            deciding.iter().filter_map(|name| rule.measures.get(*name)).filter(|m| !m.by.is_empty());
        let by = correlated.clone().map(|measure| measure.by.as_slice()).next();
        let most = correlated.map(|measure| measure.max_keys.unwrap_or(64)).max().unwrap_or(1); // F16
        let memory = |measure| Memory::new(rule, measure, events);
        let mut judge = Judge {
            rule,
            events,
            memories: rule.measures.iter().map(|(name, m)| (name.as_str(), memory(m))).collect(),
            thresholds: deciding.iter().filter_map(|n| Some((*n, threshold::of(rule, n)?))).collect(),
            named,
            by,
            gates: Gates::new(rule),
            places: Places::new(most as usize),
            false_when_empty: false,
            taken: 0,
            matches: Vec::new(),
        };
        judge.false_when_empty = judge.is_false_when_empty();
        judge
    }

    pub(crate) fn matches(self) -> Vec<Match> {
        self.matches
    }

    /// F5: first every measure takes the next event in, then the rule is judged.
    pub(crate) fn event(&mut self) {
        let at = self.taken;
        let event = &self.events[at];
        self.memories.values_mut().for_each(|memory| memory.take_in(at));
        self.taken += 1;
        let with = Reading { events: at + 1, without_deadlines_at: None, clock: event.time };
        let moment = Moment {
            with,
            without: Reading { events: at, ..with },
            key: self.by.and_then(|by| Key::carried(by, event)),
            event: Some(event),
            deadline: None,
        };
        let judged = match &self.rule.trigger {
            Some(Trigger::On(pattern)) => fits(pattern, event), // F10
            Some(Trigger::Rise(name)) => {
                self.memories[name.as_str()].changed_by(at) && self.rises(name, &moment)
            }
            None => self.named.iter().any(|name| self.memories[name].changed_by(at)), // F13
        };
        if judged {
            self.judge(&moment);
        }
    }

    /// The next moment at which a deadline passes, Unix ms.
    pub(crate) fn next_deadline(&self) -> Option<i64> {
        self.memories.values().filter_map(absence::next_deadline).min()
    }

    /// F8: all deadlines of that moment are taken in, then the rule is judged once per value concerned.
    pub(crate) fn deadlines(&mut self, time: i64) {
        let mut passed: Vec<(&str, Deadline)> = Vec::new();
        for (name, memory) in &mut self.memories {
            passed.extend(absence::pass(memory, time).into_iter().map(|deadline| (*name, deadline)));
        }
        passed.retain(|(name, _)| match &self.rule.trigger {
            Some(Trigger::On(_)) => false,
            Some(Trigger::Rise(rising)) => rising == name, // F11
            None => self.named.contains(name),             // F13, F18
        });
        let mut concerned: Vec<(Option<Key>, &str, usize)> = Vec::new();
        for (name, deadline) in passed {
            // M60: the A carries the value of each rule concerned.
            let key = self.by.and_then(|by| Key::carried(by, &self.events[deadline.after]));
            concerned.push((key, name, deadline.after));
        }
        // F9, and for the cause F39: the measure first by name, then its first A.
        concerned.sort_by(|x, y| {
            correlation::order(x.0.as_ref(), y.0.as_ref()).then_with(|| (x.1, x.2).cmp(&(y.1, y.2)))
        });
        concerned.dedup_by(|later, first| correlation::same(later.0.as_ref(), first.0.as_ref()));
        let with = Reading { events: self.taken, without_deadlines_at: None, clock: time };
        let without = Reading { without_deadlines_at: Some(time), ..with };
        for (key, name, after) in concerned {
            let moment = Moment { with, without, key, event: None, deadline: Some((name.to_owned(), after)) };
            match &self.rule.trigger {
                Some(Trigger::Rise(name)) if !self.rises(name, &moment) => {}
                _ => self.judge(&moment),
            }
        }
    }

    /// F11: greater with it than without it at the same clock.
    fn rises(&self, name: &str, moment: &Moment<'_>) -> bool {
        let value = |reading| self.memories[name].value(moment.key.as_ref(), reading);
        match (value(moment.with), value(moment.without)) {
            (Some(with), Some(without)) => compare(&with, &without).is_some_and(std::cmp::Ordering::is_gt),
            _ => false,
        }
    }

    fn judge(&mut self, moment: &Moment<'_>) {
        let now = self.condition(moment, moment.with);
        if self.rule.trigger.is_some() {
            if now && self.gates.open(moment.with.clock) {
                self.fire(moment);
            }
            return;
        }
        let key = moment.key.as_ref();
        let changed = now && (!self.condition(moment, moment.without) || !self.places.last(key)); // F14
        let fires = changed && self.gates.open(moment.with.clock);
        if fires {
            self.fire(moment);
        }
        let last = if changed { fires } else { now }; // F19
        let (memories, named, may) = (&self.memories, &self.named, self.false_when_empty);
        let idle =
            |key: Option<&Key>| may && named.iter().all(|name| !memories[name].holds(key, moment.with));
        self.places.judged(key, last, idle);
    }

    /// F1-F4.
    fn condition(&self, moment: &Moment<'_>, reading: Reading) -> bool {
        let Some(when) = &self.rule.when else { return true };
        holds(when, &|operand| match operand {
            Operand::Measure(name) => self.read(name, moment.key.as_ref(), reading),
            Operand::Now => Some(Value::Int(i128::from(reading.clock))),
            Operand::Prop(path) => moment.event?.property(path),
            _ => None,
        })
    }

    /// A measure as this rule reads it: W13, and M59 where it is judged once per user.
    fn read(&self, name: &str, key: Option<&Key>, reading: Reading) -> Option<Value> {
        let value = self.memories.get(name)?.value(key, reading)?;
        Some(match (&value, self.thresholds.get(name)) {
            (Value::Int(count), Some(most)) => Value::Int(*count.min(most)),
            _ => value,
        })
    }

    /// F43: the condition is false where nothing is held, does not ask for `now`, and where the rule is judged per value
    /// names correlated measures only.
    fn is_false_when_empty(&self) -> bool {
        let nothing = Reading { events: 0, without_deadlines_at: None, clock: 0 };
        let key = self.by.map(|_| correlation::NOTHING);
        let Some(when) = &self.rule.when else { return false };
        let empty = holds(when, &|operand| match operand {
            Operand::Measure(name) => self.read(name, key, nothing),
            _ => None,
        });
        let own = |name: &&str| self.memories[name].measure.by.is_empty() == self.by.is_none();
        !empty && !asks_for_now(when) && self.named.iter().all(own)
    }

    fn fire(&mut self, moment: &Moment<'_>) {
        let time = moment.with.clock;
        let occurrence = self.gates.fire(time);
        let user = self.events[0].user.clone();
        let evidence = |name: &str| {
            self.read(name, moment.key.as_ref(), moment.with).map_or(Json::Null, |value| value.shown())
        };
        self.matches.push(Match {
            match_id: text::match_id(&self.rule.id, &user, occurrence),
            rule: self.rule.id.clone(),
            revision: self.rule.revision,
            user,
            time,
            occurrence,
            key: self.by.zip(moment.key.as_ref()).map(|(by, key)| match moment.event {
                Some(_) => key.shown_at_event(by),
                None => key.shown_at_deadline(by),
            }),
            cause: self.cause(moment),
            evidence: self.memories.keys().map(|name| ((*name).to_owned(), evidence(name))).collect(),
            since: serde_json::Map::new(),
            action: self.rule.action.clone(),
        });
    }

    /// F38, F39.
    fn cause(&self, moment: &Moment<'_>) -> Cause {
        match (&moment.deadline, moment.event) {
            (Some((measure, after)), _) => {
                Cause::Deadline { measure: measure.clone(), after: self.events[*after].time }
            }
            (None, event) => Cause::Event {
                event_type: event.map_or_else(String::new, |event| event.event_type.clone()),
                id: event.and_then(|event| event.id.clone()),
                position: event.map_or(0, |event| event.position),
            },
        }
    }
}

/// The measures that a condition names.
fn names<'p>(predicate: &'p Predicate, into: &mut BTreeSet<&'p str>) {
    operands(predicate, &mut |operand| {
        if let Operand::Measure(name) = operand {
            into.insert(name);
        }
    });
}

fn asks_for_now(predicate: &Predicate) -> bool {
    let mut found = false;
    operands(predicate, &mut |operand| found |= matches!(operand, Operand::Now));
    found
}

fn operands<'p>(predicate: &'p Predicate, visit: &mut dyn FnMut(&'p Operand)) {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| operands(part, visit)),
        Predicate::Not(part) => operands(part, visit),
        Predicate::Exists(x) => sides(x, visit),
        Predicate::Compare(_, x, y) => {
            sides(x, visit);
            sides(y, visit);
        }
    }
}

fn sides<'p>(operand: &'p Operand, visit: &mut dyn FnMut(&'p Operand)) {
    visit(operand);
    if let Operand::Arithmetic(_, both) = operand {
        both.iter().for_each(|side| sides(side, visit));
    }
}
