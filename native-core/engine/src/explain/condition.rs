//! The condition as a tree: what each node compares, and what is missing where it does not hold.

use alcedo_model::{Comparison, Operand, Operator, Predicate};
use serde::Serialize;

use super::{Message, Subject};
use crate::identity;
use crate::key::Key;
use crate::program::Rule;
use crate::reading;
use crate::scope::ConditionScope;
use crate::value::{Number, Value, arithmetic, to_json};

/// A node of the condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// JSON pointer into the rule.
    pub path: String,
    /// The node's key in the rule: `all`, `any`, `not`, `exists`, `ge` ...
    pub kind: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// What is to be said of it.
    pub message: Message,
    /// The two sides of a comparison; one of `exists`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sides: Vec<Side>,
    /// The nodes below.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Node>,
}

/// A side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// The operand as the rule writes it.
    pub operand: serde_json::Value,
    /// Its value at that moment; null where it has none.
    pub value: serde_json::Value,
    /// The value may be more: the rule only counts as far as it asks.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub or_more: bool,
}

/// Reads the condition of one rule for one correlation value.
pub(super) struct Reader<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) rule: &'a Rule,
    pub(super) key: Option<&'a Key>,
    /// The judged event, if it was judged for this value: its time (Unix ms) and properties.
    pub(super) judged: Option<(i64, &'a [Value<'a>])>,
}

