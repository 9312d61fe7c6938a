//! The compile report: what rules cost and listen to, known before they are published.

use std::collections::BTreeSet;

use alcedo_model::{Phrase, Problem, say};
use serde::Serialize;

use crate::measure::Spec;
use crate::program::{Measure, Program, Rule, RuleId};
use crate::sizes::{KEY_PART, RULE_OVERHEAD, USER_OVERHEAD, VARINT};
use crate::tally::PANES;

/// What a set of rules costs at the worst.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// State bytes of one user, at the most, without events that wait for the watermark.
    pub bytes_per_user: u64,
    /// Deadlines open for one user, at the most.
    pub deadlines_per_user: u64,
    /// One entry a rule, by id.
    pub rules: Vec<RuleReport>,
}

/// What one rule costs at the worst. Shared measures count for each rule that shares them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RuleReport {
    /// Rule id.
    pub rule: String,
    /// State bytes of one user, at the most.
    pub bytes_per_user: u64,
    /// Deadlines open for one user, at the most.
    pub deadlines_per_user: u64,
    /// Event types it listens to; `*` = every event.
    pub events: Vec<String>,
    /// One entry a measure, by name.
    pub measures: Vec<MeasureReport>,
}

impl RuleReport {
    /// What is wrong with the rule in a job that allows it so many state bytes for one user.
    pub fn beyond(&self, max_user_bytes: u64) -> Option<Problem> {
        let bytes = self.bytes_per_user;
        (bytes > max_user_bytes).then(|| {
            let most = self.measures.iter().max_by_key(|m| m.bytes_per_user);
            Problem::new(
                most.map_or(String::new(), |m| format!("/measures/{}", m.name)),
                say!(
                    "the rule may need {bytes} bytes for one user, this job allows {most}",
                    bytes,
                    most = max_user_bytes
                ),
                say!("lower max_keys, max_open, max_partials, exact_events, up_to or the number it is compared with"),
            )
        })
    }
}

/// What one measure costs at the worst.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MeasureReport {
    /// Its name in the rule.
    pub name: String,
    /// Identity by content, 16 hex digits: equal measures share one state.
    pub identity: String,
    /// Other rules that share its state.
    pub shared_with: Vec<String>,
    /// State bytes of one user, at the most.
    pub bytes_per_user: u64,
    /// What is not exact, and by how much; absent where all is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approximate: Option<String>,
    /// The same as phrases, for other languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approximations: Vec<Phrase>,
}

impl Measure {
    /// State bytes of one user, at the most.
    pub(crate) fn worst_bytes(&self) -> u64 {
        let keys = if self.by.is_empty() { 1 } else { self.max_keys as u64 };
        let instance = 2 + self.by.len() as u64 * KEY_PART + 2 * VARINT + self.spec.worst_bytes(&self.set);
        let carried: u64 = self.carries.iter().map(|(_, by)| 8 + VARINT + by.len() as u64 * KEY_PART).sum();
        8 + 2 * VARINT + keys * instance + self.worst_deadlines() * (3 * VARINT + carried)
    }

    /// Deadlines open for one user, at the most.
    pub(crate) fn worst_deadlines(&self) -> u64 {
        if matches!(self.spec, Spec::Absence(_)) { self.max_open as u64 } else { 0 }
    }

    /// What the bounds that a rule may set let go of.
    fn forgets(&self) -> impl Iterator<Item = Phrase> {
        let keys = (!self.by.is_empty()).then(|| {
            let most = self.max_keys;
            say!(
                "at most {most} values of `by` are kept; beyond that the one longest without an event is dropped",
                most
            )
        });
        let open = matches!(self.spec, Spec::Absence(_)).then(|| {
            say!("at most {most} are open; beyond that the oldest is dropped", most = self.max_open)
        });
        keys.into_iter().chain(open)
    }

