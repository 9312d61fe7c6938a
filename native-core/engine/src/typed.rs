//! Events whose values come typed, out of columns, in place of JSON bytes.
//!
//! Invariant: a row and a JSON record with the same values are the same event. From here on nothing tells them apart.

use std::borrow::Cow;
use std::fmt;

use serde_json::value::RawValue;

use crate::read::Event;
use crate::value::{Number, Value};

/// A value of a row, as a host reads it.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed<'a> {
    /// Absent, or null.
    Missing,
    /// A bool.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other number; what is not finite has no value.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A list; an element may be missing.
    List(Vec<Typed<'a>>),
    /// An object: there, but without a value of its own.
    Object,
}

/// Rows that are events: many beside each other, numbered from 0.
pub trait Rows: fmt::Debug + Sync {
    /// The event's type; none makes it no event.
    fn event_type(&self, row: usize) -> Option<Cow<'_, str>>;
    /// The event's id, as JSON.
    fn id(&self, row: usize) -> Option<Cow<'_, RawValue>>;
    /// The value of the property in this place of [`Program::properties`](crate::Program::properties).
    fn value(&self, row: usize, property: usize) -> Typed<'_>;
}

/// What an event says.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// A record's bytes, which have passed the extractor.
    Json(&'a [u8]),
    /// One of many rows.
    Row(&'a dyn Rows, usize),
}

/// Reads a row as rules see it: `properties` of them, which go into `props`.
pub(crate) fn event<'a>(
    rows: &'a dyn Rows,
    row: usize,
    properties: usize,
    mut props: Vec<Value<'a>>,
) -> Option<Event<'a>> {
    let event_type = rows.event_type(row)?;
    props.extend((0..properties).map(|at| value(rows.value(row, at))));
    let id = rows.id(row).map(|id| match id {
        Cow::Borrowed(raw) => Cow::Borrowed(raw.get()),
        Cow::Owned(raw) => Cow::Owned(raw.get().to_owned()),
    });
    Some(Event { event_type, id, props })
}

fn value(typed: Typed<'_>) -> Value<'_> {
    match typed {
        Typed::Missing => Value::Missing,
        Typed::Bool(b) => Value::Bool(b),
        Typed::Int(i) => Value::int(i),
        Typed::Float(f) if f.is_finite() => Value::Number(Number::Float(f)),
        Typed::Float(_) => Value::Missing,
        Typed::Text(t) => Value::Text(t),
        Typed::List(list) => Value::List(list.into_iter().map(value).collect()),
        Typed::Object => Value::Object,
    }
}

impl Typed<'_> {
    /// The same value, borrowed from nothing.
    pub fn into_owned(self) -> Typed<'static> {
        match self {
            Typed::Missing => Typed::Missing,
            Typed::Bool(b) => Typed::Bool(b),
            Typed::Int(i) => Typed::Int(i),
            Typed::Float(f) => Typed::Float(f),
            Typed::Text(t) => Typed::Text(Cow::Owned(t.into_owned())),
            Typed::List(list) => Typed::List(list.into_iter().map(Typed::into_owned).collect()),
            Typed::Object => Typed::Object,
        }
    }
}
