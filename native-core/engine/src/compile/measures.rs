//! The measures of a rule: compiled once for all rules that share them.

use std::collections::BTreeSet;

use alcedo_model::{
    Measure as ModelMeasure, Rule as ModelRule, Trigger as ModelTrigger, Window as ModelWindow, say,
};

use super::{Builder, MAX_MEASURE_BYTES};
use crate::identity::{self, EXACT_EVENTS, MAX_KEYS, MAX_OPEN};
use crate::measure::{Frameset, Part, Spec};
use crate::predicate::{Compiler, Expression};
use crate::program::{Measure, MeasureId, Rule, Trigger, Use};
use crate::tally::Capacity;
use crate::threshold::threshold;
use crate::window::Window;

/// A measure of a rule on its way into the program.
struct Wanted<'r> {
    rule: &'r ModelRule,
    name: &'r str,
    measure: &'r ModelMeasure,
    spec: Spec,
    parts: Vec<Part<'r>>,
    window: Window,
    /// K of the law: the condition needs no more moments.
    cap: Option<u64>,
    audience: Option<u32>,
}

impl Builder<'_> {
    pub(super) fn measures(&mut self, rule: &ModelRule, id: u32, compiled: &mut Rule) {
        let named = identity::named_measures(rule);
        let mut in_when = BTreeSet::new();
        if let Some(when) = &rule.when {
            identity::names_in(when, &mut in_when);
        }
        for (name, measure) in &rule.measures {
            let rise = matches!(&rule.trigger, Some(ModelTrigger::Rise(m)) if m == name);
            let Some(wanted) = self.wanted(rule, name, measure, rise, compiled.audience) else { continue };
            let cap = wanted.cap;
            let measure_id = self.measure(wanted);
            let entry = &mut self.program.measures[measure_id as usize];
            if rise && !entry.rises.contains(&id) {
                entry.rises.push(id);
            }
            let used = in_when.contains(name.as_str());
            if rule.trigger.is_none() && used && !entry.judges.contains(&id) {
                entry.judges.push(id);
            }
            if !measure.by.is_empty() && named.contains(name.as_str()) {
                self.correlate(measure, compiled);
            }
            let name = name.as_str().into();
            compiled.uses.push(Use { name, measure: measure_id, cap, since: None, named: used });
        }
    }

    /// Has the rule judged once per correlation value of this measure.
    fn correlate(&mut self, measure: &ModelMeasure, compiled: &mut Rule) {
        let part = |p: &alcedo_model::Path| (p.0.join(".").into(), self.program.predicates.prop(p));
        compiled.correlated = true;
        compiled.by = measure.by.iter().map(part).collect();
        compiled.by_hash = identity::by_hash(&measure.by);
        compiled.max_truths = compiled.max_truths.max(measure.max_keys.unwrap_or(MAX_KEYS) as usize);
    }

    /// Lets the absences without `by` that concern a correlated rule carry its correlation value to the deadline.
    pub(super) fn carry(&mut self, compiled: &Rule) {
        for used in &compiled.uses {
            let rises = matches!(compiled.trigger, Trigger::Rise(at) if *compiled.uses[at as usize].name == *used.name);
            let entry = &mut self.program.measures[used.measure as usize];
            let concerns =
                matches!(entry.spec, Spec::Absence(_)) && entry.by.is_empty() && (used.named || rises);
            if compiled.correlated
                && concerns
                && !entry.carries.iter().any(|(hash, _)| *hash == compiled.by_hash)
            {
                let slots = compiled.by.iter().map(|(_, slot)| *slot).collect();
                entry.carries.push((compiled.by_hash, slots));
            }
        }
    }

    fn wanted<'r>(
        &mut self,
        rule: &'r ModelRule,
        name: &'r str,
        measure: &'r ModelMeasure,
        rise: bool,
        audience: Option<u32>,
    ) -> Option<Wanted<'r>> {
        let path = format!("/measures/{name}");
        let window = self.window(rule, &path, &measure.window)?;
        let Some((spec, parts)) = Spec::compile(measure, &mut |operand| self.expression(rule, operand))
        else {
            self.problem(
                &path,
                say!("this version does not run this kind of measure"),
                say!("use another kind"),
            );
            return None;
        };
        let capped = matches!(window, Window::Last { .. }) && !rise && spec.counts();
        let cap = rule.when.as_ref().filter(|_| capped).and_then(|when| threshold(when, name));
        Some(Wanted { rule, name, measure, spec, parts, window, cap, audience })
    }

    fn measure(&mut self, wanted: Wanted<'_>) -> MeasureId {
        let path = format!("/measures/{}", wanted.name);
        let text = identity::measure_text(wanted.measure, wanted.rule);
        let hash = identity::short(&text);
        if self.texts.insert(hash, text.clone()).is_some_and(|other| other != text) {
            self.problem(&path, say!("its hash equals another measure's"), say!("change one bound by one"));
        }
        let exact = wanted.measure.exact_events.unwrap_or(EXACT_EVENTS) as usize;
        let capacity = match wanted.cap {
            // One at least: whether a value holds something, and so takes a place, is no matter of what it is compared with.
            Some(cap) => Capacity { moments: (cap as usize).max(1), panes: false },
            None => Capacity { moments: exact, panes: wanted.window.sliding().is_some() },
        };
        let id = match self.program.measure_by_hash.get(&hash) {
            Some(id) => *id,
            None => self.new_measure(wanted, hash),
        };
        let entry = &mut self.program.measures[id as usize];
        entry.set.capacity.moments = entry.set.capacity.moments.max(capacity.moments);
        entry.set.capacity.panes |= capacity.panes;
        let bytes = entry.worst_bytes();
        if bytes > MAX_MEASURE_BYTES {
            let reason = say!(
                "it may need {bytes} bytes for one user, the limit is {most}",
                bytes,
                most = MAX_MEASURE_BYTES
            );
            let cure = say!("lower the number it is compared with, max_keys, max_open or exact_events");
            self.problem(&path, reason, cure);
        }
        id
    }

    fn new_measure(&mut self, wanted: Wanted<'_>, hash: u64) -> MeasureId {
        let Wanted { rule, name, measure, spec, parts, window, audience, .. } = wanted;
        let id = self.program.measures.len() as MeasureId;
        for part in parts {
            let pattern = self.pattern(rule, part.pattern, &format!("/measures/{name}/{}", part.path));
            let listeners = &mut self.program.patterns[pattern as usize].measures;
            match listeners.iter_mut().find(|(m, _)| *m == id) {
                Some((_, roles)) => *roles |= part.role,
                None => listeners.push((id, part.role)),
            }
        }
        if spec.sees_every_event() {
            self.program.every_event.push(id);
        }
        let by = measure.by.iter().map(|path| self.program.predicates.prop(path)).collect();
        self.program.measures.push(Measure {
            hash,
            spec,
            set: Frameset { window, capacity: Capacity { moments: 0, panes: false } },
            by,
            max_keys: measure.max_keys.unwrap_or(MAX_KEYS) as usize,
            max_open: measure.max_open.unwrap_or(MAX_OPEN) as usize,
            audience,
            born: 0,
            carries: Vec::new(),
            judges: Vec::new(),
            rises: Vec::new(),
        });
        self.program.measure_by_hash.insert(hash, id);
        id
    }

    fn expression(&mut self, rule: &ModelRule, operand: &alcedo_model::Operand) -> Expression {
        let names: Vec<&str> = rule.measures.keys().map(String::as_str).collect();
        let mut compiler = Compiler {
            predicates: &mut self.program.predicates,
            measures: &names,
            problems: &mut self.problems,
        };
        compiler.operand(operand)
    }

    fn window(&mut self, rule: &ModelRule, path: &str, window: &ModelWindow) -> Option<Window> {
        let published = rule.published_at.map(|t| t.ms);
        let mut fixed = |from: fn(i64, i64) -> i64, d: i64, to: fn(i64) -> i64| match published {
            Some(p) => Some(Window::Fixed { from: from(p, d), to: to(p) }),
            None => {
                let at = format!("{path}/window");
                self.problem(&at, say!("it needs the time of publication"), say!("set `published_at`"));
                None
            }
        };
        match window {
            ModelWindow::Always => Some(Window::Fixed { from: i64::MIN, to: i64::MAX }),
            ModelWindow::Between { from, to } => Some(Window::Fixed {
                from: from.map_or(i64::MIN, |t| t.ms),
                to: to.map_or(i64::MAX, |t| t.ms),
            }),
            ModelWindow::BeforePublish(d) => fixed(i64::saturating_sub, d.ms, |p| p),
            ModelWindow::SincePublish => fixed(|p, _| p, 0, |_| i64::MAX),
            ModelWindow::AcrossPublish(d) => fixed(i64::saturating_sub, d.ms, |_| i64::MAX),
            ModelWindow::Last(d) => Some(Window::Last { d: d.ms }),
            ModelWindow::Calendar(period) => {
                let zone = self.zone(&rule.time_zone).unwrap_or_default();
                Some(Window::Calendar { period: *period, zone })
            }
            ModelWindow::Session(gap) => Some(Window::Session { gap: gap.ms }),
        }
    }
}
