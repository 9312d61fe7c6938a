//! A batch of columns as events: user, type, time and id of each row, and the properties that rules read.
//!
//! Invariants: a row is bad for the same reasons, told by the same words, as the JSON record with its values; only
//! columns that somebody reads are kept.

use std::borrow::Cow;
use std::sync::Arc;

use alcedo_engine::{MAX_USER, Program, Rows, Typed, time_of};
use alcedo_model::limits::MAX_TIME_MS;
use alcedo_model::{Mapping, Path, TimeUnit};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use serde_json::value::RawValue;

use crate::Error;
use crate::column::Column;
use crate::error::columns_error;

/// What rules and a mapping read of a table.
#[derive(Debug)]
pub(crate) struct Reads {
    user: Path,
    event_type: Path,
    time: Path,
    id: Path,
    /// The object of the properties.
    object: Option<Path>,
    unit: TimeUnit,
    /// With the object's path in front.
    properties: Vec<Path>,
}

impl Reads {
    pub(crate) fn new(mapping: &Mapping, program: &Program) -> Reads {
        let prefix = mapping.props.as_ref().map_or(&[][..], |path| &path.0);
        let whole = |path: &Path| Path(prefix.iter().chain(&path.0).cloned().collect());
        Reads {
            user: mapping.user.clone(),
            event_type: mapping.event_type.clone(),
            time: mapping.time.clone(),
            id: mapping.id.clone(),
            object: mapping.props.clone(),
            unit: mapping.time_unit,
            properties: program.properties().iter().map(whole).collect(),
        }
    }

