//! Columns, Parquet and separated values give the matches that JSON lines with the same values give.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report; clippy sees helpers as no tests")]
#![allow(clippy::panic, reason = "in a test a panic is the report")]

#[path = "../../engine/tests/host/form.rs"]
mod form;
#[path = "columns/rows.rs"]
mod rows;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcedo_backtest::{
    AudienceSources, Error, FileSource, Opened, Options, Outcome, Separated, Source, Sourced, Unsorted,
    backtest_source, compile, read_audiences,
};
use alcedo_engine::{EndOfInput, Program};
use alcedo_model::{Mapping, Match, Rule};
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

/// So many vectors can be columns at least: what is no JSON cannot, nor can lists of several types.
const AT_LEAST: usize = 230;

/// Batches in memory.
struct Memory(Vec<RecordBatch>);

impl Source for Memory {
    fn name(&self) -> &Path {
        Path::new("batches")
    }
    fn open(&self) -> Result<Opened, Error> {
        Ok(Opened::Batches(Box::new(self.0.clone().into_iter().map(Ok))))
    }
}

/// What can be wrong with a record's bytes, whatever they say: a row has none.
const OF_BYTES: [&str; 7] = [
    "not_json",
    "not_object",
    "not_utf8",
    "number_out_of_range",
    "props_not_object",
    "too_deep",
    "too_large",
];

/// JSON lines in memory.
struct Text(String);

impl Source for Text {
    fn name(&self) -> &Path {
        Path::new("lines")
    }
    fn open(&self) -> Result<Opened, Error> {
        Ok(Opened::Lines(Box::new(std::io::Cursor::new(self.0.clone().into_bytes()))))
    }
}

fn told(outcome: &Outcome) -> Vec<Value> {
    outcome.matches.iter().map(|one| serde_json::to_value(one).unwrap()).collect()
}

#[test]
fn a_row_is_judged_as_the_json_line_with_its_values() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/vectors");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "json"));
    files.sort();
    let (mut ran, mut fired) = (0, 0);
    for file in files {
        let vector: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        // Its numbers have more digits than a number of a column can hold.
        if file.ends_with("21-fractions-of-ms-are-cut.json") {
            continue;
        }
        let Some((lines, batches)) = both(&vector) else { continue };
        let Some((program, mapping)) = program(&vector) else { continue };
        let fire = vector["steps"].as_array().unwrap().iter().any(|step| step["end"] == "fire");
        let options = Options {
            mapping,
            until: vector["until"].as_i64(),
            end_of_input: if fire { EndOfInput::Fire } else { EndOfInput::Hold },
            dedupe: vector["dedupe"].as_u64().unwrap_or(0) as usize,
            keep_bad: true,
            ..Options::default()
        };
        let by_line = backtest_source(&program, &Text(lines), &options).unwrap();
        let by_row = backtest_source(&program, &Memory(batches), &options).unwrap();
        assert_eq!(told(&by_row), told(&by_line), "{}", file.display());
        let bad = |outcome: &Outcome| -> Vec<_> {
            outcome.bad.iter().map(|one| (one.position, one.reason)).collect()
        };
        assert_eq!(bad(&by_row), bad(&by_line), "{}", file.display());
        assert_eq!(by_row.counters, by_line.counters, "{}", file.display());
        ran += 1;
        fired += by_row.matches.len();
    }
    println!("{ran} vectors as columns, {fired} matches");
    assert!(ran >= AT_LEAST && fired > ran, "{ran} vectors, {fired} matches");
}

/// A vector's records as lines and as batches of one row; none where they cannot be columns.
fn both(vector: &Value) -> Option<(String, Vec<RecordBatch>)> {
    let bad = vector["expect"]["bad"].as_array().into_iter().flatten();
    if bad.filter_map(|one| one["reason"].as_str()).any(|reason| OF_BYTES.contains(&reason)) {
        return None;
    }
    let mut lines = String::new();
    let mut batches = Vec::new();
    for raw in vector["steps"].as_array().unwrap().iter().filter_map(form::record) {
        let record: Value = serde_json::from_slice(&raw).ok()?;
        batches.push(rows::batch(&record, &mapping(vector))?);
        lines += &String::from_utf8(raw).ok()?;
        lines.push('\n');
    }
    Some((lines, batches))
}

fn mapping(vector: &Value) -> Mapping {
    let mapping = vector.get("mapping").filter(|mapping| !mapping.is_null());
    mapping.map(|text| Mapping::parse(&text.to_string()).unwrap()).unwrap_or_default()
}

