//! The straight way through a record that is written plainly, which nearly all are.
//!
//! Plain: texts without escapes, numbers without exponents that surely fit, nesting within bounds, nothing wrong. On
//! anything else [`read_plain`] gives up, and the reader that knows all of JSON decides; so this one never says what is
//! wrong, and whatever it does say is what that reader says. A test holds the two against each other.

use std::borrow::Cow;

use super::{Found, MAX_DEPTH, Wanted};
use crate::value::{Number, Value};

/// Digits (and a sign) that always fit an i64.
const INTEGER: usize = 18;
/// Characters of a number that always fits an f64.
const NUMBER: usize = 300;

/// Fills `found` with what is wanted of a record; false where it is not plain, `found` is then half filled.
pub(super) fn read_plain<'de>(text: &'de str, wanted: &Wanted, found: &mut Found<'de>) -> bool {
    let mut reader = Plain { text, at: 0 };
    reader.skip_space();
    let is_object = reader.peek() == Some(b'{');
    let read = is_object && reader.wanted(wanted, found, 1).is_some();
    reader.skip_space();
    read && reader.at == text.len()
}

struct Plain<'de> {
    text: &'de str,
    at: usize,
}

/// None: not plain.
type Read<T> = Option<T>;

impl<'de> Plain<'de> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over one byte, which must be this one.
    fn eat(&mut self, byte: u8) -> Read<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    /// After an element: true at the end of its list or object.
    fn ends(&mut self, close: u8) -> Read<bool> {
        self.skip_space();
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => Some(false),
            _ if byte == close => Some(true),
            _ => None,
        }
    }

    /// After an opening bracket: true if nothing is inside.
    fn is_empty(&mut self, close: u8) -> bool {
        self.skip_space();
        self.eat(close).is_some()
    }

    /// A value of which something is wanted.
    fn wanted(&mut self, wanted: &Wanted, found: &mut Found<'de>, depth: usize) -> Read<()> {
        let from = self.at;
        match (self.peek()?, wanted.value) {
            (b'{', _) => self.object(wanted, found, depth)?,
            (_, Some(slot)) => found.values[slot] = self.value(depth)?,
            (_, None) => self.skip(depth)?,
        }
        if let Some(slot) = wanted.raw {
            found.raws[slot] = Some(&self.text[from..self.at]);
        }
        Some(())
    }

    fn object(&mut self, wanted: &Wanted, found: &mut Found<'de>, depth: usize) -> Read<()> {
        self.enter(b'{', depth)?;
        if let Some(slot) = wanted.value {
            found.values[slot] = Value::Object;
        }
        if self.is_empty(b'}') {
            return Some(());
        }
        loop {
            let child = wanted.child(self.key()?);
            match child {
                Some(child) => {
                    found.clear(child);
                    self.wanted(child, found, depth + 1)?;
                }
                None => self.skip(depth + 1)?,
            }
            if self.ends(b'}')? {
                return Some(());
            }
        }
    }

    fn enter(&mut self, open: u8, depth: usize) -> Read<()> {
        if depth > MAX_DEPTH { None } else { self.eat(open) }
    }

    /// A name with its colon; the value is next.
    fn key(&mut self) -> Read<&'de str> {
        self.skip_space();
        let key = self.string()?;
        self.skip_space();
        self.eat(b':')?;
        self.skip_space();
        Some(key)
    }

    fn value(&mut self, depth: usize) -> Read<Value<'de>> {
        Some(match self.peek()? {
            b'"' => Value::Text(Cow::Borrowed(self.string()?)),
            b't' => self.word("true", Value::Bool(true))?,
            b'f' => self.word("false", Value::Bool(false))?,
            b'n' => self.word("null", Value::Missing)?,
            b'[' => self.list(depth)?,
            _ => Value::Number(self.number()?),
        })
    }

    fn list(&mut self, depth: usize) -> Read<Value<'de>> {
        self.enter(b'[', depth)?;
        let mut list = Vec::new();
        if self.is_empty(b']') {
            return Some(Value::List(list));
        }
        loop {
            self.skip_space();
            // What a list in a list or an object in a list means is told by the reader of all JSON.
            if matches!(self.peek()?, b'[' | b'{') {
                return None;
            }
            list.push(self.value(depth + 1)?);
            if self.ends(b']')? {
                return Some(Value::List(list));
            }
        }
    }

    /// A value that nobody reads: its form is checked all the same.
    fn skip(&mut self, depth: usize) -> Read<()> {
        match self.peek()? {
            b'"' => self.string().map(|_| ()),
            b't' => self.word("true", ()),
            b'f' => self.word("false", ()),
            b'n' => self.word("null", ()),
            b'{' => {
                self.enter(b'{', depth)?;
                let mut over = self.is_empty(b'}');
                while !over {
                    self.key()?;
                    self.skip(depth + 1)?;
                    over = self.ends(b'}')?;
                }
                Some(())
            }
            b'[' => {
                self.enter(b'[', depth)?;
                let mut over = self.is_empty(b']');
                while !over {
                    self.skip_space();
                    self.skip(depth + 1)?;
                    over = self.ends(b']')?;
                }
                Some(())
            }
            _ => self.number_form().map(|_| ()),
        }
    }

    fn word<T>(&mut self, word: &str, value: T) -> Read<T> {
        let rest = &self.text.as_bytes()[self.at..];
        rest.starts_with(word.as_bytes()).then(|| {
            self.at += word.len();
            value
        })
    }

    /// A text without escapes and control characters.
    fn string(&mut self) -> Read<&'de str> {
        self.eat(b'"')?;
        let from = self.at;
        let length = plain_length(&self.text.as_bytes()[from..]);
        self.at += length;
        self.eat(b'"')?;
        Some(&self.text[from..from + length])
    }

    fn number(&mut self) -> Read<Number> {
        let from = self.at;
        let whole = self.number_form()?;
        let text = &self.text[from..self.at];
        if !whole {
            return text.parse::<f64>().ok().map(Number::Float);
        }
        // `-0` is a float, and what is longer may be beyond an i64.
        if text.len() > INTEGER || text == "-0" {
            return None;
        }
        text.parse::<i64>().ok().map(|int| Number::Int(i128::from(int)))
    }

    /// Steps over a number; true if it is a whole one.
    fn number_form(&mut self) -> Read<bool> {
        let from = self.at;
        let _ = self.eat(b'-');
        let zero = self.peek() == Some(b'0');
        if self.digits()? > 1 && zero {
            return None;
        }
        let whole = self.eat(b'.').is_none();
        if !whole {
            self.digits()?;
        }
        let plain = !matches!(self.peek(), Some(b'e' | b'E')) && self.at - from <= NUMBER;
        plain.then_some(whole)
    }

    /// Steps over digits; how many, at least one.
    fn digits(&mut self) -> Read<usize> {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Some(self.at - from).filter(|count| *count > 0)
    }
}

/// Bytes before the first quote, backslash or control character. Eight at a time: texts are short.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = ONES << 7;
    // The high bit of each byte that is zero; a borrow may mark bytes above the first such one, never below it.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quotes = zeros(word ^ (ONES * u64::from(b'"')));
        let escapes = zeros(word ^ (ONES * u64::from(b'\\')));
        let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let special = quotes | escapes | controls;
        if special != 0 {
            return at * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    words.len() * 8 + plain.unwrap_or(rest.len())
}
