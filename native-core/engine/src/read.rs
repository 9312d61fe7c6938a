//! Reads records: JSON bytes into the few values that somebody asks for.
//!
//! Two readers share one tree of wanted paths. [`Extractor`] runs once, in the source: it checks the whole record
//! (so that whether a record is bad never depends on which rules are live) and finds user and time.
//! `EventReader` runs at judging and decodes only the type, the id and the properties that live rules read.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use alcedo_model::{Mapping, Path, TimeUnit};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::value::{Number, Value};

/// Longest record, bytes.
pub const MAX_RECORD: usize = 1 << 20;
/// Deepest nesting of a record; the record itself is level 1.
pub(crate) const MAX_DEPTH: usize = 64;
/// Longest user id, bytes.
pub const MAX_USER: usize = 128;
/// 9999-12-31T23:59:59.999Z in Unix ms.
pub(crate) const MAX_TIME: i64 = 253_402_300_799_999;

/// What a source learns of one raw record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extracted<'a> {
    /// An event that can be read.
    Event {
        /// Whose.
        user: Cow<'a, str>,
        /// Unix ms.
        time: i64,
    },
    /// Nothing but white space.
    Blank,
    /// It cannot be read; a stable word says why.
    Bad(&'static str),
}

/// A tree of wanted paths. A node may be wanted itself (`value`, `raw`) and have wanted children.
#[derive(Debug, Default)]
struct Wanted {
    children: Vec<(Box<str>, Wanted)>,
    value: Option<usize>,
    raw: Option<usize>,
}

impl Wanted {
    fn at(&mut self, names: &[String]) -> &mut Wanted {
        let Some((first, rest)) = names.split_first() else { return self };
        let at = match self.children.iter().position(|(name, _)| **name == **first) {
            Some(at) => at,
            None => {
                self.children.push((first.as_str().into(), Wanted::default()));
                self.children.len() - 1
            }
        };
        self.children[at].1.at(rest)
    }

    fn child(&self, name: &str) -> Option<&Wanted> {
        self.children.iter().find(|(n, _)| **n == *name).map(|(_, w)| w)
    }
}

/// What reading fills. Slots are cleared before a repeated key fills them again: the last counts.
struct Found<'de> {
    values: Vec<Value<'de>>,
    raws: Vec<Option<&'de RawValue>>,
}

impl Found<'_> {
    fn clear(&mut self, wanted: &Wanted) {
        if let Some(slot) = wanted.value {
            self.values[slot] = Value::Missing;
        }
        if let Some(slot) = wanted.raw {
            self.raws[slot] = None;
        }
        for (_, child) in &wanted.children {
            self.clear(child);
        }
    }
}

/// Why a record was refused although its JSON may be well-formed; set from inside a visitor.
type Fault = Cell<Option<&'static str>>;

#[derive(Clone, Copy)]
struct Pass<'f> {
    /// Checks what nobody wants too.
    whole: bool,
    fault: &'f Fault,
}

struct NodeSeed<'w, 'f, 'v, 'de> {
    wanted: &'w Wanted,
    pass: Pass<'f>,
    depth: usize,
    found: &'v mut Found<'de>,
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_, '_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Some(slot) = self.wanted.raw else { return deserializer.deserialize_any(self) };
        let raw: &'de RawValue = serde::Deserialize::deserialize(deserializer)?;
        self.found.raws[slot] = Some(raw);
        let mut inner = serde_json::Deserializer::from_str(raw.get());
        inner.deserialize_any(self).map_err(D::Error::custom)
    }
}

