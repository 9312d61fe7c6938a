//! The JSON Schema (draft 2020-12) of a rule, generated from the types.
//!
//! Derived where a type's shape is its JSON's. Written out where one key names the kind of a node: there an object
//! of all kinds with at most one property lets an editor name the place of an error, which a `oneOf` of fifteen
//! shapes cannot. The schema judges shapes; what needs the whole rule (names of measures, sums of gaps) only
//! [`Rule::parse`] judges.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::limits;
use crate::words::{Word, words};
use crate::{
    Comparison, Duration, Function, Measure, Operator, Path, Pattern, Period, Rule, Step, Take, Timestamp,
    Trigger, Window,
};

/// The JSON Schema of a rule.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Rule>().to_value()
}

/// What a derive cannot say of a rule.
pub(crate) fn when_or_trigger() -> Value {
    either("when", "trigger")
}

/// What a derive cannot say of an audience.
pub(crate) fn id_or_profile() -> Value {
    either("id", "profile")
}

fn either(a: &str, b: &str) -> Value {
    let there = |name: &str| json!({"required": [name], "properties": {name: {"not": {"type": "null"}}}});
    json!([there(a), there(b)])
}

/// A definition with a name of its own.
macro_rules! definition {
    ($type:ty, $name:literal, |$generator:ident| $schema:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

definition!(Timestamp, "Timestamp", |_generator| json_schema!({
    "description": "A moment: RFC 3339 with an offset, to the millisecond, between 1970 and 9999.",
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    "examples": ["2022-08-10T00:00:00+08:00"],
}));

definition!(Duration, "Duration", |_generator| json_schema!({
    "description": "A length of time: an integer and a unit of ms, s, m, h, d (24 h) or w.",
    "type": "string",
    "pattern": r"^[0-9]+(ms|s|m|h|d|w)$",
    "examples": ["15m"],
}));

definition!(Path, "Path", |_generator| json_schema!({
    "description": "A path to a property: names with dots between them, or a list of names where a name holds a dot.",
    "anyOf": [
        {"type": "string", "pattern": r"^[^.]+(\.[^.]+)*$", "maxLength": limits::MAX_PATH_BYTES + limits::MAX_PATH_NAMES - 1},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": limits::MAX_PATH_NAMES},
    ],
}));

/// A length that holds something.
pub(crate) struct Length;
definition!(Length, "Length", |_generator| json_schema!({
    "description": "A length of time above 0: an integer and a unit of ms, s, m, h, d (24 h) or w.",
    "type": "string",
    "pattern": r"^0*[1-9][0-9]*(ms|s|m|h|d|w)$",
    "examples": ["15m"],
}));

/// One event type or several.
pub(crate) struct EventTypes;
definition!(EventTypes, "EventTypes", |_generator| {
    let name = json!({"type": "string", "minLength": 1, "maxLength": limits::MAX_EVENT_TYPE_BYTES});
    json_schema!({
        "description": "An event type, or several of them.",
        "anyOf": [name, {"type": "array", "items": name, "minItems": 1, "maxItems": limits::MAX_EVENT_TYPES}],
    })
});

/// A scalar or a list of scalars.
struct AnyConstant;
definition!(AnyConstant, "Constant", |_generator| {
    let scalar = json!({"type": ["boolean", "number", "string"]});
    json_schema!({
        "description": "A constant: a scalar, or a list of scalars. Text is text.",
        "type": ["boolean", "number", "string", "array"],
        "maxLength": limits::MAX_TEXT_BYTES,
        "items": scalar,
        "maxItems": limits::MAX_LIST,
    })
});

/// The measures by name.
pub(crate) struct Measures;
definition!(Measures, "Measures", |generator| json_schema!({
    "description": "What is remembered about a user, by name.",
    "type": "object",
    "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,31}$"},
    "additionalProperties": generator.subschema_for::<Measure>(),
    "maxProperties": limits::MAX_MEASURES,
}));

/// An object of one property, which names its kind.
fn node(description: &str, kinds: Map<String, Value>) -> Value {
    json!({
        "description": description,
        "type": "object",
        "properties": kinds,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    })
}

/// An object of known fields.
fn fields<const N: usize>(properties: [(&str, Value); N], required: &[&str]) -> Value {
    let properties: Map<String, Value> =
        properties.into_iter().map(|(name, shape)| (name.to_owned(), shape)).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn integer(most: u32) -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": most})
}

fn optional_integer(most: u32) -> Value {
    json!({"type": ["integer", "null"], "minimum": 1, "maximum": most})
}

definition!(Trigger, "Trigger", |generator| {
    let kinds = [("on", shape::<Pattern>(generator)), ("rise", json!({"type": "string"}))];
    let kinds = kinds.into_iter().map(|(kind, shape)| (kind.to_owned(), shape)).collect();
    Schema::try_from(node("What makes a rule judge: an event, or a measure that goes up.", kinds))
        .unwrap_or_default()
});

definition!(Window, "Window", |generator| {
    let length = shape::<Length>(generator);
    let moment = shape::<Option<Timestamp>>(generator);
    let mut between = fields([("from", moment.clone()), ("to", moment)], &[]);
    between["anyOf"] = either("from", "to");
    let periods: Vec<&str> =
        words::<Period>().into_iter().filter(|word| *word != Period::Life.word()).collect();
    let kinds = [
        ("between", between),
        ("before_publish", length.clone()),
        ("across_publish", length.clone()),
        ("last", length.clone()),
        ("calendar", json!({"enum": periods})),
        ("session", length),
    ];
    let kinds = kinds.into_iter().map(|(kind, shape)| (kind.to_owned(), shape)).collect();
    json_schema!({
        "description": "Which events a measure takes in.",
        "anyOf": [{"enum": ["always", "since_publish"]}, node("A window with bounds.", kinds)],
    })
});

definition!(Measure, "Measure", |generator| {
    let kinds = measure_kinds(generator);
    let one_kind: Vec<Value> = kinds.keys().map(|kind| json!({"required": [kind]})).collect();
    let mut properties = kinds;
    let beside = [
        ("window", shape::<Option<Window>>(generator)),
        ("by", by(generator)),
        ("max_keys", optional_integer(limits::MAX_KEYS)),
        ("max_open", optional_integer(limits::MAX_OPEN)),
        ("max_partials", optional_integer(limits::MAX_PARTIALS)),
        ("exact_events", optional_integer(limits::MAX_EXACT_EVENTS)),
    ];
    properties.extend(beside.map(|(name, shape)| (name.to_owned(), shape)));
    json_schema!({
        "description": "One thing that is remembered: one kind, and beside it window, correlation and bounds.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "oneOf": one_kind,
    })
});

fn by(generator: &mut SchemaGenerator) -> Value {
    json!({
        "description": "The properties that correlate.",
        "type": ["array", "null"],
        "items": shape::<Path>(generator),
        "uniqueItems": true,
        "maxItems": limits::MAX_BY,
    })
}

fn measure_kinds(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let pattern = shape::<Pattern>(generator);
    let value = shape::<EventOperand>(generator);
    let of = [("value", value), ("of", pattern.clone())];
    let [value, events] = of.clone();
    let mut kinds = Map::new();
    for kind in ["count", "first_time", "last_time"] {
        kinds.insert(kind.to_owned(), pattern.clone());
    }
    for kind in words::<Function>() {
        kinds.insert(kind.to_owned(), fields(of.clone(), &["value", "of"]));
    }
    let top =
        [value.clone(), events.clone(), ("k", integer(limits::MAX_K)), ("take", shape::<Take>(generator))];
    kinds.insert("top".to_owned(), fields(top, &["value", "of", "k", "take"]));
    let distinct = [value, events, ("up_to", integer(limits::MAX_UP_TO))];
    kinds.insert("distinct".to_owned(), fields(distinct, &["value", "of", "up_to"]));
    kinds.insert("sequence".to_owned(), sequence(generator));
    let gap = shape::<Option<Duration>>(generator);
    let pairs =
        [("from", pattern.clone()), ("to", pattern.clone()), ("min_gap", gap.clone()), ("max_gap", gap)];
    kinds.insert("pairs".to_owned(), fields(pairs, &["from", "to"]));
    let absence = [("after", pattern.clone()), ("no", pattern), ("within", shape::<Length>(generator))];
    kinds.insert("absence".to_owned(), fields(absence, &["after", "no", "within"]));
    kinds
}

fn sequence(generator: &mut SchemaGenerator) -> Value {
    let steps = json!({
        "type": "array",
        "items": shape::<Step>(generator),
        "minItems": 2,
        "maxItems": limits::MAX_STEPS,
    });
    let strict = json!({"type": ["boolean", "null"], "default": false});
    fields([("steps", steps), ("within", shape::<Option<Length>>(generator)), ("strict", strict)], &["steps"])
}

/// What may be read where a predicate stands.
pub(crate) trait Site {
    /// Part of the definition's name.
    const NAME: &'static str;
    /// The readings, beside constants and arithmetic.
    fn readings(generator: &mut SchemaGenerator) -> Vec<(&'static str, Value)>;
}

/// In a pattern: the event.
pub(crate) struct InEvent;
/// In a profile: tags.
pub(crate) struct InProfile;
/// In `when`: measures, the clock and the judged event.
pub(crate) struct InWhen;

impl Site for InEvent {
    const NAME: &'static str = "Event";

    fn readings(generator: &mut SchemaGenerator) -> Vec<(&'static str, Value)> {
        vec![("prop", shape::<Path>(generator))]
    }
}

impl Site for InProfile {
    const NAME: &'static str = "Profile";

    fn readings(_generator: &mut SchemaGenerator) -> Vec<(&'static str, Value)> {
        vec![("tag", json!({"type": "string", "minLength": 1, "maxLength": limits::MAX_PATH_BYTES}))]
    }
}

impl Site for InWhen {
    const NAME: &'static str = "When";

    fn readings(generator: &mut SchemaGenerator) -> Vec<(&'static str, Value)> {
        vec![
            ("prop", shape::<Path>(generator)),
            ("measure", json!({"type": "string"})),
            ("now", json!({"const": true})),
            ("duration", shape::<Duration>(generator)),
            ("time", shape::<Timestamp>(generator)),
        ]
    }
}

/// A predicate at a site.
pub(crate) struct PredicateAt<S>(PhantomData<S>);
/// An operand at a site.
pub(crate) struct OperandAt<S>(PhantomData<S>);

pub(crate) type EventPredicate = PredicateAt<InEvent>;
pub(crate) type ProfilePredicate = PredicateAt<InProfile>;
pub(crate) type WhenPredicate = PredicateAt<InWhen>;
type EventOperand = OperandAt<InEvent>;

impl<S: Site> JsonSchema for PredicateAt<S> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Predicate", S::NAME).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let this = shape::<Self>(generator);
        let operand = shape::<OperandAt<S>>(generator);
        let two = json!({"type": "array", "items": operand, "minItems": 2, "maxItems": 2});
        let list = json!({"type": "array", "prefixItems": [{"not": {"type": "array"}}, {"type": ["array", "object"]}]});
        let regex = json!({"type": "string", "maxLength": limits::MAX_REGEX_BYTES});
        let parts = json!({"type": "array", "items": this, "minItems": 1});
        let mut kinds = Map::new();
        for comparison in words::<Comparison>() {
            kinds.insert(comparison.to_owned(), two.clone());
        }
        kinds.insert("in".to_owned(), json!({"allOf": [two, list]}));
        kinds.insert("matches".to_owned(), json!({"allOf": [two, {"prefixItems": [true, regex]}]}));
        kinds.insert("exists".to_owned(), operand);
        kinds.insert("all".to_owned(), parts.clone());
        kinds.insert("any".to_owned(), parts);
        kinds.insert("not".to_owned(), this);
        Schema::try_from(node("Something true or false; its one key names its kind.", kinds))
            .unwrap_or_default()
    }
}

