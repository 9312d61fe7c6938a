//! JSON text into a tree that keeps what a rule's author must hear about: repeated keys, numbers as they were written.
//!
//! Invariants: reading never panics and never recurses deeper than [`MAX_NESTING`]; what lies deeper is stepped over
//! and reported at its place, so that one deep rule does not spoil the list that it stands in.

use std::borrow::Cow;

use crate::Problem;
use crate::limits::{MAX_NESTING, MAX_RULES};
use crate::report::{At, Report, quote};
use crate::{Phrase, say};

/// A field of an object.
pub(crate) type Entry<'t> = (Cow<'t, str>, Node<'t>);

/// A JSON value. Objects keep the order of their text and hold each key once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node<'t> {
    Null,
    Bool(bool),
    /// As written: what it becomes depends on where it stands.
    Number(&'t str),
    Text(Cow<'t, str>),
    List(Vec<Node<'t>>),
    Object(Vec<Entry<'t>>),
    /// Too deep to be read; already reported.
    Unread,
}

impl Node<'_> {
    /// What it is, for messages.
    pub(crate) fn what(&self) -> Phrase {
        match self {
            Node::Null => say!("null"),
            Node::Bool(_) => say!("a bool"),
            Node::Number(_) => say!("a number"),
            Node::Text(_) => say!("a text"),
            Node::List(_) => say!("a list"),
            Node::Object(_) => say!("an object"),
            Node::Unread => say!("something too deep"),
        }
    }
}

/// One value of a text: the tree, its size and what was wrong with it.
pub(crate) struct Read<'t> {
    pub(crate) node: Node<'t>,
    /// Bytes of its text.
    pub(crate) bytes: usize,
    pub(crate) report: Report,
}

/// Reads a text that holds one value.
pub(crate) fn read(text: &str) -> Result<Read<'_>, Problem> {
    let mut reader = Reader::new(text);
    reader.one().and_then(|read| reader.ended().map(|()| read)).map_err(|fault| reader.describe(&fault))
}

/// Reads a text that holds one value or a list of values; each reports for itself.
pub(crate) fn read_many(text: &str) -> Result<Vec<Read<'_>>, Problem> {
    let mut reader = Reader::new(text);
    reader.many().and_then(|all| reader.ended().map(|()| all)).map_err(|fault| reader.describe(&fault))
}

/// Where the text stops being JSON, or the list of rules grows too long.
struct Fault {
    at: usize,
    /// What was expected there; nothing where the list is too long.
    expected: Option<Phrase>,
}

