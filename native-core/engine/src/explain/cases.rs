//! The correlation values for which the rule is judged, each with its condition and measures.

use serde::Serialize;
use serde_json::Map;

use super::condition::Reader;
use super::{MAX_CASES, MeasureNow, Node, Subject};
use crate::key::Key;
use crate::program::{Program, Rule, Trigger};

/// How the rule stands for one correlation value, or for the user as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Case {
    /// The correlation value by property path; null where the rule is judged once per user.
    pub key: Option<Map<String, serde_json::Value>>,
    /// Whether the condition holds.
    pub holds: bool,
    /// In a rule without a trigger: whether it held at the last judgement, so that it must become false before it can
    /// fire again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_before: Option<bool>,
    /// The condition; null where the rule has none, which always holds.
    pub condition: Option<Node>,
    /// Every measure of the rule.
    pub measures: Vec<MeasureNow>,
}

/// The cases, and how many more there are.
pub(super) fn cases(subject: &Subject<'_>, rule: &Rule) -> (Vec<Case>, usize) {
    if !rule.runs() {
        return (Vec::new(), 0);
    }
    if !rule.correlated {
        return (vec![case(subject, rule, &Key::default())], 0);
    }
    let keys = keys(subject, rule);
    let shown = keys.iter().take(MAX_CASES).map(|key| case(subject, rule, key)).collect();
    (shown, keys.len().saturating_sub(MAX_CASES))
}

/// First that of the judged event, then those that hold something, in their order.
fn keys(subject: &Subject<'_>, rule: &Rule) -> Vec<Key> {
    let judged = judged_key(subject, rule);
    let measures = rule.uses.iter().map(|used| subject.program.measure_at(used.measure));
    let correlated = measures.filter(|measure| !measure.by.is_empty());
    let held = correlated.filter_map(|measure| subject.state.measure(measure.hash));
    let mut keys: Vec<Key> = held.flat_map(|held| held.instances.iter().map(|i| i.key.clone())).collect();
    keys.sort();
    keys.dedup();
    if let Some(judged) = judged {
        keys.retain(|key| *key != judged);
        keys.insert(0, judged);
    }
    keys
}

/// The correlation value that the judged event carries.
fn judged_key(subject: &Subject<'_>, rule: &Rule) -> Option<Key> {
    let slots: Vec<u32> = rule.by.iter().map(|(_, slot)| *slot).collect();
    subject.judged.and_then(|(_, props)| Program::key(&slots, props))
}

fn case(subject: &Subject<'_>, rule: &Rule, key: &Key) -> Case {
    // An event is judged for its own value only: to others it says nothing.
    let judged =
        subject.judged.filter(|_| !rule.correlated || judged_key(subject, rule).as_ref() == Some(key));
    let reader = Reader { subject, rule, key: Some(key), judged };
    let condition = subject.model.when.as_ref().map(|when| reader.tree(when, "/when"));
    let held = subject.state.rule(rule.hash);
    let names = rule.by.iter().map(|(name, _)| name.to_string());
    Case {
        key: rule.correlated.then(|| names.zip(key.iter().map(|part| part.to_json())).collect()),
        holds: condition.as_ref().is_none_or(|node| node.holds),
        held_before: (rule.trigger == Trigger::Edge).then(|| held.is_some_and(|h| h.truths.contains(key))),
        condition,
        measures: reader.measures(),
    }
}
