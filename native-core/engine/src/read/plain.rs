//! The straight way through a record that is written plainly, which nearly all are.
//!
//! Plain: texts without escapes, numbers without exponents that surely fit, nesting within bounds, nothing wrong. On
//! anything else [`read_plain`] gives up, and the reader that knows all of JSON decides; so this one never says what is
//! wrong, and whatever it does say is what that reader says. A test holds the two against each other.
//!
//! Each step takes the place where it begins and gives the one behind what it read: places stay in registers.

use std::borrow::Cow;

use super::bytes::{digits_end, text_end};
use super::{Found, MAX_DEPTH, Wanted};
use crate::value::{Number, Value};

/// Digits (and a sign) that always fit an i64.
const INTEGER: usize = 18;
/// Digits that are exactly an f64, and the powers of ten up to them.
const EXACT: usize = 15;
const POWERS: [f64; EXACT + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
/// Characters of a number that always fits an f64.
const NUMBER: usize = 300;

/// Fills `found` with what is wanted of a record; false where it is not plain, `found` is then half filled.
pub(super) fn read_plain<'de>(text: &'de str, wanted: &Wanted, found: &mut Found<'de>) -> bool {
    let plain = Plain { text, bytes: text.as_bytes() };
    let at = plain.over_space(0);
    let end = if plain.is(at, b'{') { plain.wanted(at, wanted, found, 1) } else { None };
    end.is_some_and(|end| plain.over_space(end) == text.len())
}

#[derive(Clone, Copy)]
struct Plain<'de> {
    text: &'de str,
    bytes: &'de [u8],
}

/// None: not plain.
type Read<T> = Option<T>;

/// A number's form.
struct Form {
    negative: bool,
    /// Where its decimal point is; none in a whole one.
    point: Option<usize>,
    /// The place behind it.
    end: usize,
}

impl<'de> Plain<'de> {
    #[inline]
    fn is(self, at: usize, byte: u8) -> bool {
        self.bytes.get(at) == Some(&byte)
    }

