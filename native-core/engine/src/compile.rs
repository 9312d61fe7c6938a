//! From rules to a [`Program`].

use std::collections::BTreeSet;
use std::sync::Arc;

use alcedo_model::{
    Function, MeasureKind, Pattern as ModelPattern, Predicate, Problem, Rule as ModelRule, Status, Take,
    Trigger as ModelTrigger, Window as ModelWindow,
};
use hashbrown::HashMap;
use jiff::tz::TimeZone;

use crate::audience::Audiences;
use crate::identity::{self, EXACT_EVENTS, MAX_KEYS, MAX_OPEN, MAX_PARTIALS};
use crate::measure::{
    AbsenceSpec, AggregateSpec, CountSpec, DistinctSpec, Frameset, Kind, PairsSpec, Roles, SequenceSpec, Spec,
};
use crate::predicate::{Compiler, Expression};
use crate::program::{Lineage, Measure, Pattern, PatternId, Program, Rule, Trigger, Use};
use crate::scope::ConditionScope;
use crate::tally::Capacity;
use crate::threshold::{mentions_now, threshold};
use crate::value::Value;
use crate::window::Window;

/// State bytes that one measure may need for one user, at the most.
pub const MAX_MEASURE_BYTES: u64 = 4 << 20;

/// Why one rule does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleProblems {
    /// Rule id.
    pub rule: String,
    /// Its revision.
    pub revision: u64,
    /// True if nothing is wrong but an audience that is not loaded (yet).
    pub waiting: bool,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl std::fmt::Display for RuleProblems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "rule {} revision {}", self.rule, self.revision)?;
        self.problems.iter().try_for_each(|p| write!(f, "\n  {p}"))
    }
}

/// A rule with its history.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) rule: ModelRule,
    pub(crate) lineage: Lineage,
}

impl Program {
    /// Compiles rules as a job that never ran any sees them.
    ///
    /// # Errors
    /// Every rule that does not compile, with all that is wrong with it.
    pub fn compile(rules: &[ModelRule], audiences: &Audiences) -> Result<Arc<Program>, Vec<RuleProblems>> {
        let entries: Vec<Entry> =
            rules.iter().map(|rule| Entry { rule: rule.clone(), lineage: Lineage::default() }).collect();
        compile(&entries, audiences, 0).map(Arc::new)
    }
}

pub(crate) fn compile(
    entries: &[Entry],
    audiences: &Audiences,
    generation: u64,
) -> Result<Program, Vec<RuleProblems>> {
    let mut entries: Vec<&Entry> = entries.iter().filter(|e| e.rule.status != Status::Draft).collect();
    entries.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    let mut builder = Builder::new(audiences, generation);
    let mut refused = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let twin =
            at.checked_sub(1).and_then(|before| entries.get(before)).filter(|e| e.rule.id == entry.rule.id);
        builder.rule(entry);
        if twin.is_some() {
            builder.problem("/id", "another rule has the same id", "give each rule its own id");
        }
        for other in entries[..at].iter().filter(|o| conflicts(&o.rule, &entry.rule)) {
            let reason = format!("rule {} gives this audience id another profile", other.rule.id);
            builder.problem("/audience/profile", &reason, "use one profile, or another audience id");
        }
        if !builder.problems.is_empty() {
            let problems = std::mem::take(&mut builder.problems);
            let (rule, revision) = (entry.rule.id.clone(), entry.rule.revision);
            refused.push(RuleProblems {
                rule,
                revision,
                waiting: std::mem::take(&mut builder.waiting) == problems.len(),
                problems,
            });
        }
        builder.waiting = 0;
    }
    if refused.is_empty() { Ok(builder.finish(&entries)) } else { Err(refused) }
}

