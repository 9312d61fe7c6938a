//! Measures: correlation, publication, gaps and windows that fit each other.

use crate::report::{At, Report, quote};
use crate::sketch::Sketch;
use crate::{Duration, Measure, MeasureKind, Path, Step, Window, say};

pub(crate) fn check(sketch: &Sketch, report: &mut Report) {
    one_correlation(sketch, report);
    let at = At::Root.key("measures");
    for (name, measure) in &sketch.rule.measures {
        let at = at.key(name);
        needs_publication(sketch, measure, &at, report);
        match &measure.kind {
            MeasureKind::Absence { .. } => absence(measure, &at, report),
            MeasureKind::Sequence { steps, within, .. } => {
                sequence(steps, *within, measure.window, &at.key("sequence"), report);
            }
            MeasureKind::Pairs { min_gap, max_gap, .. } => {
                pairs(*min_gap, *max_gap, measure.window, &at.key("pairs"), report);
            }
            _ => {}
        }
    }
}

/// All correlated measures of one rule have the same `by`: a rule is judged for one value.
fn one_correlation(sketch: &Sketch, report: &mut Report) {
    let mut correlated = sketch.rule.measures.iter().filter(|(_, measure)| !measure.by.is_empty());
    let Some((first, model)) = correlated.next() else { return };
    let measures = At::Root.key("measures");
    for (name, measure) in correlated.filter(|(_, measure)| measure.by != model.by) {
        let reason = say!(
            "correlates by {by}, and {other} by {other_by}",
            by = shown(&measure.by),
            other = quote(first),
            other_by = shown(&model.by)
        );
        report.refuse(
            &measures.key(name).key("by"),
            reason,
            say!("give all correlated measures of a rule the same by, in the same order, or make two rules"),
        );
    }
}

fn shown(by: &[Path]) -> String {
    by.iter().map(|path| path.0.join(".")).collect::<Vec<_>>().join(", ")
}

fn needs_publication(sketch: &Sketch, measure: &Measure, at: &At<'_>, report: &mut Report) {
    let word = match measure.window {
        Window::BeforePublish(_) => "before_publish",
        Window::SincePublish => "since_publish",
        Window::AcrossPublish(_) => "across_publish",
        _ => return,
    };
    if sketch.rule.published_at.is_none() && !sketch.published_unread {
        let reason = say!("the window {word} needs the moment of publication", word);
        report.refuse(&at.key("window"), reason, say!("give published_at, or use between or last"));
    }
}

fn absence(measure: &Measure, at: &At<'_>, report: &mut Report) {
    if let Window::Session(_) = measure.window {
        report.refuse(
            &at.key("window"),
            say!("an absence has no sessions: its deadline is no event"),
            say!("use last, calendar, between or always"),
        );
    }
}

fn sequence(steps: &[Step], within: Option<Duration>, window: Window, at: &At<'_>, report: &mut Report) {
    let steps_at = at.key("steps");
    if let Some(first) = steps.first() {
        let given = [
            ("min_gap", first.min_gap.is_some()),
            ("max_gap", first.max_gap.is_some()),
            ("without", first.without.is_some()),
        ];
        for (option, _) in given.into_iter().filter(|(_, given)| *given) {
            let reason = say!("{option} looks back to the step before, and the first step has none", option);
            report.refuse(
                &steps_at.index(0).key(option),
                reason,
                say!("move it to the step after, or leave it out"),
            );
        }
    }
    for (index, step) in steps.iter().enumerate().skip(1) {
        gap_order(step.min_gap, step.max_gap, &steps_at.index(index), report);
    }
    // The first step's gap is refused anyway and spans nothing.
    let shortest = steps
        .iter()
        .skip(1)
        .filter_map(|step| step.min_gap)
        .fold(0_i64, |sum, gap| sum.saturating_add(gap.ms));
    let shortest = Duration { ms: shortest };
    if let Some(within) = within
        && shortest > within
    {
        let reason = say!("the steps take at least {shortest}, and within is {within}", shortest, within);
        report.refuse(&at.key("within"), reason, say!("lengthen within or shorten the gaps"));
    }
    fits_window(shortest, window, at, report);
}

fn pairs(
    min_gap: Option<Duration>,
    max_gap: Option<Duration>,
    window: Window,
    at: &At<'_>,
    report: &mut Report,
) {
    gap_order(min_gap, max_gap, at, report);
    fits_window(min_gap.unwrap_or(Duration { ms: 0 }), window, at, report);
}

fn gap_order(min_gap: Option<Duration>, max_gap: Option<Duration>, at: &At<'_>, report: &mut Report) {
    if let (Some(min), Some(max)) = (min_gap, max_gap)
        && min > max
    {
        report.refuse(
            &at.key("min_gap"),
            say!("min_gap {min} is above max_gap {max}", min, max),
            say!("exchange them, or move one"),
        );
    }
}

/// Inside a sliding window a run spans less than the window.
fn fits_window(shortest: Duration, window: Window, at: &At<'_>, report: &mut Report) {
    if let Window::Last(length) = window
        && shortest >= length
    {
        let reason = say!(
            "it takes at least {shortest}, and never fits into the window of the last {length}",
            shortest,
            length
        );
        report.refuse(at, reason, say!("lengthen the window or shorten the gaps"));
    }
}
