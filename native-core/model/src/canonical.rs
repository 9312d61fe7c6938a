//! Writing: a rule has one canonical JSON form. Defaults are left out, durations take their largest exact unit,
//! moments keep their author's offset, event types and names are sorted. Reading it gives the same rule again.

use serde_json::{Map, Value, json};

use crate::words::Word;
use crate::{
    Audience, Constant, Limit, Mapping, Measure, MeasureKind, Operand, Path, Pattern, Predicate, Rule,
    Status, Step, TimeUnit, Trigger, Window,
};

/// Compact JSON with sorted keys, whatever order the map keeps them in.
pub(crate) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (index, (key, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

/// An object of one field: the key that names a node's kind.
fn node(kind: &str, value: impl Into<Value>) -> Value {
    Value::Object(Map::from_iter([(kind.to_owned(), value.into())]))
}

/// Sets the field where there is something to say.
fn set(fields: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), value.into());
    }
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(each).collect())
}

impl Rule {
    /// The canonical JSON form, defaults left out.
    pub fn to_json(&self) -> Value {
        let mut fields = Map::new();
        set(&mut fields, "id", Some(self.id.as_str()));
        set(&mut fields, "revision", Some(self.revision));
        set(&mut fields, "name", self.name.as_deref());
        set(&mut fields, "status", (self.status != Status::Live).then(|| self.status.word()));
        set(&mut fields, "published_at", self.published_at.map(|at| at.to_string()));
        set(&mut fields, "validity", self.validity_json());
        set(&mut fields, "time_zone", (self.time_zone != "UTC").then_some(self.time_zone.as_str()));
        set(&mut fields, "audience", self.audience.as_ref().map(Audience::to_json));
        set(&mut fields, "measures", (!self.measures.is_empty()).then(|| self.measures_json()));
        set(&mut fields, "when", self.when.as_ref().map(Predicate::to_json));
        set(&mut fields, "trigger", self.trigger.as_ref().map(Trigger::to_json));
        set(&mut fields, "limits", (!self.limits.is_empty()).then(|| list(&self.limits, Limit::to_json)));
        set(&mut fields, "cooldown", self.cooldown.map(|pause| pause.to_string()));
        set(&mut fields, "action", self.action.clone());
        Value::Object(fields)
    }

    /// The canonical text: compact, keys sorted. Reading it gives this rule again.
    pub fn canonical(&self) -> String {
        text(&self.to_json())
    }

    /// `from` is left out where it is `published_at`, its default.
    fn validity_json(&self) -> Option<Value> {
        let mut fields = Map::new();
        let from = self.validity.from.filter(|from| Some(*from) != self.published_at);
        set(&mut fields, "from", from.map(|at| at.to_string()));
        set(&mut fields, "to", self.validity.to.map(|at| at.to_string()));
        (!fields.is_empty()).then_some(Value::Object(fields))
    }

    fn measures_json(&self) -> Value {
        self.measures.iter().map(|(name, measure)| (name.clone(), measure.to_json())).collect()
    }
}

impl Audience {
    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        let mut fields = Map::new();
        set(&mut fields, "id", self.id.as_deref());
        set(&mut fields, "profile", self.profile.as_ref().map(Predicate::to_json));
        Value::Object(fields)
    }
}

impl Trigger {
    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        match self {
            Trigger::On(pattern) => node("on", pattern.to_json()),
            Trigger::Rise(measure) => node("rise", measure.as_str()),
        }
    }
}

impl Limit {
    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        json!({"times": self.times, "per": self.per.word()})
    }
}

impl Measure {
    /// The canonical JSON form, without what it says by default.
    pub fn to_json(&self) -> Value {
        let (kind, value) = self.kind.parts();
        let mut fields = Map::new();
        set(&mut fields, kind, Some(value));
        set(&mut fields, "window", (self.window != Window::Always).then(|| self.window.to_json()));
        set(&mut fields, "by", (!self.by.is_empty()).then(|| list(&self.by, Path::to_json)));
        set(&mut fields, "max_keys", self.max_keys);
        set(&mut fields, "max_open", self.max_open);
        set(&mut fields, "max_partials", self.max_partials);
        set(&mut fields, "exact_events", self.exact_events);
        Value::Object(fields)
    }
}

impl MeasureKind {
    /// The key that names the kind (`count`, `absence`, ..).
    pub fn word(&self) -> &'static str {
        match self {
            MeasureKind::Count(_) => "count",
            MeasureKind::Aggregate { function, .. } => function.word(),
            MeasureKind::Top { .. } => "top",
            MeasureKind::Distinct { .. } => "distinct",
            MeasureKind::FirstTime(_) => "first_time",
            MeasureKind::LastTime(_) => "last_time",
            MeasureKind::Sequence { .. } => "sequence",
            MeasureKind::Pairs { .. } => "pairs",
            MeasureKind::Absence { .. } => "absence",
        }
    }

    fn parts(&self) -> (&'static str, Value) {
        let mut fields = Map::new();
        match self {
            MeasureKind::Count(pattern)
            | MeasureKind::FirstTime(pattern)
            | MeasureKind::LastTime(pattern) => {
                return (self.word(), pattern.to_json());
            }
            MeasureKind::Aggregate { value, of, .. } => set_value_of(&mut fields, value, of),
            MeasureKind::Top { value, of, k, take } => {
                set_value_of(&mut fields, value, of);
                set(&mut fields, "k", Some(*k));
                set(&mut fields, "take", Some(take.word()));
            }
            MeasureKind::Distinct { value, of, up_to } => {
                set_value_of(&mut fields, value, of);
                set(&mut fields, "up_to", Some(*up_to));
            }
            MeasureKind::Sequence { steps, within, strict } => {
                set(&mut fields, "steps", Some(list(steps, Step::to_json)));
                set(&mut fields, "within", within.map(|within| within.to_string()));
                set(&mut fields, "strict", strict.then_some(true));
            }
            MeasureKind::Pairs { from, to, min_gap, max_gap } => {
                set(&mut fields, "from", Some(from.to_json()));
                set(&mut fields, "to", Some(to.to_json()));
                set(&mut fields, "min_gap", min_gap.map(|gap| gap.to_string()));
                set(&mut fields, "max_gap", max_gap.map(|gap| gap.to_string()));
            }
            MeasureKind::Absence { after, no, within } => {
                set(&mut fields, "after", Some(after.to_json()));
                set(&mut fields, "no", Some(no.to_json()));
                set(&mut fields, "within", Some(within.to_string()));
            }
        }
        (self.word(), Value::Object(fields))
    }
}

