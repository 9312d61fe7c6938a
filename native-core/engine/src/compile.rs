//! From rules to a [`Program`].

mod measures;

use std::sync::Arc;

use alcedo_model::{
    Pattern as ModelPattern, Phrase, Predicate, Problem, Rule as ModelRule, Status, Trigger as ModelTrigger,
    say,
};
use hashbrown::HashMap;
use jiff::tz::TimeZone;

use crate::audience::Audiences;
use crate::identity;
use crate::index::Index;
use crate::period::Calendar;
use crate::predicate::Compiler;
use crate::program::{Lineage, Pattern, PatternId, Program, Rule, Trigger};
use crate::scope::ConditionScope;
use crate::threshold::mentions_now;
use crate::value::Value;

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
    /// Its canonical text.
    pub(crate) text: String,
    pub(crate) lineage: Lineage,
}

impl Entry {
    /// A rule that nobody ran before.
    pub(crate) fn of(rule: &ModelRule) -> Entry {
        Entry { rule: rule.clone(), text: rule.canonical(), lineage: Lineage::default() }
    }
}

impl Program {
    /// Compiles rules as a job that never ran any sees them.
    ///
    /// # Errors
    /// Every rule that does not compile, with all that is wrong with it.
    pub fn compile(rules: &[ModelRule], audiences: &Audiences) -> Result<Arc<Program>, Vec<RuleProblems>> {
        let entries: Vec<Entry> = rules.iter().map(Entry::of).collect();
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
            builder.problem("/id", say!("another rule has the same id"), say!("give each rule its own id"));
        }
        for other in entries[..at].iter().filter(|o| conflicts(&o.rule, &entry.rule)) {
            let reason = say!("rule {rule} gives this audience id another profile", rule = &other.rule.id);
            builder.problem("/audience/profile", reason, say!("use one profile, or another audience id"));
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
    zones: HashMap<String, Arc<Calendar>>,
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
            zones: HashMap::new(),
            problems: Vec::new(),
            waiting: 0,
        }
    }

    fn problem(&mut self, path: &str, reason: Phrase, cure: Phrase) {
        self.problems.push(Problem::new(path, reason, cure));
    }

    /// The time zone of this name, shared by all that use it.
    fn zone(&mut self, name: &str) -> Option<Arc<Calendar>> {
        if let Some(known) = self.zones.get(name) {
            return Some(Arc::clone(known));
        }
        let zone = Arc::new(Calendar::new(TimeZone::get(name).ok()?));
        self.zones.insert(name.to_owned(), Arc::clone(&zone));
        Some(zone)
    }

    fn rule(&mut self, entry: &Entry) {
        let rule = &entry.rule;
        let id = self.program.rules.len() as u32;
        let zone = self.zone(&rule.time_zone).unwrap_or_else(|| {
            self.problem(
                "/time_zone",
                say!("this time zone is unknown"),
                say!("write a name of the IANA database, such as Asia/Shanghai"),
            );
            Arc::default()
        });
        let hash = identity::rule_hash(&rule.id);
        if self.program.rule_by_hash.insert(hash, id).is_some() {
            self.problem("/id", say!("its hash equals another rule's"), say!("choose another id"));
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
            self.measures(rule, id, &mut compiled);
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
                say!("audience {id} is not loaded", id),
                say!("provide its members under this id"),
            );
            return None;
        };
        self.program.audiences.push(Arc::clone(audience));
        self.audience_ids.push(id);
        Some(self.audience_ids.len() as u32 - 1)
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
        // A measure of the whole user makes the condition true for values that are not judged meanwhile.
        compiled.forgets = rule.trigger.is_none()
            && !compiled.uses.iter().any(|used| {
                used.named && self.program.measure_at(used.measure).by.is_empty() == compiled.correlated
            })
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

    fn finish(mut self, entries: &[&Entry]) -> Program {
        let running = entries.iter().filter(|e| !matches!(e.rule.status, Status::Stopped));
        let texts: Vec<&str> = running.map(|e| &*e.text).collect();
        self.program.hash = identity::hex(texts.join("\n").as_bytes());
        let Program { predicates, patterns, by_type, any_type, .. } = &self.program;
        self.program.index = Index::new(predicates, patterns, by_type, any_type);
        self.program
    }
}
