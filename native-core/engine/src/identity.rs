//! Identity by content: what two measures, conditions or rules must share to be one.
//!
//! Every thing has one canonical text; its identity is the first 8 bytes of that text's xxh3-128. State bytes name
//! measures and rules by it, so the text's form is part of the state format and never changes within one.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use alcedo_model::{
    Audience, Constant, Measure, MeasureKind, Operand, Path, Pattern, Predicate, Rule, Step, Timestamp,
    Trigger, Window,
};
use xxhash_rust::xxh3::xxh3_128;

use crate::value::{Value, to_json};

/// Default number of correlation values per user and measure.
pub(crate) const MAX_KEYS: u32 = 64;
/// Default number of open absences per user and measure.
pub(crate) const MAX_OPEN: u32 = 64;
/// Default number of events kept exactly in a sliding window.
pub(crate) const EXACT_EVENTS: u32 = 256;
/// Default number of candidate starts per step.
pub(crate) const MAX_PARTIALS: u32 = 32;

/// Lower-case hex of the xxh3-128.
pub(crate) fn hex(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

/// The 8 bytes by which state names something.
pub(crate) fn short(text: &str) -> u64 {
    (xxh3_128(text.as_bytes()) >> 64) as u64
}

/// Names a rule in state bytes.
pub(crate) fn rule_hash(id: &str) -> u64 {
    short(&format!("rule {id}"))
}

/// The audience's id, or the hash of its profile.
pub fn audience_id(audience: &Audience) -> String {
    match (&audience.id, &audience.profile) {
        (Some(id), _) => id.clone(),
        (None, Some(profile)) => hex(predicate_text(profile, &[]).as_bytes()),
        (None, None) => String::new(),
    }
}

/// Canonical text of a measure in its rule: all that may change one of its values.
pub(crate) fn measure_text(measure: &Measure, rule: &Rule) -> String {
    let mut out = String::new();
    kind(&mut out, measure);
    out.push_str(" window ");
    window(&mut out, &measure.window, rule);
    out.push_str(" by ");
    for path in &measure.by {
        path_text(&mut out, path);
        out.push(' ');
    }
    let _ = write!(out, " keys {}", measure.max_keys.unwrap_or(MAX_KEYS));
    let _ = write!(out, " open {}", measure.max_open.unwrap_or(MAX_OPEN));
    let _ = write!(out, " partials {}", measure.max_partials.unwrap_or(MAX_PARTIALS));
    let _ = write!(out, " exact {}", measure.exact_events.unwrap_or(EXACT_EVENTS));
    if let Some(audience) = &rule.audience {
        out.push_str(" audience ");
        quote(&mut out, &audience_id(audience));
    }
    out
}

/// Canonical text of what decides a rule's last judgement: `when`, `trigger` and the measures they name.
pub(crate) fn judgement_text(rule: &Rule) -> String {
    let mut out = String::new();
    if let Some(when) = &rule.when {
        predicate(&mut out, when);
    }
    match &rule.trigger {
        None => {}
        Some(Trigger::On(p)) => pattern(&mut out, p),
        Some(Trigger::Rise(name)) => {
            let _ = write!(out, " rise {name}");
        }
    }
    for name in named_measures(rule) {
        if let Some(measure) = rule.measures.get(name) {
            let text = measure_text(measure, rule);
            let _ = write!(out, " {name}: {text}");
        }
    }
    out
}

/// Names of the measures that `when` or the trigger name.
pub(crate) fn named_measures(rule: &Rule) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    if let Some(when) = &rule.when {
        names_in(when, &mut names);
    }
    if let Some(Trigger::Rise(name)) = &rule.trigger {
        names.insert(name);
    }
    names
}

/// Names of the measures in a condition.
pub(crate) fn names_in<'r>(p: &'r Predicate, names: &mut BTreeSet<&'r str>) {
    match p {
        Predicate::All(items) | Predicate::Any(items) => items.iter().for_each(|i| names_in(i, names)),
        Predicate::Not(inner) => names_in(inner, names),
        Predicate::Exists(x) => operand_names(x, names),
        Predicate::Compare(_, a, b) => {
            operand_names(a, names);
            operand_names(b, names);
        }
    }
}

fn operand_names<'r>(x: &'r Operand, names: &mut BTreeSet<&'r str>) {
    match x {
        Operand::Measure(name) => {
            names.insert(name);
        }
        Operand::Arithmetic(_, sides) => sides.iter().for_each(|s| operand_names(s, names)),
        _ => {}
    }
}

