//! Texts, numbers, durations, moments, names and paths.

use super::Parser;
use super::fields::find;
use crate::duration::DurationFault;
use crate::limits::{MAX_DURATION_MS, MAX_ID_BYTES, MAX_MEASURE_NAME_BYTES, MAX_PATH_BYTES, MAX_PATH_NAMES};
use crate::report::{At, choices, nearest, quote};
use crate::text::{Entry, Node};
use crate::timestamp::TimestampFault;
use crate::words::{Word, words};
use crate::{Constant, Duration, Path, Phrase, Timestamp, say};

fn a_duration() -> Phrase {
    say!("an integer and a unit: 500ms, 10s, 15m, 6h, 2d or 1w")
}

fn a_moment() -> Phrase {
    say!("RFC 3339 with an offset, such as 2022-08-10T00:00:00+08:00")
}

fn a_path() -> Phrase {
    say!("write names with dots between them, or a list of names where a name holds a dot")
}

/// 1-64 of `[a-z0-9._-]`.
pub(crate) fn is_id(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    (1..=MAX_ID_BYTES).contains(&id.len()) && id.bytes().all(fits)
}

/// 1-64 of `[A-Za-z0-9._-]`, a letter or digit first: it names files and keys.
pub(crate) fn is_audience_id(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=MAX_ID_BYTES).contains(&id.len())
        && id.bytes().all(fits)
        && id.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

/// `[a-z][a-z0-9_]{0,31}`.
pub(crate) fn is_measure_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=MAX_MEASURE_NAME_BYTES).contains(&name.len())
        && name.bytes().all(fits)
        && name.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
}

