//! What is legal and probably not what its author wants.

use super::{ends_before_validity, passing, used, walk};
use crate::report::{At, Report, quote};
use crate::{Comparison, Constant, Measure, MeasureKind, Operand, Predicate, Rule, Trigger, Window, say};

/// Only for rules without problems.
pub(crate) fn warnings(rule: &Rule, report: &mut Report) {
    dead_trigger(rule, report);
    repeated_firing(rule, report);
    passing_of_time(rule, report);
    let at = At::Root.key("measures");
    let used = used(rule);
    for (name, measure) in &rule.measures {
        let at = at.key(name);
        if !used.contains(name.as_str()) {
            let reason = say!("neither when nor the trigger reads {name}", name = quote(name));
            report.warn(&at, reason, say!("leave it out, unless matches shall show it as evidence"));
        }
        bounds_without_effect(measure, &at, report);
        never_rises(rule, measure, &at, report);
    }
    if let Some(when) = &rule.when {
        constant_comparisons(when, &At::Root.key("when"), report);
    }
}

fn dead_trigger(rule: &Rule, report: &mut Report) {
    let Some(Trigger::Rise(name)) = &rule.trigger else { return };
    if rule.measures.get(name).is_some_and(|measure| ends_before_validity(rule, measure.window)) {
        let trigger = At::Root.key("trigger");
        let reason = say!(
            "the window of {name} ends before the validity begins, so the rule never fires",
            name = quote(name)
        );
        report.warn(
            &trigger.key("rise"),
            reason,
            say!("choose a window that reaches into the validity, or another trigger"),
        );
    }
}

fn repeated_firing(rule: &Rule, report: &mut Report) {
    if rule.trigger.is_some() || !rule.limits.is_empty() || rule.cooldown.is_some() {
        return;
    }
    let Some(when) = &rule.when else { return };
    let sliding = |name: &&str| {
        rule.measures.get(*name).is_some_and(|measure| matches!(measure.window, Window::Last(_)))
    };
    if let Some(name) = walk::measures(when).into_iter().find(sliding) {
        let reason = say!(
            "the window of {name} slides: the condition may become true again and again, and fire each time",
            name = quote(name)
        );
        report.warn(&At::Root.key("when"), reason, say!("add limits or a cooldown"));
    }
}

fn passing_of_time(rule: &Rule, report: &mut Report) {
    let (None, Some(when)) = (&rule.trigger, &rule.when) else { return };
    let (flows, moved) =
        (passing::time_can_change(when, &rule.measures), passing::event_can_make(when, true, &rule.measures));
    if flows && !moved {
        report.warn(
            &At::Root.key("when"),
            say!(
                "only the passing of time can make this true, and the rule is judged at events and deadlines"
            ),
            say!("use an absence for \"did not come for D\", or add a trigger at which to look"),
        );
    }
}

fn bounds_without_effect(measure: &Measure, at: &At<'_>, report: &mut Report) {
    let absence = matches!(measure.kind, MeasureKind::Absence { .. });
    let sequence = matches!(measure.kind, MeasureKind::Sequence { .. });
    let sliding = matches!(measure.window, Window::Last(_));
    let idle = [
        ("max_keys", measure.max_keys.is_some() && measure.by.is_empty(), say!("bounds measures with by")),
        ("max_open", measure.max_open.is_some() && !absence, say!("bounds absences")),
        ("max_partials", measure.max_partials.is_some() && !sequence, say!("bounds sequences")),
        ("exact_events", measure.exact_events.is_some() && !sliding, say!("bounds windows of the last D")),
    ];
    for (name, _, why) in idle.into_iter().filter(|(_, idle, _)| *idle) {
        report.warn(
            &at.key(name),
            say!("{name} {why}, and changes nothing here", name, why),
            say!("leave it out"),
        );
    }
}

/// A measure whose events must lie further apart than its fixed window is long.
fn never_rises(rule: &Rule, measure: &Measure, at: &At<'_>, report: &mut Report) {
    let length = match (measure.window, rule.published_at) {
        (Window::Between { from: Some(from), to: Some(to) }, _) => to.ms - from.ms,
        (Window::BeforePublish(length), Some(_)) => length.ms,
        _ => return,
    };
    let shortest = match &measure.kind {
        MeasureKind::Absence { within, .. } => within.ms,
        MeasureKind::Pairs { min_gap, .. } => min_gap.map_or(0, |gap| gap.ms),
        MeasureKind::Sequence { steps, .. } => {
            steps.iter().filter_map(|step| step.min_gap).map(|gap| gap.ms).sum()
        }
        _ => return,
    };
    if shortest >= length {
        report.warn(
            &at.key("window"),
            say!("it takes longer than this window is, so it always is 0"),
            say!("lengthen the window"),
        );
    }
}

fn constant_comparisons(when: &Predicate, at: &At<'_>, report: &mut Report) {
    walk::comparisons(when, at, &mut |comparison, [x, y], at| {
        if is_constant(x) && is_constant(y) {
            report.warn(
                at,
                say!("it compares constants only, so it is always the same"),
                say!("compare a measure or a property"),
            );
        } else if comparison == Comparison::In
            && matches!(y, Operand::Constant(Constant::List(items)) if items.is_empty())
        {
            report.warn(
                at,
                say!("nothing is in an empty list, so it is always false"),
                say!("put constants in"),
            );
        }
    });
}

fn is_constant(operand: &Operand) -> bool {
    match operand {
        Operand::Constant(_) | Operand::Duration(_) | Operand::Time(_) => true,
        Operand::Arithmetic(_, sides) => sides.iter().all(is_constant),
        _ => false,
    }
}