impl<'de> NodeSeed<'_, '_, '_, 'de> {
    fn set<E>(self, value: Value<'de>) -> Result<(), E> {
        if let Some(slot) = self.wanted.value {
            self.found.values[slot] = value;
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_, '_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, v: bool) -> Result<(), E> {
        self.set(Value::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<(), E> {
        self.set(Value::int(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<(), E> {
        self.set(number(v))
    }
    fn visit_f64<E>(self, v: f64) -> Result<(), E> {
        self.set(Value::float(v))
    }
    fn visit_str<E>(self, v: &str) -> Result<(), E> {
        self.set(Value::Text(Cow::Owned(v.to_owned())))
    }
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<(), E> {
        self.set(Value::Text(Cow::Borrowed(v)))
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        enter(self.pass, self.depth)?;
        if self.wanted.value.is_some() {
            let mut list = Vec::new();
            while let Some(v) =
                seq.next_element_seed(ElementSeed { pass: self.pass, depth: self.depth + 1 })?
            {
                list.push(v);
            }
            return self.set(Value::List(list));
        }
        while seq.next_element_seed(RestSeed { pass: self.pass, depth: self.depth + 1 })?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        enter(self.pass, self.depth)?;
        if let Some(slot) = self.wanted.value {
            self.found.values[slot] = Value::Object;
        }
        while let Some(key) = map.next_key::<KeyText<'de>>()? {
            match self.wanted.child(&key.0) {
                Some(wanted) => {
                    self.found.clear(wanted);
                    let (pass, depth) = (self.pass, self.depth + 1);
                    map.next_value_seed(NodeSeed { wanted, pass, depth, found: &mut *self.found })?;
                }
                None => map.next_value_seed(RestSeed { pass: self.pass, depth: self.depth + 1 })?,
            }
        }
        Ok(())
    }
}

/// A key, borrowed unless it holds escapes.
struct KeyText<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for KeyText<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Key;
        impl<'de> Visitor<'de> for Key {
            type Value = KeyText<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_str<E>(self, v: &str) -> Result<KeyText<'de>, E> {
                Ok(KeyText(Cow::Owned(v.to_owned())))
            }
            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<KeyText<'de>, E> {
                Ok(KeyText(Cow::Borrowed(v)))
            }
        }
        deserializer.deserialize_str(Key)
    }
}

/// A number beyond i64 becomes a float.
fn number(v: u64) -> Value<'static> {
    i64::try_from(v).map_or_else(|_| Value::float(v as f64), Value::int)
}

fn enter<E: serde::de::Error>(pass: Pass<'_>, depth: usize) -> Result<(), E> {
    if depth > MAX_DEPTH {
        pass.fault.set(Some("too_deep"));
        return Err(E::custom("too deep"));
    }
    Ok(())
}

/// An element of a list that somebody reads.
struct ElementSeed<'f> {
    pass: Pass<'f>,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for ElementSeed<'_> {
    type Value = Value<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ElementSeed<'_> {
    type Value = Value<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value<'de>, E> {
        Ok(Value::int(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value<'de>, E> {
        Ok(number(v))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Number::Float(v)))
    }
    fn visit_str<E>(self, v: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(v.to_owned())))
    }
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(v)))
    }
    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Missing)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        enter(self.pass, self.depth)?;
        let mut list = Vec::new();
        while let Some(v) = seq.next_element_seed(ElementSeed { pass: self.pass, depth: self.depth + 1 })? {
            list.push(v);
        }
        Ok(Value::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value<'de>, A::Error> {
        RestSeed { pass: self.pass, depth: self.depth }.visit_map(map)?;
        Ok(Value::Object)
    }
}

/// What nobody wants: skipped, or checked in a whole pass.
struct RestSeed<'f> {
    pass: Pass<'f>,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for RestSeed<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.pass.whole {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_ignored_any(IgnoredAny).map(|_| ())
        }
    }
}

impl<'de> Visitor<'de> for RestSeed<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        enter(self.pass, self.depth)?;
        while seq.next_element_seed(RestSeed { pass: self.pass, depth: self.depth + 1 })?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        enter(self.pass, self.depth)?;
        while map.next_key::<KeyText<'de>>()?.is_some() {
            map.next_value_seed(RestSeed { pass: self.pass, depth: self.depth + 1 })?;
        }
        Ok(())
    }
}

