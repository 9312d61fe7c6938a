//! Reading records: JSON bytes into the few values that somebody asks for.
//!
//! A tree of wanted paths says what. A whole pass (extraction) checks everything else too; the `EventReader`'s pass
//! (judging) skips it and decodes only the type, the id and the properties that live rules read. Either tries the
//! straight way of `plain` first, and takes the one of serde_json where the record is not plain.

mod bytes;
mod plain;
mod wanted;

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use alcedo_model::{Mapping, Path};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

pub(crate) use self::wanted::Wanted;
use crate::typed::{self, Content};
use crate::value::{Number, Value};

/// Deepest nesting of a record; the record itself is level 1.
pub(crate) const MAX_DEPTH: usize = 64;
/// Values that may be asked for as they are written.
pub(crate) const RAWS: usize = 4;

/// What reading fills. Slots are cleared before a repeated key fills them again: the last counts.
pub(crate) struct Found<'de> {
    pub(crate) values: Vec<Value<'de>>,
    /// As they are written.
    pub(crate) raws: [Option<&'de str>; RAWS],
}

impl Found<'_> {
    fn clear(&mut self, wanted: &Wanted) {
        wanted.each(&mut |wanted| {
            if let Some(slot) = wanted.value {
                self.values[slot] = Value::Missing;
            }
            if let Some(slot) = wanted.raw {
                self.raws[slot] = None;
            }
        });
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
        self.found.raws[slot] = Some(raw.get());
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
pub(crate) struct KeyText<'de>(pub(crate) Cow<'de, str>);

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
pub(crate) fn read<'de>(
    text: &'de str,
    wanted: &Wanted,
    whole: bool,
    found: &mut Found<'de>,
) -> Result<(), &'static str> {
    if plain::read_plain(text, wanted, found) {
        return Ok(());
    }
    found.clear(wanted);
    // A plain record has no mark, so only what is not plain is looked at for one.
    read_any(text.strip_prefix('\u{feff}').unwrap_or(text), wanted, whole, found)
}

/// The way of serde_json, which knows all records and what is wrong with them.
fn read_any<'de>(
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

/// Decodes what live rules read of a record that extraction has passed.
#[derive(Debug)]
pub(crate) struct EventReader {
    wanted: Wanted,
    values: usize,
    type_slot: usize,
    /// Paths that the program reads: the first of the values.
    properties: usize,
}

/// An event as rules see it. Property `i` is the i-th path that the program reads.
pub(crate) struct Event<'a> {
    pub(crate) event_type: Cow<'a, str>,
    /// As it is written.
    pub(crate) id: Option<Cow<'a, str>>,
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
        EventReader { wanted, values, type_slot, properties: paths.len() }
    }

    /// Reads; the error is the stable word of a bad record. `spare`: where the properties go.
    pub(crate) fn read<'a>(&self, raw: &'a [u8], spare: Spare) -> Result<Event<'a>, &'static str> {
        let text = simdutf8::basic::from_utf8(raw).map_err(|_| "not_utf8")?;
        let mut found = Found { values: spare.0, raws: [None; RAWS] };
        found.values.resize(self.values, Value::Missing);
        read(text, &self.wanted, false, &mut found)?;
        let event_type = match &found.values[self.type_slot] {
            Value::Text(t) => t.clone(),
            Value::Missing => return Err("no_type"),
            _ => return Err("bad_type"),
        };
        let id = found.raws[0].filter(|raw| *raw != "null").map(Cow::Borrowed);
        Ok(Event { event_type, id, props: found.values })
    }

    /// Reads what an event of a history says; none where it cannot be read.
    pub(crate) fn content<'a>(&self, content: Content<'a>, spare: Spare) -> Option<Event<'a>> {
        match content {
            Content::Json(raw) => self.read(raw, spare).ok(),
            Content::Row(rows, row) => typed::event(rows, row, self.properties, spare.0),
        }
    }
}

