//! `alcedo backtest`: what would these rules have done over this log?

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use alcedo_backtest::{
    AudienceSources, Bad, CellType, Exclusions, FileSource, Options, Outcome, Progress, Separated, Sourced,
    Unsorted, Watch, backtest_source, compile, read_audiences, read_rules,
};
use alcedo_engine::{EndOfInput, MAX_DEDUPE};
use alcedo_model::{Mapping, Status};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::failure::Failure;
use crate::output::{Output, say};
use crate::progress::Bar;

/// Judge a whole log by rules and write the matches.
///
/// The log is JSON lines, comma-separated values (.csv, .tsv) or Parquet, in any order, gzip or not. Matches come out
/// as JSON lines, sorted by time, user, rule and occurrence. Records that cannot be read are counted and never stop
/// the work.
#[derive(Debug, Args)]
pub(crate) struct Backtest {
    /// A file with a rule or a list of rules, or a folder of such files (names that end in .json).
    #[arg(long, value_name = "FILE|DIR")]
    rules: PathBuf,
    /// The log; - is standard input.
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
    /// Where the matches go; - is standard output. A file is put in place when it is complete.
    #[arg(long, value_name = "FILE|-")]
    output: PathBuf,
    /// Says where user, type, time and properties are in an event, as JSON.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Profile tags, one {"user": .., "tag": value, ..} a line: whom the rules' profiles mean.
    #[arg(long, value_name = "FILE")]
    tags: Option<PathBuf>,
    /// Members of an audience: a file that `alcedo audience` wrote, or one user a line. May be repeated.
    #[arg(long, value_name = "ID=FILE", value_parser = id_and_file)]
    audience: Vec<(String, PathBuf)>,
    /// End the log at this time: events and deadlines up to it happen, nothing later. RFC 3339, or Unix ms.
    #[arg(long, value_name = "T", value_parser = moment)]
    until: Option<i64>,
    /// What happens to deadlines that lie beyond the last event.
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = End::Hold)]
    end_of_input: End,
    /// Drop an event whose id is among those of its user's last N events taken in; 0: none is.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=MAX_DEDUPE as i64))]
    dedupe: u16,
    /// Records that are not part of the input: JSON lines with "position", as a job's late output has them.
    #[arg(long, value_name = "FILE")]
    exclude: Option<PathBuf>,
    /// Type of a column of comma-separated values: bool, int, float, time or text. May be repeated. Of other columns it
    /// is found from the first 10,000 rows.
    #[arg(long, value_name = "COLUMN=TYPE", value_parser = column_type)]
    column: Vec<(String, CellType)>,
    /// What becomes of a log that is not sorted by time.
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OutOfOrder::Sort)]
    unsorted: OutOfOrder,
    /// Where the records go that cannot be read, with the reason why.
    #[arg(long, value_name = "FILE|-")]
    bad_output: Option<PathBuf>,
    /// Threads; the result is the same for any number. Default: one a core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Say nothing on standard error unless something fails.
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum End {
    /// They stay open.
    Hold,
    /// All of them pass.
    Fire,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum OutOfOrder {
    /// It is sorted: what the rules read of it is then kept in memory.
    Sort,
    /// It is refused: memory stays bounded, however long the log is.
    Refuse,
}

impl Backtest {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let started = Instant::now();
        let rules = read_rules(&self.rules)?;
        let members: BTreeMap<String, PathBuf> = self.audience.iter().cloned().collect();
        let audiences = read_audiences(&rules, &AudienceSources { tags: self.tags.clone(), members })?;
        let program = compile(&rules, &audiences)?;
        let output = Output::open(&self.output)?;
        let bad_output = self.bad_output.as_deref().map(Output::open).transpose()?;
        let bar = Bar::new(self.quiet, &self.events);
        let progress = |progress| bar.show(progress);
        let counter = bar.clone();
        let watch = move |raw| counter.count(raw);
        let options = self.options(&progress)?;
        let unit = options.mapping.time_unit;
        let outcome = backtest_source(&program, &self.source(&watch), &options)?;
        bar.clear();
        write_matches(&outcome, output)?;
        if let Some(output) = bad_output {
            write_bad(&outcome.bad, output)?;
        }
        if !self.quiet {
            report(&rules, &outcome, started.elapsed().as_secs_f64());
        }
        if let Some(doubt) = outcome.counters.doubt(unit) {
            say(format_args!("warning: {}: {doubt}", self.events.display()));
        }
        Ok(())
    }

    fn source<'a>(&self, watch: Watch<'a>) -> FileSource<'a> {
        let types = self.column.iter().cloned().collect();
        FileSource::new(&self.events).separated(Separated { delimiter: None, types }).watched(watch)
    }

    fn options<'a>(&self, progress: &'a (dyn Fn(Progress) + Sync)) -> Result<Options<'a>, Failure> {
        let exclude = self.exclude.as_deref().map(Exclusions::read).transpose()?.unwrap_or_default();
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Options {
            mapping: self.mapping.as_deref().map(read_mapping).transpose()?.unwrap_or_default(),
            until: self.until,
            end_of_input: match self.end_of_input {
                End::Hold => EndOfInput::Hold,
                End::Fire => EndOfInput::Fire,
            },
            dedupe: usize::from(self.dedupe),
            threads: self.threads.map_or_else(cores, usize::from),
            exclude,
            keep_bad: self.bad_output.is_some(),
            unsorted: match self.unsorted {
                OutOfOrder::Sort => Unsorted::Sort,
                OutOfOrder::Refuse => Unsorted::Refuse,
            },
            progress,
            ..Options::default()
        })
    }
}

