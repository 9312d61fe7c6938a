//! Bytes to values. A batch is read whole before the engine gets its first record, so that the engine never takes half of
//! a malformed one.

use alcedo_engine::{Record, RecordKind};

use super::{
    HARD_CAP, KIND_COMMAND, KIND_COMMAND_AGAIN, KIND_EVENT, KIND_TOUCH, MAX_DOCUMENTS, MAX_USER, Malformed,
    RECORD_HEADER, SUPPLY_HEADER,
};

/// A place in bytes, with the name of what they are for errors.
#[derive(Debug, Clone)]
struct Cursor<'a> {
    of: &'static str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(of: &'static str, bytes: &'a [u8]) -> Result<Self, Malformed> {
        let cursor = Cursor { of, bytes, at: 0 };
        if bytes.len() > HARD_CAP {
            return Err(cursor.bad("length", format!("{} bytes is above the cap of {HARD_CAP}", bytes.len())));
        }
        Ok(cursor)
    }

    fn bad(&self, what: &'static str, why: String) -> Malformed {
        Malformed { of: self.of, what, at: self.at, why }
    }

    fn done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn take(&mut self, what: &'static str, len: usize) -> Result<&'a [u8], Malformed> {
        let rest = &self.bytes[self.at..];
        match rest.get(..len) {
            Some(part) => {
                self.at += len;
                Ok(part)
            }
            None => Err(self.bad(what, format!("needs {len} bytes, {} are left", rest.len()))),
        }
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], Malformed> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(what, N)?);
        Ok(out)
    }

    fn u8(&mut self, what: &'static str) -> Result<u8, Malformed> {
        self.array::<1>(what).map(|[b]| b)
    }

    fn u16(&mut self, what: &'static str) -> Result<usize, Malformed> {
        self.array(what).map(|b| usize::from(u16::from_le_bytes(b)))
    }

    fn u32(&mut self, what: &'static str) -> Result<u32, Malformed> {
        self.array(what).map(u32::from_le_bytes)
    }

    fn i32(&mut self, what: &'static str) -> Result<i32, Malformed> {
        self.array(what).map(i32::from_le_bytes)
    }

    fn i64(&mut self, what: &'static str) -> Result<i64, Malformed> {
        self.array(what).map(i64::from_le_bytes)
    }

    fn text(&mut self, what: &'static str, len: usize) -> Result<&'a str, Malformed> {
        let at = self.at;
        let bytes = self.take(what, len)?;
        std::str::from_utf8(bytes).map_err(|e| Malformed {
            of: self.of,
            what,
            at: at + e.valid_up_to(),
            why: "not UTF-8".into(),
        })
    }

    fn flag(&mut self, what: &'static str) -> Result<bool, Malformed> {
        match self.u8(what)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.bad(what, format!("{other} is neither 0 nor 1"))),
        }
    }
}

/// The records of a checked batch, one after the other.
pub type Records<'a> = std::vec::IntoIter<Record<'a>>;

/// Most records of a batch for which room is made before they are read.
const FORESEEN: usize = 1024;

/// Checks a whole batch, then gives its records.
pub fn records(batch: &[u8]) -> Result<Records<'_>, Malformed> {
    let mut cursor = Cursor::new("batch", batch)?;
    let mut records = Vec::with_capacity(FORESEEN.min(batch.len() / RECORD_HEADER));
    while !cursor.done() {
        records.push(record(&mut cursor)?);
    }
    Ok(records.into_iter())
}

fn record<'a>(cursor: &mut Cursor<'a>) -> Result<Record<'a>, Malformed> {
    if cursor.bytes.len() - cursor.at < RECORD_HEADER {
        return Err(cursor.bad("record", format!("a header takes {RECORD_HEADER} bytes")));
    }
    let kind = match cursor.u8("kind")? {
        KIND_EVENT => RecordKind::Event,
        KIND_TOUCH => RecordKind::Touch,
        KIND_COMMAND => RecordKind::Command,
        KIND_COMMAND_AGAIN => RecordKind::CommandAgain,
        other => return Err(cursor.bad("kind", format!("{other} is no kind"))),
    };
    let user_len = cursor.u16("user length")?;
    if user_len == 0 || user_len > MAX_USER {
        return Err(cursor.bad("user length", format!("{user_len} is not within 1 and {MAX_USER}")));
    }
    let time = cursor.i64("time")?;
    let partition = cursor.i32("partition")?;
    let position = cursor.i64("position")?;
    let raw_len = cursor.u32("raw length")? as usize;
    let user = cursor.text("user", user_len)?;
    let raw = cursor.take("raw", raw_len)?;
    Ok(Record { kind, user, time, partition, position, raw })
}

