//! Why a rule fires, or does not, for one user at one moment: the tree of its condition with present values and
//! targets, what each measure waits for, and which gates are shut.
//!
//! Everything a person reads is a [`Message`]: a stable key and its parameters. Programs put it into words in their
//! reader's language; docs/guide/explain.md lists the keys ([`KEYS`]).

mod cases;
mod condition;
mod gates;
mod measures;
mod message;
mod stored;

pub use cases::Case;
pub use condition::{Node, Side};
pub use gates::Gate;
pub use measures::MeasureNow;
pub use message::{KEYS, Message};
pub use stored::Question;

use alcedo_model::{Rule as ModelRule, Trigger as ModelTrigger};
use serde::Serialize;

use crate::identity;
use crate::person::Person;
use crate::program::{Program, Rule, RuleId, Trigger};
use crate::read::Event;
use crate::scope::EventScope;
use crate::state::UserState;
use crate::value::Value;

/// Most correlation values that one explanation tells of.
pub const MAX_CASES: usize = 100;

/// Why a rule fires, or does not, for a user at a moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Rule id.
    pub rule: String,
    /// The revision that is explained.
    pub revision: u64,
    /// The user.
    pub user: String,
    /// The moment that is explained, Unix ms: as the user stands once all up to and at it is taken in.
    pub at: i64,
    /// The largest time of what was taken in of him, Unix ms; null if nothing was.
    pub clock: Option<i64>,
    /// The answer in one message: what stands in the way first, or what the rule waits for.
    pub verdict: Message,
    /// What makes the rule judge.
    pub trigger: Message,
    /// Whether it may fire at that moment, gate by gate, in the order in which they are asked.
    pub gates: Vec<Gate>,
    /// One for a rule that is judged once per user; else one per correlation value that holds something.
    pub cases: Vec<Case>,
    /// Correlation values beyond [`MAX_CASES`].
    pub more_cases: usize,
    /// How often it has fired for this user.
    pub occurrence: u64,
    /// When it last fired for him, Unix ms.
    pub last_fired: Option<i64>,
    /// Time of the event whose properties the condition reads here, Unix ms; null where there is none.
    pub judged_event: Option<i64>,
}

/// Whom and when to explain.
pub(crate) struct Subject<'a> {
    pub(crate) program: &'a Program,
    pub(crate) model: &'a ModelRule,
    pub(crate) user: &'a str,
    pub(crate) state: &'a UserState,
    /// Unix ms.
    pub(crate) at: i64,
    /// The last event that the rule's trigger matched, with its time.
    pub(crate) judged: Option<(i64, &'a [Value<'a>])>,
}

impl Subject<'_> {
    /// The clock at which windows are read.
    fn clock(&self) -> i64 {
        self.state.clock.map_or(self.at, |clock| clock.max(self.at))
    }
}

/// None if the program does not run this rule in this revision.
pub(crate) fn explain(subject: &Subject<'_>) -> Option<Explanation> {
    let id = *subject.program.rule_by_hash.get(&identity::rule_hash(&subject.model.id))?;
    let rule = subject.program.rule_at(id);
    if rule.revision != subject.model.revision {
        return None;
    }
    let person = Person::new(subject.program, subject.user);
    let held = subject.state.rule(rule.hash);
    let gates = gates::gates(&person, rule, held, subject.at);
    let (cases, more_cases) = cases::cases(subject, rule);
    Some(Explanation {
        rule: rule.id.to_string(),
        revision: rule.revision,
        user: subject.user.to_owned(),
        at: subject.at,
        clock: subject.state.clock,
        verdict: verdict(subject, rule, &gates, &cases),
        trigger: trigger(subject.model),
        gates,
        cases,
        more_cases,
        occurrence: held.map_or(0, |held| held.occurrence),
        last_fired: held.filter(|held| held.occurrence > 0).map(|held| held.fired),
        judged_event: subject.judged.map(|(time, _)| time),
    })
}

/// Gates that say no whatever he does come first, then the condition, then the gates that open with time.
fn verdict(subject: &Subject<'_>, rule: &Rule, gates: &[Gate], cases: &[Case]) -> Message {
    let shut = |lasting: bool| gates.iter().find(|gate| !gate.open && gate.lasting() == lasting);
    if let Some(gate) = shut(true) {
        return gate.message.clone();
    }
    if !rule.runs() {
        return Message::new("verdict.stopped");
    }
    if subject.state.clock.is_none() {
        return Message::new("verdict.unseen");
    }
    if cases.is_empty() {
        return Message::new("verdict.no_value");
    }
    if !cases.iter().any(|case| case.holds) {
        return Message::new("verdict.condition");
    }
    if let Some(gate) = shut(false) {
        return gate.message.clone();
    }
    if rule.trigger == Trigger::Edge && cases.iter().all(|case| !case.holds || case.held_before == Some(true))
    {
        return Message::new("verdict.held_before");
    }
    Message::new("verdict.ready")
}

/// What makes the rule judge.
fn trigger(model: &ModelRule) -> Message {
    match &model.trigger {
        Some(ModelTrigger::On(pattern)) => Message::new("trigger.event").with("pattern", pattern.to_json()),
        Some(ModelTrigger::Rise(name)) => Message::new("trigger.rise").with("measure", name.as_str()),
        None => {
            let names: Vec<&str> = identity::named_measures(model).into_iter().collect();
            Message::new("trigger.change").with("measures", names)
        }
    }
}

/// Whether the event is one that triggers the rule.
pub(crate) fn triggers(program: &Program, rule: RuleId, event: &Event<'_>) -> bool {
    let scope = EventScope { props: &event.props };
    let named = program.by_type.get(event.event_type.as_ref()).into_iter().flatten();
    named.chain(&program.any_type).map(|id| &program.patterns[*id as usize]).any(|pattern| {
        pattern.triggers.contains(&rule)
            && pattern.filter.is_none_or(|filter| program.predicates.holds(filter, &scope))
    })
}
