//! Long work: done in threads of its own, while Python's thread shows how far it is and hears Ctrl-C.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use alcedo_backtest::{
    Ask, CellType, Exclusions, Explained, Options, Progress, Separated, Unsorted, Words, backtest_source,
    explain_all,
};
use alcedo_engine::EndOfInput;
use alcedo_model::Mapping;
use jiff::tz::TimeZone;
use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::events::{Gift, Given};
use crate::guard::{Failed, guarded};
use crate::matches::Matches;
use crate::rules::ready;

/// How often Ctrl-C is heard and progress is shown.
const TICK: Duration = Duration::from_millis(100);

/// Settings of a run, as Python writes them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    mapping: Option<Value>,
    until: Option<i64>,
    fire: bool,
    dedupe: usize,
    threads: usize,
    refuse_unsorted: bool,
    /// Bytes of a round.
    memory: Option<usize>,
    /// Types of the columns of separated values.
    columns: BTreeMap<String, String>,
    exclude: Vec<i64>,
    keep_bad: bool,
}

/// A question of Python's: rule number, user, Unix ms.
type Question = (usize, String, Option<i64>);

/// Tags, a JSON object a user, and the users of audiences.
type People = (Option<Vec<String>>, BTreeMap<String, Vec<String>>);

/// Everything that a run needs.
struct Run {
    rules: Vec<String>,
    tags: Option<Vec<String>>,
    members: BTreeMap<String, Vec<String>>,
    given: Given,
    settings: Settings,
    mapping: Mapping,
    columns: BTreeMap<String, CellType>,
}

/// How far it is; Python reads it.
#[derive(Default)]
struct Meter {
    records: AtomicU64,
    bytes: AtomicU64,
    shards: AtomicU64,
    stop: AtomicBool,
}

/// Judges events by rules: the matches, the counters and the bad records as JSON.
#[pyfunction]
pub(crate) fn backtest(
    py: Python<'_>,
    rules: Vec<String>,
    events: Gift,
    settings: &str,
    people: People,
    progress: Option<Py<PyAny>>,
) -> PyResult<(Matches, String, String)> {
    let run = run(rules, events, settings, people)?;
    supervised(py, progress, |meter| {
        let ready = ready(&run.rules, run.tags.as_deref(), &run.members)?;
        let outcome =
            with(&run, meter, |source, options| Ok(backtest_source(&ready.program, source, options)?))?;
        let counters = &outcome.counters;
        let counted = json!({
            "records": counters.lines, "blank": counters.blank, "events": counters.events, "users": counters.users,
            "excluded": counters.excluded, "beyond": counters.beyond, "bad": counters.bad,
            "largest": counters.largest, "dropped": counters.dropped, "repeated": counters.repeated,
            "doubt": counters.doubt(run.mapping.time_unit),
        });
        let bad = |one: &alcedo_backtest::Bad| json!({"position": one.position, "reason": one.reason, "raw": String::from_utf8_lossy(&one.raw)});
        let bad: Value = outcome.bad.iter().map(bad).collect();
        Ok((Matches(outcome.matches), counted.to_string(), bad.to_string()))
    })
}

/// Answers questions: each as JSON.
#[pyfunction]
pub(crate) fn explain(
    py: Python<'_>,
    rules: Vec<String>,
    asks: Vec<Question>,
    events: Gift,
    settings: &str,
    people: People,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<String>> {
    let run = run(rules, events, settings, people)?;
    supervised(py, progress, |meter| {
        let ready = ready(&run.rules, run.tags.as_deref(), &run.members)?;
        let ask = |(rule, user, at): &'_ Question| -> Option<(usize, String, Option<i64>)> {
            ready.rules.get(*rule).map(|_| (*rule, user.clone(), *at))
        };
        let asks: Vec<_> = asks.iter().filter_map(ask).collect();
        let asks: Vec<Ask<'_>> = asks
            .iter()
            .map(|(rule, user, at)| Ask { rule: &ready.rules[*rule].rule, user, at: *at })
            .collect();
        let told =
            with(&run, meter, |source, options| Ok(explain_all(&ready.program, &asks, source, options)?))?;
        let zone = |ask: &Ask<'_>| Words::new(TimeZone::get(&ask.rule.time_zone).unwrap_or(TimeZone::UTC));
        Ok(told.iter().zip(&asks).map(|(one, ask)| answer(one, &zone(ask)).to_string()).collect())
    })
}

/// An answer as Python reads it.
pub(crate) fn answer(explained: &Explained, words: &Words) -> Value {
    let matches: Vec<Value> =
        explained.matches.iter().map(|one| json!({"time": one.time, "key": one.key})).collect();
    json!({
        "explanation": explained.explanation, "page": words.page(explained),
        "verdict": explained.explanation.as_ref().map(|told| words.verdict(told)), "matches": matches, "events": explained.events,
        "all_events": explained.all_events, "bad": explained.bad, "at": explained.at, "seen": explained.seen,
    })
}

