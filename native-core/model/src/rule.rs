//! A rule as a value: what RULES (docs/rules) writes as JSON, here as types.
//!
//! Invariants: a value of [`Rule`] that came out of [`Rule::parse`](crate::Rule::parse) has passed every check
//! that needs no engine. Maps are ordered, so that a rule has one canonical text.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::{limits, schema};

/// A moment, in Unix milliseconds, with the offset in which its author wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp {
    /// Unix milliseconds.
    pub ms: i64,
    /// Seconds east of UTC, as written. It never changes what the moment means.
    pub offset: i32,
}

/// A length of time in milliseconds, written as an integer and a unit (`15m`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    /// Milliseconds.
    pub ms: i64,
}

/// A complete rule.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend("anyOf" = schema::when_or_trigger()))]
pub struct Rule {
    /// 1-64 of `[a-z0-9._-]`.
    #[schemars(length(max = 64), regex(pattern = r"^[a-z0-9._-]+$"))]
    pub id: String,
    /// At least 1; the highest wins.
    #[schemars(range(min = 1, max = i64::MAX))]
    pub revision: u64,
    /// What people call it.
    #[schemars(length(max = limits::MAX_NAME_BYTES))]
    pub name: Option<String>,
    /// Where it stands in its life.
    #[schemars(with = "Option<Status>")]
    pub status: Status,
    /// The cut P between history and live.
    pub published_at: Option<Timestamp>,
    /// When it may fire: `[from, to)`.
    #[schemars(with = "Option<Validity>")]
    pub validity: Validity,
    /// IANA name; calendar windows and limits go by it.
    #[schemars(with = "Option<String>")]
    pub time_zone: String,
    /// Who it is for; none = everyone.
    pub audience: Option<Audience>,
    /// What is remembered about a user, by name.
    #[schemars(with = "Option<schema::Measures>")]
    pub measures: BTreeMap<String, Measure>,
    /// The condition; none = true.
    #[schemars(with = "Option<schema::WhenPredicate>")]
    pub when: Option<Predicate>,
    /// What makes it judge; none = a change of what `when` names.
    pub trigger: Option<Trigger>,
    /// How often it may fire.
    #[schemars(with = "Option<Vec<Limit>>", length(max = limits::MAX_LIMITS))]
    pub limits: Vec<Limit>,
    /// The shortest pause between two firings.
    #[schemars(with = "Option<schema::Length>")]
    pub cooldown: Option<Duration>,
    /// Passed on untouched.
    pub action: Option<serde_json::Value>,
}

/// Status of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Status {
    /// Unknown to the engine.
    Draft,
    /// Measures and judges, does not fire: its history is being seeded.
    Warming,
    /// Fires.
    Live,
    /// Measures and judges, does not fire.
    Paused,
    /// Drops measures and judgements; keeps occurrence numbers, limits and cool-down.
    Stopped,
}

/// When a rule may fire: `from <= t < to`. Parsing fills `from` with `published_at` where it is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Validity {
    /// First moment.
    pub from: Option<Timestamp>,
    /// First moment after the last.
    pub to: Option<Timestamp>,
}

/// Who a rule is for. At least one of the two is there.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend("anyOf" = schema::id_or_profile()))]
pub struct Audience {
    /// Names a set of users whose members come from outside (or the result of `profile`).
    #[schemars(length(max = 64), regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"))]
    pub id: Option<String>,
    /// A predicate over profile tags.
    #[schemars(with = "Option<schema::ProfilePredicate>")]
    pub profile: Option<Predicate>,
}

/// One thing that is remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Aggregate and patterns.
    pub kind: MeasureKind,
    /// Which events count.
    pub window: Window,
    /// Correlation: property paths; empty = one instance per user.
    pub by: Vec<Path>,
    /// Correlation values kept per user (default 64).
    pub max_keys: Option<u32>,
    /// Open absences kept per user (default 64).
    pub max_open: Option<u32>,
    /// Candidate starts kept per step of a sequence with gap bounds (default 32).
    pub max_partials: Option<u32>,
    /// Events kept exactly in a sliding window (default 256).
    pub exact_events: Option<u32>,
}

/// The kinds of measures.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasureKind {
    /// Events matching.
    Count(Pattern),
    /// An aggregate of an expression over events matching.
    Aggregate {
        /// Which.
        function: Function,
        /// The expression.
        value: Operand,
        /// The events.
        of: Pattern,
    },
    /// Of the k largest numbers.
    Top {
        /// The expression.
        value: Operand,
        /// The events.
        of: Pattern,
        /// How many.
        k: u32,
        /// What of them.
        take: Take,
    },
    /// Number of different values, at most `up_to`.
    Distinct {
        /// The expression.
        value: Operand,
        /// The events.
        of: Pattern,
        /// The cap.
        up_to: u32,
    },
    /// Time of the first event matching.
    FirstTime(Pattern),
    /// Time of the last event matching.
    LastTime(Pattern),
    /// Steps in order.
    Sequence {
        /// At least two.
        steps: Vec<Step>,
        /// Longest time from the first step to the last.
        within: Option<Duration>,
        /// No event of any type between two steps.
        strict: bool,
    },
    /// How many times `from` was followed by `to` with a gap in bounds.
    Pairs {
        /// A.
        from: Pattern,
        /// B.
        to: Pattern,
        /// Shortest gap.
        min_gap: Option<Duration>,
        /// Longest gap.
        max_gap: Option<Duration>,
    },
    /// How many `after` went without a `no` for `within`.
    Absence {
        /// A opens a deadline.
        after: Pattern,
        /// B answers it.
        no: Pattern,
        /// The deadline's distance.
        within: Duration,
    },
}