    /// Names of the columns that are read, of all there are.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let named = [&self.user, &self.event_type, &self.time, &self.id];
        let all = named.into_iter().chain(&self.object).chain(&self.properties);
        all.filter_map(|path| path.0.first().map(String::as_str)).collect()
    }

    /// Names of the columns whose text is a name, not a number: users, types and ids.
    pub(crate) fn names(&self) -> Vec<&str> {
        let named = [&self.user, &self.event_type, &self.id];
        named.into_iter().filter_map(|path| path.0.first().map(String::as_str)).collect()
    }

    /// Refuses a table that can have no events, before all its rows are called bad one by one.
    pub(crate) fn check(&self, schema: &Schema, name: &std::path::Path) -> Result<(), Error> {
        for (field, path) in [("user", &self.user), ("type", &self.event_type), ("time", &self.time)] {
            let column = path.0.first().map_or("", String::as_str);
            if !schema.fields().iter().any(|there| there.name() == column) {
                return Err(columns_error(name, schema, field, column));
            }
        }
        let refuse = |reason: String, cure: String| Error::Input { name: name.to_owned(), reason, cure };
        for column in self.columns() {
            // An object's repeated name counts once, the last time; which of two columns somebody means cannot be told.
            let times = schema.fields().iter().filter(|there| there.name() == column).count();
            if times > 1 {
                let reason = format!("{times} columns are named {column}");
                return Err(refuse(reason, "rename or leave out all of them but one".to_owned()));
            }
        }
        let kind = match &self.time.0[..] {
            [column] => schema.field_with_name(column).ok().map(Field::data_type),
            _ => None,
        };
        if kind.is_some_and(is_text) && self.unit != TimeUnit::Rfc3339 {
            let reason = format!("column {} holds texts, and times are read as numbers", self.time.0[0]);
            let cure = "texts of RFC 3339 are read with {\"time_unit\": \"rfc3339\"} in the mapping; of others make a \
                        column of moments first";
            return Err(refuse(reason, cure.to_owned()));
        }
        Ok(())
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// Rows in memory.
#[derive(Debug)]
pub(crate) struct Table {
    user: Column,
    event_type: Column,
    time: Column,
    id: Column,
    object: Column,
    unit: TimeUnit,
    properties: Vec<Column>,
    pub(crate) rows: usize,
    /// Position of the first row.
    pub(crate) first: i64,
}

impl Table {
    /// `name` is what errors call the input.
    pub(crate) fn new(
        batch: &RecordBatch,
        first: i64,
        reads: &Reads,
        name: &std::path::Path,
    ) -> Result<Table, Error> {
        let column = |path: &Path| {
            let (head, rest) = path.0.split_first().map_or(("", &[][..]), |(head, rest)| (&**head, rest));
            let at = batch.schema_ref().fields().iter().rposition(|field| field.name() == head);
            let Some(array) = at.and_then(|at| batch.columns().get(at)) else { return Ok(Column::missing()) };
            Column::resolve(array, rest).map_err(|kind| Error::Input {
                name: name.to_owned(),
                reason: format!("column {head} is of type {kind}, which rules cannot read"),
                cure: "cast it to a number, text, time, list or struct, or leave it out".to_owned(),
            })
        };
        Ok(Table {
            user: column(&reads.user)?,
            event_type: column(&reads.event_type)?,
            time: column(&reads.time)?,
            id: column(&reads.id)?,
            object: reads.object.as_ref().map_or_else(|| Ok(Column::missing()), column)?,
            unit: reads.unit,
            properties: reads.properties.iter().map(column).collect::<Result<_, _>>()?,
            rows: batch.num_rows(),
            first,
        })
    }

    /// What is read again of some rows, in their order: neither users nor times are.
    pub(crate) fn pick(self, rows: &Arc<[u32]>) -> Table {
        Table {
            user: Column::missing(),
            event_type: self.event_type.pick(rows),
            time: Column::missing(),
            id: self.id.pick(rows),
            object: Column::missing(),
            properties: self.properties.into_iter().map(|column| column.pick(rows)).collect(),
            rows: rows.len(),
            ..self
        }
    }

    /// User and time (Unix ms) of a row, or the word that says why it is bad.
    pub(crate) fn extract(&self, row: usize) -> Result<(Cow<'_, str>, i64), &'static str> {
        let user = self.user(row)?;
        if self.event_type.text(row).is_none() {
            return Err(if self.event_type.value(row) == Typed::Missing { "no_type" } else { "bad_type" });
        }
        let time = self.time(row)?;
        let is_object = || matches!(self.object.value(row), Typed::Missing | Typed::Object);
        if self.object.is_object() || is_object() { Ok((user, time)) } else { Err("props_not_object") }
    }

    fn user(&self, row: usize) -> Result<Cow<'_, str>, &'static str> {
        if let Some(user) = self.user.text(row) {
            let fits = !user.is_empty() && user.len() <= MAX_USER;
            return if fits { Ok(Cow::Borrowed(user)) } else { Err("bad_user") };
        }
        match self.user.value(row) {
            Typed::Int(user) => Ok(Cow::Owned(user.to_string())),
            Typed::Missing => Err("no_user"),
            _ => Err("bad_user"),
        }
    }

    fn time(&self, row: usize) -> Result<i64, &'static str> {
        let within =
            |ms: i64| if (0..=MAX_TIME_MS).contains(&ms) { Ok(ms) } else { Err("time_out_of_range") };
        if let Some(ms) = self.time.moment(row) {
            return within(ms);
        }
        match (self.time.value(row), self.unit) {
            (Typed::Missing, _) => Err("no_time"),
            (Typed::Int(ms), TimeUnit::Ms) => within(ms),
            (value, unit) => time_of(&json(&value).to_string(), unit),
        }
    }

    /// What is shown of a row that is bad.
    pub(crate) fn shown(&self, row: usize) -> Vec<u8> {
        let values = [&self.user, &self.event_type, &self.time, &self.id].map(|column| column.value(row));
        let named = ["user", "type", "time", "id"].into_iter().zip(&values);
        let object: serde_json::Map<_, _> =
            named.map(|(name, value)| (name.to_owned(), json(value))).collect();
        serde_json::Value::Object(object).to_string().into_bytes()
    }

    /// The same row, borrowed from nothing.
    pub(crate) fn row(&self, row: usize) -> OneRow {
        OneRow {
            event_type: self.event_type.text(row).map(str::to_owned),
            id: self.id(row).map(Cow::into_owned),
            values: self.properties.iter().map(|column| column.value(row).into_owned()).collect(),
        }
    }
}

impl Rows for Table {
    fn event_type(&self, row: usize) -> Option<Cow<'_, str>> {
        self.event_type.text(row).map(Cow::Borrowed)
    }
    fn id(&self, row: usize) -> Option<Cow<'_, RawValue>> {
        match self.id.value(row) {
            Typed::Missing => None,
            id => RawValue::from_string(json(&id).to_string()).ok().map(Cow::Owned),
        }
    }
    fn value(&self, row: usize, property: usize) -> Typed<'_> {
        self.properties.get(property).map_or(Typed::Missing, |column| column.value(row))
    }
}

/// One row, taken out of its table.
#[derive(Debug)]
pub(crate) struct OneRow {
    event_type: Option<String>,
    id: Option<Box<RawValue>>,
    values: Vec<Typed<'static>>,
}

impl Rows for OneRow {
    fn event_type(&self, _: usize) -> Option<Cow<'_, str>> {
        self.event_type.as_deref().map(Cow::Borrowed)
    }
    fn id(&self, _: usize) -> Option<Cow<'_, RawValue>> {
        self.id.as_deref().map(Cow::Borrowed)
    }
    fn value(&self, _: usize, property: usize) -> Typed<'_> {
        self.values.get(property).cloned().unwrap_or(Typed::Missing)
    }
}

/// A value as JSON.
pub(crate) fn json(value: &Typed<'_>) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Typed::Missing => Json::Null,
        Typed::Bool(b) => Json::from(*b),
        Typed::Int(i) => Json::from(*i),
        Typed::Float(f) => Json::from(*f),
        Typed::Text(text) => Json::from(text.as_ref()),
        Typed::List(list) => Json::Array(list.iter().map(json).collect()),
        Typed::Object => Json::Object(serde_json::Map::new()),
    }
}

/// What is kept of some of the input.
#[derive(Debug)]
pub(crate) enum Chunk {
    /// JSON records, one behind the other.
    Lines(Vec<u8>),
    /// Rows.
    Rows(Box<Table>),
}
