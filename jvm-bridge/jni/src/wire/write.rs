//! Values to bytes. What does not fit into the host's buffer waits here, so that nothing is lost or told twice.

use alcedo_engine::{CommandEffect, Counters, Outcome, Rejected};

use super::{
    BUFFER_KEEP, COUNTERS, EFFECT_DONE, EFFECT_ERASED, EFFECT_NONE, EXTRACT_BAD, EXTRACT_BLANK,
    EXTRACT_COMMAND, EXTRACT_EVENT, EXTRACT_HEADER, HARD_CAP, MATCH_ID_LEN, OUT_AUDIT, OUT_BAD, OUT_LATE,
    OUT_MATCH, OUT_NEED, OUT_STORE, OUTCOME_HEADER,
};

/// How a round of [`Writer::fill`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// So many bytes were written; 0 = there was nothing to tell.
    Written(usize),
    /// Nothing was written: the next outcome alone needs a buffer of so many bytes.
    Needs(usize),
}

/// An outcome that cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untold {
    /// No buffer of the host may hold it.
    #[error(
        "{what} of user \"{user}\" takes {bytes} bytes; with its head it must stay below {HARD_CAP}. Events that wait \
         for the watermark are part of a state: let quiet partitions go idle and lower the out-of-orderness; else \
         lower the bounds of the rules that measure this user"
    )]
    TooLarge {
        /// What it is.
        what: &'static str,
        /// Whose it is.
        user: String,
        /// Its size.
        bytes: usize,
    },
    /// A match that has no JSON.
    #[error("a match of rule \"{rule}\" for user \"{user}\" cannot be written as JSON ({why}): report it")]
    NoJson {
        /// Whose rule.
        rule: String,
        /// Whose match.
        user: String,
        /// What serde says.
        why: String,
    },
}

/// Writes outcomes back to back into whatever buffer the host brings.
#[derive(Debug, Default)]
pub struct Writer {
    /// The outcome that waits for room, or the one just copied (kept for its capacity).
    scratch: Vec<u8>,
    waiting: bool,
    /// An outcome was lost on the way: every later call says so again, because what follows it would be wrong.
    broken: Option<Untold>,
}

impl Writer {
    /// What it holds, bytes.
    pub fn bytes(&self) -> usize {
        self.scratch.capacity()
    }

    /// Writes outcomes until `next` has none, the buffer is full, or one does not fit into an empty buffer.
    pub fn fill(
        &mut self,
        out: &mut [u8],
        mut next: impl FnMut() -> Option<Outcome>,
    ) -> Result<Next, Untold> {
        if let Some(why) = &self.broken {
            return Err(why.clone());
        }
        let mut at = 0;
        loop {
            if !self.waiting {
                let Some(outcome) = next() else { return Ok(Next::Written(at)) };
                self.take_in(&outcome)?;
            }
            match out.get_mut(at..at + self.scratch.len()) {
                Some(room) => room.copy_from_slice(&self.scratch),
                None if at > 0 => return Ok(Next::Written(at)),
                None => return Ok(Next::Needs(self.scratch.len())),
            }
            at += self.scratch.len();
            self.waiting = false;
        }
    }

    fn take_in(&mut self, outcome: &Outcome) -> Result<(), Untold> {
        self.scratch.clear();
        // One huge state must not be kept as memory for ever.
        self.scratch.shrink_to(BUFFER_KEEP);
        encode(outcome, &mut self.scratch).inspect_err(|why| self.broken = Some(why.clone()))?;
        self.waiting = true;
        Ok(())
    }
}

fn encode(outcome: &Outcome, out: &mut Vec<u8>) -> Result<(), Untold> {
    match outcome {
        Outcome::Need { token, user } => framed(out, OUT_NEED, "the question", user, 0, |body| {
            body.extend_from_slice(&token.to_le_bytes());
            short(body, user);
        }),
        Outcome::Store { user, state, arm } => {
            let bytes = state.as_deref().unwrap_or_default();
            framed(out, OUT_STORE, "the state", user, bytes.len(), |body| {
                body.extend_from_slice(&arm.unwrap_or(i64::MIN).to_le_bytes());
                body.push(u8::from(state.is_none()));
                short(body, user);
                long(body, bytes);
            })
        }
        Outcome::Match(matched) => {
            let json = serde_json::to_vec(matched).map_err(|e| Untold::NoJson {
                rule: matched.rule.clone(),
                user: matched.user.clone(),
                why: e.to_string(),
            })?;
            framed(out, OUT_MATCH, "a match", &matched.user, json.len(), |body| {
                body.extend_from_slice(&matched.time.to_le_bytes());
                short(body, &matched.rule);
                short(body, &matched.user);
                body.extend_from_slice(&match_id(&matched.match_id));
                long(body, &json);
            })
        }
        Outcome::Late(record) => rejected(out, OUT_LATE, "a late record", record, None),
        Outcome::Audit { user, effect, line } => {
            framed(out, OUT_AUDIT, "the audit of a command", user, line.len(), |body| {
                body.push(match effect {
                    CommandEffect::None => EFFECT_NONE,
                    CommandEffect::Done => EFFECT_DONE,
                    CommandEffect::Erased => EFFECT_ERASED,
                });
                short(body, user);
                long(body, line);
            })
        }
        Outcome::Bad { reason, record } => rejected(out, OUT_BAD, "a bad record", record, Some(reason)),
    }
}

