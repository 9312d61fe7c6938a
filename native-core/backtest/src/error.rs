//! Why a backtest could not be made.

use std::io;
use std::path::{Path, PathBuf};

use alcedo_model::Problem;

/// A rule that cannot run, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The file it came from; empty where it did not come from one.
    pub source: String,
    /// Its id, where it has one that can be read.
    pub rule: Option<String>,
    /// What is wrong, each with a path into the rule and a cure.
    pub problems: Vec<Problem>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (nth, problem) in self.problems.iter().enumerate() {
            let end = if nth + 1 < self.problems.len() { "\n" } else { "" };
            match &self.rule {
                Some(rule) => write!(f, "{}: rule {rule}: {problem}{end}", self.source)?,
                None => write!(f, "{}: {problem}{end}", self.source)?,
            }
        }
        Ok(())
    }
}

/// Everything that can stop a backtest. Bad records are none of it: they are counted and kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("{}: {source} ({cure})", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
        /// What to do.
        cure: &'static str,
    },
    /// Rules that do not parse or do not compile.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Rules(Vec<Refused>),
    /// No rule at all.
    #[error("{}: no rule in it (name a file that ends in .json, or a folder of such files)", .0.display())]
    NoRules(PathBuf),
    /// A rule's audience has no members from anywhere.
    #[error("rule {rule}: audience {audience} is not there ({cure})")]
    NoAudience {
        /// Which rule.
        rule: String,
        /// Its audience's id.
        audience: String,
        /// What to do.
        cure: String,
    },
    /// A file of audience members cannot be read.
    #[error("{}: {reason} (make it with `alcedo audience`, or write one user a line)", path.display())]
    Audience {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A line of the tags or of the exclusion file cannot be read.
    #[error("{}: line {line}: {reason} ({cure})", path.display())]
    Line {
        /// Which file.
        path: PathBuf,
        /// Line number from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        cure: &'static str,
    },
    /// A thread of the backtest died.
    #[error(
        "a thread of the backtest ended before its work was done ({0}; report it with the rules and the log)"
    )]
    Thread(&'static str),
}

impl Error {
    pub(crate) fn io(path: &Path, source: io::Error) -> Error {
        let cure = match source.kind() {
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::PermissionDenied => "check who may read it",
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                "the file is damaged or was cut off: copy it anew"
            }
            _ => "see what the system says above",
        };
        Error::Io { path: path.to_owned(), source, cure }
    }
}
