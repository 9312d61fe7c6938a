//! Thresholds (W13, W14, D23): how far a sliding count is read.

use alcedo_model::{Comparison, Constant, MeasureKind, Operand, Predicate, Rule, Trigger, Window};

use crate::number;
use crate::value::Value;

/// K of a measure in a rule, if that rule reads min(value, K).
pub(crate) fn of(rule: &Rule, name: &str) -> Option<i128> {
    let measure = rule.measures.get(name)?;
    let counts = matches!(
        measure.kind,
        MeasureKind::Count(_)
            | MeasureKind::Sequence { .. }
            | MeasureKind::Pairs { .. }
            | MeasureKind::Absence { .. }
    );
    let triggers = matches!(&rule.trigger, Some(Trigger::Rise(rising)) if rising == name);
    if !counts || triggers || !matches!(measure.window, Window::Last(_)) {
        return None;
    }
    let mut constants = Some(Vec::new());
    collect(rule.when.as_ref()?, name, &mut constants);
    constants?.iter().map(floor).max().map(|largest| largest.saturating_add(1).max(0))
}

/// Gathers the numbers that the measure is compared with; None once it stands anywhere else.
fn collect(predicate: &Predicate, name: &str, constants: &mut Option<Vec<Value>>) {
    match predicate {
        Predicate::All(parts) | Predicate::Any(parts) => {
            parts.iter().for_each(|part| collect(part, name, constants));
        }
        Predicate::Not(part) => collect(part, name, constants),
        Predicate::Exists(x) => {
            if reads(x, name) {
                *constants = None;
            }
        }
        Predicate::Compare(comparison, x, y) => {
            if !reads(x, name) && !reads(y, name) {
                return;
            }
            let counts = !matches!(
                comparison,
                Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith | Comparison::Matches
            );
            let beside = if counts && is(x, name) { numbers(y) } else { None };
            let beside = beside.or_else(|| if counts && is(y, name) { numbers(x) } else { None });
            match (beside, constants.as_mut()) {
                (Some(beside), Some(constants)) => constants.extend(beside),
                _ => *constants = None,
            }
        }
    }
}

fn is(operand: &Operand, name: &str) -> bool {
    matches!(operand, Operand::Measure(named) if named == name)
}

fn reads(operand: &Operand, name: &str) -> bool {
    match operand {
        Operand::Arithmetic(_, sides) => sides.iter().any(|side| reads(side, name)),
        other => is(other, name),
    }
}

/// The numbers in a constant, a duration, a time or a list of constants; None of anything else.
fn numbers(operand: &Operand) -> Option<Vec<Value>> {
    let all = match operand {
        Operand::Constant(Constant::List(items)) => items.iter().map(Value::of_constant).collect(),
        Operand::Constant(constant) => vec![Value::of_constant(constant)],
        Operand::Duration(length) => vec![Value::Int(i128::from(length.ms))],
        Operand::Time(at) => vec![Value::Int(i128::from(at.ms))],
        _ => return None,
    };
    Some(all.into_iter().filter(Value::is_number).collect())
}

fn floor(number: &Value) -> i128 {
    match number {
        Value::Int(integer) => *integer,
        Value::Float(float) => {
            number::whole(float.floor()).unwrap_or(if *float > 0.0 { i128::MAX } else { i128::MIN })
        }
        _ => i128::MIN,
    }
}
