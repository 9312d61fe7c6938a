//! Can an event make a condition true, or can only the passing of time?
//!
//! A rule without trigger is judged when an event or a deadline changes one of its measures. A condition that
//! becomes true between two such moments is seen at the next one only, perhaps when it is false again:
//! `now - last_time(A) > 30d` is false at every A.

use std::collections::BTreeMap;

use crate::{Comparison, Constant, Measure, MeasureKind, Operand, Operator, Predicate, Window};

/// Whether an event or deadline can turn the condition into `to` at an unmoved clock. Says yes where it cannot tell.
pub(crate) fn event_can_make(predicate: &Predicate, to: bool, measures: &BTreeMap<String, Measure>) -> bool {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => {
            parts.iter().any(|part| event_can_make(part, to, measures))
        }
        Predicate::Not(part) => event_can_make(part, !to, measures),
        Predicate::Exists(x) => to && moves(x, measures).any(),
        Predicate::Compare(comparison, x, y) => {
            let gap = moves(x, measures).plus(moves(y, measures).turned());
            match (comparison, to) {
                (Comparison::Gt | Comparison::Ge, true) | (Comparison::Lt | Comparison::Le, false) => gap.up,
                (Comparison::Lt | Comparison::Le, true) | (Comparison::Gt | Comparison::Ge, false) => {
                    gap.down
                }
                (Comparison::Eq, true) | (Comparison::Ne, false) => {
                    gap.any() && !(gap == Moves::UP && (is_zero(y) || is_zero(x)))
                }
                _ => gap.any(),
            }
        }
    }
}

/// Whether the value of the condition can change while nothing happens.
pub(crate) fn time_can_change(predicate: &Predicate, measures: &BTreeMap<String, Measure>) -> bool {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => {
            parts.iter().any(|part| time_can_change(part, measures))
        }
        Predicate::Not(part) => time_can_change(part, measures),
        Predicate::Exists(x) => flows(x, measures),
        Predicate::Compare(_, x, y) => flows(x, measures) || flows(y, measures),
    }
}

fn flows(operand: &Operand, measures: &BTreeMap<String, Measure>) -> bool {
    match operand {
        Operand::Now => true,
        Operand::Measure(name) => measures.get(name).is_some_and(|measure| {
            matches!(measure.window, Window::Last(_) | Window::Calendar(_) | Window::Session(_))
        }),
        Operand::Arithmetic(_, sides) => sides.iter().any(|side| flows(side, measures)),
        _ => false,
    }
}

/// The directions in which an event or deadline can move a value.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Moves {
    up: bool,
    down: bool,
}

impl Moves {
    const NONE: Moves = Moves { up: false, down: false };
    const UP: Moves = Moves { up: true, down: false };
    const BOTH: Moves = Moves { up: true, down: true };

    fn any(self) -> bool {
        self.up || self.down
    }

    fn turned(self) -> Moves {
        Moves { up: self.down, down: self.up }
    }

    fn plus(self, other: Moves) -> Moves {
        Moves { up: self.up || other.up, down: self.down || other.down }
    }
}

fn moves(operand: &Operand, measures: &BTreeMap<String, Measure>) -> Moves {
    match operand {
        Operand::Measure(name) => measures.get(name).map_or(Moves::BOTH, |measure| of_kind(&measure.kind)),
        Operand::Arithmetic(operator, sides) => {
            let [x, y] = sides.as_ref();
            let (left, right) = (moves(x, measures), moves(y, measures));
            match operator {
                Operator::Add => left.plus(right),
                Operator::Sub => left.plus(right.turned()),
                Operator::Mul if is_positive(x) => right,
                Operator::Mul | Operator::Div if is_positive(y) => left,
                _ if left.any() || right.any() => Moves::BOTH,
                _ => Moves::NONE,
            }
        }
        _ => Moves::NONE,
    }
}

fn of_kind(kind: &MeasureKind) -> Moves {
    match kind {
        MeasureKind::Count(_)
        | MeasureKind::Distinct { .. }
        | MeasureKind::Sequence { .. }
        | MeasureKind::Pairs { .. }
        | MeasureKind::Absence { .. }
        // A first event sets both times to the clock, and a later one only the last.
        | MeasureKind::FirstTime(_)
        | MeasureKind::LastTime(_) => Moves::UP,
        // From no value to one is a move in both directions.
        MeasureKind::Aggregate { .. } | MeasureKind::Top { .. } => {
            Moves::BOTH
        }
    }
}

fn is_zero(operand: &Operand) -> bool {
    matches!(operand, Operand::Constant(Constant::Int(0)))
        || matches!(operand, Operand::Constant(Constant::Float(zero)) if *zero == 0.0)
}

fn is_positive(operand: &Operand) -> bool {
    match operand {
        Operand::Constant(Constant::Int(number)) => *number > 0,
        Operand::Constant(Constant::Float(number)) => *number > 0.0,
        Operand::Duration(length) => length.ms > 0,
        _ => false,
    }
}
