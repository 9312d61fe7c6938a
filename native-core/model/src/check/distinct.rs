//! A distinct count stops at its cap, so only comparisons whose truth the cap cannot change are allowed.

use std::collections::BTreeMap;

use super::walk;
use crate::holes;
use crate::report::{At, Report, quote};
use crate::words::Word;
use crate::{Comparison, Constant, Measure, MeasureKind, Operand, Predicate, say};

pub(crate) fn check(measures: &BTreeMap<String, Measure>, when: &Predicate, report: &mut Report) {
    let cap = |operand: &Operand| match operand {
        Operand::Measure(name) => match measures.get(name).map(|measure| &measure.kind) {
            Some(MeasureKind::Distinct { up_to, .. }) => Some((name.clone(), *up_to)),
            _ => None,
        },
        _ => None,
    };
    walk::comparisons(when, &At::Root.key("when"), &mut |comparison, [x, y], at| {
        for (side, other, flipped) in [(x, y, false), (y, x, true)] {
            if let Some((name, up_to)) = cap(side) {
                compared(&name, up_to, comparison, other, flipped, at, report);
            }
        }
    });
    in_arithmetic(when, &cap, report);
}

fn in_arithmetic(when: &Predicate, cap: &dyn Fn(&Operand) -> Option<(String, u32)>, report: &mut Report) {
    walk::operands(when, &At::Root.key("when"), &mut |operand, at| {
        let Operand::Arithmetic(operator, sides) = operand else { return };
        let at = at.key(operator.word());
        for (index, side) in sides.iter().enumerate() {
            if let Some((name, _)) = cap(side) {
                let reason =
                    say!("{name} is a distinct count; nothing is computed from it", name = quote(&name));
                report.refuse(&at.index(index).key("measure"), reason, say!("compare it with a constant"));
            }
        }
    });
}

fn compared(
    name: &str,
    up_to: u32,
    comparison: Comparison,
    other: &Operand,
    flipped: bool,
    at: &At<'_>,
    report: &mut Report,
) {
    if holes::is_operand(other) {
        return;
    }
    let Some(constants) = numbers(other) else {
        let reason =
            say!("{name} is a distinct count and is compared with what is no constant", name = quote(name));
        report.refuse(at, reason, say!("compare it with a constant"));
        return;
    };
    let Some(wrong) = constants.into_iter().find(|number| cap_matters(comparison, flipped, *number, up_to))
    else {
        return;
    };
    report.refuse(
        at,
        say!(
            "{name} stops at {up_to}, so its comparison with {wrong} would be wrong beyond that",
            name = quote(name),
            up_to,
            wrong
        ),
        say!("raise up_to above the constant, or lower the constant"),
    );
}

/// The numbers among the constants; none where it is not a constant. What is no number equals no count.
fn numbers(operand: &Operand) -> Option<Vec<f64>> {
    let number = |constant: &Constant| match constant {
        // Precision beyond 2^53 does not matter next to a cap of 32 bits.
        #[allow(clippy::cast_precision_loss, reason = "compared with 32-bit caps only")]
        Constant::Int(number) => Some(*number as f64),
        Constant::Float(number) => Some(*number),
        _ => None,
    };
    #[allow(clippy::cast_precision_loss, reason = "compared with 32-bit caps only")]
    match operand {
        Operand::Constant(Constant::List(items)) => Some(items.iter().filter_map(number).collect()),
        Operand::Constant(constant) => Some(number(constant).into_iter().collect()),
        Operand::Duration(length) => Some(vec![length.ms as f64]),
        Operand::Time(at) => Some(vec![at.ms as f64]),
        _ => None,
    }
}

/// Whether min(n, cap) and n can differ in this comparison for a count n.
fn cap_matters(comparison: Comparison, flipped: bool, number: f64, cap: u32) -> bool {
    let cap = f64::from(cap);
    let counts = number >= 0.0 && number.fract() == 0.0;
    match (comparison, flipped) {
        // n >= c is decided at the cap if c is at most the cap; n < c is its opposite.
        (Comparison::Ge | Comparison::Lt, false) | (Comparison::Le | Comparison::Gt, true) => number > cap,
        // n > c must be true at the cap already; n <= c is its opposite.
        (Comparison::Gt | Comparison::Le, false) | (Comparison::Lt | Comparison::Ge, true) => number >= cap,
        // Equality with a count that only the cap gives, or only what lies beyond it.
        (Comparison::Eq | Comparison::Ne, _) | (Comparison::In, false) | (Comparison::Contains, true) => {
            counts && number >= cap
        }
        // Text operators never hold for a number.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition itself, over counts far beyond the cap.
    fn differs(comparison: Comparison, flipped: bool, number: f64, cap: u32) -> bool {
        let holds = |count: u32| {
            let count = f64::from(count);
            let (x, y) = if flipped { (number, count) } else { (count, number) };
            match comparison {
                Comparison::Eq => x == y,
                Comparison::Ne => x != y,
                Comparison::Gt => x > y,
                Comparison::Ge => x >= y,
                Comparison::Lt => x < y,
                Comparison::Le => x <= y,
                _ => false,
            }
        };
        (0..40).any(|count| holds(count) != holds(count.min(cap)))
    }

    #[test]
    fn the_cap_matters_exactly_where_truth_can_change() {
        use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
        for cap in 1..6 {
            for comparison in [Eq, Ne, Gt, Ge, Lt, Le] {
                for flipped in [false, true] {
                    for half in -4..20 {
                        let number = f64::from(half) / 2.0;
                        assert_eq!(
                            cap_matters(comparison, flipped, number, cap),
                            differs(comparison, flipped, number, cap),
                            "{comparison:?} flipped {flipped} with {number}, cap {cap}"
                        );
                    }
                }
            }
        }
    }
}
