//! `alcedo simulate`: writes the logs of a shop that does not exist.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use flate2::{Compression, GzBuilder};

use crate::failure::Failure;
use crate::output::{Output, say};
use crate::simulate::{self, Options, Summary};

/// Write the events and profiles of a simulated shop: same options, same bytes.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// People who visit the shop.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    users: u64,
    /// Events to write; about one broken line in a thousand comes on top.
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u64).range(1..=10_000_000_000))]
    events: u64,
    /// Chooses the shop.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Folder to write into; made if it is not there. Files of earlier runs are replaced.
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// Write events.jsonl.gz in place of events.jsonl.
    #[arg(long)]
    gzip: bool,
}

impl Simulate {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let options = Options { users: self.users, events: self.events, seed: self.seed };
        make_folder(&self.output)?;
        let summary = self.write_events(options)?;
        let mut tags = Output::open(&self.output.join("tags.jsonl"))?;
        simulate::tags(options, &mut tags).map_err(|error| Failure::io(tags.shown(), &error))?;
        tags.finish()?;
        write_rules(&self.output.join("rules"), &simulate::RULES)?;
        report(&summary, &self.output);
        Ok(())
    }

    fn write_events(&self, options: Options) -> Result<Summary, Failure> {
        let name = if self.gzip { "events.jsonl.gz" } else { "events.jsonl" };
        let mut output = Output::open(&self.output.join(name))?;
        let shown = output.shown().to_owned();
        let failed = |error: std::io::Error| Failure::io(&shown, &error);
        let summary = if self.gzip {
            // No name and no time in the header: the bytes follow from the options alone.
            let mut packed = GzBuilder::new().write(&mut output, Compression::default());
            let summary = simulate::events(options, &mut packed).map_err(failed)?;
            packed.finish().map_err(failed)?;
            summary
        } else {
            simulate::events(options, &mut output).map_err(failed)?
        };
        output.finish()?;
        Ok(summary)
    }
}

fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::io(path, &error))
}

fn write_rules(folder: &Path, rules: &[(&str, &str)]) -> Result<(), Failure> {
    make_folder(folder)?;
    for (name, text) in rules {
        let mut output = Output::open(&folder.join(name))?;
        output.write_all(text.as_bytes()).map_err(|error| Failure::io(output.shown(), &error))?;
        output.finish()?;
    }
    Ok(())
}

fn report(summary: &Summary, folder: &Path) {
    let list = |counts: &std::collections::BTreeMap<&'static str, u64>| {
        counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
    };
    say(format_args!("{}: {}", folder.display(), list(&summary.types)));
    say(format_args!("stragglers {}; broken lines: {}", summary.stragglers, list(&summary.broken)));
}