/// Always 32 bytes on the wire, whatever the text.
fn match_id(text: &str) -> [u8; MATCH_ID_LEN] {
    let mut out = [b'0'; MATCH_ID_LEN];
    for (place, byte) in out.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    out
}

fn rejected(
    out: &mut Vec<u8>,
    tag: u8,
    what: &'static str,
    record: &Rejected,
    reason: Option<&str>,
) -> Result<(), Untold> {
    framed(out, tag, what, &record.user, record.raw.len(), |body| {
        body.extend_from_slice(&record.time.to_le_bytes());
        body.extend_from_slice(&record.partition.to_le_bytes());
        body.extend_from_slice(&record.position.to_le_bytes());
        short(body, &record.user);
        if let Some(reason) = reason {
            short(body, reason);
        }
        long(body, &record.raw);
    })
}

/// Tag and length around a body; `large` is the size of the body's one part that can be large.
fn framed(
    out: &mut Vec<u8>,
    tag: u8,
    what: &'static str,
    user: &str,
    large: usize,
    body: impl FnOnce(&mut Vec<u8>),
) -> Result<(), Untold> {
    let too_large = |bytes| Untold::TooLarge { what, user: user.to_owned(), bytes };
    // Everything else in a body is bounded: names of at most 64 KiB.
    if large > HARD_CAP - (256 << 10) {
        return Err(too_large(large));
    }
    out.push(tag);
    out.extend_from_slice(&[0; OUTCOME_HEADER - 1]);
    body(out);
    let len = u32::try_from(out.len() - OUTCOME_HEADER).map_err(|_| too_large(out.len()))?;
    out[1..OUTCOME_HEADER].copy_from_slice(&len.to_le_bytes());
    Ok(())
}

/// A name of at most 65535 bytes; a longer one is cut at a character, as no name of the law is that long.
fn short(out: &mut Vec<u8>, text: &str) {
    let mut cut = text.len().min(usize::from(u16::MAX));
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    out.extend_from_slice(&(cut as u16).to_le_bytes());
    out.extend_from_slice(&text.as_bytes()[..cut]);
}

/// Bytes whose length `framed` has bounded.
fn long(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// What extraction found in one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extracted<'a> {
    /// Who and when (Unix ms).
    Event(&'a str, i64),
    /// A blank line.
    Blank,
    /// Why it cannot be read.
    Bad(&'a str),
    /// A command: for whom, and its id.
    Command(&'a str, &'a str),
}

/// Writes an extraction; the bytes written, or none if the buffer is too small.
pub fn extracted(found: Extracted<'_>, out: &mut [u8]) -> Option<usize> {
    let (status, time, text) = match found {
        Extracted::Event(user, time) => (EXTRACT_EVENT, time, user),
        Extracted::Blank => (EXTRACT_BLANK, 0, ""),
        Extracted::Bad(reason) => (EXTRACT_BAD, 0, reason),
        Extracted::Command(user, _) => (EXTRACT_COMMAND, 0, user),
    };
    let len = u16::try_from(text.len()).ok()?;
    let mut after = Vec::new();
    if let Extracted::Command(_, id) = found {
        short(&mut after, id);
    }
    let head = EXTRACT_HEADER + text.len();
    let out = out.get_mut(..head + after.len())?;
    out[0] = status;
    out[1..9].copy_from_slice(&time.to_le_bytes());
    out[9..EXTRACT_HEADER].copy_from_slice(&len.to_le_bytes());
    out[EXTRACT_HEADER..head].copy_from_slice(text.as_bytes());
    out[head..].copy_from_slice(&after);
    Some(out.len())
}

/// The counters in the order of their declaration, as `Counters.java` reads them.
pub fn counters(c: &Counters) -> [u8; COUNTERS * 8] {
    // Taken apart whole, so that a new counter is not forgotten here.
    let Counters {
        taken,
        late,
        bad,
        matches,
        deadlines,
        dropped,
        repeated,
        cache_hits,
        cache_misses,
        state_read,
        state_written,
        cached_users,
        dirty_users,
        open_deadlines,
        cached_bytes,
        held_bytes,
    } = *c;
    let numbers: [u64; COUNTERS] = [
        taken,
        late,
        bad,
        matches,
        deadlines,
        dropped,
        repeated,
        cache_hits,
        cache_misses,
        state_read,
        state_written,
        cached_users,
        dirty_users,
        open_deadlines,
        cached_bytes,
        held_bytes,
    ];
    let mut out = [0; COUNTERS * 8];
    for (place, number) in out.chunks_exact_mut(8).zip(numbers) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    out
}