/// Reads `text` whole; the error is the stable word of a bad record.
fn read<'de>(
    text: &'de str,
    wanted: &Wanted,
    whole: bool,
    found: &mut Found<'de>,
) -> Result<(), &'static str> {
    if !text.trim_start().starts_with('{') {
        let json = serde_json::from_str::<IgnoredAny>(text).is_ok();
        return Err(if json { "not_object" } else { "not_json" });
    }
    let fault = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = NodeSeed { wanted, pass: Pass { whole, fault: &fault }, depth: 1, found };
    seed.deserialize(&mut deserializer).and_then(|()| deserializer.end()).map_err(|error| {
        fault.get().unwrap_or_else(|| {
            // serde_json has no code for it; the text is part of its tests.
            if error.to_string().contains("number out of range") { "number_out_of_range" } else { "not_json" }
        })
    })
}

/// Finds (user, time) in raw bytes, or why a record is bad. Hosts call it in their sources.
#[derive(Debug)]
pub struct Extractor {
    wanted: Wanted,
    /// Raw slots of user, type and time; two names may be one path.
    slots: [usize; 3],
    /// Raw slot of the object that holds the properties.
    props: Option<usize>,
    unit: TimeUnit,
    max_ahead: Option<i64>,
}

impl Extractor {
    /// `max_ahead`: an event whose time lies more than so many ms beyond its record's broker time is bad.
    pub fn new(mapping: &Mapping, max_ahead: Option<i64>) -> Self {
        let mut wanted = Wanted::default();
        let mut next = 0..;
        let slots = [&mapping.user, &mapping.event_type, &mapping.time]
            .map(|path| *wanted.at(&path.0).raw.get_or_insert_with(|| next.next().unwrap_or(0)));
        let props = mapping.props.as_ref();
        let props = props.map(|path| *wanted.at(&path.0).raw.get_or_insert_with(|| next.next().unwrap_or(0)));
        Extractor { wanted, slots, props, unit: mapping.time_unit, max_ahead }
    }

    /// Checks the whole record. Blank records are neither events nor bad.
    pub fn extract<'a>(&self, raw: &'a [u8], broker_time: Option<i64>) -> Extracted<'a> {
        if raw.len() > MAX_RECORD {
            return Extracted::Bad("too_large");
        }
        if raw.iter().all(u8::is_ascii_whitespace) {
            return Extracted::Blank;
        }
        match self.read(raw, broker_time) {
            Ok((user, time)) => Extracted::Event { user, time },
            Err(reason) => Extracted::Bad(reason),
        }
    }

    fn read<'a>(&self, raw: &'a [u8], broker_time: Option<i64>) -> Result<(Cow<'a, str>, i64), &'static str> {
        let text = std::str::from_utf8(raw).map_err(|_| "not_utf8")?;
        let mut found = Found { values: Vec::new(), raws: vec![None; 4] };
        read(text, &self.wanted, true, &mut found)?;
        let user = read_user(found.raws[self.slots[0]])?;
        match found.raws[self.slots[1]].map(RawValue::get) {
            None | Some("null") => return Err("no_type"),
            Some(text) if !text.starts_with('"') => return Err("bad_type"),
            Some(_) => {}
        }
        let time = read_time(found.raws[self.slots[2]], self.unit)?;
        let props = self.props.and_then(|slot| found.raws[slot]).map_or("null", RawValue::get);
        if props != "null" && !props.starts_with('{') {
            return Err("props_not_object");
        }
        match (self.max_ahead, broker_time) {
            (Some(ahead), Some(broker)) if time > broker.saturating_add(ahead) => Err("ahead"),
            _ => Ok((user, time)),
        }
    }
}