    #[inline]
    fn over_space(self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    /// Over one byte, which must be this one.
    #[inline]
    fn over(self, at: usize, byte: u8) -> Read<usize> {
        self.is(at, byte).then_some(at + 1)
    }

    /// After an element: the place behind the comma or bracket, and whether it was the bracket.
    #[inline]
    fn after(self, at: usize, close: u8) -> Read<(usize, bool)> {
        let at = self.over_space(at);
        let byte = *self.bytes.get(at)?;
        (byte == b',' || byte == close).then_some((at + 1, byte == close))
    }

    /// Over an opening bracket: the place of the first element or behind the closing one, and whether nothing is inside.
    #[inline]
    fn enter(self, at: usize, close: u8, depth: usize) -> Read<(usize, bool)> {
        if depth > MAX_DEPTH {
            return None;
        }
        let at = self.over_space(at + 1);
        let empty = self.is(at, close);
        Some((at + usize::from(empty), empty))
    }

    /// A value of which something is wanted.
    fn wanted(self, at: usize, wanted: &Wanted, found: &mut Found<'de>, depth: usize) -> Read<usize> {
        let end = match (*self.bytes.get(at)?, wanted.value) {
            (b'{', _) => self.object(at, wanted, found, depth)?,
            (_, Some(slot)) => {
                let (value, end) = self.value(at, depth)?;
                found.values[slot] = value;
                end
            }
            (_, None) => self.skip(at, depth)?,
        };
        if let Some(slot) = wanted.raw {
            found.raws[slot] = Some(self.text.get(at..end)?);
        }
        Some(end)
    }

    fn object(self, at: usize, wanted: &Wanted, found: &mut Found<'de>, depth: usize) -> Read<usize> {
        if let Some(slot) = wanted.value {
            found.values[slot] = Value::Object;
        }
        let (mut at, mut over) = self.enter(at, b'}', depth)?;
        while !over {
            let (from, to, value) = self.name(at)?;
            let end = match wanted.child_at(self.bytes, from, to) {
                Some(child) => {
                    found.clear(child);
                    self.wanted(value, child, found, depth + 1)?
                }
                None => self.skip(value, depth + 1)?,
            };
            (at, over) = self.after(end, b'}')?;
        }
        Some(at)
    }

    /// Where a name begins and ends, and where its value begins.
    #[inline]
    fn name(self, at: usize) -> Read<(usize, usize, usize)> {
        let from = self.over(self.over_space(at), b'"')?;
        let to = text_end(self.bytes, from);
        let colon = self.over_space(self.over(to, b'"')?);
        Some((from, to, self.over_space(self.over(colon, b':')?)))
    }

    fn value(self, at: usize, depth: usize) -> Read<(Value<'de>, usize)> {
        match *self.bytes.get(at)? {
            b'"' => {
                let end = self.over_text(at)?;
                Some((Value::Text(Cow::Borrowed(self.text.get(at + 1..end - 1)?)), end))
            }
            b't' => Some((Value::Bool(true), self.over_word(at, b"true")?)),
            b'f' => Some((Value::Bool(false), self.over_word(at, b"false")?)),
            b'n' => Some((Value::Missing, self.over_word(at, b"null")?)),
            b'[' => self.list(at, depth),
            _ => self.number(at),
        }
    }

    fn list(self, at: usize, depth: usize) -> Read<(Value<'de>, usize)> {
        let mut list = Vec::new();
        let (mut at, mut over) = self.enter(at, b']', depth)?;
        while !over {
            at = self.over_space(at);
            // What a list in a list or an object in a list means is told by the reader of all JSON.
            if self.is(at, b'[') || self.is(at, b'{') {
                return None;
            }
            let (value, end) = self.value(at, depth + 1)?;
            list.push(value);
            (at, over) = self.after(end, b']')?;
        }
        Some((Value::List(list), at))
    }

    /// A value that nobody reads: its form is checked all the same.
    #[inline(always)]
    fn skip(self, at: usize, depth: usize) -> Read<usize> {
        match *self.bytes.get(at)? {
            b'"' => self.over_text(at),
            b'-' | b'0'..=b'9' => Some(self.number_form(at)?.end),
            b't' => self.over_word(at, b"true"),
            b'f' => self.over_word(at, b"false"),
            b'n' => self.over_word(at, b"null"),
            b'{' => self.skip_object(at, depth),
            b'[' => self.skip_list(at, depth),
            _ => None,
        }
    }

    #[inline(never)]
    fn skip_object(self, at: usize, depth: usize) -> Read<usize> {
        let (mut at, mut over) = self.enter(at, b'}', depth)?;
        while !over {
            let (_, _, value) = self.name(at)?;
            (at, over) = self.after(self.skip(value, depth + 1)?, b'}')?;
        }
        Some(at)
    }

    #[inline(never)]
    fn skip_list(self, at: usize, depth: usize) -> Read<usize> {
        let (mut at, mut over) = self.enter(at, b']', depth)?;
        while !over {
            (at, over) = self.after(self.skip(self.over_space(at), depth + 1)?, b']')?;
        }
        Some(at)
    }

    #[inline]
    fn over_word(self, at: usize, word: &[u8]) -> Read<usize> {
        self.bytes[at..].starts_with(word).then_some(at + word.len())
    }

    /// Over a text without escapes and control characters, with its quotes.
    #[inline]
    fn over_text(self, at: usize) -> Read<usize> {
        self.over(text_end(self.bytes, at + 1), b'"')
    }

    fn number(self, at: usize) -> Read<(Value<'de>, usize)> {
        let Form { negative, point, end } = self.number_form(at)?;
        let digits = |from: usize, to: usize, value: i64| {
            self.bytes[from..to].iter().fold(value, |value, byte| value * 10 + i64::from(byte - b'0'))
        };
        let begin = at + usize::from(negative);
        let Some(point) = point else {
            // What is longer may be beyond an i64, and `-0` is a float.
            let value = if end - at > INTEGER { return None } else { digits(begin, end, 0) };
            let int = i128::from(if negative { -value } else { value });
            return (value != 0 || !negative).then_some((Value::Number(Number::Int(int)), end));
        };
        let float = if end - begin > EXACT + 1 {
            self.text.get(at..end)?.parse().ok()?
        } else {
            // Both the digits and the power of ten are exact floats, so their quotient is the nearest one.
            let value = digits(point + 1, end, digits(begin, point, 0)) as f64 / POWERS[end - point - 1];
            if negative { -value } else { value }
        };
        Some((Value::Number(Number::Float(float)), end))
    }

    #[inline(always)]
    fn number_form(self, at: usize) -> Read<Form> {
        let negative = self.is(at, b'-');
        let begin = at + usize::from(negative);
        let whole = self.over_digits(begin)?;
        if whole - begin > 1 && self.is(begin, b'0') {
            return None;
        }
        let point = self.is(whole, b'.').then_some(whole);
        let end = if point.is_some() { self.over_digits(whole + 1)? } else { whole };
        let plain = !matches!(self.bytes.get(end), Some(b'e' | b'E')) && end - at <= NUMBER;
        plain.then_some(Form { negative, point, end })
    }

    /// Over digits, at least one.
    #[inline]
    fn over_digits(self, at: usize) -> Read<usize> {
        let end = digits_end(self.bytes, at);
        (end > at).then_some(end)
    }
}
