//! Why a command could not do what it was asked, and what to do about it.

use std::fmt;
use std::io;
use std::path::Path;

use alcedo_model::Problem;

/// Exit code of a command that ran and found the answer to be no, or could not finish.
pub(crate) const FAILED: u8 = 1;

/// One failure: place, reason, cure.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure at a place.
    pub(crate) fn at(
        place: impl fmt::Display,
        reason: impl fmt::Display,
        cure: impl fmt::Display,
    ) -> Failure {
        Failure(format!("{place}: {reason} ({cure})"))
    }

    /// A failure of the file system.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Failure {
        let cure = match error.kind() {
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::PermissionDenied => "check who owns the file and its folder",
            io::ErrorKind::StorageFull => "make room, or write elsewhere",
            _ => "see what the system says above",
        };
        Failure::at(path.display(), error, cure)
    }

    /// A file with problems at several places.
    pub(crate) fn problems(path: &Path, problems: &[Problem]) -> Failure {
        let lines: Vec<String> =
            problems.iter().map(|problem| format!("{}: {problem}", path.display())).collect();
        Failure(lines.join("\n"))
    }
}

impl From<alcedo_backtest::Error> for Failure {
    fn from(error: alcedo_backtest::Error) -> Failure {
        Failure(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