fn set_value_of(fields: &mut Map<String, Value>, value: &Operand, of: &Pattern) {
    set(fields, "value", Some(value.to_json()));
    set(fields, "of", Some(of.to_json()));
}

impl Step {
    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        let mut fields = self.pattern.fields();
        set(&mut fields, "min_gap", self.min_gap.map(|gap| gap.to_string()));
        set(&mut fields, "max_gap", self.max_gap.map(|gap| gap.to_string()));
        set(&mut fields, "without", self.without.as_ref().map(Pattern::to_json));
        Value::Object(fields)
    }
}

impl Pattern {
    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        Value::Object(self.fields())
    }

    fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        match self.event.as_deref() {
            Some([only]) => set(&mut fields, "event", Some(only.as_str())),
            Some(several) => {
                set(&mut fields, "event", Some(list(several, |event| Value::from(event.as_str()))))
            }
            None => {}
        }
        set(&mut fields, "where", self.filter.as_ref().map(Predicate::to_json));
        fields
    }
}

impl Window {
    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        match self {
            Window::Always => Value::from("always"),
            Window::SincePublish => Value::from("since_publish"),
            Window::Between { from, to } => {
                let mut fields = Map::new();
                set(&mut fields, "from", from.map(|at| at.to_string()));
                set(&mut fields, "to", to.map(|at| at.to_string()));
                node("between", fields)
            }
            Window::BeforePublish(length) => node("before_publish", length.to_string()),
            Window::AcrossPublish(length) => node("across_publish", length.to_string()),
            Window::Last(length) => node("last", length.to_string()),
            Window::Calendar(period) => node("calendar", period.word()),
            Window::Session(gap) => node("session", gap.to_string()),
        }
    }
}

impl Predicate {
    /// The node's key in a rule: `all`, `any`, `not`, `exists`, or the comparison's.
    pub fn word(&self) -> &'static str {
        match self {
            Predicate::Compare(comparison, ..) => comparison.word(),
            Predicate::Exists(_) => "exists",
            Predicate::All(_) => "all",
            Predicate::Any(_) => "any",
            Predicate::Not(_) => "not",
        }
    }

    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        match self {
            Predicate::Compare(comparison, x, y) => node(comparison.word(), vec![x.to_json(), y.to_json()]),
            Predicate::Exists(x) => node("exists", x.to_json()),
            Predicate::All(parts) => node("all", list(parts, Predicate::to_json)),
            Predicate::Any(parts) => node("any", list(parts, Predicate::to_json)),
            Predicate::Not(part) => node("not", part.to_json()),
        }
    }
}

impl Operand {
    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        match self {
            Operand::Constant(constant) => constant.to_json(),
            Operand::Prop(path) => node("prop", path.to_json()),
            Operand::Tag(name) => node("tag", name.as_str()),
            Operand::Measure(name) => node("measure", name.as_str()),
            Operand::Now => node("now", true),
            Operand::Duration(length) => node("duration", length.to_string()),
            Operand::Time(at) => node("time", at.to_string()),
            Operand::Arithmetic(operator, sides) => {
                node(operator.word(), list(sides.as_slice(), Operand::to_json))
            }
        }
    }
}

impl Constant {
    /// The canonical JSON form.
    pub fn to_json(&self) -> Value {
        match self {
            Constant::Bool(flag) => Value::from(*flag),
            Constant::Int(number) => Value::from(*number),
            Constant::Float(number) => Value::from(*number),
            Constant::Text(text) => Value::from(text.as_str()),
            Constant::List(items) => list(items, Constant::to_json),
        }
    }
}

impl Path {
    /// Dotted, or a list of names where one holds a dot.
    pub fn to_json(&self) -> Value {
        if self.0.iter().any(|name| name.contains('.')) {
            list(&self.0, |name| Value::from(name.as_str()))
        } else {
            Value::from(self.0.join("."))
        }
    }
}

impl Mapping {
    /// The canonical JSON form, defaults left out.
    pub fn to_json(&self) -> Value {
        let usual = Mapping::default();
        let differs = |path: &Path, usual: &Path| (path != usual).then(|| path.to_json());
        let mut fields = Map::new();
        set(&mut fields, "user", differs(&self.user, &usual.user));
        set(&mut fields, "type", differs(&self.event_type, &usual.event_type));
        set(&mut fields, "time", differs(&self.time, &usual.time));
        set(&mut fields, "id", differs(&self.id, &usual.id));
        set(&mut fields, "props", self.props.as_ref().map(Path::to_json));
        set(&mut fields, "time_unit", (self.time_unit != TimeUnit::Ms).then(|| self.time_unit.word()));
        Value::Object(fields)
    }
}