    fn approximations(&self) -> Vec<Phrase> {
        let drops = self.spec.drops(&self.set);
        let exact = self.spec.always_exact();
        let panes = self.set.window.sliding().filter(|_| self.set.capacity.panes && !exact).map(|d| {
            say!(
                "exact while at most {most} events are in the window; beyond that the oldest leave up to {late} ms late",
                most = self.set.capacity.moments,
                late = (d / PANES).max(1)
            )
        });
        self.forgets().chain(drops).chain(panes).collect()
    }
}

impl Program {
    /// What the rules cost.
    pub fn report(&self) -> Report {
        report(self)
    }
}

fn report(program: &Program) -> Report {
    let mut report = Report { bytes_per_user: USER_OVERHEAD, ..Report::default() };
    for measure in &program.measures {
        report.bytes_per_user += measure.worst_bytes();
        report.deadlines_per_user += measure.worst_deadlines();
    }
    let readers = readers(program);
    let events = events(program, &readers);
    for (rule, events) in program.rules.iter().zip(events) {
        let own = rule_report(program, rule, events, &readers);
        report.bytes_per_user += RULE_OVERHEAD + truths(rule);
        report.rules.push(own);
    }
    report
}

fn truths(rule: &Rule) -> u64 {
    rule.max_truths as u64 * (1 + rule.by.len() as u64 * KEY_PART)
}

fn rule_report(program: &Program, rule: &Rule, events: Vec<String>, readers: &[Vec<RuleId>]) -> RuleReport {
    let mut own = RuleReport {
        rule: rule.id.to_string(),
        bytes_per_user: RULE_OVERHEAD + truths(rule),
        events,
        ..RuleReport::default()
    };
    for used in &rule.uses {
        let measure = program.measure_at(used.measure);
        let others = readers[used.measure as usize].iter().map(|id| &program.rule_at(*id).id);
        own.bytes_per_user += measure.worst_bytes();
        own.deadlines_per_user += measure.worst_deadlines();
        let approximations = measure.approximations();
        own.measures.push(MeasureReport {
            name: used.name.to_string(),
            identity: format!("{:016x}", measure.hash),
            shared_with: others.filter(|id| **id != rule.id).map(ToString::to_string).collect(),
            bytes_per_user: measure.worst_bytes(),
            approximate: (!approximations.is_empty())
                .then(|| approximations.iter().map(Phrase::english).collect::<Vec<_>>().join("; ")),
            approximations,
        });
    }
    own
}

/// By measure: the rules that use it, in the order of their ids.
fn readers(program: &Program) -> Vec<Vec<RuleId>> {
    let mut readers = vec![Vec::new(); program.measures.len()];
    for (id, rule) in program.rules.iter().enumerate() {
        for used in &rule.uses {
            let of: &mut Vec<RuleId> = &mut readers[used.measure as usize];
            if of.last() != Some(&(id as RuleId)) {
                of.push(id as RuleId);
            }
        }
    }
    readers
}

/// By rule: the event types it listens to; `*` = every event.
fn events(program: &Program, readers: &[Vec<RuleId>]) -> Vec<Vec<String>> {
    let mut types: Vec<BTreeSet<String>> = vec![BTreeSet::new(); program.rules.len()];
    let mut add = |rules: &[RuleId], name: &str| {
        rules.iter().for_each(|id| {
            types[*id as usize].insert(name.to_owned());
        });
    };
    let named = program.by_type.iter().flat_map(|(name, ids)| ids.iter().map(move |id| (&**name, id)));
    for (name, id) in named.chain(program.any_type.iter().map(|id| ("*", id))) {
        let pattern = &program.patterns[*id as usize];
        add(&pattern.triggers, name);
        pattern.measures.iter().for_each(|(m, _)| add(&readers[*m as usize], name));
    }
    program.every_event.iter().for_each(|m| add(&readers[*m as usize], "*"));
    let told = |types: BTreeSet<String>| match types.contains("*") {
        true => vec!["*".to_owned()],
        false => types.into_iter().collect(),
    };
    types.into_iter().map(told).collect()
}
