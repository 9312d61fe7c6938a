//! What is wrong with a rule, said so that its author can mend it.

use serde::{Deserialize, Serialize};

use crate::Phrase;

/// One thing that is wrong, where it is, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// JSON pointer into the rule (`/measures/a/count/where`), empty for the whole.
    pub path: String,
    /// What is wrong, in English.
    pub reason: String,
    /// What to do about it, in English.
    pub cure: String,
    /// Both as phrases, for other languages.
    #[serde(default)]
    pub said: Box<Said>,
}

/// A problem's two sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What is wrong.
    pub reason: Phrase,
    /// What to do about it.
    pub cure: Phrase,
}

impl Problem {
    /// What is wrong at a path (empty: the whole), and what to do about it.
    pub fn new(path: impl Into<String>, reason: Phrase, cure: Phrase) -> Problem {
        let (english, mend) = (reason.english(), cure.english());
        Problem { path: path.into(), reason: english, cure: mend, said: Box::new(Said { reason, cure }) }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = if self.path.is_empty() { "/" } else { &self.path };
        write!(f, "{at}: {} ({})", self.reason, self.cure)
    }
}
