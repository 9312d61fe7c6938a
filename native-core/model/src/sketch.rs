//! A rule as far as it could be read: what parsing hands to the checks that look at more than one field.
//!
//! Every problem is collected, so what cannot be read leaves a hole (`holes`) and reading goes on beside it.

use std::collections::BTreeSet;

use crate::Rule;

/// A rule as far as it could be read, for the checks that look at more than one field.
pub(crate) struct Sketch {
    pub(crate) rule: Rule,
    /// Measures that are named and could not be read.
    pub(crate) unread_measures: BTreeSet<String>,
    /// There are measures whose names could not be read either.
    pub(crate) nameless_measures: bool,
    /// `published_at` is there and could not be read.
    pub(crate) published_unread: bool,
    /// `trigger` is there and could not be read.
    pub(crate) trigger_unread: bool,
}
