//! How far the work is, drawn on standard error where that is a terminal.

use std::fs;
use std::io::Read;
use std::path::Path;

use alcedo_backtest::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar: first over the bytes of the log, then over the users.
#[derive(Debug, Clone)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar over the bytes of a file; hidden where nobody would see it.
    pub(crate) fn new(quiet: bool, path: &Path) -> Bar {
        if quiet {
            return Bar(ProgressBar::hidden());
        }
        let bar = match fs::metadata(path) {
            Ok(data) if data.is_file() => ProgressBar::new(data.len()),
            _ => ProgressBar::no_length(),
        };
        bar.set_style(style("{msg} {wide_bar} {bytes}/{total_bytes} {eta}"));
        bar.set_message("reading");
        Bar(bar)
    }

    /// Counts the bytes that are read.
    pub(crate) fn count(&self, raw: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        Box::new(self.0.wrap_read(raw))
    }

    /// Shows how far the backtest is.
    pub(crate) fn show(&self, progress: Progress) {
        match progress {
            Progress::Read { lines } => self.0.set_message(format!("reading: {lines} lines")),
            Progress::Judged { shards, of, users } => {
                if self.0.length() != Some(of) {
                    self.0.set_style(style("{msg} {wide_bar} {percent}%"));
                    self.0.set_length(of);
                }
                self.0.set_position(shards);
                self.0.set_message(format!("judging: {users} users"));
            }
        }
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
