//! The compile report: what rules cost and listen to, known before they are published.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::measure::{Kind, Spec};
use crate::program::{Measure, Program};
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

/// A number with its kind: an i128 varint.
const NUMBER: u64 = 1 + 17;
/// The longest value that `first` and `last` keep.
const ANY_VALUE: u64 = 2 + 128;

impl Measure {
    fn sliding(&self, moment: u64, pane: u64) -> u64 {
        let moments =
            if self.set.window.sliding().is_some() { self.set.capacity.moments as u64 * moment } else { 0 };
        let panes = if self.set.capacity.panes { (PANES as u64 + 2) * (2 * VARINT + pane) } else { 0 };
        moments + panes
    }

    fn worst_accumulator(kind: Kind) -> u64 {
        match kind {
            Kind::Sum | Kind::Avg => VARINT + NUMBER + 9,
            Kind::First | Kind::Last => 2 + ANY_VALUE,
            Kind::TopAvg(k) | Kind::TopSum(k) | Kind::TopMin(k) => VARINT + k as u64 * (NUMBER + VARINT),
            Kind::Min | Kind::Max | Kind::FirstTime | Kind::LastTime => 2 + NUMBER,
        }
    }

    /// Bytes of one instance's body, at the most, without open absences.
    fn worst_body(&self) -> u64 {
        let tally = VARINT + self.sliding(VARINT, VARINT) + 2 * VARINT;
        match &self.spec {
            Spec::Count(_) | Spec::Absence(_) => tally,
            Spec::Pairs(_) => tally + 1 + VARINT,
            Spec::Sequence(spec) => {
                let partials = spec.most_partials(&self.set.window) as u64 * 2 * VARINT;
                tally + spec.gaps.len() as u64 * (VARINT + partials)
            }
            Spec::Aggregate(spec) => {
                let one = Self::worst_accumulator(spec.kind);
                let value = if matches!(spec.kind, Kind::First | Kind::Last) { ANY_VALUE } else { NUMBER };
                one + self.sliding(2 * VARINT + value, one) + 2 * VARINT
            }
            Spec::Distinct(spec) => VARINT + spec.up_to as u64 * (KEY_PART + VARINT),
        }
    }

    /// State bytes of one user, at the most.
    pub(crate) fn worst_bytes(&self) -> u64 {
        let keys = if self.by.is_empty() { 1 } else { self.max_keys as u64 };
        let instance = 2 + self.by.len() as u64 * KEY_PART + 2 * VARINT + self.worst_body();
        8 + 2 * VARINT + keys * instance + self.worst_deadlines() * 2 * VARINT
    }

    /// Deadlines open for one user, at the most.
    pub(crate) fn worst_deadlines(&self) -> u64 {
        if matches!(self.spec, Spec::Absence(_)) { self.max_open as u64 } else { 0 }
    }

    fn approximate(&self) -> Option<String> {
        let runs = match &self.spec {
            Spec::Sequence(spec) => Some(spec.most_partials(&self.set.window)).filter(|most| *most > 1),
            _ => None,
        };
        let runs = runs
            .map(|most| format!("at most {most} runs wait at each step; beyond that the oldest is dropped"));
        let exact = matches!(self.spec, Spec::Distinct(_));
        let panes = self.set.window.sliding().filter(|_| self.set.capacity.panes && !exact).map(|d| {
            format!(
                "exact while at most {} events are in the window; beyond that the oldest leave up to {} ms late",
                self.set.capacity.moments,
                (d / PANES).max(1)
            )
        });
        let all: Vec<String> = runs.into_iter().chain(panes).collect();
        (!all.is_empty()).then(|| all.join("; "))
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
