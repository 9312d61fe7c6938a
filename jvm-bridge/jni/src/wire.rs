//! The bytes that cross the boundary: one table of numbers, one reader, one writer. Pure.
//!
//! Invariants: everything is little-endian and packed; a length is checked against what is there before anything
//! is allocated for it; any bytes whatever give a result or [`Malformed`], never a panic; the Java side knows these
//! numbers only from the generated `Layout.java`.
//!
//! A batch of one touch of user `u1` is 29 bytes: `02 | 02 00 | time 8 | partition 4 | position 8 | 00 00 00 00 | "u1"`.

mod read;
mod write;

pub use read::{
    Extractions, Records, Supplies, Supply, Update, extractions, records, supplies, update, users,
};
pub use write::{Extracted, Next, Untold, Writer, counters, extracted};

/// Raised by one with every change of the layout below, so that an old jar refuses a new library.
pub const VERSION: i32 = 4;

/// Record kind: an event with its bytes.
pub const KIND_EVENT: u8 = 1;
/// Record kind: a host timer fired for this user at this time; no bytes.
pub const KIND_TOUCH: u8 = 2;
/// Record kind: a command with its bytes; its time is the host's wall clock.
pub const KIND_COMMAND: u8 = 3;
/// Record kind: a command whose id the host has seen.
pub const KIND_COMMAND_AGAIN: u8 = 4;
/// Offset of the kind in a record, u8.
pub const RECORD_KIND: usize = 0;
/// Offset of the user's length in a record, u16.
pub const RECORD_USER_LEN: usize = 1;
/// Offset of the event time in a record, i64, Unix ms.
pub const RECORD_TIME: usize = 3;
/// Offset of the partition in a record, i32.
pub const RECORD_PARTITION: usize = 11;
/// Offset of the position in a record, i64.
pub const RECORD_POSITION: usize = 15;
/// Offset of the raw bytes' length in a record, u32.
pub const RECORD_RAW_LEN: usize = 23;
/// Bytes of a record before its user and raw bytes.
pub const RECORD_HEADER: usize = 27;

/// Bytes of a supplied state before the state: u32 token, u8 present, u32 length.
pub const SUPPLY_HEADER: usize = 9;

/// Bytes of an outcome before its body: u8 tag, u32 length of the body.
pub const OUTCOME_HEADER: usize = 5;
/// Outcome: the host must supply this user's state.
pub const OUT_NEED: u8 = 1;
/// Outcome: the host must store this user's state.
pub const OUT_STORE: u8 = 2;
/// Outcome: a rule fired.
pub const OUT_MATCH: u8 = 3;
/// Outcome: an event came too late.
pub const OUT_LATE: u8 = 4;
/// Outcome: a record cannot be read.
pub const OUT_BAD: u8 = 5;
/// Outcome: what became of a command.
pub const OUT_AUDIT: u8 = 6;
/// Effect of a command: none.
pub const EFFECT_NONE: u8 = 0;
/// Effect of a command: it was carried out.
pub const EFFECT_DONE: u8 = 1;
/// Effect of a command: the user was erased.
pub const EFFECT_ERASED: u8 = 2;
/// Length of a match id, lower-case hex.
pub const MATCH_ID_LEN: usize = 32;

/// Bytes of a record to be extracted before its own: i64 broker time, u32 length.
pub const EXTRACT_RECORD_HEADER: usize = 12;
/// Extraction: user and time follow.
pub const EXTRACT_EVENT: u8 = 0;
/// Extraction: a blank line, to be skipped.
pub const EXTRACT_BLANK: u8 = 1;
/// Extraction: a reason follows in the user's place.
pub const EXTRACT_BAD: u8 = 2;
/// Extraction of a command: user, u16 length and id follow.
pub const EXTRACT_COMMAND: u8 = 3;
/// Bytes of an extraction before the user or reason: u8 status, i64 time, u16 length.
pub const EXTRACT_HEADER: usize = 11;
/// The longest extraction, bytes: that of a command.
pub const EXTRACT_LONGEST: usize = EXTRACT_HEADER + MAX_USER + 2 + alcedo_engine::MAX_COMMAND_ID;

/// The longest user id, bytes of UTF-8.
pub const MAX_USER: usize = 128;
/// The most a batch, a supply, an outcome or a byte array may take, bytes. Beyond it is an error, not an allocation.
pub const HARD_CAP: usize = 64 << 20;
/// A direct buffer's first size, bytes.
pub const BUFFER_START: usize = 1 << 20;
/// A direct buffer stays at most this large, bytes; one larger batch or outcome grows it for that once.
pub const BUFFER_KEEP: usize = 8 << 20;
/// The most rule documents in one update of a book.
pub const MAX_DOCUMENTS: usize = 100_000;

/// How many numbers `counters` writes, each an i64.
pub const COUNTERS: usize = 16;

/// A number of the layout: its name in Java, its value, what it means.
pub type Number = (&'static str, i32, &'static str);

