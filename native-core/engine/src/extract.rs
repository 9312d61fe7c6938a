//! Extraction: user and time out of a record's raw bytes, or why it is bad. Runs once, in the source.
//!
//! It checks the whole record, so that whether a record is bad never depends on which rules are live.

use std::borrow::Cow;

use alcedo_model::{Mapping, TimeUnit};

use crate::read::{Found, KeyText, RAWS, Wanted, read};

/// Longest record, bytes.
pub const MAX_RECORD: usize = 1 << 20;
/// Longest user id, bytes.
pub const MAX_USER: usize = 128;
/// 9999-12-31T23:59:59.999Z in Unix ms.
pub(crate) const MAX_TIME: i64 = 253_402_300_799_999;

/// Without the byte order mark that some editors and exports put before a text: RFC 8259 lets a reader pass over it.
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)
}

/// What a source learns of one raw record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extracted<'a> {
    /// An event that can be read.
    Event {
        /// Whose.
        user: Cow<'a, str>,
        /// Unix ms.
        time: i64,
        /// Its type, where that is written without escapes: enough to leave out what no rule listens to.
        event_type: Option<&'a str>,
    },
    /// Nothing but white space.
    Blank,
    /// It cannot be read; a stable word says why.
    Bad(&'static str),
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
        if raw.first() != Some(&b'{') && without_mark(raw).iter().all(u8::is_ascii_whitespace) {
            return Extracted::Blank;
        }
        match self.read(raw, broker_time) {
            Ok(event) => event,
            Err(reason) => Extracted::Bad(reason),
        }
    }

    fn read<'a>(&self, raw: &'a [u8], broker_time: Option<i64>) -> Result<Extracted<'a>, &'static str> {
        let text = simdutf8::basic::from_utf8(raw).map_err(|_| "not_utf8")?;
        let mut found = Found { values: Vec::new(), raws: [None; RAWS] };
        read(text, &self.wanted, true, &mut found)?;
        let user = read_user(found.raws[self.slots[0]])?;
        let event_type = match found.raws[self.slots[1]] {
            None | Some("null") => return Err("no_type"),
            Some(text) if !text.starts_with('"') => return Err("bad_type"),
            Some(text) => plain_text(text),
        };
        let time = read_time(found.raws[self.slots[2]], self.unit)?;
        let props = self.props.and_then(|slot| found.raws[slot]).unwrap_or("null");
        if props != "null" && !props.starts_with('{') {
            return Err("props_not_object");
        }
        match (self.max_ahead, broker_time) {
            (Some(ahead), Some(broker)) if time > broker.saturating_add(ahead) => Err("ahead"),
            _ => Ok(Extracted::Event { user, time, event_type }),
        }
    }
}

/// A non-empty text of at most 128 bytes; an integer is its decimal form.
fn read_user(raw: Option<&str>) -> Result<Cow<'_, str>, &'static str> {
    let text = raw.filter(|t| *t != "null").ok_or("no_user")?;
    if text.starts_with('"') {
        let KeyText(user) = match plain_text(text) {
            Some(user) => KeyText(Cow::Borrowed(user)),
            None => serde_json::from_str(text).map_err(|_| "bad_user")?,
        };
        return if user.is_empty() || user.len() > MAX_USER { Err("bad_user") } else { Ok(user) };
    }
    text.parse::<i64>().map(|i| Cow::Owned(i.to_string())).map_err(|_| "bad_user")
}

/// What a JSON text without escapes says, of a record that was checked.
fn plain_text(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    memchr::memchr(b'\\', text.as_bytes()).is_none().then_some(text)
}

fn read_time(raw: Option<&str>, unit: TimeUnit) -> Result<i64, &'static str> {
    let text = raw.filter(|t| *t != "null").ok_or("no_time")?;
    time_of(text, unit)
}

/// The moment (Unix ms) that a JSON number or text stands for, as the extractor reads it; the error is the stable word
/// of a bad record.
///
/// # Errors
/// It is no time in this unit, or lies outside 1970 to 9999.
pub fn time_of(json: &str, unit: TimeUnit) -> Result<i64, &'static str> {
    let ms = match unit {
        TimeUnit::Rfc3339 => {
            let KeyText(written) = serde_json::from_str(json).map_err(|_| "bad_time")?;
            written.parse::<jiff::Timestamp>().map_err(|_| "bad_time")?.as_millisecond()
        }
        TimeUnit::Ms => decimal(json, 0)?,
        TimeUnit::S => decimal(json, 3)?,
        TimeUnit::Us => decimal(json, -3)?,
    };
    if (0..=MAX_TIME).contains(&ms) { Ok(ms) } else { Err("time_out_of_range") }
}

/// A JSON number times 10^shift by its decimal form, cut to an integer: no float rounds a time.
fn decimal(text: &str, shift: i64) -> Result<i64, &'static str> {
    // Nearly all: few digits and nothing else.
    if (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = text.bytes().fold(0, |value, byte| value * 10 + i64::from(byte - b'0'));
        let power = 10i64.pow(shift.unsigned_abs() as u32);
        return Ok(if shift < 0 { value / power } else { value * power });
    }
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
    // A few zeros beyond the digits show every overflow; more would only be counted.
    let most = (whole.len() + fraction.len()) as i64 + 20;
    let mut value = 0i64;
    let all = whole.bytes().chain(fraction.bytes());
    for digit in all.chain(std::iter::repeat(b'0')).take(kept.clamp(0, most) as usize) {
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(digit - b'0')))
            .ok_or("time_out_of_range")?;
    }
    Ok(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extract(line: &str) -> Extracted<'_> {
        Extractor::new(&Mapping::default(), None).extract(line.as_bytes(), None)
    }

    #[test]
    fn an_event_gives_user_and_time() {
        let event = Extracted::Event { user: "u1".into(), time: 5, event_type: Some("a") };
        assert_eq!(extract(r#"{"user":"u1","type":"a","time":5}"#), event);
        assert_eq!(extract(r#"{"user":"x","user":"u1","type":"a","time":5.9}"#), event);
        assert_eq!(
            extract(r#"{"user":7,"type":"a","time":5e0}"#),
            Extracted::Event { user: "7".into(), time: 5, event_type: Some("a") }
        );
        let escaped = Extracted::Event { user: "u1".into(), time: 5, event_type: None };
        assert_eq!(extract(r#"{"user":"u1","type":"b","type":"\u0061","time":5}"#), escaped);
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
}