/// What of the vector's rules can run.
fn program(vector: &Value) -> Option<(Arc<Program>, Mapping)> {
    let folder = tempfile::tempdir().unwrap();
    let mut rules: Vec<Sourced> = Rule::parse_many(&vector["rules"].to_string())
        .into_iter()
        .flatten()
        .map(|parsed| Sourced { source: String::new(), rule: parsed.rule, warnings: parsed.warnings })
        .collect();
    let mut sources = AudienceSources::default();
    if let Some(tags) = vector["tags"].as_array() {
        let lines: Vec<String> = tags.iter().map(Value::to_string).collect();
        let path = folder.path().join("tags.jsonl");
        fs::write(&path, lines.join("\n")).unwrap();
        sources.tags = Some(path);
    }
    for (id, users) in vector["audiences"].as_object().into_iter().flatten() {
        let users: Vec<&str> = users.as_array().unwrap().iter().map(|user| user.as_str().unwrap()).collect();
        let path = folder.path().join(format!("{id}.members"));
        fs::write(&path, users.join("\n")).unwrap();
        sources.members.insert(id.clone(), path);
    }
    let audiences = read_audiences(&rules, &sources).ok()?;
    if let Err(Error::Rules(refused)) = compile(&rules, &audiences) {
        rules.retain(|one| refused.iter().all(|bad| bad.rule.as_ref() != Some(&one.rule.id)));
    }
    Some((compile(&rules, &audiences).ok()?, mapping(vector)))
}

const RULES: &str = r#"[
 {"id": "third", "revision": 1, "measures": {"n": {"count": {"event": "view", "where": {"ge": [{"prop": "price"}, 2.5]}}, "by": ["item"]}},
  "when": {"ge": [{"measure": "n"}, 3]}, "limits": [{"times": 1, "per": "day"}]},
 {"id": "unpaid", "revision": 1,
  "measures": {"u": {"absence": {"after": {"event": "order"}, "no": {"event": "pay"}, "within": "10s"}}}, "trigger": {"rise": "u"}},
 {"id": "tagged", "revision": 1, "trigger": {"on": {"event": "view", "where": {"contains": [{"prop": "tags"}, "red"]}}},
  "measures": {"s": {"sum": {"value": {"prop": "detail.weight"}, "of": {"event": "view"}}, "window": {"last": "1m"}}},
  "when": {"gt": [{"measure": "s"}, 4]}}
]"#;

fn rules() -> Arc<Program> {
    let rules: Vec<Sourced> = Rule::parse_many(RULES)
        .into_iter()
        .map(|parsed| Sourced { source: String::new(), rule: parsed.unwrap().rule, warnings: Vec::new() })
        .collect();
    compile(&rules, &read_audiences(&rules, &AudienceSources::default()).unwrap()).unwrap()
}

/// Records of `users` users in the order of their times.
fn records(n: i64, users: i64) -> Vec<Value> {
    let record = |n: i64| {
        let kind = ["view", "view", "order", "pay", "noise"][(n * 7919 % 13 % 5) as usize];
        json!({
            "user": format!("u{}", n * 104_729 % users), "type": kind, "time": n * 97, "id": n,
            "item": n % 3, "price": f64::from((n * 31 % 50) as i32) / 10.0,
            "tags": if n % 4 == 0 { json!(["red", "big"]) } else { json!([]) },
            "detail": {"weight": n % 5, "deep": {"x": null}},
        })
    };
    (0..n).map(record).collect()
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// All records in batches of `size`.
fn batches(records: &[Value], size: usize) -> Vec<RecordBatch> {
    records.chunks(size).map(|records| rows::table(records, &Mapping::default()).unwrap()).collect()
}

fn run(source: &dyn Source, options: &Options<'_>) -> Vec<Match> {
    backtest_source(&rules(), source, options).unwrap().matches
}

#[test]
fn rounds_threads_and_batches_change_nothing() {
    let records = records(30_000, 700);
    let wanted = run(&Text(lines(&records)), &Options::default());
    assert!(wanted.len() > 1_000, "{}", wanted.len());
    for (size, threads, memory) in
        [(30_000, 1, 1 << 30), (1_000, 2, 1 << 16), (77, 3, 1 << 20), (1_000, 5, 1)]
    {
        for unsorted in [Unsorted::Sort, Unsorted::Refuse] {
            let options = Options { threads, memory, unsorted, ..Options::default() };
            assert!(run(&Memory(batches(&records, size)), &options) == wanted, "{size} {threads} {memory}");
            assert!(run(&Text(lines(&records)), &options) == wanted, "lines {threads} {memory}");
        }
    }
}

#[test]
fn an_input_out_of_order_is_sorted_or_refused() {
    let records = records(4_000, 50);
    let wanted: Vec<String> =
        run(&Text(lines(&records)), &Options::default()).into_iter().map(|one| one.match_id).collect();
    let shuffled: Vec<Value> = (0..4_000).map(|n| records[n * 2_309 % 4_000].clone()).collect();
    for memory in [1 << 30, 1 << 12] {
        let options = Options { memory, threads: 2, ..Options::default() };
        let found = run(&Memory(batches(&shuffled, 100)), &options);
        let found: Vec<String> = found.into_iter().map(|one| one.match_id).collect();
        assert_eq!(found, wanted, "{memory}");
        let refuse = Options { unsorted: Unsorted::Refuse, memory, threads: 2, ..Options::default() };
        let error = backtest_source(&rules(), &Memory(batches(&shuffled, 100)), &refuse).unwrap_err();
        let Error::Unsorted { position, time, last, .. } = &error else { panic!("{error}") };
        let before = &shuffled[*position as usize]["time"];
        assert!(time < last && before == time, "{error}");
        assert!(error.to_string().contains("sort it by time"), "{error}");
    }
}

fn parquet(folder: &Path, batches: &[RecordBatch], rows: usize) -> PathBuf {
    let path = folder.join(format!("{rows}.parquet"));
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(Some(rows))
        .set_compression(parquet::basic::Compression::ZSTD(Default::default()))
        .build();
    let file = fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batches[0].schema(), Some(properties)).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.close().unwrap();
    path
}

