//! What stands where something could not be read, so that the checks go on beside it.
//!
//! A hole is a value that no text gives: an `all` of nothing, a constant that is no number.

use crate::{Constant, Operand, Predicate};

pub(crate) fn predicate() -> Predicate {
    Predicate::All(Vec::new())
}

pub(crate) fn operand() -> Operand {
    Operand::Constant(Constant::Float(f64::NAN))
}

pub(crate) fn is_operand(operand: &Operand) -> bool {
    matches!(operand, Operand::Constant(Constant::Float(number)) if number.is_nan())
}

/// Whether something in the condition could not be read.
pub(crate) fn in_predicate(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Compare(_, x, y) => in_operand(x) || in_operand(y),
        Predicate::Exists(x) => in_operand(x),
        Predicate::All(parts) | Predicate::Any(parts) => parts.is_empty() || parts.iter().any(in_predicate),
        Predicate::Not(part) => in_predicate(part),
    }
}

fn in_operand(operand: &Operand) -> bool {
    match operand {
        Operand::Arithmetic(_, sides) => sides.iter().any(in_operand),
        other => is_operand(other),
    }
}