impl<S: Site> JsonSchema for OperandAt<S> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Operand", S::NAME).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let this = shape::<Self>(generator);
        let constant = shape::<AnyConstant>(generator);
        let two = json!({"type": "array", "items": this, "minItems": 2, "maxItems": 2});
        let mut kinds: Map<String, Value> =
            S::readings(generator).into_iter().map(|(kind, shape)| (kind.to_owned(), shape)).collect();
        kinds.extend(words::<Operator>().into_iter().map(|operator| (operator.to_owned(), two.clone())));
        json_schema!({
            "description": "Something with a value: a constant, or an object whose one key says what is read.",
            "anyOf": [constant, node("A reading, or arithmetic.", kinds)],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    /// The words that a derived schema lists.
    fn listed<T: JsonSchema>() -> Vec<String> {
        let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value();
        let choices = schema["oneOf"].as_array().unwrap();
        choices.iter().map(|choice| choice["const"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn every_kind_that_is_read_is_in_the_schema() {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let mut read = crate::parse::KINDS;
        read.sort_unstable();
        let mut shapes: Vec<String> = measure_kinds(&mut generator).keys().cloned().collect();
        shapes.sort_unstable();
        assert_eq!(shapes, read);
    }

    #[test]
    fn derived_words_are_the_words_that_are_read() {
        assert_eq!(listed::<Status>(), words::<Status>());
        assert_eq!(listed::<Period>(), words::<Period>());
        assert_eq!(listed::<Take>(), words::<Take>());
    }
}