/// A non-empty text of at most 128 bytes; an integer is its decimal form.
fn read_user(raw: Option<&RawValue>) -> Result<Cow<'_, str>, &'static str> {
    let text = raw.map(RawValue::get).filter(|t| *t != "null").ok_or("no_user")?;
    if text.starts_with('"') {
        let KeyText(user) = serde_json::from_str(text).map_err(|_| "bad_user")?;
        return if user.is_empty() || user.len() > MAX_USER { Err("bad_user") } else { Ok(user) };
    }
    text.parse::<i64>().map(|i| Cow::Owned(i.to_string())).map_err(|_| "bad_user")
}

fn read_time(raw: Option<&RawValue>, unit: TimeUnit) -> Result<i64, &'static str> {
    let text = raw.map(RawValue::get).filter(|t| *t != "null").ok_or("no_time")?;
    let ms = match unit {
        TimeUnit::Rfc3339 => {
            let KeyText(written) = serde_json::from_str(text).map_err(|_| "bad_time")?;
            written.parse::<jiff::Timestamp>().map_err(|_| "bad_time")?.as_millisecond()
        }
        TimeUnit::Ms => decimal(text, 0)?,
        TimeUnit::S => decimal(text, 3)?,
        TimeUnit::Us => decimal(text, -3)?,
    };
    if (0..=MAX_TIME).contains(&ms) { Ok(ms) } else { Err("time_out_of_range") }
}

/// A JSON number times 10^shift by its decimal form, cut to an integer: no float rounds a time.
fn decimal(text: &str, shift: i64) -> Result<i64, &'static str> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("bad_time");
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.parse::<i64>().map_err(|_| "time_out_of_range")?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let kept = (whole.len() as i64).saturating_add(exponent).saturating_add(shift);
    let mut value = 0i64;
    let all = whole.bytes().chain(fraction.bytes());
    for digit in all.chain(std::iter::repeat(b'0')).take(kept.clamp(0, 400) as usize) {
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(digit - b'0')))
            .ok_or("time_out_of_range")?;
    }
    Ok(if negative { -value } else { value })
}

/// Decodes what live rules read of a record that extraction has passed.
#[derive(Debug)]
pub(crate) struct EventReader {
    wanted: Wanted,
    values: usize,
}

/// An event as rules see it. Property `i` is the i-th path that the program reads.
pub(crate) struct Event<'a> {
    pub(crate) event_type: Cow<'a, str>,
    pub(crate) id: Option<&'a RawValue>,
    pub(crate) props: Vec<Value<'a>>,
}

impl EventReader {
    pub(crate) fn new(mapping: &Mapping, paths: &[Path]) -> Self {
        let mut wanted = Wanted::default();
        wanted.at(&mapping.id.0).raw = Some(0);
        let prefix = mapping.props.as_ref().map_or(&[][..], |p| &p.0);
        for (slot, path) in paths.iter().enumerate() {
            let names: Vec<String> = prefix.iter().chain(&path.0).cloned().collect();
            wanted.at(&names).value = Some(slot);
        }
        let mut values = paths.len();
        // The type may be a property that rules read too: then it has that slot.
        let node = wanted.at(&mapping.event_type.0);
        let type_slot = *node.value.get_or_insert(values);
        values = values.max(type_slot + 1);
        EventReader { wanted, values }
    }

