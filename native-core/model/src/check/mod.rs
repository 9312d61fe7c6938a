//! Checks that look at more than one field of a rule and need no engine.
//!
//! They run over a rule that may have holes, so that an author hears everything at once. Where a hole could hide
//! the answer, a check keeps silent: each problem has one cause.

mod distinct;
mod measures;
mod passing;
mod walk;
mod warnings;

use std::collections::BTreeSet;

use crate::holes;
use crate::report::{At, Report, nearest, quote};
use crate::sketch::Sketch;
use crate::{Measure, MeasureKind, Operand, Phrase, Predicate, Rule, Trigger, Window, say};

pub(crate) use warnings::warnings;

/// What refuses the rule.
pub(crate) fn problems(sketch: &Sketch, report: &mut Report) {
    validity(&sketch.rule, report);
    measures::check(sketch, report);
    condition(sketch, report);
    trigger(sketch, report);
    judged(sketch, report);
}

/// The effective bounds: `from` may be `published_at`.
fn validity(rule: &Rule, report: &mut Report) {
    if let (Some(from), Some(to)) = (rule.validity.from, rule.validity.to)
        && from.ms >= to.ms
    {
        let validity = At::Root.key("validity");
        let reason = say!("the validity ends at {to}, not after its beginning {from}", to, from);
        report.refuse(
            &validity.key("to"),
            reason,
            say!("move one of them; from is published_at unless given"),
        );
    }
}

/// Names and places that only the whole rule can judge.
fn condition(sketch: &Sketch, report: &mut Report) {
    let Some(when) = &sketch.rule.when else { return };
    let reads_event = matches!(sketch.rule.trigger, Some(Trigger::On(_))) || sketch.trigger_unread;
    walk::operands(when, &At::Root.key("when"), &mut |operand, at| match operand {
        Operand::Measure(name) => known_measure(sketch, name, &at.key("measure"), report),
        Operand::Prop(_) if !reads_event => report.refuse(
            &at.key("prop"),
            say!("no event is judged that this property could be read of"),
            say!(
                "add a trigger such as {\"on\": {\"event\": \"app_open\"}}, or read it in a measure's where"
            ),
        ),
        _ => {}
    });
    distinct::check(&sketch.rule.measures, when, report);
}

fn known_measure(sketch: &Sketch, name: &str, at: &At<'_>, report: &mut Report) {
    let declared = sketch.rule.measures.contains_key(name) || sketch.unread_measures.contains(name);
    if declared || sketch.nameless_measures {
        return;
    }
    let known: BTreeSet<&str> =
        sketch.rule.measures.keys().chain(&sketch.unread_measures).map(String::as_str).collect();
    report.refuse(
        at,
        say!("there is no measure {name}", name = quote(name)),
        measure_cure(name, known.iter().copied()),
    );
}

/// Only what counts occurrences goes up.
fn trigger(sketch: &Sketch, report: &mut Report) {
    let Some(Trigger::Rise(name)) = &sketch.rule.trigger else { return };
    let trigger = At::Root.key("trigger");
    let at = trigger.key("rise");
    known_measure(sketch, name, &at, report);
    let Some(measure) = sketch.rule.measures.get(name) else { return };
    if !rises(&measure.kind) {
        report.refuse(
            &at,
            say!(
                "{name} is a {kind}, and that does not count anything",
                name = quote(name),
                kind = measure.kind.word()
            ),
            say!("name a count, distinct, sequence, pairs or absence"),
        );
    }
}

fn rises(kind: &MeasureKind) -> bool {
    matches!(
        kind,
        MeasureKind::Count(_)
            | MeasureKind::Distinct { .. }
            | MeasureKind::Sequence { .. }
            | MeasureKind::Pairs { .. }
            | MeasureKind::Absence { .. }
    )
}

/// Something must make the engine look at the rule, after its validity has begun.
fn judged(sketch: &Sketch, report: &mut Report) {
    let rule = &sketch.rule;
    if rule.trigger.is_some() || sketch.trigger_unread {
        return;
    }
    let at = At::Root.key("when");
    let Some(when) = &rule.when else {
        report.refuse(
            &at,
            say!("the rule has neither when nor trigger"),
            say!("say when it fires, or what triggers it"),
        );
        return;
    };
    let named = walk::measures(when);
    if named.is_empty() {
        if !holes::in_predicate(when) {
            let cure =
                say!("add a trigger, or compare a measure: {\"ge\": [{\"measure\": \"searched\"}, 1]}");
            report.refuse(
                &at,
                say!("nothing ever judges the rule: no trigger, and no measure in when"),
                cure,
            );
        }
        return;
    }
    let measures: Option<Vec<&Measure>> = named.iter().map(|name| rule.measures.get(*name)).collect();
    if measures.is_some_and(|all| all.iter().all(|measure| ends_before_validity(rule, measure.window))) {
        let cure = say!("add a trigger that judges the history, such as {\"on\": {\"event\": \"app_open\"}}");
        report.refuse(&at, say!("every window that when reads ends before the validity begins"), cure);
    }
}

/// Whether no event can be in the window once the rule may fire.
fn ends_before_validity(rule: &Rule, window: Window) -> bool {
    let end = match window {
        Window::BeforePublish(_) => rule.published_at,
        Window::Between { to, .. } => to,
        _ => None,
    };
    matches!((end, rule.validity.from), (Some(end), Some(from)) if end.ms <= from.ms)
}

/// The names of the measures that decide about firing.
fn used(rule: &Rule) -> BTreeSet<&str> {
    let mut used = rule.when.as_ref().map(|when: &Predicate| walk::measures(when)).unwrap_or_default();
    if let Some(Trigger::Rise(name)) = &rule.trigger {
        used.insert(name);
    }
    used
}

/// The name that the author probably meant, among the rule's measures.
fn measure_cure<'k>(name: &str, known: impl Iterator<Item = &'k str> + Clone) -> Phrase {
    match nearest(name, known.clone()) {
        Some(near) => say!("write {near}, or declare it under measures", near),
        None if known.clone().next().is_none() => say!("declare it under measures"),
        None => {
            say!("declare it under measures; there are {names}", names = known.collect::<Vec<_>>().join(", "))
        }
    }
}