#[test]
fn parquet_is_read_by_row_groups() {
    let records = records(20_000, 300);
    let wanted = run(&Text(lines(&records)), &Options::default());
    let folder = tempfile::tempdir().unwrap();
    for rows in [900, 1 << 20] {
        let path = parquet(folder.path(), &batches(&records, 5_000), rows);
        for (threads, memory) in [(1, 1 << 30), (3, 1 << 16)] {
            let options = Options { threads, memory, ..Options::default() };
            assert!(run(&FileSource::new(&path), &options) == wanted, "{rows} {threads} {memory}");
        }
    }
    let path = parquet(folder.path(), &batches(&records, 5_000), 700);
    let mut bytes = fs::read(&path).unwrap();
    bytes.truncate(bytes.len() - 9);
    fs::write(&path, bytes).unwrap();
    let error = backtest_source(&rules(), &FileSource::new(&path), &Options::default()).unwrap_err();
    assert!(
        error.to_string().contains("700.parquet") && error.to_string().contains("write it anew"),
        "{error}"
    );
}

fn separated(records: &[Value], delimiter: &str) -> String {
    let mut text = ["user", "type", "time", "id", "item", "price", "note"].join(delimiter) + "\n";
    for record in records {
        let cells = ["user", "type", "time", "id", "item", "price"]
            .map(|name| record[name].as_str().map_or_else(|| record[name].to_string(), str::to_owned));
        text += &format!("{}{delimiter}\"said \"\"hm\"\"{delimiter}\nand went\"\n", cells.join(delimiter));
    }
    text
}

#[test]
fn separated_values_are_typed_columns() {
    let mut records = records(15_000, 300);
    // Ids of separated values are texts: nothing tells a number from a name there.
    records.iter_mut().for_each(|record| {
        record["id"] = json!(record["id"].to_string());
        record["tags"] = Value::Null;
        record["detail"] = Value::Null;
    });
    let wanted = run(&Text(lines(&records)), &Options::default());
    assert!(wanted.len() > 500, "{}", wanted.len());
    let folder = tempfile::tempdir().unwrap();
    for (name, delimiter) in [("log.csv", ","), ("semi.csv", ";"), ("log.tsv", "\t")] {
        let path = folder.path().join(name);
        fs::write(&path, separated(&records, delimiter)).unwrap();
        for memory in [1 << 30, 1 << 16] {
            let options = Options { memory, threads: 2, ..Options::default() };
            assert!(run(&FileSource::new(&path), &options) == wanted, "{name} {memory}");
        }
    }
    let packed = folder.path().join("log.csv.gz");
    let mut encoder =
        flate2::write::GzEncoder::new(fs::File::create(&packed).unwrap(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, separated(&records, ",").as_bytes()).unwrap();
    encoder.finish().unwrap();
    assert!(run(&FileSource::new(&packed), &Options::default()) == wanted);
}

#[test]
fn a_cell_that_does_not_fit_is_an_error_and_its_cure_helps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let mut text = "user,type,time,item,price\n".to_owned();
    for n in 0..12_000 {
        text += &format!("u,view,{n},{},{}\n", n % 2, if n == 11_000 { "n/a" } else { "7" });
    }
    fs::write(&path, text).unwrap();
    let error = backtest_source(&rules(), &FileSource::new(&path), &Options::default()).unwrap_err();
    let told = "line 11002: column price holds \"n/a\", and is of type int (give the column's type, such as price=text)";
    assert!(error.to_string().contains(told), "{error}");
    let types = [("price".to_owned(), "text".parse().unwrap())].into();
    let cured = FileSource::new(&path).separated(Separated { delimiter: None, types });
    assert_eq!(backtest_source(&rules(), &cured, &Options::default()).unwrap().counters.events, 12_000);
}

#[test]
fn a_table_without_a_column_is_refused_with_those_that_there_are() {
    let batch = rows::table(
        &[json!({"user": "u", "kind": "view", "time": 1})],
        &Mapping { event_type: alcedo_model::Path(vec!["kind".into()]), ..Mapping::default() },
    );
    let error = backtest_source(&rules(), &Memory(vec![batch.unwrap()]), &Options::default()).unwrap_err();
    let told = error.to_string();
    assert!(
        told.contains("there is no column type") && told.contains("there are kind, time, user"),
        "{told}"
    );
}

#[test]
fn a_stop_from_outside_ends_the_work() {
    let stop = std::sync::atomic::AtomicBool::new(true);
    let options = Options { stop: Some(&stop), ..Options::default() };
    let error = backtest_source(&rules(), &Text(lines(&records(10, 2))), &options).unwrap_err();
    assert!(matches!(error, Error::Stopped), "{error}");
}