    /// Reads; the error is the stable word of a bad record. `event_type` is the mapping's path to the type.
    pub(crate) fn read<'a>(&self, raw: &'a [u8], mapping: &Mapping) -> Result<Event<'a>, &'static str> {
        let text = std::str::from_utf8(raw).map_err(|_| "not_utf8")?;
        let mut found = Found { values: vec![Value::Missing; self.values], raws: vec![None] };
        read(text, &self.wanted, false, &mut found)?;
        let slot = self.type_slot(mapping).ok_or("no_type")?;
        let event_type = match &found.values[slot] {
            Value::Text(t) => t.clone(),
            Value::Missing => return Err("no_type"),
            _ => return Err("bad_type"),
        };
        let id = found.raws[0].filter(|raw| raw.get() != "null");
        Ok(Event { event_type, id, props: found.values })
    }

    fn type_slot(&self, mapping: &Mapping) -> Option<usize> {
        mapping.event_type.0.iter().try_fold(&self.wanted, |node, name| node.child(name))?.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extract(line: &str) -> Extracted<'_> {
        Extractor::new(&Mapping::default(), None).extract(line.as_bytes(), None)
    }

    #[test]
    fn an_event_gives_user_and_time() {
        let event = Extracted::Event { user: "u1".into(), time: 5 };
        assert_eq!(extract(r#"{"user":"u1","type":"a","time":5}"#), event);
        assert_eq!(extract(r#"{"user":"x","user":"u1","type":"a","time":5.9}"#), event);
        assert_eq!(
            extract(r#"{"user":7,"type":"a","time":5e0}"#),
            Extracted::Event { user: "7".into(), time: 5 }
        );
    }

    #[test]
    fn each_fault_has_its_word() {
        let deep = format!(
            "{{\"user\":\"u\",\"type\":\"a\",\"time\":1,\"x\":{}1{}}}",
            "[".repeat(64),
            "]".repeat(64)
        );
        let fits = format!(
            "{{\"user\":\"u\",\"type\":\"a\",\"time\":1,\"x\":{}1{}}}",
            "[".repeat(63),
            "]".repeat(63)
        );
        assert!(matches!(extract(&fits), Extracted::Event { .. }));
        for (line, word) in [
            (deep.as_str(), "too_deep"),
            ("{", "not_json"),
            ("[1]", "not_object"),
            (r#"{"user":"u","type":"a","time":1,"x":1e999}"#, "number_out_of_range"),
            (r#"{"user":"u","type":"a","time":1,"x":"\ud800"}"#, "not_json"),
            (r#"{"user":"u","type":"a","time":1} x"#, "not_json"),
            (r#"{"type":"a","time":1}"#, "no_user"),
            (r#"{"user":null,"type":"a","time":1}"#, "no_user"),
            (r#"{"user":"","type":"a","time":1}"#, "bad_user"),
            (r#"{"user":1.5,"type":"a","time":1}"#, "bad_user"),
            (r#"{"user":"u","time":1}"#, "no_type"),
            (r#"{"user":"u","type":3,"time":1}"#, "bad_type"),
            (r#"{"user":"u","type":"a"}"#, "no_time"),
            (r#"{"user":"u","type":"a","time":"1"}"#, "bad_time"),
            (r#"{"user":"u","type":"a","time":-1}"#, "time_out_of_range"),
            (r#"{"user":"u","type":"a","time":253402300800000}"#, "time_out_of_range"),
        ] {
            assert_eq!(extract(line), Extracted::Bad(word), "{line}");
        }
        assert_eq!(extract(" \t\r"), Extracted::Blank);
    }

    #[test]
    fn times_are_cut_by_their_decimal_form() {
        assert_eq!(decimal("1660000000.1239", 3), Ok(1_660_000_000_123));
        assert_eq!(decimal("1660000000123999", -3), Ok(1_660_000_000_123));
        assert_eq!(decimal("1.66e12", 0), Ok(1_660_000_000_000));
        assert_eq!(decimal("0.9", 0), Ok(0));
        assert_eq!(decimal("1e400", 0), Err("time_out_of_range"));
    }

    #[test]
    fn nested_properties_and_repeated_keys() {
        let paths = [Path(vec!["a".into(), "b".into()]), Path(vec!["a".into()]), Path(vec!["type".into()])];
        let mapping = Mapping::default();
        let reader = EventReader::new(&mapping, &paths);
        let line = br#"{"type":"t","a":{"b":1},"a":{"c":2},"id":[1]}"#;
        let event = reader.read(line, &mapping).unwrap();
        assert!(matches!(event.props[0], Value::Missing));
        assert!(matches!(event.props[1], Value::Object));
        assert!(matches!(&event.props[2], Value::Text(t) if t == "t"));
        assert_eq!(event.id.map(RawValue::get), Some("[1]"));
    }
}
