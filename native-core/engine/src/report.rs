//! The compile report: what rules cost and listen to, known before they are published.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::measure::Spec;
use crate::program::{Measure, Program};
use crate::tally::{PANES, Span};

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
}

/// A varint that holds any i64 takes at most so many bytes.
const VARINT: u64 = 9;
/// Envelope, generation, clock, timer and list lengths.
const USER_OVERHEAD: u64 = 64;
/// Hash, occurrence, time, four counts.
const RULE_OVERHEAD: u64 = 8 + 2 * VARINT + 4 * 5 + VARINT;
/// A correlation value's part: kind, length and 64 bytes at the most.
const KEY_PART: u64 = 1 + 1 + 64;

impl Measure {
    fn worst_tally(&self) -> u64 {
        let moments = match self.span {
            Span::Fixed { .. } => 0,
            Span::Last { .. } => self.capacity.moments as u64 * VARINT,
        };
        let panes = if self.capacity.panes { (PANES as u64 + 2) * 3 * VARINT } else { 0 };
        VARINT + moments + panes + 2 * VARINT
    }

    /// State bytes of one user, at the most.
    pub(crate) fn worst_bytes(&self) -> u64 {
        let slot = match &self.spec {
            Spec::Count(_) | Spec::Absence(_) => 0,
            Spec::Sequence(spec) => spec.steps as u64 * (1 + VARINT),
        };
        let keys = if self.by.is_empty() { 1 } else { self.max_keys as u64 };
        let instance = 2 + self.by.len() as u64 * KEY_PART + VARINT + slot + self.worst_tally();
        8 + 2 * VARINT + keys * instance + self.worst_deadlines() * 2 * VARINT
    }

    /// Deadlines open for one user, at the most.
    pub(crate) fn worst_deadlines(&self) -> u64 {
        if matches!(self.spec, Spec::Absence(_)) { self.max_open as u64 } else { 0 }
    }

    fn approximate(&self) -> Option<String> {
        match self.span {
            Span::Last { d } if self.capacity.panes => Some(format!(
                "exact while at most {} events are in the window; beyond that the oldest leave up to {} ms late",
                self.capacity.moments,
                (d / PANES).max(1)
            )),
            _ => None,
        }
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
    for (id, rule) in program.rules.iter().enumerate() {
        let truths = rule.max_truths as u64 * (1 + rule.by.len() as u64 * KEY_PART);
        let mut own = RuleReport {
            rule: rule.id.to_string(),
            bytes_per_user: RULE_OVERHEAD + truths,
            events: events(program, id as u32),
            ..RuleReport::default()
        };
        report.bytes_per_user += own.bytes_per_user;
        for used in rule.uses.iter().filter(|_| rule.runs()) {
            let measure = program.measure_at(used.measure);
            let shares = |other: &&crate::program::Rule| {
                other.id != rule.id && other.runs() && other.uses.iter().any(|u| u.measure == used.measure)
            };
            own.bytes_per_user += measure.worst_bytes();
            own.deadlines_per_user += measure.worst_deadlines();
            own.measures.push(MeasureReport {
                name: used.name.to_string(),
                identity: format!("{:016x}", measure.hash),
                shared_with: program.rules.iter().filter(shares).map(|r| r.id.to_string()).collect(),
                bytes_per_user: measure.worst_bytes(),
                approximate: measure.approximate(),
            });
        }
        report.rules.push(own);
    }
    report
}

fn events(program: &Program, rule: u32) -> Vec<String> {
    let uses = |m: u32| program.rule_at(rule).uses.iter().any(|u| u.measure == m);
    let listens = |id: u32| {
        let pattern = &program.patterns[id as usize];
        pattern.triggers.contains(&rule) || pattern.measures.iter().any(|(m, _)| uses(*m))
    };
    if program.any_type.iter().any(|id| listens(*id)) || program.every_event.iter().any(|m| uses(*m)) {
        return vec!["*".to_owned()];
    }
    let named = program.by_type.iter().filter(|(_, ids)| ids.iter().any(|id| listens(*id)));
    named.map(|(name, _)| name.to_string()).collect::<BTreeSet<_>>().into_iter().collect()
}