fn run(rules: Vec<String>, events: Gift, settings: &str, (tags, members): People) -> Result<Run, Failed> {
    let wrong = |message: String| Failed::new("input", message, Value::Null);
    let settings: Settings = serde_json::from_str(settings).map_err(|error| wrong(error.to_string()))?;
    let mapping = settings.mapping.as_ref().map(|text| Mapping::parse(&text.to_string()));
    let mapping = mapping.transpose().map_err(|problems| {
        wrong(problems.iter().map(|one| format!("mapping: {one}")).collect::<Vec<_>>().join("\n"))
    })?;
    let given = Given::new(events).ok_or_else(|| wrong("there are no events".to_owned()))?;
    let typed = settings.columns.iter().map(|(column, kind)| Ok((column.clone(), kind.parse()?)));
    let columns = typed.collect::<Result<_, String>>().map_err(wrong)?;
    let mapping = mapping.unwrap_or_default();
    Ok(Run { rules, tags, members, given, settings, mapping, columns })
}

fn with<T>(
    run: &Run,
    meter: &Meter,
    work: impl FnOnce(&dyn alcedo_backtest::Source, &Options<'_>) -> Result<T, Failed>,
) -> Result<T, Failed> {
    let Settings { until, fire, dedupe, threads, .. } = run.settings;
    let progress = |progress| match progress {
        Progress::Read { lines } => meter.records.store(lines, Ordering::Relaxed),
        // Threads tell in no order: a bar does not go back.
        Progress::Judged { shards, .. } => _ = meter.shards.fetch_max(shards, Ordering::Relaxed),
    };
    let options = Options {
        mapping: run.mapping.clone(),
        until,
        end_of_input: if fire { EndOfInput::Fire } else { EndOfInput::Hold },
        dedupe,
        threads,
        exclude: run.settings.exclude.iter().map(|position| (0, *position)).collect::<Exclusions>(),
        keep_bad: run.settings.keep_bad,
        unsorted: if run.settings.refuse_unsorted { Unsorted::Refuse } else { Unsorted::Sort },
        memory: run.settings.memory.unwrap_or(Options::default().memory),
        stop: Some(&meter.stop),
        progress: &progress,
    };
    // The bytes of a file are counted by a reader that outlives this call for the compiler, but not in truth: it gets
    // a counter of its own.
    let counted = std::sync::Arc::new(AtomicU64::new(0));
    let shared = std::sync::Arc::clone(&counted);
    let watch = move |raw: Box<dyn Read + Send>| -> Box<dyn Read + Send> {
        Box::new(Counted { raw, bytes: std::sync::Arc::clone(&shared) })
    };
    let show = |made| {
        meter.bytes.store(counted.load(Ordering::Relaxed), Ordering::Relaxed);
        progress(made);
    };
    let options = Options { progress: &show, ..options };
    let source = run.given.source(Separated { delimiter: None, types: run.columns.clone() }, &watch);
    work(&source, &options)
}

struct Counted {
    raw: Box<dyn Read + Send>,
    bytes: std::sync::Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.raw.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Does the work in another thread, without the lock; this one shows progress (records, bytes, shards of users) and
/// hears signals, which end the work.
fn supervised<T: Send>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(&Meter) -> Result<T, Failed> + Send,
) -> PyResult<T> {
    let meter = Meter::default();
    let tick = || -> PyResult<()> {
        Python::attach(|py| {
            py.check_signals()?;
            let Some(progress) = &progress else { return Ok(()) };
            let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
            progress.call1(py, (read(&meter.records), read(&meter.bytes), read(&meter.shards)))?;
            Ok(())
        })
    };
    let mut interrupted = None;
    let done = py.detach(|| {
        let (sender, receiver) = channel::<()>();
        std::thread::scope(|scope| {
            let meter = &meter;
            let worker = scope.spawn(move || {
                let done = guarded(|| work(meter));
                drop(sender); // wakes the other thread
                done
            });
            while let Err(RecvTimeoutError::Timeout) = receiver.recv_timeout(TICK) {
                if interrupted.is_none()
                    && let Err(error) = tick()
                {
                    interrupted = Some(error);
                    meter.stop.store(true, Ordering::Relaxed);
                }
            }
            worker.join()
        })
    });
    if let Some(error) = interrupted {
        return Err(error);
    }
    let done =
        done.map_err(|_| Failed::new("defect", "a thread ended before its work was done", Value::Null))?;
    let done = done?;
    tick()?;
    Ok(done)
}