/// Room for an event's properties, handed on from one event to the next: none is allocated in the long run.
#[derive(Debug, Default)]
pub(crate) struct Spare(Vec<Value<'static>>);

impl Event<'_> {
    pub(crate) fn into_spare(self) -> Spare {
        // An empty list takes over the room of another; only the lifetime of what it could hold is new, and only a
        // `filter_map` may change it.
        let mut props = self.props;
        props.clear();
        #[allow(clippy::unnecessary_filter_map)]
        Spare(props.into_iter().filter_map(|_| None).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_properties_and_repeated_keys() {
        let paths = [Path(vec!["a".into(), "b".into()]), Path(vec!["a".into()]), Path(vec!["type".into()])];
        let mapping = Mapping::default();
        let reader = EventReader::new(&mapping, &paths);
        let line = br#"{"type":"t","a":{"b":1},"a":{"c":2},"id":[1]}"#;
        let event = reader.read(line, Spare::default()).unwrap();
        assert!(matches!(event.props[0], Value::Missing));
        assert!(matches!(event.props[1], Value::Object));
        assert!(matches!(&event.props[2], Value::Text(t) if t == "t"));
        assert_eq!(event.id.as_deref(), Some("[1]"));
    }

    /// Numbers that seem random (splitmix64).
    fn draw(seed: &mut u64) -> u64 {
        *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let n = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        n ^ (n >> 31)
    }

    const SCALARS: [&str; 28] = [
        "1",
        "0",
        "-0",
        "-7",
        "01",
        "1.",
        ".5",
        "1.5",
        "-0.25",
        "1e5",
        "1e999",
        "0.1e-3",
        "9007199254740993",
        "999999999999999999",
        "9223372036854775808",
        "123456789012345678901",
        "true",
        "false",
        "null",
        "nul",
        "\"t\"",
        "\"\"",
        "\"商务休闲 and more\"",
        "\"a\\nb\"",
        "\"\\u0061\"",
        "\"\u{1}\"",
        "\"12345678\"",
        "+1",
    ];

    fn json(seed: &mut u64, depth: usize, out: &mut String) {
        let shape = draw(seed) % if depth > 3 { 6 } else { 10 };
        let items = draw(seed) % 4;
        match shape {
            0 => decimal(seed, out),
            1 => text(seed, out),
            2..6 => out.push_str(SCALARS[draw(seed) as usize % SCALARS.len()]),
            6 => {
                out.push('[');
                for at in 0..items {
                    out.push_str(if at > 0 { ", " } else { "" });
                    json(seed, depth + 1, out);
                }
                out.push(']');
            }
            _ => object(seed, depth, out),
        }
    }

    /// Of up to 20 digits, now and then with a sign or a fraction.
    fn decimal(seed: &mut u64, out: &mut String) {
        let digits = (draw(seed) as u128 * 10).to_string();
        let (length, point) = (1 + draw(seed) as usize % digits.len(), draw(seed) as usize % 25);
        out.push_str(if draw(seed).is_multiple_of(3) { "-" } else { "" });
        for (at, digit) in digits.chars().take(length).enumerate() {
            out.push_str(if at == point && at > 0 { "." } else { "" });
            out.push(digit);
        }
    }

    /// Of up to 40 characters, so that its end lies anywhere in blocks of bytes; now and then with an escape.
    fn text(seed: &mut u64, out: &mut String) {
        out.push('"');
        for _ in 0..draw(seed) % 41 {
            out.push_str(["a", "é", "7", "雀", " ", "'", "\u{7f}"][draw(seed) as usize % 7]);
        }
        out.push_str(if draw(seed).is_multiple_of(8) { "\\t\"" } else { "\"" });
    }

    fn object(seed: &mut u64, depth: usize, out: &mut String) {
        const KEYS: [&str; 9] = ["a", "b", "c", "type", "id", "long name 1", "long name 2", "é", "\\u0061"];
        out.push('{');
        for at in 0..draw(seed) % 6 {
            let key = KEYS[draw(seed) as usize % KEYS.len()];
            out.push_str(&format!("{}\"{key}\" :\t", if at > 0 { "," } else { " " }));
            json(seed, depth + 1, out);
        }
        out.push('}');
    }

    #[test]
    fn the_straight_way_reads_what_the_other_reads() {
        let path = |names: &[&str]| Path(names.iter().map(|n| (*n).to_owned()).collect());
        let paths = ["a", "c", "type", "long name 1", "é"].map(|name| path(&[name]));
        let nested = [path(&["a", "b"]), path(&["c", "a", "b"]), path(&["long name 1", "long name 2"])];
        let reader = EventReader::new(&Mapping::default(), &[&paths[..], &nested[..]].concat());
        let (mut plain, mut whole) = (0, 0);
        for case in 0..200_000 {
            let (mut seed, mut text) = (case, String::new());
            object(&mut seed, 0, &mut text);
            if draw(&mut seed).is_multiple_of(4) {
                // One byte lost.
                let at = draw(&mut seed) as usize % text.len();
                text = text.char_indices().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
            }
            let empty = || Found { values: vec![Value::Missing; reader.values], raws: [None; RAWS] };
            let (mut one, mut other) = (empty(), empty());
            if plain::read_plain(&text, &reader.wanted, &mut one) {
                plain += 1;
                for is_whole in [false, true] {
                    other.clear(&reader.wanted);
                    assert_eq!(read_any(&text, &reader.wanted, is_whole, &mut other), Ok(()), "{text}");
                    assert_eq!(format!("{:?}", one.values), format!("{:?}", other.values), "{text}");
                    assert_eq!(one.raws, other.raws, "{text}");
                }
            } else {
                whole += usize::from(read_any(&text, &reader.wanted, true, &mut other).is_ok());
            }
        }
        // Both ways are met, and records that are well-formed though not plain.
        assert!(plain > 20_000 && whole > 5_000, "{plain} {whole}");
    }

    #[test]
    fn deep_records_are_left_to_the_other_way() {
        let nested = |depth: usize| format!("{{\"x\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        let plain = |depth: usize| {
            let text = nested(depth);
            let mut found = Found { values: Vec::new(), raws: [None; RAWS] };
            plain::read_plain(&text, &Wanted::default(), &mut found)
        };
        assert!(plain(63) && !plain(64));
    }
}
