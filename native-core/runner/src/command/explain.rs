//! `alcedo explain`: why does this rule fire for this user, or why does it not?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use alcedo_backtest::{
    Ask, AudienceSources, Exclusions, Explained, FileSource, Options, Sourced, Words, compile, explain,
    read_audiences, read_rules,
};
use alcedo_engine::MAX_DEDUPE;
use alcedo_model::Status;
use clap::Args;
use jiff::tz::TimeZone;
use serde_json::json;

use super::backtest::{id_and_file, moment, read_mapping};
use crate::failure::Failure;
use crate::output::{Output, say};
use crate::progress::Bar;

/// Why does this rule fire for this user, or why does it not?
///
/// Takes the user's events out of a log, and shows how the rule stands once all of them up to a moment have happened:
/// its gates, its condition with present values and targets, and what its measures wait for.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A file with a rule or a list of rules, or a folder of such files (names that end in .json).
    #[arg(long, value_name = "FILE|DIR")]
    rules: PathBuf,
    /// The log; - is standard input.
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
    /// Whom.
    #[arg(long, value_name = "ID")]
    user: String,
    /// Which rule; may be left out where there is only one.
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// The moment, RFC 3339 or Unix ms. Default: the last in the log.
    #[arg(long, value_name = "T", value_parser = moment)]
    at: Option<i64>,
    /// Says where user, type, time and properties are in an event, as JSON.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Profile tags, one {"user": .., "tag": value, ..} a line: whom the rules' profiles mean.
    #[arg(long, value_name = "FILE")]
    tags: Option<PathBuf>,
    /// Members of an audience: a file that `alcedo audience` wrote, or one user a line. May be repeated.
    #[arg(long, value_name = "ID=FILE", value_parser = id_and_file)]
    audience: Vec<(String, PathBuf)>,
    /// Records that are not part of the input: JSON lines with "position", as a job's late output has them.
    #[arg(long, value_name = "FILE")]
    exclude: Option<PathBuf>,
    /// Drop an event whose id is among those of the user's last N events taken in; 0: none is.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=MAX_DEDUPE as i64))]
    dedupe: u16,
    /// Write one JSON object in place of text: keys and parameters, as docs/guide/explain.md lists them.
    #[arg(long)]
    json: bool,
    /// Say nothing on standard error unless something fails.
    #[arg(long, short)]
    quiet: bool,
}

impl Explain {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let rules = read_rules(&self.rules)?;
        let sourced = self.chosen(&rules)?;
        let members: BTreeMap<String, PathBuf> = self.audience.iter().cloned().collect();
        // The other rules may name audiences that are not at hand: only this one is compiled.
        let alone = std::slice::from_ref(sourced);
        let audiences = read_audiences(alone, &AudienceSources { tags: self.tags.clone(), members })?;
        let program = compile(alone, &audiences)?;
        let bar = Bar::new(self.quiet, &self.events);
        let progress = |progress| bar.show(progress);
        let counter = bar.clone();
        let watch = move |raw| counter.count(raw);
        let source = FileSource::new(&self.events).watched(&watch);
        let options = Options {
            mapping: self.mapping.as_deref().map(read_mapping).transpose()?.unwrap_or_default(),
            exclude: self.exclude.as_deref().map(Exclusions::read).transpose()?.unwrap_or_default(),
            dedupe: usize::from(self.dedupe),
            progress: &progress,
            ..Options::default()
        };
        let ask = Ask { rule: &sourced.rule, user: &self.user, at: self.at };
        let explained = explain(&program, ask, &source, &options)?;
        bar.clear();
        if !self.quiet && (explained.events == 0 || explained.bad > 0) {
            let Explained { events, all_events, bad, .. } = explained;
            say(format_args!(
                "of {all_events} events in the log {events} are his; {bad} records cannot be read"
            ));
        }
        self.show(sourced, &explained)
    }

    fn chosen<'r>(&self, rules: &'r [Sourced]) -> Result<&'r Sourced, Failure> {
        let ids = || rules.iter().map(|one| one.rule.id.as_str()).collect::<Vec<_>>().join(", ");
        let place = self.rules.display();
        let found = match (&self.rule, rules) {
            (None, [only]) => only,
            (None, _) => {
                return Err(Failure::at(place, format_args!("there are {}", ids()), "name one by --rule"));
            }
            (Some(id), _) => rules.iter().find(|one| one.rule.id == *id).ok_or_else(|| {
                Failure::at(place, format_args!("there is no rule {id}"), format_args!("there are {}", ids()))
            })?,
        };
        if found.rule.status == Status::Draft {
            let cure = "give it another status to see what it would do";
            return Err(Failure::at(&found.source, "a draft takes no part", cure));
        }
        Ok(found)
    }

    fn show(&self, sourced: &Sourced, explained: &Explained) -> Result<(), Failure> {
        let mut out = Output::open(Path::new("-"))?;
        if self.json {
            let fired: Vec<i64> = explained.matches.iter().map(|found| found.time).collect();
            let told =
                json!({"explanation": explained.explanation, "events": explained.events, "fired": fired});
            out.line(told.to_string().as_bytes())?;
            return out.finish();
        }
        let zone = TimeZone::get(&sourced.rule.time_zone).unwrap_or(TimeZone::UTC);
        let words = Words::new(zone);
        for line in words.page(explained) {
            out.line(line.as_bytes())?;
        }
        out.finish()
    }
}