/// Every number that Java needs, in the order in which `Native.layout()` returns the values.
pub const NUMBERS: &[Number] = &[
    ("VERSION", VERSION, "Raised by one with every change of the layout."),
    ("KIND_EVENT", KIND_EVENT as i32, "Record kind: an event with its bytes."),
    (
        "KIND_TOUCH",
        KIND_TOUCH as i32,
        "Record kind: a host timer fired for this user at this time; no bytes.",
    ),
    (
        "KIND_COMMAND",
        KIND_COMMAND as i32,
        "Record kind: a command with its bytes; its time is the host's wall clock.",
    ),
    ("KIND_COMMAND_AGAIN", KIND_COMMAND_AGAIN as i32, "Record kind: a command whose id the host has seen."),
    ("RECORD_KIND", RECORD_KIND as i32, "Offset of the kind in a record, u8."),
    ("RECORD_USER_LEN", RECORD_USER_LEN as i32, "Offset of the user's length in a record, u16."),
    ("RECORD_TIME", RECORD_TIME as i32, "Offset of the event time in a record, i64, Unix ms."),
    ("RECORD_PARTITION", RECORD_PARTITION as i32, "Offset of the partition in a record, i32."),
    ("RECORD_POSITION", RECORD_POSITION as i32, "Offset of the position in a record, i64."),
    ("RECORD_RAW_LEN", RECORD_RAW_LEN as i32, "Offset of the raw bytes' length in a record, u32."),
    ("RECORD_HEADER", RECORD_HEADER as i32, "Bytes of a record before its user and raw bytes."),
    (
        "SUPPLY_HEADER",
        SUPPLY_HEADER as i32,
        "Bytes of a supplied state before the state: u32 token, u8 present, u32 length.",
    ),
    (
        "OUTCOME_HEADER",
        OUTCOME_HEADER as i32,
        "Bytes of an outcome before its body: u8 tag, u32 length of the body.",
    ),
    ("OUT_NEED", OUT_NEED as i32, "Outcome: the host must supply this user's state."),
    ("OUT_STORE", OUT_STORE as i32, "Outcome: the host must store this user's state."),
    ("OUT_MATCH", OUT_MATCH as i32, "Outcome: a rule fired."),
    ("OUT_LATE", OUT_LATE as i32, "Outcome: an event came too late."),
    ("OUT_BAD", OUT_BAD as i32, "Outcome: a record cannot be read."),
    ("OUT_AUDIT", OUT_AUDIT as i32, "Outcome: what became of a command."),
    ("EFFECT_NONE", EFFECT_NONE as i32, "Effect of a command: none."),
    ("EFFECT_DONE", EFFECT_DONE as i32, "Effect of a command: it was carried out."),
    ("EFFECT_ERASED", EFFECT_ERASED as i32, "Effect of a command: the user was erased."),
    ("MATCH_ID_LEN", MATCH_ID_LEN as i32, "Length of a match id, lower-case hex."),
    (
        "EXTRACT_RECORD_HEADER",
        EXTRACT_RECORD_HEADER as i32,
        "Bytes of a record to be extracted before its own: i64 broker time, u32 length.",
    ),
    ("EXTRACT_EVENT", EXTRACT_EVENT as i32, "Extraction: user and time follow."),
    ("EXTRACT_BLANK", EXTRACT_BLANK as i32, "Extraction: a blank line, to be skipped."),
    ("EXTRACT_BAD", EXTRACT_BAD as i32, "Extraction: a reason follows in the user's place."),
    ("EXTRACT_COMMAND", EXTRACT_COMMAND as i32, "Extraction of a command: user, u16 length and id follow."),
    (
        "EXTRACT_HEADER",
        EXTRACT_HEADER as i32,
        "Bytes of an extraction before the user or reason: u8 status, i64 time, u16 length.",
    ),
    ("EXTRACT_LONGEST", EXTRACT_LONGEST as i32, "The longest extraction, bytes: that of a command."),
    ("MAX_COMMAND_ID", alcedo_engine::MAX_COMMAND_ID as i32, "The longest id of a command, bytes of UTF-8."),
    ("MAX_USER", MAX_USER as i32, "The longest user id, bytes of UTF-8."),
    ("HARD_CAP", HARD_CAP as i32, "The most a batch, a supply, an outcome or a byte array may take, bytes."),
    ("BUFFER_START", BUFFER_START as i32, "A direct buffer's first size, bytes."),
    ("BUFFER_KEEP", BUFFER_KEEP as i32, "A direct buffer stays at most this large, bytes."),
    ("MAX_DOCUMENTS", MAX_DOCUMENTS as i32, "The most rule documents in one update of a book."),
    ("MAX_DEDUPE", alcedo_engine::MAX_DEDUPE as i32, "The most ids kept per user to drop repeats."),
    ("COUNTERS", COUNTERS as i32, "How many numbers counters() writes, each an i64."),
];

/// Bytes from the host that do not follow the layout. The host is our own Java code, so this is a defect of it or of
/// the memory between.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} at byte {at} of {of}: {why}; the jar and the library disagree or the buffer was changed during the call"
)]
pub struct Malformed {
    /// Which bytes: batch, supply, update.
    pub of: &'static str,
    /// Which field.
    pub what: &'static str,
    /// Offset of the field, bytes.
    pub at: usize,
    /// What is wrong with it.
    pub why: String,
}

#[cfg(test)]
mod tests;