/// One answer to a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supply<'a> {
    /// Which need.
    pub token: u32,
    /// The state; none = the host has none.
    pub state: Option<&'a [u8]>,
}

/// The answers of checked bytes, one after the other.
#[derive(Debug, Clone)]
pub struct Supplies<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for Supplies<'a> {
    type Item = Supply<'a>;

    fn next(&mut self) -> Option<Supply<'a>> {
        // `supplies` has read these very bytes without an error.
        if self.cursor.done() { None } else { supply(&mut self.cursor).ok() }
    }
}

/// Checks all answers, then gives them.
pub fn supplies(bytes: &[u8]) -> Result<Supplies<'_>, Malformed> {
    let start = Cursor::new("supply", bytes)?;
    let mut cursor = start.clone();
    while !cursor.done() {
        supply(&mut cursor)?;
    }
    Ok(Supplies { cursor: start })
}

fn supply<'a>(cursor: &mut Cursor<'a>) -> Result<Supply<'a>, Malformed> {
    if cursor.bytes.len() - cursor.at < SUPPLY_HEADER {
        return Err(cursor.bad("supply", format!("a header takes {SUPPLY_HEADER} bytes")));
    }
    let token = cursor.u32("token")?;
    let present = cursor.flag("present")?;
    let len = cursor.u32("length")? as usize;
    if !present && len > 0 {
        return Err(cursor.bad("length", format!("a state that is not there has {len} bytes")));
    }
    let bytes = cursor.take("state", len)?;
    Ok(Supply { token, state: present.then_some(bytes) })
}

/// The records of a call that extracts, one after the other: their bytes, and when their broker took them (Unix ms).
#[derive(Debug, Clone)]
pub struct Extractions<'a> {
    cursor: Cursor<'a>,
}

/// Reads records to be extracted. What is wrong is told where it lies: the records before it have only been looked at.
pub fn extractions(bytes: &[u8]) -> Result<Extractions<'_>, Malformed> {
    Ok(Extractions { cursor: Cursor::new("extraction", bytes)? })
}

impl<'a> Iterator for Extractions<'a> {
    type Item = Result<(&'a [u8], Option<i64>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.cursor.done() {
            return None;
        }
        let found = extraction(&mut self.cursor);
        if found.is_err() {
            self.cursor.at = self.cursor.bytes.len(); // where one ends wrongly, none begins
        }
        Some(found)
    }
}

fn extraction<'a>(cursor: &mut Cursor<'a>) -> Result<(&'a [u8], Option<i64>), Malformed> {
    let broker_time = cursor.i64("broker time")?;
    let len = cursor.u32("length")? as usize;
    let raw = cursor.take("record", len)?;
    Ok((raw, Some(broker_time).filter(|time| *time != i64::MIN)))
}

/// A set of rule texts for a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update<'a> {
    /// These are all the rules there are: others are stopped.
    pub complete: bool,
    /// The watermark at which it takes effect, Unix ms; none at the very start of a job.
    pub at: Option<i64>,
    /// (where it came from, one rule or a list of rules as JSON).
    pub documents: Vec<(&'a str, &'a str)>,
}

/// Reads an update of a book.
pub fn update(bytes: &[u8]) -> Result<Update<'_>, Malformed> {
    let mut cursor = Cursor::new("update", bytes)?;
    let complete = cursor.flag("complete")?;
    let at = Some(cursor.i64("at")?).filter(|at| *at != i64::MIN);
    let count = cursor.u32("count")? as usize;
    if count > MAX_DOCUMENTS {
        return Err(cursor.bad("count", format!("{count} documents, at most {MAX_DOCUMENTS} are taken")));
    }
    // Each document takes at least its two lengths: a count that lies cannot make us allocate.
    let mut documents = Vec::with_capacity(count.min((bytes.len() - cursor.at) / 6));
    for _ in 0..count {
        let source_len = cursor.u16("source length")?;
        let source = cursor.text("source", source_len)?;
        let text_len = cursor.u32("text length")? as usize;
        documents.push((source, cursor.text("text", text_len)?));
    }
    if cursor.done() {
        Ok(Update { complete, at, documents })
    } else {
        Err(cursor.bad("end", format!("{} bytes follow the last document", bytes.len() - cursor.at)))
    }
}

/// The users of an audience, each u16 length | user.
pub fn users(bytes: &[u8]) -> Result<Vec<&str>, Malformed> {
    let mut cursor = Cursor::new("users", bytes)?;
    let mut users = Vec::new();
    while !cursor.done() {
        let len = cursor.u16("user length")?;
        if len == 0 || len > MAX_USER {
            return Err(cursor.bad("user length", format!("{len} is not within 1 and {MAX_USER}")));
        }
        users.push(cursor.text("user", len)?);
    }
    Ok(users)
}
