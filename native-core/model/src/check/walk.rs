//! Walks over conditions, with the place of everything that is met.

use std::collections::BTreeSet;

use crate::report::At;
use crate::words::Word;
use crate::{Comparison, Operand, Predicate};

/// Every operand, those of arithmetic included.
pub(crate) fn operands(predicate: &Predicate, at: &At<'_>, visit: &mut dyn FnMut(&Operand, &At<'_>)) {
    conditions(predicate, at, &mut |condition, at| match condition {
        Predicate::Compare(comparison, x, y) => {
            let at = at.key(comparison.word());
            within(x, &at.index(0), visit);
            within(y, &at.index(1), visit);
        }
        Predicate::Exists(x) => within(x, &at.key("exists"), visit),
        Predicate::All(_) | Predicate::Any(_) | Predicate::Not(_) => {}
    });
}

fn within(operand: &Operand, at: &At<'_>, visit: &mut dyn FnMut(&Operand, &At<'_>)) {
    visit(operand, at);
    if let Operand::Arithmetic(operator, sides) = operand {
        let at = at.key(operator.word());
        for (index, side) in sides.iter().enumerate() {
            within(side, &at.index(index), visit);
        }
    }
}

/// Every condition, the joining ones first.
pub(crate) fn conditions(predicate: &Predicate, at: &At<'_>, visit: &mut dyn FnMut(&Predicate, &At<'_>)) {
    visit(predicate, at);
    let (kind, parts) = match predicate {
        Predicate::All(parts) => ("all", parts),
        Predicate::Any(parts) => ("any", parts),
        Predicate::Not(part) => return conditions(part, &at.key("not"), visit),
        Predicate::Compare(..) | Predicate::Exists(_) => return,
    };
    let at = at.key(kind);
    for (index, part) in parts.iter().enumerate() {
        conditions(part, &at.index(index), visit);
    }
}

/// Every comparison.
pub(crate) fn comparisons(
    predicate: &Predicate,
    at: &At<'_>,
    visit: &mut dyn FnMut(Comparison, [&Operand; 2], &At<'_>),
) {
    conditions(predicate, at, &mut |condition, at| {
        if let Predicate::Compare(comparison, x, y) = condition {
            visit(*comparison, [x, y], &at.key(comparison.word()));
        }
    });
}

/// The names of the measures that the condition reads.
pub(crate) fn measures(predicate: &Predicate) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    collect(predicate, &mut names);
    names
}

fn collect<'p>(predicate: &'p Predicate, names: &mut BTreeSet<&'p str>) {
    match predicate {
        Predicate::Compare(_, x, y) => {
            collect_operand(x, names);
            collect_operand(y, names);
        }
        Predicate::Exists(x) => collect_operand(x, names),
        Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| collect(part, names)),
        Predicate::Not(part) => collect(part, names),
    }
}

fn collect_operand<'p>(operand: &'p Operand, names: &mut BTreeSet<&'p str>) {
    match operand {
        Operand::Measure(name) => drop(names.insert(name)),
        Operand::Arithmetic(_, sides) => sides.iter().for_each(|side| collect_operand(side, names)),
        _ => {}
    }
}