/// A text quoted as JSON: the standard library's debug form may change, JSON's does not.
fn quote(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// Canonical text of a predicate. With `names`, measures are written by number too, for the sharing of nodes.
pub(crate) fn predicate_text(p: &Predicate, names: &[&str]) -> String {
    let mut out = String::new();
    predicate(&mut out, p);
    if out.contains("measure(") {
        let _ = write!(out, " of {names:?}");
    }
    out
}

/// Names a `by`.
pub(crate) fn by_hash(by: &[Path]) -> u64 {
    let mut out = String::from("by ");
    by.iter().for_each(|path| {
        path_text(&mut out, path);
        out.push(' ');
    });
    short(&out)
}

/// Canonical text of a pattern.
pub(crate) fn pattern_text(p: &Pattern) -> String {
    let mut out = String::new();
    pattern(&mut out, p);
    out
}

fn predicate(out: &mut String, p: &Predicate) {
    let mut list = |name: &str, items: &[Predicate]| {
        out.push_str(name);
        out.push('[');
        for item in items {
            predicate(out, item);
            out.push(',');
        }
        out.push(']');
    };
    match p {
        Predicate::All(items) => list("all", items),
        Predicate::Any(items) => list("any", items),
        Predicate::Not(inner) => list("not", std::slice::from_ref(inner)),
        Predicate::Exists(x) => {
            out.push_str("exists(");
            operand(out, x);
            out.push(')');
        }
        Predicate::Compare(op, a, b) => {
            let _ = write!(out, "{op:?}(");
            operand(out, a);
            out.push(',');
            operand(out, b);
            out.push(')');
        }
    }
}

fn operand(out: &mut String, x: &Operand) {
    match x {
        Operand::Constant(c) => constant(out, c),
        Operand::Prop(path) => {
            out.push_str("prop");
            path_text(out, path);
        }
        Operand::Tag(name) => {
            out.push_str("tag ");
            quote(out, name);
        }
        Operand::Measure(name) => {
            let _ = write!(out, "measure({name})");
        }
        Operand::Now => out.push_str("now"),
        Operand::Duration(d) => {
            let _ = write!(out, "{}", d.ms);
        }
        Operand::Time(t) => {
            let _ = write!(out, "{}", t.ms);
        }
        Operand::Arithmetic(op, sides) => {
            let _ = write!(out, "{op:?}(");
            operand(out, &sides[0]);
            out.push(',');
            operand(out, &sides[1]);
            out.push(')');
        }
    }
}

/// `1` and `1.0` are one constant; texts are quoted as JSON.
fn constant(out: &mut String, c: &Constant) {
    let _ = write!(out, "{}", to_json(&Value::constant(c)));
}

fn path_text(out: &mut String, path: &Path) {
    for name in &path.0 {
        out.push('/');
        quote(out, name);
    }
}

fn pattern(out: &mut String, p: &Pattern) {
    out.push('{');
    for name in p.event.iter().flatten() {
        quote(out, name);
    }
    // No types at all means any type; a list of none is refused before.
    out.push_str(if p.event.is_none() { "* " } else { " " });
    if let Some(filter) = &p.filter {
        predicate(out, filter);
    }
    out.push('}');
}

fn step(out: &mut String, s: &Step) {
    pattern(out, &s.pattern);
    let _ = write!(out, " gap {:?} {:?} without ", s.min_gap.map(|d| d.ms), s.max_gap.map(|d| d.ms));
    if let Some(without) = &s.without {
        pattern(out, without);
    }
    out.push(';');
}

fn kind(out: &mut String, measure: &Measure) {
    let mut of = |name: &str, value: &Operand, p: &Pattern, more: String| {
        let _ = write!(out, "{name} {more} ");
        operand(out, value);
        pattern(out, p);
    };
    match &measure.kind {
        MeasureKind::Aggregate { function, value, of: p } => {
            of(&format!("{function:?}"), value, p, String::new())
        }
        MeasureKind::Top { value, of: p, k, take } => of("top", value, p, format!("{k} {take:?}")),
        MeasureKind::Distinct { value, of: p, up_to } => of("distinct", value, p, up_to.to_string()),
        MeasureKind::Count(p) => one(out, "count", p),
        MeasureKind::FirstTime(p) => one(out, "first_time", p),
        MeasureKind::LastTime(p) => one(out, "last_time", p),
        MeasureKind::Sequence { steps, within, strict } => {
            let _ = write!(out, "sequence within {:?} strict {strict} ", within.map(|d| d.ms));
            steps.iter().for_each(|s| step(out, s));
        }
        MeasureKind::Pairs { from, to, min_gap, max_gap } => {
            let _ = write!(out, "pairs {:?} {:?} ", min_gap.map(|d| d.ms), max_gap.map(|d| d.ms));
            pattern(out, from);
            pattern(out, to);
        }
        MeasureKind::Absence { after, no, within } => {
            let _ = write!(out, "absence {} ", within.ms);
            pattern(out, after);
            pattern(out, no);
        }
    }
}

fn one(out: &mut String, name: &str, p: &Pattern) {
    out.push_str(name);
    out.push(' ');
    pattern(out, p);
}

fn window(out: &mut String, window: &Window, rule: &Rule) {
    let ms = |t: &Option<Timestamp>| t.map(|t| t.ms);
    let p = ms(&rule.published_at);
    let _ = match window {
        Window::Always => write!(out, "always"),
        Window::Between { from, to } => write!(out, "between {:?} {:?}", ms(from), ms(to)),
        Window::BeforePublish(d) => write!(out, "before {} {p:?}", d.ms),
        Window::SincePublish => write!(out, "since {p:?}"),
        Window::AcrossPublish(d) => write!(out, "across {} {p:?}", d.ms),
        Window::Last(d) => write!(out, "last {}", d.ms),
        Window::Calendar(period) => write!(out, "calendar {period:?} {}", rule.time_zone),
        Window::Session(d) => write!(out, "session {}", d.ms),
    };
}
