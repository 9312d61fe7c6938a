//! What things take in state bytes at the most: the ground of the compile report.

/// A varint that holds any i64.
pub(crate) const VARINT: u64 = 9;
/// Envelope, generation, clock, timer and list lengths.
pub(crate) const USER_OVERHEAD: u64 = 64;
/// Hash, occurrence, time, four counts.
pub(crate) const RULE_OVERHEAD: u64 = 8 + 2 * VARINT + 4 * 5 + VARINT;
/// A correlation value's part: kind, length and 64 bytes at the most.
pub(crate) const KEY_PART: u64 = 1 + 1 + 64;
/// A number with its kind: an i128 varint.
pub(crate) const NUMBER: u64 = 1 + 17;
/// The longest value that `first` and `last` keep.
pub(crate) const ANY_VALUE: u64 = 2 + 128;