struct Reader<'t> {
    text: &'t str,
    pos: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        // Some editors write a byte order mark; RFC 8259 lets a reader pass over it.
        let pos = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Reader { text, pos }
    }

    fn one(&mut self) -> Result<Read<'t>, Fault> {
        self.space();
        let start = self.pos;
        let mut report = Report::default();
        let node = self.value(&At::Root, 0, &mut report)?;
        Ok(Read { node, bytes: self.pos - start, report })
    }

    fn many(&mut self) -> Result<Vec<Read<'t>>, Fault> {
        self.space();
        if self.peek() != Some(b'[') {
            return Ok(vec![self.one()?]);
        }
        self.pos += 1;
        let mut all = Vec::new();
        self.members(b']', say!("a rule or ']'"), |reader| {
            if all.len() == MAX_RULES {
                return Err(Fault { at: reader.pos, expected: None });
            }
            all.push(reader.one()?);
            Ok(())
        })?;
        Ok(all)
    }

    fn ended(&mut self) -> Result<(), Fault> {
        self.space();
        if self.pos == self.text.len() { Ok(()) } else { Err(self.fault(say!("the end of the text"))) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.pos += 1;
        }
    }

    fn fault(&self, expected: Phrase) -> Fault {
        Fault { at: self.pos, expected: Some(expected) }
    }

    fn describe(&self, fault: &Fault) -> Problem {
        let Some(expected) = &fault.expected else {
            let reason = say!("this list holds more rules than the limit of {most}", most = MAX_RULES);
            return Problem::new("", reason, say!("split it"));
        };
        let before = &self.text.as_bytes()[..fault.at];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        // A fault may lie inside a character; columns are counted in characters up to it.
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        let reason = say!(
            "this is not JSON: at line {line}, column {column} {expected} was expected",
            line,
            column,
            expected = expected
        );
        Problem::new("", reason, say!("mend the text there"))
    }

    fn value(&mut self, at: &At<'_>, depth: usize, report: &mut Report) -> Result<Node<'t>, Fault> {
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_NESTING => {
                report.refuse(
                    at,
                    say!("objects and lists are nested deeper than {most} levels", most = MAX_NESTING),
                    say!("make it flatter"),
                );
                self.step_over()?;
                Ok(Node::Unread)
            }
            Some(b'{') => self.object(at, depth, report),
            Some(b'[') => self.list(at, depth, report),
            Some(b'"') => self.string().map(Node::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Node::Number),
            Some(b't') => self.word("true", Node::Bool(true)),
            Some(b'f') => self.word("false", Node::Bool(false)),
            Some(b'n') => self.word("null", Node::Null),
            _ => Err(self.fault(say!("a value"))),
        }
    }

    fn word(&mut self, word: &'static str, node: Node<'t>) -> Result<Node<'t>, Fault> {
        if !self.text.as_bytes()[self.pos..].starts_with(word.as_bytes()) {
            return Err(self.fault(say!("a value")));
        }
        self.pos += word.len();
        Ok(node)
    }

    fn object(&mut self, at: &At<'_>, depth: usize, report: &mut Report) -> Result<Node<'t>, Fault> {
        self.pos += 1;
        let mut entries: Vec<Entry<'t>> = Vec::new();
        self.members(b'}', say!("a field's name in quotes or '}'"), |reader| {
            if reader.peek() != Some(b'"') {
                return Err(reader.fault(say!("a field's name in quotes")));
            }
            let key = reader.string()?;
            reader.space();
            if reader.peek() != Some(b':') {
                return Err(reader.fault(say!("':'")));
            }
            reader.pos += 1;
            reader.space();
            let value = reader.value(&at.key(&key), depth + 1, report)?;
            entries.push((key, value));
            Ok(())
        })?;
        drop_repeats(&mut entries, at, report);
        Ok(Node::Object(entries))
    }

    fn list(&mut self, at: &At<'_>, depth: usize, report: &mut Report) -> Result<Node<'t>, Fault> {
        self.pos += 1;
        let mut items = Vec::new();
        self.members(b']', say!("a value or ']'"), |reader| {
            let item = reader.value(&at.index(items.len()), depth + 1, report)?;
            items.push(item);
            Ok(())
        })?;
        Ok(Node::List(items))
    }

    /// What stands between brackets, the opening one already taken: members with commas between them.
    fn members(
        &mut self,
        close: u8,
        expected: Phrase,
        mut member: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.space();
        if self.peek() == Some(close) {
            self.pos += 1;
            return Ok(());
        }
        if self.peek().is_none() {
            return Err(self.fault(expected));
        }
        loop {
            self.space();
            member(self)?;
            self.space();
            match self.peek() {
                Some(b',') => self.pos += 1,
                Some(byte) if byte == close => {
                    self.pos += 1;
                    return Ok(());
                }
                _ => {
                    return Err(self.fault(if close == b'}' {
                        say!("',' or '}'")
                    } else {
                        say!("',' or ']'")
                    }));
                }
            }
        }
    }

    fn number(&mut self) -> Result<&'t str, Fault> {
        let start = self.pos;
        self.pos += usize::from(self.peek() == Some(b'-'));
        match self.peek() {
            Some(b'0') => self.pos += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.pos += 1;
            self.pos += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(&self.text[start..self.pos])
    }

    /// At least one digit.
    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.pos;
        while let Some(b'0'..=b'9') = self.peek() {
            self.pos += 1;
        }
        if self.pos == start { Err(self.fault(say!("a digit"))) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, Fault> {
        self.pos += 1;
        let start = self.pos;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let plain = &self.text[start..self.pos];
                    self.pos += 1;
                    return Ok(Cow::Borrowed(plain));
                }
                Some(b'\\') => return self.escaped(self.text[start..self.pos].to_owned()).map(Cow::Owned),
                Some(0x20..) => self.pos += 1,
                Some(_) => {
                    return Err(self.fault(say!("an escape such as \\n in place of the control character")));
                }
                None => return Err(self.fault(say!("the closing '\"'"))),
            }
        }
    }

    /// The rest of a string from its first escape on.
    fn escaped(&mut self, mut out: String) -> Result<String, Fault> {
        loop {
            let start = self.pos;
            while matches!(self.peek(), Some(byte) if byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.pos += 1;
            }
            out.push_str(&self.text[start..self.pos]);
            match self.peek() {
                Some(b'"') => {
                    self.pos += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => {
                    return Err(self.fault(say!("an escape such as \\n in place of the control character")));
                }
                None => return Err(self.fault(say!("the closing '\"'"))),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.pos;
        self.pos += 1;
        let plain = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => return Err(self.fault(say!("one of \" \\ / b f n r t u"))),
        };
        self.pos += 1;
        Ok(plain)
    }

    /// `\uXXXX`, or two of them where the first is half of a character.
    fn unicode(&mut self, start: usize) -> Result<char, Fault> {
        let whole = || Some(say!("a whole character (this half of a surrogate pair stands alone)"));
        let high = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&high) {
            if !self.text.as_bytes()[self.pos..].starts_with(b"\\u") {
                return Err(Fault { at: start, expected: whole() });
            }
            self.pos += 1;
            let low = self.hex()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(Fault { at: start, expected: whole() });
            }
            0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
        } else {
            high
        };
        char::from_u32(code).ok_or_else(|| Fault { at: start, expected: whole() })
    }

    /// `uXXXX`, the position at the `u`.
    fn hex(&mut self) -> Result<u32, Fault> {
        self.pos += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.fault(say!("four hexadecimal digits")))?;
            self.pos += 1;
        }
        Ok(code)
    }

    /// Passes an object or list without recursion. It is refused already, so only its end must be right.
    fn step_over(&mut self) -> Result<(), Fault> {
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => open += 1,
                Some(b'}' | b']') => open -= 1,
                Some(_) => {}
                None => return Err(self.fault(say!("the closing bracket"))),
            }
            self.pos += 1;
            if open == 0 {
                return Ok(());
            }
        }
    }
}

/// Reports keys that are written twice and keeps the first of each.
fn drop_repeats(entries: &mut Vec<Entry<'_>>, at: &At<'_>, report: &mut Report) {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|a, b| entries[*a].0.cmp(&entries[*b].0).then(a.cmp(b)));
    let mut repeated = vec![false; entries.len()];
    for pair in order.windows(2) {
        repeated[pair[1]] = entries[pair[0]].0 == entries[pair[1]].0;
    }
    if !repeated.contains(&true) {
        return;
    }
    for (entry, _) in entries.iter().zip(&repeated).filter(|(_, repeated)| **repeated) {
        report.refuse(
            &at.key(&entry.0),
            say!("{name} is written twice", name = quote(&entry.0)),
            say!("leave one of them"),
        );
    }
    let mut repeated = repeated.into_iter();
    entries.retain(|_| !repeated.next().unwrap_or(false));
}
