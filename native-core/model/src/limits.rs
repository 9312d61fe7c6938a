//! The sizes a rule may have. Each is checked when a rule is read, with an error that names the place and the limit.
//!
//! They are far above what people write and far below what could hurt a host: a rule is user input.

/// Bytes of one rule's JSON text, as written and in canonical form (256 KiB).
pub const MAX_RULE_BYTES: usize = 256 * 1024;
/// Bytes of a text that holds a list of rules (64 MiB).
pub const MAX_SET_BYTES: usize = 64 * 1024 * 1024;
/// Rules in such a list.
pub const MAX_RULES: usize = 10_000;
/// Levels of JSON objects and lists in one rule. Conditions of [`MAX_DEPTH`] levels fit with room to spare.
pub const MAX_NESTING: usize = 96;
/// Levels of conditions: `all`, `any`, `not`, a comparison and each arithmetic are one level.
pub const MAX_DEPTH: usize = 32;
/// Conditions in one rule: every `all`, `any`, `not`, `exists` and comparison, wherever it stands.
pub const MAX_CONDITIONS: usize = 1000;
/// Problems reported of one rule; the rest is counted in the last one.
pub const MAX_PROBLEMS: usize = 100;

/// Bytes of a rule's id, and of an audience's.
pub const MAX_ID_BYTES: usize = 64;
/// Bytes of a rule's name (1 KiB).
pub const MAX_NAME_BYTES: usize = 1024;
/// Bytes of a measure's name.
pub const MAX_MEASURE_NAME_BYTES: usize = 32;
/// Measures of one rule.
pub const MAX_MEASURES: usize = 64;
/// Firing limits of one rule.
pub const MAX_LIMITS: usize = 16;
/// Bytes of an action in canonical form (64 KiB).
pub const MAX_ACTION_BYTES: usize = 64 * 1024;
/// Levels of JSON objects and lists in an action.
pub const MAX_ACTION_NESTING: usize = 32;

/// Event types of one pattern.
pub const MAX_EVENT_TYPES: usize = 64;
/// Bytes of an event type.
pub const MAX_EVENT_TYPE_BYTES: usize = 256;
/// Elements of a constant list.
pub const MAX_LIST: usize = 10_000;
/// Bytes of a constant text (4 KiB).
pub const MAX_TEXT_BYTES: usize = 4 * 1024;
/// Bytes of a regular expression (1 KiB).
pub const MAX_REGEX_BYTES: usize = 1024;
/// Names in a path to a property, or in a tag's name.
pub const MAX_PATH_NAMES: usize = 16;
/// Bytes of a path to a property, or of a tag's name.
pub const MAX_PATH_BYTES: usize = 256;
/// Properties that correlate (`by`).
pub const MAX_BY: usize = 8;
/// Steps of a sequence.
pub const MAX_STEPS: usize = 16;

/// `k` of `top`.
pub const MAX_K: u32 = 1000;
/// `up_to` of `distinct`.
pub const MAX_UP_TO: u32 = 10_000;
/// `max_keys`: correlation values kept per user and measure.
pub const MAX_KEYS: u32 = 10_000;
/// `max_open`: open absences kept per user and measure.
pub const MAX_OPEN: u32 = 10_000;
/// `max_partials`: candidate starts kept per step of a sequence.
pub const MAX_PARTIALS: u32 = 1000;
/// `exact_events`: events kept exactly in a sliding window.
pub const MAX_EXACT_EVENTS: u32 = 10_000;

/// The longest duration, in ms: 36,525 days, some 100 years.
pub const MAX_DURATION_MS: i64 = 36_525 * 86_400_000;
/// The first moment, in Unix ms: 1970-01-01T00:00:00Z.
pub const MIN_TIME_MS: i64 = 0;
/// The last moment, in Unix ms: 9999-12-31T23:59:59.999Z.
pub const MAX_TIME_MS: i64 = 253_402_300_799_999;