impl Reader<'_> {
    /// A measure's value as the rule reads it, and whether it may be more.
    pub(super) fn measure(&self, index: u32) -> (Value<'static>, bool) {
        let Some(used) = self.rule.uses.get(index as usize) else { return (Value::Missing, false) };
        let Subject { program, state, .. } = self.subject;
        let value = reading::value(program, state, used, self.key, self.subject.clock());
        let capped = match (&value, used.cap) {
            (Value::Number(Number::Int(n)), Some(cap)) => *n == i128::from(cap),
            _ => false,
        };
        (value, capped)
    }

    pub(super) fn tree(&self, predicate: &Predicate, path: &str) -> Node {
        let names: Vec<&str> = self.rule.uses.iter().map(|u| &*u.name).collect();
        let predicates = &self.subject.program.predicates;
        let scope = ConditionScope {
            props: self.judged.map_or(&[], |(_, props)| props),
            measure: |index| self.measure(index).0,
            now: self.subject.clock(),
        };
        let id = predicates.find(&identity::predicate_text(predicate, &names));
        let holds = id.is_some_and(|id| predicates.holds(id, &scope));
        let parts = self.parts(predicate, path);
        let values = id.map_or(Vec::new(), |id| predicates.sides(id, &scope));
        let kind = predicate.word();
        let message = match predicate {
            Predicate::All(_) => count("node.all", &parts),
            Predicate::Any(_) => count("node.any", &parts),
            Predicate::Not(_) => Message::new("node.not"),
            _ if holds => Message::new("node.holds"),
            Predicate::Exists(operand) => self.without_value(operand),
            Predicate::Compare(op, left, right) => self.missing(*op, left, right, &values),
        };
        let sides = self.sides(predicate, &values);
        Node { path: path.to_owned(), kind, holds, message, sides, parts }
    }

    fn parts(&self, predicate: &Predicate, path: &str) -> Vec<Node> {
        let list = |parts: &[Predicate], kind: &str| -> Vec<Node> {
            parts
                .iter()
                .enumerate()
                .map(|(at, part)| self.tree(part, &format!("{path}/{kind}/{at}")))
                .collect()
        };
        match predicate {
            Predicate::All(parts) => list(parts, "all"),
            Predicate::Any(parts) => list(parts, "any"),
            Predicate::Not(part) => vec![self.tree(part, &format!("{path}/not"))],
            Predicate::Exists(_) | Predicate::Compare(..) => Vec::new(),
        }
    }

    fn sides(&self, predicate: &Predicate, values: &[Value<'static>]) -> Vec<Side> {
        let operands = match predicate {
            Predicate::Exists(x) => vec![x],
            Predicate::Compare(_, left, right) => vec![left, right],
            _ => Vec::new(),
        };
        let side = |(at, operand): (usize, &&Operand)| {
            let value = match operand {
                // A regular expression is compiled, not evaluated.
                Operand::Constant(c) => to_json(&Value::constant(c)),
                _ => values.get(at).map_or(serde_json::Value::Null, to_json),
            };
            Side { operand: operand.to_json(), value, or_more: self.may_be_more(operand) }
        };
        operands.iter().enumerate().map(side).collect()
    }

    fn may_be_more(&self, operand: &Operand) -> bool {
        let Operand::Measure(name) = operand else { return false };
        let at = self.rule.uses.iter().position(|u| *u.name == **name);
        at.is_some_and(|at| self.measure(at as u32).1)
    }

    /// What is missing for a comparison that does not hold.
    fn missing(&self, op: Comparison, left: &Operand, right: &Operand, values: &[Value<'static>]) -> Message {
        let none = |at: usize| values.get(at).is_none_or(|v| !v.exists());
        if none(0) {
            return self.without_value(left);
        }
        if op != Comparison::Matches && none(1) {
            return self.without_value(right);
        }
        let [left_value, right_value] = values else {
            // A regular expression is compiled and has no value.
            let present = values.first().map_or(serde_json::Value::Null, to_json);
            return Message::new("node.differs").with("present", present);
        };
        // `5 < n` is told as `n > 5`: of what the user did against what is asked.
        let turned = is_constant(left) && !is_constant(right);
        let (present, target) = if turned { (right_value, left_value) } else { (left_value, right_value) };
        match (if turned { turn(op) } else { op }, present, target) {
            (op @ (Comparison::Ge | Comparison::Gt), ..) => between("node.short", op, present, target),
            (op @ (Comparison::Le | Comparison::Lt), ..) => between("node.over", op, present, target),
            (Comparison::Eq, Value::Number(p), Value::Number(t)) => {
                let key = if p.order(*t).is_lt() { "node.short" } else { "node.over" };
                between(key, op, present, target)
            }
            _ => told("node.differs", present, target),
        }
    }

    /// An operand without a value: no event was judged whose property it could be, or a measure has none yet.
    fn without_value(&self, operand: &Operand) -> Message {
        if reads_event(operand) && self.judged.is_none() {
            return Message::new("node.no_event").with("operand", operand.to_json());
        }
        Message::new("node.no_value").with("operand", operand.to_json())
    }
}

fn reads_event(operand: &Operand) -> bool {
    match operand {
        Operand::Prop(_) => true,
        Operand::Arithmetic(_, sides) => sides.iter().any(reads_event),
        _ => false,
    }
}

fn count(key: &'static str, parts: &[Node]) -> Message {
    let hold = parts.iter().filter(|part| part.holds).count();
    Message::new(key).with("hold", hold).with("of", parts.len())
}

fn is_constant(operand: &Operand) -> bool {
    match operand {
        Operand::Constant(_) | Operand::Duration(_) | Operand::Time(_) => true,
        Operand::Arithmetic(_, sides) => sides.iter().all(is_constant),
        _ => false,
    }
}

/// The comparison with its sides exchanged.
fn turn(op: Comparison) -> Comparison {
    match op {
        Comparison::Gt => Comparison::Lt,
        Comparison::Ge => Comparison::Le,
        Comparison::Lt => Comparison::Gt,
        Comparison::Le => Comparison::Ge,
        other => other,
    }
}

fn told(key: &'static str, present: &Value<'_>, target: &Value<'_>) -> Message {
    Message::new(key).with("present", to_json(present)).with("target", to_json(target))
}

/// How far a value is from its target; `missing` where both are numbers.
fn between(key: &'static str, op: Comparison, present: &Value<'_>, target: &Value<'_>) -> Message {
    let message = told(key, present, target);
    let distance = arithmetic(Operator::Sub, target, present);
    let strict = matches!(op, Comparison::Gt | Comparison::Lt);
    let missing = match distance {
        // More than 4 is at least 5, less than 4 at most 3: of whole numbers.
        Value::Number(Number::Int(n)) => {
            match n.checked_abs().and_then(|n| n.checked_add(i128::from(strict))) {
                Some(n) => Value::int(n),
                None => return message,
            }
        }
        Value::Number(Number::Float(f)) => Value::float(f.abs()),
        _ => return message,
    };
    message.with("missing", to_json(&missing))
}