/// Whether two rules that run give one audience id different profiles.
pub(crate) fn conflicts(a: &ModelRule, b: &ModelRule) -> bool {
    let runs = |r: &ModelRule| !matches!(r.status, Status::Stopped | Status::Draft);
    let (Some(x), Some(y)) = (&a.audience, &b.audience) else { return false };
    // Ids first: texts are made only where two rules share one.
    if x.id.is_none() || x.id != y.id || !runs(a) || !runs(b) {
        return false;
    }
    let text = |p: &Predicate| identity::predicate_text(p, &[]);
    x.profile.as_ref().zip(y.profile.as_ref()).is_some_and(|(x, y)| text(x) != text(y))
}

struct Builder<'b> {
    audiences: &'b Audiences,
    program: Program,
    patterns: HashMap<String, PatternId>,
    audience_ids: Vec<String>,
    texts: HashMap<u64, String>,
    problems: Vec<Problem>,
    /// How many of the problems are audiences that are not loaded.
    waiting: usize,
}

impl<'b> Builder<'b> {
    fn new(audiences: &'b Audiences, generation: u64) -> Self {
        Builder {
            audiences,
            program: Program { generation, ..Program::default() },
            patterns: HashMap::new(),
            audience_ids: Vec::new(),
            texts: HashMap::new(),
            problems: Vec::new(),
            waiting: 0,
        }
    }

    fn problem(&mut self, path: &str, reason: &str, cure: &str) {
        self.problems.push(Problem { path: path.into(), reason: reason.into(), cure: cure.into() });
    }

    fn rule(&mut self, entry: &Entry) {
        let rule = &entry.rule;
        let id = self.program.rules.len() as u32;
        let zone = TimeZone::get(&rule.time_zone).unwrap_or_else(|_| {
            self.problem(
                "/time_zone",
                "this time zone is unknown",
                "use a name of the IANA database, as Asia/Shanghai",
            );
            TimeZone::UTC
        });
        let hash = identity::rule_hash(&rule.id);
        if self.program.rule_by_hash.insert(hash, id).is_some() {
            self.problem("/id", "its hash equals another rule's", "choose another id");
        }
        let mut compiled = Rule {
            id: rule.id.as_str().into(),
            hash,
            revision: rule.revision,
            status: rule.status,
            from: rule.validity.from.map_or(i64::MIN, |t| t.ms),
            to: rule.validity.to.map_or(i64::MAX, |t| t.ms),
            zone,
            audience: None,
            uses: Vec::new(),
            when: None,
            trigger: Trigger::Edge,
            correlated: false,
            by: Vec::new(),
            by_hash: 0,
            max_truths: 1,
            forgets: false,
            limits: rule.limits.clone(),
            cooldown: rule.cooldown.map_or(0, |d| d.ms),
            action: rule.action.clone(),
            born: entry.lineage.born,
            judgement_since: entry.lineage.judgement_since,
            judgement_at: entry.lineage.judgement_at,
        };
        if compiled.runs() {
            compiled.audience = self.audience(rule);
            self.uses(rule, id, &mut compiled);
            self.condition(rule, id, &mut compiled);
            self.carry(&compiled);
        }
        self.program.rules.push(compiled);
    }

    fn audience(&mut self, rule: &ModelRule) -> Option<u32> {
        let id = identity::audience_id(rule.audience.as_ref()?);
        if let Some(at) = self.audience_ids.iter().position(|known| *known == id) {
            return Some(at as u32);
        }
        let Some(audience) = self.audiences.get(&id) else {
            self.waiting += 1;
            self.problem(
                "/audience",
                &format!("audience {id} is not loaded"),
                "provide its members under this id",
            );
            return None;
        };
        self.program.audiences.push(Arc::clone(audience));
        self.audience_ids.push(id);
        Some(self.audience_ids.len() as u32 - 1)
    }

