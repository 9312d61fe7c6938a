//! What is wrong with a rule, said so that its author can mend it.

use serde::{Deserialize, Serialize};

/// One thing that is wrong, where it is, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// JSON pointer into the rule (`/measures/a/count/where`), empty for the whole.
    pub path: String,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub cure: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = if self.path.is_empty() { "/" } else { &self.path };
        write!(f, "{at}: {} ({})", self.reason, self.cure)
    }
}
