//! Profiles: a predicate over one user's tags, asked once per user when an audience is made.

use std::borrow::Cow;

use alcedo_model::{Predicate, Problem};

use crate::extract::{MAX_USER, without_mark};
use crate::predicate::{Compiler, PredicateId, Predicates, Scope, Seen};
use crate::value::Value;

/// One user's profile.
#[derive(Debug, Clone)]
pub struct Tags {
    /// Whose.
    pub user: String,
    values: serde_json::Map<String, serde_json::Value>,
}

impl Tags {
    /// Reads one line `{"user": .., "tag": value, ..}`. The user is a text of 1 to 128 bytes or an integer.
    ///
    /// # Errors
    /// Says what is wrong with the line.
    pub fn parse_line(line: &str) -> Result<Self, String> {
        let values: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(without_mark(line.as_bytes()))
                .map_err(|e| format!("not a JSON object: {e}"))?;
        let user = match values.get("user") {
            Some(serde_json::Value::String(s)) if !s.is_empty() && s.len() <= MAX_USER => s.clone(),
            Some(serde_json::Value::Number(n)) if n.is_i64() => n.to_string(),
            _ => return Err("`user` must be a text of 1 to 128 bytes or an integer".to_owned()),
        };
        Ok(Tags { user, values })
    }

    pub(crate) fn value(&self, name: &str) -> Option<&serde_json::Value> {
        self.values.get(name)
    }
}

/// A profile predicate, compiled once for many users.
#[derive(Debug)]
pub struct Profile {
    predicates: Predicates,
    root: PredicateId,
}

impl Profile {
    /// Compiles.
    ///
    /// # Errors
    /// Every part that does not compile, with paths from the profile's own root.
    pub fn compile(profile: &Predicate) -> Result<Self, Vec<Problem>> {
        let mut predicates = Predicates::default();
        let mut problems = Vec::new();
        let mut compiler = Compiler { predicates: &mut predicates, measures: &[], problems: &mut problems };
        let root = compiler.predicate(profile, "");
        if problems.is_empty() { Ok(Profile { predicates, root }) } else { Err(problems) }
    }

    /// Whether it holds for this user.
    pub fn holds(&self, tags: &Tags) -> bool {
        self.predicates.holds(self.root, &ProfileScope { tags })
    }
}

/// A profile sees tags.
pub(crate) struct ProfileScope<'a> {
    pub(crate) tags: &'a Tags,
}

impl Scope for ProfileScope<'_> {
    fn prop(&self, _: u32) -> Seen<'_> {
        Seen::Own(Value::Missing)
    }
    fn tag(&self, name: &str) -> Seen<'_> {
        Seen::Own(self.tags.value(name).map_or(Value::Missing, from_json))
    }
    fn measure(&self, _: u32) -> Value<'static> {
        Value::Missing
    }
    fn now(&self) -> Option<i64> {
        None
    }
}

fn from_json(json: &serde_json::Value) -> Value<'_> {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Missing,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(i) => Value::int(i),
            None => n.as_f64().map_or(Value::Missing, Value::float),
        },
        Json::String(s) => Value::Text(Cow::Borrowed(s)),
        Json::Array(list) => Value::List(list.iter().map(from_json).collect()),
        Json::Object(_) => Value::Object,
    }
}
