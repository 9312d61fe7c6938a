//! A program: all live rules, compiled once and shared.
//!
//! Names become numbers, equal predicates, patterns and measures become one, and each event type knows the patterns
//! that may match it, each pattern the measures and rules that listen to it, each measure the rules that read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use alcedo_model::{Limit, Path, Status};
use hashbrown::HashMap;

use crate::audience::Audience;
use crate::index::Index;
use crate::measure::{Frameset, Roles, Slot, Spec};
use crate::period::Calendar;
use crate::predicate::{PredicateId, Predicates};

pub(crate) type MeasureId = u32;
pub(crate) type RuleId = u32;
pub(crate) type PatternId = u32;

/// Compiled rules. Pure data: the same rules give the same program.
#[derive(Debug, Default)]
pub struct Program {
    pub(crate) predicates: Predicates,
    pub(crate) patterns: Vec<Pattern>,
    /// Patterns that name this event type.
    pub(crate) by_type: HashMap<Box<str>, Vec<PatternId>>,
    /// Patterns of any type.
    pub(crate) any_type: Vec<PatternId>,
    /// The way to both.
    pub(crate) index: Index,
    /// Measures that see events which match none of their patterns.
    pub(crate) every_event: Vec<MeasureId>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) measure_by_hash: HashMap<u64, MeasureId>,
    /// In the order of their ids.
    pub(crate) rules: Vec<Rule>,
    pub(crate) rule_by_hash: HashMap<u64, RuleId>,
    pub(crate) audiences: Vec<Arc<Audience>>,
    pub(crate) generation: u64,
    pub(crate) hash: String,
}

/// Who listens to a pattern.
#[derive(Debug, Default)]
pub(crate) struct Pattern {
    pub(crate) filter: Option<PredicateId>,
    pub(crate) measures: Vec<(MeasureId, Roles)>,
    /// Rules that it triggers.
    pub(crate) triggers: Vec<RuleId>,
}

/// A measure of one or more rules.
#[derive(Debug)]
pub(crate) struct Measure {
    pub(crate) hash: u64,
    pub(crate) spec: Spec,
    pub(crate) set: Frameset,
    /// Property slots of the correlation value.
    pub(crate) by: Vec<u32>,
    pub(crate) max_keys: usize,
    pub(crate) max_open: usize,
    /// Its audience's number; none = everyone.
    pub(crate) audience: Option<u32>,
    /// Generation in which it came to run.
    pub(crate) born: u64,
    /// An absence without `by`: the `by` (hash and slots) of correlated rules that it concerns.
    pub(crate) carries: Vec<(u64, Vec<u32>)>,
    /// Rules without a trigger whose `when` names it.
    pub(crate) judges: Vec<RuleId>,
    /// Rules that its rise triggers.
    pub(crate) rises: Vec<RuleId>,
}

impl Measure {
    /// Whether an instance still holds something at this clock.
    pub(crate) fn holds(&self, slot: &Slot, clock: i64) -> bool {
        !self.spec.trim(&mut slot.clone(), clock, clock, &self.set)
    }
}

/// How a rule comes to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    Pattern,
    /// This measure (of the rule's list) goes up.
    Rise(u32),
    /// A change of what `when` names.
    Edge,
}