    fn uses(&mut self, rule: &ModelRule, id: u32, compiled: &mut Rule) {
        let named = identity::named_measures(rule);
        let mut in_when = BTreeSet::new();
        if let Some(when) = &rule.when {
            identity::names_in(when, &mut in_when);
        }
        for (name, measure) in &rule.measures {
            let path = format!("/measures/{name}");
            let Some((spec, window)) = self.runnable(rule, &path, measure) else { continue };
            let rise = matches!(&rule.trigger, Some(ModelTrigger::Rise(m)) if m == name);
            let cap = match window {
                Window::Last { .. } if !rise && counts(&measure.kind) => {
                    rule.when.as_ref().and_then(|when| threshold(when, name))
                }
                _ => None,
            };
            let measure_id = self.measure(rule, name, measure, spec, window, cap, compiled.audience);
            let entry = &mut self.program.measures[measure_id as usize];
            if rise && !entry.rises.contains(&id) {
                entry.rises.push(id);
            }
            if rule.trigger.is_none() && in_when.contains(name.as_str()) && !entry.judges.contains(&id) {
                entry.judges.push(id);
            }
            if !measure.by.is_empty() && named.contains(name.as_str()) {
                compiled.correlated = true;
                compiled.by = measure
                    .by
                    .iter()
                    .map(|p| (p.0.join(".").into(), self.program.predicates.prop(p)))
                    .collect();
                compiled.by_hash = identity::by_hash(&measure.by);
                compiled.max_truths = compiled.max_truths.max(measure.max_keys.unwrap_or(MAX_KEYS) as usize);
            }
            let named = in_when.contains(name.as_str());
            compiled.uses.push(Use {
                name: name.as_str().into(),
                measure: measure_id,
                cap,
                since: None,
                named,
            });
        }
    }