impl Parser<'_> {
    pub(crate) fn text<'n>(
        &mut self,
        node: &'n Node<'_>,
        at: &At<'_>,
        what: Phrase,
        most: usize,
    ) -> Option<&'n str> {
        let Node::Text(text) = node else {
            self.mismatch(node, at, say!("{what}, a text,", what), say!("put it in quotes"));
            return None;
        };
        if text.len() > most {
            let bytes = text.len();
            let reason = say!("{what} of {bytes} bytes is above the limit of {most}", what, bytes, most);
            self.report.refuse(at, reason, say!("make it shorter"));
            return None;
        }
        Some(text)
    }

    /// One of a few words.
    pub(crate) fn word<T: Word>(&mut self, node: &Node<'_>, at: &At<'_>, what: Phrase) -> Option<T> {
        let known = words::<T>();
        let Node::Text(text) = node else {
            self.mismatch(node, at, what, say!("write {names}", names = choices(&known)));
            return None;
        };
        let found = T::of_word(text);
        if found.is_none() {
            self.unknown_word(text, at, what, &known);
        }
        found
    }

    pub(crate) fn unknown_word(&mut self, text: &str, at: &At<'_>, what: Phrase, known: &[&str]) {
        let cure = match nearest(text, known.iter().copied()) {
            Some(near) => say!("write {near}; known: {names}", near, names = known.join(", ")),
            None => say!("write {names}", names = choices(known)),
        };
        self.report.refuse(at, say!("{text} is not {what}", text = quote(text), what), cure);
    }

    pub(crate) fn flag(&mut self, node: &Node<'_>, at: &At<'_>) -> bool {
        let Node::Bool(flag) = node else {
            self.mismatch(node, at, say!("true or false"), say!("write {names}", names = "true or false"));
            return false;
        };
        *flag
    }

    /// An integer from 1 to `most`.
    pub(crate) fn positive(&mut self, node: &Node<'_>, at: &At<'_>, most: u64) -> Option<u64> {
        let range = say!("an integer from 1 to {most}", most);
        let Node::Number(number) = node else {
            self.mismatch(node, at, range.clone(), say!("write {wanted}", wanted = range));
            return None;
        };
        match number.parse::<u64>() {
            Ok(value) if (1..=most).contains(&value) => return Some(value),
            Ok(value) if value > most => {
                self.report.refuse(
                    at,
                    say!("{text} is above the limit of {most}", text = value, most),
                    say!("write {wanted}", wanted = range),
                );
            }
            _ => {
                let reason = say!("{text} is not {what}", text = shown(number), what = &range);
                self.report.refuse(at, reason, say!("write {wanted}", wanted = range));
            }
        }
        None
    }

    /// An optional bound of a measure, from 1 to `most`.
    pub(crate) fn bound(&mut self, entries: &[Entry<'_>], name: &str, at: &At<'_>, most: u32) -> Option<u32> {
        let node = super::fields::given(entries, name)?;
        self.positive(node, &at.key(name), u64::from(most)).and_then(|value| u32::try_from(value).ok())
    }

    /// A bound that must be there.
    pub(crate) fn required_bound(
        &mut self,
        entries: &[Entry<'_>],
        name: &str,
        at: &At<'_>,
        most: u32,
    ) -> u32 {
        let cure = say!("give an integer from 1 to {most}", most);
        let Some(node) = self.required(entries, name, at, cure) else { return 1 };
        self.positive(node, &at.key(name), u64::from(most))
            .and_then(|value| u32::try_from(value).ok())
            .unwrap_or(1)
    }

    /// A gap: 0 is allowed.
    pub(crate) fn gap(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Duration> {
        let Node::Text(text) = node else {
            self.mismatch(
                node,
                at,
                say!("{what}, a text,", what = say!("a duration")),
                say!("write {wanted}", wanted = a_duration()),
            );
            return None;
        };
        match Duration::read(text) {
            Ok(duration) => return Some(duration),
            Err(DurationFault::Shape) => {
                self.report.refuse(
                    at,
                    say!("{text} is not {what}", text = quote(text), what = say!("a duration")),
                    say!("write {wanted}", wanted = a_duration()),
                );
            }
            Err(DurationFault::TooLong) => {
                let most = Duration { ms: MAX_DURATION_MS };
                let reason = say!("{text} is above the limit of {most}", text = quote(text), most);
                self.report.refuse(at, reason, say!("make it shorter; the window always has no end"));
            }
        }
        None
    }

    /// A duration above 0.
    pub(crate) fn duration(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Duration> {
        let duration = self.gap(node, at)?;
        if duration.ms == 0 {
            self.report.refuse(
                at,
                say!("a length of 0 holds nothing"),
                say!("make it longer: {wanted}", wanted = a_duration()),
            );
            return None;
        }
        Some(duration)
    }

    /// An optional duration.
    pub(crate) fn given_gap(&mut self, entries: &[Entry<'_>], name: &str, at: &At<'_>) -> Option<Duration> {
        let node = super::fields::given(entries, name)?;
        self.gap(node, &at.key(name))
    }

    pub(crate) fn timestamp(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Timestamp> {
        let Node::Text(text) = node else {
            self.mismatch(
                node,
                at,
                say!("{what}, a text,", what = say!("a moment")),
                say!("write {wanted}", wanted = a_moment()),
            );
            return None;
        };
        let text_shown = quote(text);
        let reason = match Timestamp::read(text) {
            Ok(timestamp) => return Some(timestamp),
            Err(TimestampFault::Shape) => {
                say!("{text} is not {what}", text = text_shown, what = say!("a moment"))
            }
            Err(TimestampFault::Calendar) => {
                say!("{text} names a day, hour or offset that does not exist", text = text_shown)
            }
            Err(TimestampFault::Fine) => say!("{text} is finer than a millisecond", text = text_shown),
            Err(TimestampFault::Range) => {
                say!("{text} lies outside the years 1970 to 9999", text = text_shown)
            }
        };
        self.report.refuse(at, reason, say!("write {wanted}", wanted = a_moment()));
        None
    }

    pub(crate) fn given_timestamp(
        &mut self,
        entries: &[Entry<'_>],
        name: &str,
        at: &At<'_>,
    ) -> Option<Timestamp> {
        let node = super::fields::given(entries, name)?;
        self.timestamp(node, &at.key(name))
    }

    /// A path: dotted, or a list of names.
    pub(crate) fn path(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Path> {
        let names = match node {
            Node::Text(text) => text.split('.').map(str::to_owned).collect(),
            Node::List(items) => self.names(items, at)?,
            _ => {
                self.mismatch(node, at, say!("a path"), a_path());
                return None;
            }
        };
        let bytes: usize = names.iter().map(String::len).sum();
        if names.is_empty() || names.iter().any(String::is_empty) {
            self.report.refuse(at, say!("a path needs a name at each place"), a_path());
            return None;
        }
        if names.len() > MAX_PATH_NAMES || bytes > MAX_PATH_BYTES {
            let reason = say!(
                "a path of {names} names and {bytes} bytes is above the limit of {most_names} names and {most_bytes} bytes",
                names = names.len(),
                bytes,
                most_names = MAX_PATH_NAMES,
                most_bytes = MAX_PATH_BYTES
            );
            self.report.refuse(at, reason, say!("make it shorter"));
            return None;
        }
        Some(Path(names))
    }

    fn names(&mut self, items: &[Node<'_>], at: &At<'_>) -> Option<Vec<String>> {
        let mut names = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item {
                Node::Text(name) => names.push(name.to_string()),
                other => self.mismatch(
                    other,
                    &at.index(index),
                    say!("{what}, a text,", what = say!("a name")),
                    a_path(),
                ),
            }
        }
        (names.len() == items.len()).then_some(names)
    }

    pub(crate) fn given_path(&mut self, entries: &[Entry<'_>], name: &str, at: &At<'_>) -> Option<Path> {
        match find(entries, name)? {
            Node::Null => None,
            node => self.path(node, &at.key(name)),
        }
    }

    /// A number: an integer beyond i64 becomes a float, one beyond f64 is refused.
    pub(crate) fn number(&mut self, text: &str, at: &At<'_>) -> Option<Constant> {
        if !text.contains(['.', 'e', 'E'])
            && let Ok(integer) = text.parse()
        {
            return Some(Constant::Int(integer));
        }
        match text.parse::<f64>() {
            Ok(float) if float.is_finite() => Some(Constant::Float(float)),
            _ => {
                self.report.refuse(
                    at,
                    say!("{number} is beyond the range of numbers", number = shown(text)),
                    say!("write a smaller one"),
                );
                None
            }
        }
    }
}

/// A number as its author wrote it, cut where it is long.
pub(crate) fn shown(number: &str) -> String {
    const SHOWN: usize = 40;
    if number.len() <= SHOWN { number.to_owned() } else { format!("{}...", &number[..SHOWN]) }
}