/// Aggregates of one expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// Sum of the numbers.
    Sum,
    /// Least number.
    Min,
    /// Largest number.
    Max,
    /// Mean of the numbers.
    Avg,
    /// First value in the user's order.
    First,
    /// Last value in the user's order.
    Last,
}

/// What `top` takes of the k largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Take {
    /// Mean.
    Avg,
    /// Sum.
    Sum,
    /// The least of them.
    Min,
}

/// One step of a sequence.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Step {
    /// What it matches.
    #[schemars(flatten)]
    pub pattern: Pattern,
    /// Shortest time since the step before; refused on the first.
    pub min_gap: Option<Duration>,
    /// Longest time since the step before; refused on the first.
    pub max_gap: Option<Duration>,
    /// No such event strictly between the step before and this one; refused on the first.
    pub without: Option<Pattern>,
}

/// Events of some types for which a predicate holds.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Pattern {
    /// Event types, sorted, without repeats; none = any type.
    #[schemars(with = "Option<schema::EventTypes>")]
    pub event: Option<Vec<String>>,
    /// The predicate.
    #[schemars(rename = "where", with = "Option<schema::EventPredicate>")]
    pub filter: Option<Predicate>,
}

/// Which events a measure takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// All.
    Always,
    /// `[from, to)`; at least one end is there.
    Between {
        /// First moment.
        from: Option<Timestamp>,
        /// First moment after the last.
        to: Option<Timestamp>,
    },
    /// `[P - D, P)`.
    BeforePublish(Duration),
    /// `[P, ...)`.
    SincePublish,
    /// `[P - D, ...)`.
    AcrossPublish(Duration),
    /// `(t - D, t]`.
    Last(Duration),
    /// The same period as t, in the rule's time zone.
    Calendar(Period),
    /// Since the last pause longer than D.
    Session(Duration),
}

/// Calendar periods. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Period {
    /// An hour; one that a clock change repeats is two.
    Hour,
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// For ever (limits only).
    Life,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// An element equals, or a substring.
    Contains,
    /// Prefix.
    StartsWith,
    /// Suffix.
    EndsWith,
    /// The left value is an element of the right list.
    In,
    /// A regular expression, found anywhere; the right side is a constant.
    Matches,
}

/// Something true or false.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// A comparison of two operands.
    Compare(Comparison, Operand, Operand),
    /// A value is there.
    Exists(Operand),
    /// All hold; never empty.
    All(Vec<Predicate>),
    /// One holds; never empty.
    Any(Vec<Predicate>),
    /// It does not hold.
    Not(Box<Predicate>),
}

/// Something with a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A constant.
    Constant(Constant),
    /// A property of the event.
    Prop(Path),
    /// A profile tag (audience profiles only).
    Tag(String),
    /// A measure of the rule (`when` only).
    Measure(String),
    /// The user's clock in Unix ms (`when` only).
    Now,
    /// A length in ms (`when` only).
    Duration(Duration),
    /// A moment in Unix ms (`when` only).
    Time(Timestamp),
    /// Arithmetic.
    Arithmetic(Operator, Box<[Operand; 2]>),
}

/// `+ - * /`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// Real division.
    Div,
}

/// A constant. An integer beyond i64 is a `Float`.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// true, false.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Finite.
    Float(f64),
    /// Text.
    Text(String),
    /// Of scalars.
    List(Vec<Constant>),
}

/// A path to a property: names from the outside in. Written dotted, or as a list where a name holds a dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<String>);

/// What makes a rule judge.
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// Events matching.
    On(Pattern),
    /// This measure goes up by its own events or deadlines.
    Rise(String),
}

/// A cap on firings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Limit {
    /// At least 1.
    #[schemars(range(min = 1, max = u32::MAX))]
    pub times: u32,
    /// In each such period of the rule's time zone.
    pub per: Period,
}

/// Where in a record user, type, time, id and properties are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Path of the user.
    pub user: Path,
    /// Path of the type.
    pub event_type: Path,
    /// Path of the time.
    pub time: Path,
    /// Path of the id.
    pub id: Path,
    /// Path of the object that holds the properties; none = the whole record.
    pub props: Option<Path>,
    /// How the time is written.
    pub time_unit: TimeUnit,
}

/// How a time is written in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Unix milliseconds.
    Ms,
    /// Unix seconds.
    S,
    /// Unix microseconds.
    Us,
    /// Text.
    Rfc3339,
}

impl Default for Mapping {
    fn default() -> Self {
        let path = |name: &str| Path(vec![name.to_owned()]);
        Mapping {
            user: path("user"),
            event_type: path("type"),
            time: path("time"),
            id: path("id"),
            props: None,
            time_unit: TimeUnit::Ms,
        }
    }
}