    /// Lets the absences without `by` that concern a correlated rule carry its correlation value to the deadline.
    fn carry(&mut self, compiled: &Rule) {
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

    #[allow(clippy::too_many_arguments)] // one call, each a different thing
    fn measure(
        &mut self,
        rule: &ModelRule,
        name: &str,
        measure: &alcedo_model::Measure,
        spec: Spec,
        window: Window,
        cap: Option<u64>,
        audience: Option<u32>,
    ) -> u32 {
        let text = identity::measure_text(measure, rule);
        let hash = identity::short(&text);
        if self.texts.insert(hash, text.clone()).is_some_and(|other| other != text) {
            self.problem(
                &format!("/measures/{name}"),
                "its hash equals another measure's",
                "change one bound by one",
            );
        }
        let exact = measure.exact_events.unwrap_or(EXACT_EVENTS) as usize;
        let wanted = match cap {
            Some(cap) => Capacity { moments: cap as usize, panes: false },
            None => Capacity { moments: exact, panes: window.sliding().is_some() },
        };
        let id = match self.program.measure_by_hash.get(&hash) {
            Some(id) => *id,
            None => self.new_measure(rule, name, measure, spec, window, hash, audience),
        };
        let entry = &mut self.program.measures[id as usize];
        entry.set.capacity.moments = entry.set.capacity.moments.max(wanted.moments);
        entry.set.capacity.panes |= wanted.panes;
        let bytes = entry.worst_bytes();
        if bytes > MAX_MEASURE_BYTES {
            let reason = format!("it may need {bytes} bytes for one user, the limit is {MAX_MEASURE_BYTES}");
            let cure = "lower the number it is compared with, max_keys, max_open or exact_events";
            self.problem(&format!("/measures/{name}"), &reason, cure);
        }
        id
    }

    #[allow(clippy::too_many_arguments)] // as above
    fn new_measure(
        &mut self,
        rule: &ModelRule,
        name: &str,
        measure: &alcedo_model::Measure,
        spec: Spec,
        window: Window,
        hash: u64,
        audience: Option<u32>,
    ) -> u32 {
        let id = self.program.measures.len() as u32;
        for (role, pattern, path) in roles(&measure.kind, &format!("/measures/{name}")) {
            let pattern = self.pattern(rule, pattern, &path);
            let listeners = &mut self.program.patterns[pattern as usize].measures;
            match listeners.iter_mut().find(|(m, _)| *m == id) {
                Some((_, roles)) => *roles |= role,
                None => listeners.push((id, role)),
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

    fn pattern(&mut self, rule: &ModelRule, pattern: &ModelPattern, path: &str) -> PatternId {
        let text = identity::pattern_text(pattern);
        if let Some(id) = self.patterns.get(&text) {
            return *id;
        }
        let filter = pattern.filter.as_ref().map(|filter| {
            let names: Vec<&str> = rule.measures.keys().map(String::as_str).collect();
            let mut compiler = Compiler {
                predicates: &mut self.program.predicates,
                measures: &names,
                problems: &mut self.problems,
            };
            compiler.predicate(filter, &format!("{path}/where"))
        });
        let id = self.program.patterns.len() as PatternId;
        self.program.patterns.push(Pattern { filter, ..Pattern::default() });
        match &pattern.event {
            None => self.program.any_type.push(id),
            Some(types) => {
                for name in types {
                    self.program.by_type.entry(name.as_str().into()).or_default().push(id);
                }
            }
        }
        self.patterns.insert(text, id);
        id
    }

    fn condition(&mut self, rule: &ModelRule, id: u32, compiled: &mut Rule) {
        let names: Vec<&str> = compiled.uses.iter().map(|u| &*u.name).collect();
        if let Some(when) = &rule.when {
            let mut compiler = Compiler {
                predicates: &mut self.program.predicates,
                measures: &names,
                problems: &mut self.problems,
            };
            compiled.when = Some(compiler.predicate(when, "/when"));
        }
        match &rule.trigger {
            Some(ModelTrigger::On(pattern)) => {
                let pattern = self.pattern(rule, pattern, "/trigger/on");
                self.program.patterns[pattern as usize].triggers.push(id);
                compiled.trigger = Trigger::Pattern;
            }
            Some(ModelTrigger::Rise(name)) => {
                let at = names.iter().position(|n| n == name).unwrap_or(0);
                compiled.trigger = Trigger::Rise(at as u32);
            }
            None => {}
        }
        compiled.forgets = rule.trigger.is_none()
            && rule.when.as_ref().is_some_and(|when| !mentions_now(when))
            && [true, false].iter().all(|keyed| !self.holds_when_empty(compiled, *keyed));
    }

    /// Whether the condition holds where no measure holds anything, for a correlation value or for none.
    fn holds_when_empty(&self, compiled: &Rule, keyed: bool) -> bool {
        let measure = |index: u32| match compiled.uses.get(index as usize) {
            Some(used) => {
                let measure = self.program.measure_at(used.measure);
                if keyed || measure.by.is_empty() {
                    measure.spec.value(None, 0, &measure.set)
                } else {
                    Value::Missing
                }
            }
            None => Value::Missing,
        };
        let scope = ConditionScope { props: &[], measure, now: 0 };
        compiled.when.is_none_or(|when| self.program.predicates.holds(when, &scope))
    }

    /// The kind and window of a measure.
    fn runnable(
        &mut self,
        rule: &ModelRule,
        path: &str,
        measure: &alcedo_model::Measure,
    ) -> Option<(Spec, Window)> {
        let window = self.window(rule, path, &measure.window)?;
        Some((self.spec(rule, measure), window))
    }

    fn spec(&mut self, rule: &ModelRule, measure: &alcedo_model::Measure) -> Spec {
        let value = |this: &mut Self, operand| this.expression(rule, operand);
        match &measure.kind {
            MeasureKind::Count(_) => Spec::Count(CountSpec),
            MeasureKind::Absence { within, .. } => Spec::Absence(AbsenceSpec { within: within.ms }),
            MeasureKind::Pairs { min_gap, max_gap, .. } => Spec::Pairs(PairsSpec {
                min_gap: min_gap.map_or(0, |d| d.ms),
                max_gap: max_gap.map_or(i64::MAX, |d| d.ms),
            }),
            MeasureKind::Sequence { steps, within, strict } => Spec::Sequence(SequenceSpec {
                gaps: steps
                    .iter()
                    .map(|s| (s.min_gap.map_or(0, |d| d.ms), s.max_gap.map_or(i64::MAX, |d| d.ms)))
                    .collect(),
                within: within.map(|d| d.ms),
                strict: *strict,
                max_partials: measure.max_partials.unwrap_or(MAX_PARTIALS) as usize,
            }),
            MeasureKind::Aggregate { function, value: of, .. } => {
                let kind = match function {
                    Function::Sum => Kind::Sum,
                    Function::Min => Kind::Min,
                    Function::Max => Kind::Max,
                    Function::Avg => Kind::Avg,
                    Function::First => Kind::First,
                    Function::Last => Kind::Last,
                };
                Spec::Aggregate(AggregateSpec { kind, value: Some(value(self, of)) })
            }
            MeasureKind::Top { value: of, k, take, .. } => {
                let k = *k as usize;
                let kind = match take {
                    Take::Avg => Kind::TopAvg(k),
                    Take::Sum => Kind::TopSum(k),
                    Take::Min => Kind::TopMin(k),
                };
                Spec::Aggregate(AggregateSpec { kind, value: Some(value(self, of)) })
            }
            MeasureKind::FirstTime(_) => {
                Spec::Aggregate(AggregateSpec { kind: Kind::FirstTime, value: None })
            }
            MeasureKind::LastTime(_) => Spec::Aggregate(AggregateSpec { kind: Kind::LastTime, value: None }),
            MeasureKind::Distinct { value: of, up_to, .. } => {
                Spec::Distinct(DistinctSpec { value: value(self, of), up_to: *up_to as usize })
            }
        }
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
                self.problem(&at, "it needs the time of publication", "set `published_at`");
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
                let zone = TimeZone::get(&rule.time_zone).unwrap_or(TimeZone::UTC);
                Some(Window::Calendar { period: *period, zone })
            }
            ModelWindow::Session(gap) => Some(Window::Session { gap: gap.ms }),
        }
    }

    fn finish(mut self, entries: &[&Entry]) -> Program {
        let running = entries.iter().filter(|e| !matches!(e.rule.status, Status::Stopped));
        let texts: Vec<String> = running.map(|e| e.rule.canonical()).collect();
        self.program.hash = identity::hex(texts.join("\n").as_bytes());
        self.program
    }
}

/// Whether the kind's value is a number of moments, of which a condition may need no more than it compares with.
fn counts(kind: &MeasureKind) -> bool {
    use MeasureKind::{Absence, Count, Pairs, Sequence};
    matches!(kind, Count(_) | Sequence { .. } | Pairs { .. } | Absence { .. })
}

/// The patterns of a kind with their roles and JSON pointers.
fn roles<'k>(kind: &'k MeasureKind, path: &str) -> Vec<(Roles, &'k ModelPattern, String)> {
    use crate::measure::roles::{AFTER, FROM, MATCHES, NO, TO, step_role, without_role};
    let one = |name: &str, of: &'k ModelPattern| vec![(MATCHES, of, format!("{path}/{name}/of"))];
    match kind {
        MeasureKind::Count(p) => vec![(MATCHES, p, format!("{path}/count"))],
        MeasureKind::Absence { after, no, .. } => {
            vec![(AFTER, after, format!("{path}/absence/after")), (NO, no, format!("{path}/absence/no"))]
        }
        MeasureKind::Sequence { steps, .. } => {
            let mut all = Vec::new();
            for (i, step) in steps.iter().enumerate() {
                all.push((step_role(i), &step.pattern, format!("{path}/sequence/steps/{i}")));
                if let Some(without) = &step.without {
                    all.push((without_role(i), without, format!("{path}/sequence/steps/{i}/without")));
                }
            }
            all
        }
        MeasureKind::Pairs { from, to, .. } => {
            vec![(FROM, from, format!("{path}/pairs/from")), (TO, to, format!("{path}/pairs/to"))]
        }
        MeasureKind::Aggregate { of, .. } => one(kind.word(), of),
        MeasureKind::Top { of, .. } => one("top", of),
        MeasureKind::Distinct { of, .. } => one("distinct", of),
        MeasureKind::FirstTime(p) => vec![(MATCHES, p, format!("{path}/first_time"))],
        MeasureKind::LastTime(p) => vec![(MATCHES, p, format!("{path}/last_time"))],
    }
}