/// A rule's use of a measure.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) name: Box<str>,
    pub(crate) measure: MeasureId,
    /// The value is read as `min(value, cap)`.
    pub(crate) cap: Option<u64>,
    /// What came before this moment (Unix ms) is not in it.
    pub(crate) since: Option<i64>,
    /// Whether `when` names it.
    pub(crate) named: bool,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: Box<str>,
    pub(crate) hash: u64,
    pub(crate) revision: u64,
    pub(crate) status: Status,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) zone: Arc<Calendar>,
    pub(crate) audience: Option<u32>,
    /// In the order of their names.
    pub(crate) uses: Vec<Use>,
    pub(crate) when: Option<PredicateId>,
    pub(crate) trigger: Trigger,
    /// Judged once per correlation value.
    pub(crate) correlated: bool,
    /// Names and slots of the correlation value.
    pub(crate) by: Vec<(Box<str>, u32)>,
    pub(crate) by_hash: u64,
    pub(crate) max_truths: usize,
    /// A true judgement may be forgotten once its measures are empty: the condition is then false.
    pub(crate) forgets: bool,
    pub(crate) limits: Vec<Limit>,
    /// Shortest pause between firings, ms.
    pub(crate) cooldown: i64,
    pub(crate) action: Option<serde_json::Value>,
    /// Generation in which the rule came to be, and in which its judgement last changed.
    pub(crate) born: u64,
    pub(crate) judgement_since: u64,
    /// The watermark (Unix ms) at which its judgement last changed.
    pub(crate) judgement_at: Option<i64>,
}

impl Rule {
    /// The correlation value that an event carries.
    pub(crate) fn key(&self, props: &[crate::value::Value<'_>]) -> Option<crate::key::Key> {
        Program::key(self.by.iter().map(|(_, slot)| slot), props)
    }

    /// Whether its measures and judgements run.
    pub(crate) fn runs(&self) -> bool {
        matches!(self.status, Status::Live | Status::Warming | Status::Paused)
    }
}

/// What the history of updates adds to a rule: see [`Book`](crate::Book).
#[derive(Debug, Clone, Default)]
pub(crate) struct Lineage {
    pub(crate) born: u64,
    pub(crate) judgement_since: u64,
    pub(crate) judgement_at: Option<i64>,
}

/// Since when a measure runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Since {
    /// Generation in which it came to run; what users hold of it from before belongs to an earlier life.
    pub(crate) born: u64,
    /// How many moments were kept, and from which watermark (Unix ms) on; ascending in both.
    pub(crate) kept: Vec<(u64, Option<i64>)>,
}

/// By measure hash.
pub(crate) type SinceTable = BTreeMap<u64, Since>;

impl Program {
    /// Property paths that live rules read.
    pub(crate) fn paths(&self) -> &[Path] {
        self.predicates.paths()
    }

    /// Property paths that live rules read, each once: what a host with typed columns has to read of them.
    pub fn properties(&self) -> &[Path] {
        self.paths()
    }

    /// Whether an event of this type can matter to a rule that runs. One that cannot may be left out of a user's
    /// history, unless repeats are dropped: then it takes a place among the last ids.
    pub fn listens(&self, event_type: &str) -> bool {
        !self.any_type.is_empty() || !self.every_event.is_empty() || self.by_type.contains_key(event_type)
    }

    /// Identity of the live rules: the same on every subtask that runs the same ones. 32 hex digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Lets each measure know since when it runs, and each use of it what it lacks.
    pub(crate) fn tell_since(&mut self, table: &SinceTable) {
        for measure in &mut self.measures {
            measure.born = table.get(&measure.hash).map_or(0, |since| since.born);
        }
        for rule in &mut self.rules {
            for used in &mut rule.uses {
                let need = used.cap.unwrap_or(u64::MAX);
                let list = table.get(&self.measures[used.measure as usize].hash);
                used.since =
                    list.and_then(|l| l.kept.iter().find(|(kept, _)| *kept >= need)).and_then(|(_, at)| *at);
            }
        }
    }

    /// The correlation key that `slots` read from an event; none where a part is missing or a list.
    pub(crate) fn key<'a>(
        slots: impl IntoIterator<Item = &'a u32>,
        props: &[crate::value::Value<'_>],
    ) -> Option<crate::key::Key> {
        slots.into_iter().map(|slot| props.get(*slot as usize).and_then(crate::key::Part::of)).collect()
    }

    pub(crate) fn rule_at(&self, id: RuleId) -> &Rule {
        &self.rules[id as usize]
    }

    pub(crate) fn measure_at(&self, id: MeasureId) -> &Measure {
        &self.measures[id as usize]
    }
}
