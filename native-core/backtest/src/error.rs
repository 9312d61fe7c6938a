//! Why a backtest could not be made.

use std::io;
use std::path::{Path, PathBuf};

use alcedo_model::Problem;
use arrow_schema::Schema;

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
    /// The input cannot be read as events.
    #[error("{}: {reason} ({cure})", name.display())]
    Input {
        /// What it is called.
        name: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        cure: String,
    },
    /// Events of a user are not in the order of their times, and the options do not allow to sort them.
    #[error(
        "{}: the event at position {position} of user {user} has the time {time}, and one of him before it {last}: the \
         input is not sorted ({cure})", name.display()
    )]
    Unsorted {
        /// What the input is called.
        name: PathBuf,
        /// The first that is out of order.
        position: i64,
        /// Whose.
        user: String,
        /// Its time, Unix ms.
        time: i64,
        /// The largest time before it, Unix ms.
        last: i64,
        /// What to do.
        cure: &'static str,
    },
    /// The caller wanted no more.
    #[error("the backtest was stopped")]
    Stopped,
    /// A thread of the backtest died.
    #[error(
        "a thread of the backtest ended before its work was done ({0}; report it with the rules and the log)"
    )]
    Thread(&'static str),
}

/// A table lacks a column that every event needs.
pub(crate) fn columns_error(name: &Path, schema: &Schema, field: &str, column: &str) -> Error {
    let there: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).take(30).collect();
    Error::Input {
        name: name.to_owned(),
        reason: format!("there is no column {column}, in which the {field} of an event would be"),
        cure: format!(
            "name the column in a mapping, {{\"{field}\": \"..\"}}; there are {}",
            if there.is_empty() { "none".to_owned() } else { there.join(", ") }
        ),
    }
}

impl Error {
    /// A stream that passes once is wanted again.
    pub(crate) fn passed(name: &Path) -> Error {
        Error::Input {
            name: name.to_owned(),
            reason: "it passes once, and is needed again".to_owned(),
            cure: "save it to a file, or collect it into a table".to_owned(),
        }
    }

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
