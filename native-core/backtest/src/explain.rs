//! Users out of a log, and why a rule fires for them or does not.

use std::collections::BTreeMap;
use std::sync::Arc;

use alcedo_engine::{
    Content, Explanation, Extracted, Extractor, History, HistoryEvent, Program, Rows, without_mark,
};
use alcedo_model::{Mapping, Match, Rule};

use crate::blocks::Block;
use crate::ingest::PARTITION;
use crate::source::{Pieces, Source, Taken};
use crate::table::{OneRow, Reads, Table};
use crate::{Error, Options, Progress};

/// Whom and when to explain.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The rule, in the revision that the program runs.
    pub rule: &'a Rule,
    /// The user.
    pub user: &'a str,
    /// The moment, Unix ms; none = the largest time in the log.
    pub at: Option<i64>,
}

/// What a log tells of one user and one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// None if the program does not run the rule in this revision.
    pub explanation: Option<Explanation>,
    /// The matches of this rule for this user until then.
    pub matches: Vec<Match>,
    /// His events until then.
    pub events: u64,
    /// Events of anybody in the log.
    pub all_events: u64,
    /// Records of the log that cannot be read.
    pub bad: u64,
    /// The moment that is explained, Unix ms.
    pub at: i64,
    /// When his events until then were, Unix ms, and their types.
    pub seen: Vec<(i64, String)>,
}

/// What an event of the user says, borrowed from nothing.
enum Said {
    Json(Vec<u8>),
    Row(OneRow),
}

/// An event of a user.
struct Kept {
    time: i64,
    position: i64,
    said: Said,
}

impl Kept {
    fn event(&self) -> HistoryEvent<'_> {
        let content = match &self.said {
            Said::Json(raw) => Content::Json(raw),
            Said::Row(row) => Content::Row(row, 0),
        };
        HistoryEvent { time: self.time, position: self.position, content }
    }

    fn event_type(&self, mapping: &Mapping) -> String {
        match &self.said {
            Said::Json(raw) => event_type(raw, mapping),
            Said::Row(row) => row.event_type(0).map(std::borrow::Cow::into_owned).unwrap_or_default(),
        }
    }
}

/// The type of an event in JSON; empty where it has none.
pub fn event_type(event: &[u8], mapping: &Mapping) -> String {
    let record: serde_json::Value = serde_json::from_slice(without_mark(event)).unwrap_or_default();
    let place = mapping.event_type.0.iter().try_fold(&record, |value, name| value.get(name));
    place.and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// Reads the whole log and explains a rule for one user. `until`, `exclude`, `mapping` and `dedupe` of the options
/// count; threads do not.
///
/// # Errors
/// The log cannot be read. A record that cannot be read is none.
pub fn explain(
    program: &Arc<Program>,
    ask: Ask<'_>,
    source: &dyn Source,
    options: &Options<'_>,
) -> Result<Explained, Error> {
    explain_all(program, &[ask], source, options)?.pop().ok_or(Error::Thread("while it explained"))
}

/// Answers several questions in one pass over the log, in their order.
///
/// # Errors
/// As [`explain`].
pub fn explain_all(
    program: &Arc<Program>,
    asks: &[Ask<'_>],
    source: &dyn Source,
    options: &Options<'_>,
) -> Result<Vec<Explained>, Error> {
    let mut found = Found { of: asks.iter().map(|ask| (ask.user, Vec::new())).collect(), ..Found::default() };
    found.read(source, &Reads::new(&options.mapping, program), options)?;
    for kept in found.of.values_mut() {
        kept.sort_by_key(|event| (event.time, event.position));
    }
    let mut history = History::new(Arc::clone(program), options.mapping.clone()).dedupe(options.dedupe);
    let mut answer = |ask: &Ask<'_>| {
        options.stopped()?;
        let at = ask.at.or(options.until).or(found.largest).unwrap_or(0);
        let kept = found.of.get(ask.user).map_or(&[][..], Vec::as_slice);
        let kept = &kept[..kept.partition_point(|event| event.time <= at)];
        let events: Vec<HistoryEvent<'_>> = kept.iter().map(Kept::event).collect();
        let mut matches = Vec::new();
        let explanation = history.explain(ask.rule, ask.user, &events, at, &mut matches);
        matches.retain(|found| found.rule == ask.rule.id);
        let seen = kept.iter().map(|event| (event.time, event.event_type(&options.mapping))).collect();
        let (events, all_events, bad) = (events.len() as u64, found.all_events, found.bad);
        Ok(Explained { explanation, matches, events, all_events, bad, at, seen })
    };
    asks.iter().map(&mut answer).collect()
}

/// What one pass over the log finds.
#[derive(Default)]
struct Found<'a> {
    /// The events of those asked for, in the order of the log.
    of: BTreeMap<&'a str, Vec<Kept>>,
    /// The largest time of anybody's, Unix ms.
    largest: Option<i64>,
    all_events: u64,
    bad: u64,
}

impl Found<'_> {
    fn read(&mut self, source: &dyn Source, reads: &Reads, options: &Options<'_>) -> Result<(), Error> {
        let extractor = Extractor::new(&options.mapping, None);
        let mut pieces = Pieces::open(source, reads)?;
        let mut lines = 0;
        while let Some(piece) = pieces.next(reads, source.name())? {
            options.stopped()?;
            lines += piece.records();
            for taken in piece.taken(reads, source.name())? {
                match taken {
                    Taken::Lines(block) => self.lines(&block, &extractor, options),
                    Taken::Rows(table) => self.rows(&table, options),
                }
            }
            (options.progress)(Progress::Read { lines });
        }
        Ok(())
    }

    fn lines(&mut self, block: &Block, extractor: &Extractor, options: &Options<'_>) {
        for (position, range) in block.lines() {
            let raw = &block.bytes[range];
            match extractor.extract(raw, None) {
                Extracted::Blank => {}
                Extracted::Bad(_) => self.bad += 1,
                Extracted::Event { user, time, .. } => {
                    self.event(options, &user, (time, position), || Said::Json(raw.to_vec()));
                }
            }
        }
    }

    fn rows(&mut self, table: &Table, options: &Options<'_>) {
        for row in 0..table.rows {
            match table.extract(row) {
                Err(_) => self.bad += 1,
                Ok((user, time)) => {
                    let place = (time, table.first + row as i64);
                    self.event(options, &user, place, || Said::Row(table.row(row)));
                }
            }
        }
    }

    fn event(
        &mut self,
        options: &Options<'_>,
        user: &str,
        (time, position): (i64, i64),
        said: impl FnOnce() -> Said,
    ) {
        let beyond = options.until.is_some_and(|until| time > until);
        if beyond || options.exclude.contains(PARTITION, position) {
            return;
        }
        self.largest = self.largest.max(Some(time));
        self.all_events += 1;
        if let Some(kept) = self.of.get_mut(user) {
            kept.push(Kept { time, position, said: said() });
        }
    }
}
