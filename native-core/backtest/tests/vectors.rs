//! The golden vectors that are a plain log: run as a backtest, from bytes to matches.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report; clippy sees helpers as no tests")]
#![allow(clippy::panic, reason = "in a test a panic is the report")]

#[path = "../../engine/tests/host/form.rs"]
mod form;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use alcedo_backtest::{
    AudienceSources, Error, Log, Options, Outcome, Refused, Sourced, backtest, collect_rules, compile,
    read_audiences,
};
use alcedo_engine::EndOfInput;
use alcedo_model::{Mapping, Problem};
use serde_json::Value;

/// So many vectors are plain logs at least: a runner that finds fewer has lost some.
const AT_LEAST: usize = 170;

#[test]
fn vectors_that_are_logs_run_as_backtests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/vectors");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "json"));
    files.sort();
    let mut ran = 0;
    for file in &files {
        let vector: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let name: String = file.file_name().unwrap().to_string_lossy().into();
        form::check(&name, &vector);
        if is_log(&vector) {
            Case { name, vector }.check();
            ran += 1;
        }
    }
    println!("{ran} of {} vectors are plain logs", files.len());
    assert!(ran >= AT_LEAST, "{ran} vectors");
}

/// Only records, then an end; nothing late and no other order than the law's.
fn is_log(vector: &Value) -> bool {
    let steps = vector["steps"].as_array().unwrap();
    let record = |step: &Value| form::is_record(step) && form::is_line(step);
    let Some((last, before)) = steps.split_last() else { return false };
    let whole = last.get("end").is_some() || (record(last) && vector.get("until").is_some());
    let in_order = vector.get("order").is_none_or(|order| order == "ordered");
    let late = vector["expect"].get("late").is_some_and(|late| late != &Value::Array(Vec::new()));
    // A log has no broker times, so nothing of it can be held against them.
    whole && in_order && !late && vector.get("max_ahead").is_none() && before.iter().all(record)
}

struct Case {
    name: String,
    vector: Value,
}

impl Case {
    fn check(&self) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rules.json");
        fs::write(&path, self.vector["rules"].to_string()).unwrap();
        let (mut rules, mut refused) = collect_rules(&[path]).unwrap();
        let audiences = match read_audiences(&rules, &self.sources(folder.path())) {
            Ok(audiences) => audiences,
            Err(error) => return self.check_no_audience(&error),
        };
        assert!(self.vector["expect"].get("no_audience").is_none(), "{}: every audience is there", self.name);
        if let Err(Error::Rules(more)) = compile(&rules, &audiences) {
            rules.retain(|sourced| more.iter().all(|one| one.rule.as_ref() != Some(&sourced.rule.id)));
            refused.extend(more);
        }
        self.check_refused(&refused);
        let outcome = self.run(&rules, &audiences);
        self.check_matches(&outcome);
        self.check_bad(&outcome);
        let counters = &outcome.counters;
        for (name, counted) in [("dropped", counters.dropped), ("repeated", counters.repeated)] {
            let wanted = &self.vector["expect"][name];
            assert!(wanted.is_null() || *wanted == counted, "{}: {counted} {name}, not {wanted}", self.name);
        }
    }

    /// Elsewhere such a rule waits; a backtest that went on without it would pass for its result.
    fn check_no_audience(&self, error: &Error) {
        let expected = &self.vector["expect"]["no_audience"];
        let Error::NoAudience { rule, audience, .. } = error else { panic!("{}: {error}", self.name) };
        assert_eq!(
            (Some(&**rule), Some(&**audience)),
            (expected["rule"].as_str(), expected["audience"].as_str())
        );
    }

    fn sources(&self, folder: &Path) -> AudienceSources {
        let mut sources = AudienceSources::default();
        if let Some(tags) = self.vector["tags"].as_array() {
            let lines: Vec<String> = tags.iter().map(Value::to_string).collect();
            let path = folder.join("tags.jsonl");
            fs::write(&path, lines.join("\n")).unwrap();
            sources.tags = Some(path);
        }
        for (id, users) in self.vector["audiences"].as_object().into_iter().flatten() {
            let users: Vec<&str> =
                users.as_array().unwrap().iter().map(|user| user.as_str().unwrap()).collect();
            let path = folder.join(format!("{id}.members"));
            fs::write(&path, users.join("\n")).unwrap();
            sources.members.insert(id.clone(), path);
        }
        sources
    }

    fn run(&self, rules: &[Sourced], audiences: &alcedo_engine::Audiences) -> Outcome {
        let program = compile(rules, audiences).unwrap();
        let mut log = Vec::new();
        for raw in self.vector["steps"].as_array().unwrap().iter().filter_map(form::record) {
            log.extend(raw);
            log.push(b'\n');
        }
        let report = serde_json::to_value(program.report()).unwrap();
        let differences = form::report_differences(&self.vector["expect"], &report);
        assert!(differences.is_empty(), "{}: {}", self.name, differences.join("\n"));
        let fire = self.vector["steps"].as_array().unwrap().iter().any(|step| step["end"] == "fire");
        let mapping = self.vector.get("mapping").filter(|mapping| !mapping.is_null());
        let options = Options {
            mapping: mapping.map(|text| Mapping::parse(&text.to_string()).unwrap()).unwrap_or_default(),
            until: self.vector["until"].as_i64(),
            end_of_input: if fire { EndOfInput::Fire } else { EndOfInput::Hold },
            dedupe: self.vector["dedupe"].as_u64().unwrap_or(0) as usize,
            keep_bad: true,
            ..Options::default()
        };
        backtest(&program, Log { name: PathBuf::from("vector"), reader: std::io::Cursor::new(log) }, &options)
            .unwrap()
    }

    fn check_matches(&self, outcome: &Outcome) {
        let found: Vec<Value> =
            outcome.matches.iter().map(|one| serde_json::to_value(one).unwrap()).collect();
        let expected = self.vector["expect"]["matches"].as_array().unwrap();
        let short = |matches: &[Value]| -> Vec<String> { matches.iter().map(Value::to_string).collect() };
        assert_eq!(found.len(), expected.len(), "{}: {:#?}", self.name, short(&found));
        for (found, expected) in found.iter().zip(expected) {
            for (field, value) in expected.as_object().unwrap() {
                assert_eq!(&found[field.as_str()], value, "{}: {field} of {found}", self.name);
            }
        }
    }

    fn check_bad(&self, outcome: &Outcome) {
        let found: Vec<(i64, &str)> = outcome.bad.iter().map(|bad| (bad.position, bad.reason)).collect();
        let expected: Vec<(i64, &str)> = self.vector["expect"]["bad"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|bad| (bad["position"].as_i64().unwrap(), bad["reason"].as_str().unwrap()))
            .collect();
        assert_eq!(found, expected, "{}", self.name);
    }

    fn check_refused(&self, refused: &[Refused]) {
        let mut found: BTreeMap<&str, Vec<&Problem>> = BTreeMap::new();
        for one in refused {
            found.entry(one.rule.as_deref().unwrap_or_default()).or_default().extend(&one.problems);
        }
        for expected in self.vector["expect"]["refused"].as_array().into_iter().flatten() {
            let rule = expected["rule"].as_str().unwrap();
            let there =
                found.get(rule).is_some_and(|all| all.iter().any(|one| form::is_problem(expected, one)));
            assert!(there, "{}: {expected} was not refused, but {found:#?}", self.name);
        }
        let expected = self.vector["expect"]["refused"].as_array().map_or(0, Vec::len);
        assert!(expected > 0 || found.is_empty(), "{}: refused {found:?}", self.name);
    }
}
