//! What a condition asks of a measure: only whether it reaches constants, or more.

use alcedo_model::{Comparison, Constant, Operand, Predicate};

/// K of the law: where `when` only compares the measure with constants, floor of the largest constant plus one.
pub(crate) fn threshold(when: &Predicate, name: &str) -> Option<u64> {
    let mut largest = None;
    let only = only_compared(when, name, &mut largest);
    let k = (largest?.floor() + 1.0).max(0.0);
    (only && k < 1e15).then_some(k as u64)
}

/// Whether each mention of the measure is a side of a comparison with constants; raises `largest`.
fn only_compared(p: &Predicate, name: &str, largest: &mut Option<f64>) -> bool {
    match p {
        Predicate::All(items) | Predicate::Any(items) => {
            items.iter().all(|i| only_compared(i, name, largest))
        }
        Predicate::Not(inner) => only_compared(inner, name, largest),
        Predicate::Exists(x) => !mentions(x, name),
        Predicate::Compare(op, a, b) => match (a, b) {
            (Operand::Measure(m), other) | (other, Operand::Measure(m)) if m == name => {
                let ordinary = !matches!(
                    op,
                    Comparison::Contains
                        | Comparison::StartsWith
                        | Comparison::EndsWith
                        | Comparison::Matches
                );
                ordinary && constant(other, largest)
            }
            _ => !mentions(a, name) && !mentions(b, name),
        },
    }
}

fn constant(x: &Operand, largest: &mut Option<f64>) -> bool {
    let mut raise = |v: f64| *largest = Some(largest.map_or(v, |l| l.max(v)));
    match x {
        Operand::Constant(Constant::Int(i)) => raise(*i as f64),
        Operand::Constant(Constant::Float(f)) => raise(*f),
        Operand::Constant(Constant::List(list)) => {
            for item in list {
                match item {
                    Constant::Int(i) => raise(*i as f64),
                    Constant::Float(f) => raise(*f),
                    _ => {}
                }
            }
        }
        Operand::Constant(_) => {}
        Operand::Duration(d) => raise(d.ms as f64),
        Operand::Time(t) => raise(t.ms as f64),
        _ => return false,
    }
    true
}

fn mentions(x: &Operand, name: &str) -> bool {
    match x {
        Operand::Measure(m) => m == name,
        Operand::Arithmetic(_, sides) => sides.iter().any(|s| mentions(s, name)),
        _ => false,
    }
}

pub(crate) fn mentions_now(p: &Predicate) -> bool {
    fn operand(x: &Operand) -> bool {
        match x {
            Operand::Now => true,
            Operand::Arithmetic(_, sides) => sides.iter().any(operand),
            _ => false,
        }
    }
    match p {
        Predicate::All(items) | Predicate::Any(items) => items.iter().any(mentions_now),
        Predicate::Not(inner) => mentions_now(inner),
        Predicate::Exists(x) => operand(x),
        Predicate::Compare(_, a, b) => operand(a) || operand(b),
    }
}