pub(super) fn id_and_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((id, file)) if !id.is_empty() && !file.is_empty() => Ok((id.to_owned(), PathBuf::from(file))),
        _ => Err("write the audience's id and its file as ID=FILE".to_owned()),
    }
}

fn column_type(text: &str) -> Result<(String, CellType), String> {
    let (column, kind) = text.rsplit_once('=').ok_or("write the column and its type as COLUMN=TYPE")?;
    Ok((column.to_owned(), kind.parse()?))
}

pub(super) fn moment(text: &str) -> Result<i64, String> {
    if let Ok(ms) = text.parse::<i64>() {
        return Ok(ms);
    }
    let moment: Result<jiff::Timestamp, _> = text.parse();
    moment.map(jiff::Timestamp::as_millisecond).map_err(|_| {
        "write a time with its offset, like 2024-04-01T00:00:00+08:00, or Unix milliseconds".to_owned()
    })
}

pub(super) fn read_mapping(path: &Path) -> Result<Mapping, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    Mapping::parse(&text).map_err(|problems| Failure::problems(path, &problems))
}

fn write_matches(outcome: &Outcome, mut output: Output) -> Result<(), Failure> {
    for found in &outcome.matches {
        let line = serde_json::to_vec(found)
            .map_err(|error| Failure::at(output.shown().display(), error, "this match cannot be JSON"))?;
        output.line(&line)?;
    }
    output.finish()
}

fn write_bad(bad: &[Bad], mut output: Output) -> Result<(), Failure> {
    for record in bad {
        let line = json!({
            "partition": record.partition,
            "position": record.position,
            "reason": record.reason,
            "raw": String::from_utf8_lossy(&record.raw),
        });
        output.line(line.to_string().as_bytes())?;
    }
    output.finish()
}

/// What a person wants to know when it is done.
fn report(rules: &[Sourced], outcome: &Outcome, seconds: f64) {
    let counters = &outcome.counters;
    let rate = counters.events as f64 / seconds.max(0.001);
    say(format_args!(
        "{} events of {} users in {seconds:.2} s ({rate:.0} events/s)",
        counters.events, counters.users
    ));
    let left_out = [
        ("blank", counters.blank),
        ("excluded", counters.excluded),
        ("beyond --until", counters.beyond),
        ("repeated ids", counters.repeated),
    ];
    for (what, count) in left_out.into_iter().filter(|(_, count)| *count > 0) {
        say(format_args!("{count} lines left out: {what}"));
    }
    for (reason, count) in &counters.bad {
        say(format_args!("{count} records cannot be read: {reason}"));
    }
    if counters.dropped > 0 {
        say(format_args!(
            "{} correlation values or open absences dropped by max_keys or max_open",
            counters.dropped
        ));
    }
    let mut matches: BTreeMap<&str, u64> = BTreeMap::new();
    for found in &outcome.matches {
        *matches.entry(&found.rule).or_default() += 1;
    }
    for sourced in rules {
        let rule = &sourced.rule;
        let note = if rule.status == Status::Draft { " (a draft takes no part)" } else { "" };
        say(format_args!("{:>9} matches: {}{note}", matches.get(&*rule.id).unwrap_or(&0), rule.id));
    }
}
