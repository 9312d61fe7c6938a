//! The program as a person runs it: real files, exit codes, messages.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report; clippy sees helpers as no tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn alcedo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_alcedo")).current_dir(folder).args(arguments).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Runs, and fails with what was told unless it went well.
fn well(folder: &Path, arguments: &[&str]) -> Output {
    let output = alcedo(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", told(&output));
    output
}

fn shop(arguments: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let base = ["simulate", "--users", "200", "--events", "20000", "--seed", "5", "--output", "shop"];
    well(folder.path(), &[&base, arguments].concat());
    folder
}

fn backtest<'a>(events: &'a str, output: &'a str) -> Vec<&'a str> {
    vec![
        "backtest",
        "--rules",
        "shop/rules",
        "--tags",
        "shop/tags.jsonl",
        "--events",
        events,
        "--output",
        output,
    ]
}

/// A pipe with a name stands for all that is no file. It is open for both sides: nobody waits.
#[test]
fn a_device_is_written_into_and_stays_what_it_is() {
    use std::io::Read as _;
    use std::os::unix::fs::FileTypeExt as _;
    let folder = shop(&[]);
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut reader = fs::File::options().read(true).write(true).open(&pipe).unwrap();
    let arguments = [backtest("shop/events.jsonl", "matches.jsonl"), vec!["--bad-output", "pipe"]].concat();
    well(folder.path(), &arguments);
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    let mut found = vec![0; 1 << 16];
    let length = reader.read(&mut found).unwrap();
    let first = found[..length].split(|byte| *byte == b'\n').next().unwrap();
    assert!(serde_json::from_slice::<Value>(first).unwrap()["reason"].is_string());
}

fn lines(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_simulated_shop_runs_through_its_own_rules() {
    let folder = shop(&[]);
    let output = well(folder.path(), &backtest("shop/events.jsonl", "matches.jsonl"));
    let matches = lines(&folder.path().join("matches.jsonl"));
    for rule in
        ["r1-business-casual", "r2-winback-coffee", "r4-unpaid-order", "r5-nike-search", "r6-new-mothers"]
    {
        let count = matches.iter().filter(|found| found["rule"] == rule).count();
        assert!(count > 0, "{rule}");
        assert!(told(&output).contains(&format!("{count} matches: {rule}\n")), "{}", told(&output));
    }
    let order = |found: &Value| {
        let text = |name: &str| found[name].as_str().unwrap().to_owned();
        (found["time"].as_i64().unwrap(), text("user"), text("rule"), found["occurrence"].as_u64().unwrap())
    };
    assert!(matches.is_sorted_by_key(order));
}

#[test]
fn packed_input_and_any_number_of_threads_give_the_same_bytes() {
    let plain = shop(&[]);
    let packed = shop(&["--gzip"]);
    fs::copy(packed.path().join("shop/events.jsonl.gz"), plain.path().join("no-suffix")).unwrap();
    well(plain.path(), &backtest("shop/events.jsonl", "one.jsonl"));
    well(plain.path(), &[backtest("no-suffix", "two.jsonl"), vec!["--threads", "7", "--quiet"]].concat());
    let on_screen = well(plain.path(), &backtest("shop/events.jsonl", "-"));
    let one = fs::read_to_string(plain.path().join("one.jsonl")).unwrap();
    assert_eq!(one, fs::read_to_string(plain.path().join("two.jsonl")).unwrap());
    assert_eq!(one, printed(&on_screen));
}

#[test]
fn every_broken_line_of_the_shop_is_bad_for_the_reason_it_was_made_for() {
    let folder = shop(&[]);
    let simulated = told(&well(
        folder.path(),
        &["simulate", "--users", "200", "--events", "20000", "--seed", "5", "--output", "shop"],
    ));
    let arguments = [backtest("shop/events.jsonl", "-"), vec!["--bad-output", "bad.jsonl"]].concat();
    let report = told(&well(folder.path(), &arguments));
    let bad = lines(&folder.path().join("bad.jsonl"));
    let broken = simulated.split("broken lines: ").nth(1).unwrap().trim();
    for (reason, count) in broken.split(", ").filter_map(|part| part.split_once(' ')) {
        let found = bad.iter().filter(|record| record["reason"] == reason).count();
        if reason == "blank" {
            assert!(report.contains(&format!("{count} lines left out: blank")), "{report}");
        } else {
            assert_eq!(found.to_string(), count, "{reason}");
            assert!(report.contains(&format!("{count} records cannot be read: {reason}")), "{report}");
        }
    }
    assert!(bad.is_sorted_by_key(|record| record["position"].as_i64()));
    assert!(bad.iter().all(|record| record["raw"].as_str().unwrap().len() <= 4096 * 3));
}

#[test]
fn until_ends_the_log_and_exclude_takes_records_out() {
    let folder = shop(&[]);
    let base = backtest("shop/events.jsonl", "-");
    let by_text = well(folder.path(), &[&base[..], &["--until", "2022-08-12T00:00:00+08:00"]].concat());
    let by_number = well(folder.path(), &[&base[..], &["--until", "1660233600000"]].concat());
    assert_eq!(printed(&by_text), printed(&by_number));
    let last =
        printed(&by_text).lines().last().map(|line| serde_json::from_str::<Value>(line).unwrap()).unwrap();
    assert!(last["time"].as_i64().unwrap() <= 1_660_233_600_000);

    let first =
        printed(&by_text).lines().next().map(|line| serde_json::from_str::<Value>(line).unwrap()).unwrap();
    let position = &first["cause"]["event"]["position"];
    fs::write(folder.path().join("late.jsonl"), format!("{{\"partition\":0,\"position\":{position}}}\n"))
        .unwrap();
    let without = well(folder.path(), &[&base[..], &["--exclude", "late.jsonl"]].concat());
    assert!(told(&without).contains("1 lines left out: excluded"), "{}", told(&without));
    assert!(!printed(&without).contains(&format!("\"position\":{position}}}")));
}

#[test]
fn audiences_made_beforehand_give_what_tags_give() {
    let folder = shop(&[]);
    let rule = "shop/rules/r2-winback-coffee.json";
    fs::create_dir(folder.path().join("audiences")).unwrap();
    let arguments =
        ["audience", "--rule", "shop/rules", "--tags", "shop/tags.jsonl", "--output", "audiences"];
    assert_eq!(told(&well(folder.path(), &arguments)).lines().count(), 3);
    let one = ["audience", "--rule", rule, "--tags", "shop/tags.jsonl", "--output", "c.audience"];
    let message = told(&well(folder.path(), &one));
    let id = message.strip_prefix("audience ").unwrap().split(':').next().unwrap();
    let made = fs::read(folder.path().join("c.audience")).unwrap();
    assert_eq!(made, fs::read(folder.path().join(format!("audiences/{id}.audience"))).unwrap());

    let events = ["--events", "shop/events.jsonl", "--output", "-"];
    let given = format!("{id}=c.audience");
    let by_file = [&["backtest", "--rules", rule, "--audience", &given], &events[..]].concat();
    let by_tags = [&["backtest", "--rules", rule, "--tags", "shop/tags.jsonl"], &events[..]].concat();
    let expected = printed(&well(folder.path(), &by_tags));
    assert!(!expected.is_empty());
    assert_eq!(printed(&well(folder.path(), &by_file)), expected);

    let neither = alcedo(folder.path(), &[&["backtest", "--rules", rule], &events[..]].concat());
    assert_eq!(neither.status.code(), Some(1));
    assert!(told(&neither).contains("--tags FILE"), "{}", told(&neither));
    let many = ["audience", "--rule", "shop/rules", "--tags", "shop/tags.jsonl", "--output", "one.audience"];
    let refused = alcedo(folder.path(), &many);
    assert!(told(&refused).contains("it holds 7 rules"), "{}", told(&refused));
    assert!(!folder.path().join("one.audience").exists());
}

#[test]
fn validate_tells_costs_or_every_problem() {
    let folder = shop(&[]);
    let good = well(folder.path(), &["validate", "shop/rules"]);
    assert!(printed(&good).contains("rule r4-unpaid-order revision 1: ok"), "{}", printed(&good));
    let json = well(folder.path(), &["validate", "--json", "shop/rules"]);
    let report: Value = serde_json::from_str(&printed(&json)).unwrap();
    assert_eq!((&report["ok"], report["rules"].as_array().unwrap().len()), (&Value::Bool(true), 7));
    assert!(report["report"]["bytes_per_user"].as_u64().unwrap() > 0);

    fs::write(folder.path().join("a.json"), r#"{"id": "a", "revision": 0, "whenn": true}"#).unwrap();
    fs::write(folder.path().join("b.json"), "{").unwrap();
    let bad = alcedo(folder.path(), &["validate", "a.json", "shop/rules", "b.json"]);
    assert_eq!(bad.status.code(), Some(1));
    for part in ["a.json: rule a: /revision: ", "a.json: rule a: /whenn: ", "b.json: "] {
        assert!(told(&bad).contains(part), "{part} in {}", told(&bad));
    }
    let bad = alcedo(folder.path(), &["validate", "--json", "a.json"]);
    let report: Value = serde_json::from_str(&printed(&bad)).unwrap();
    assert_eq!((&report["ok"], &report["refused"][0]["rule"]), (&Value::Bool(false), &Value::from("a")));
}

fn explain<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let base = [
        "explain",
        "--rules",
        "shop/rules",
        "--tags",
        "shop/tags.jsonl",
        "--events",
        "shop/events.jsonl",
        "--quiet",
    ];
    [&base[..], more].concat()
}

/// A minute before a match of the unpaid order its deadline is open; at its time it has passed.
#[test]
fn an_explanation_says_what_is_awaited_and_what_came_of_it() {
    let folder = shop(&[]);
    well(folder.path(), &backtest("shop/events.jsonl", "matches.jsonl"));
    let matches = lines(&folder.path().join("matches.jsonl"));
    let found = matches.iter().find(|found| found["rule"] == "r4-unpaid-order").unwrap();
    let (user, time) = (found["user"].as_str().unwrap(), found["time"].as_i64().unwrap());
    let before = (time - 60_000).to_string();
    let text = printed(&well(
        folder.path(),
        &explain(&["--user", user, "--rule", "r4-unpaid-order", "--at", &before]),
    ));
    assert!(text.starts_with(&format!("rule r4-unpaid-order revision 1, user {user}, at ")), "{text}");
    assert!(text.contains("it has not fired") && text.contains("goes up at "), "{text}");
    let at = time.to_string();
    let json = printed(&well(
        folder.path(),
        &explain(&["--user", user, "--rule", "r4-unpaid-order", "--at", &at, "--json"]),
    ));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["fired"], serde_json::json!([time]));
    assert_eq!(
        (&json["explanation"]["occurrence"], &json["explanation"]["last_fired"]),
        (&1.into(), &time.into())
    );
}

#[test]
fn an_explanation_needs_a_rule_and_takes_any_user() {
    let folder = shop(&[]);
    let which = alcedo(folder.path(), &explain(&["--user", "u"]));
    assert_eq!(which.status.code(), Some(1));
    assert!(told(&which).contains("name one by --rule"), "{}", told(&which));
    let wrong = alcedo(folder.path(), &explain(&["--user", "u", "--rule", "r9"]));
    assert!(
        told(&wrong).contains("there is no rule r9 (there are cart-looked-again, r1"),
        "{}",
        told(&wrong)
    );
    let all = &explain(&["--user", "nobody", "--rule", "r5-nike-search"]);
    let loud: Vec<&str> = all.iter().copied().filter(|word| *word != "--quiet").collect();
    let loud = told(&well(folder.path(), &loud));
    assert!(
        loud.contains("events in the log 0 are his; ") && loud.contains(" records cannot be read"),
        "{loud}"
    );
    let nobody = printed(&well(folder.path(), &explain(&["--user", "nobody", "--rule", "r5-nike-search"])));
    assert!(nobody.contains("nothing was taken in of this user"), "{nobody}");
    let draft = r#"{"id":"d","revision":1,"status":"draft","trigger":{"on":{"event":"a"}}}"#;
    fs::write(folder.path().join("draft.json"), draft).unwrap();
    let refused = alcedo(
        folder.path(),
        &["explain", "--rules", "draft.json", "--events", "shop/events.jsonl", "--user", "u"],
    );
    assert!(told(&refused).contains("a draft takes no part"), "{}", told(&refused));
}

/// Editors and exports put a byte order mark before a text: rules, events and members are read as without it.
#[test]
fn a_byte_order_mark_is_passed_over_in_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let rule = r#"{"id":"r","revision":1,"audience":{"id":"vip"},"trigger":{"on":{"event":"a"}}}"#;
    let events = r#"{"user":"u1","type":"a","time":1}
{"user":"u2","type":"a","time":2}"#;
    for (name, text) in [("r.json", rule), ("e.jsonl", events), ("m.txt", "u1\nu2\n")] {
        fs::write(folder.path().join(name), format!("\u{feff}{text}")).unwrap();
    }
    let run = [
        "backtest",
        "--rules",
        "r.json",
        "--audience",
        "vip=m.txt",
        "--events",
        "e.jsonl",
        "--output",
        "m.jsonl",
    ];
    well(folder.path(), &run);
    assert_eq!(lines(&folder.path().join("m.jsonl")).len(), 2);
}

/// Members that ClickHouse and CRoaring wrote become a file that a backtest takes.
#[test]
fn bitmaps_of_others_become_audiences() {
    let folder = tempfile::tempdir().unwrap();
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/audiences");
    for (file, format, users) in [
        ("roaring32.bin", "roaring32", 15_002),
        ("clickhouse64.bin", "clickhouse64", 15_005),
        ("clickhouse32-small.bin", "clickhouse32", 3),
    ] {
        let members = format!("{data}/{file}");
        let made = ["audience", "--members", &members, "--format", format, "--output", "vip.audience"];
        assert!(told(&well(folder.path(), &made)).contains(&format!("{users} users")));
    }
    let wrong = format!("{data}/roaring32.bin");
    let refused = alcedo(
        folder.path(),
        &["audience", "--members", &wrong, "--format", "clickhouse64", "--output", "x.audience"],
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(told(&refused).contains("name the format it has with --format"), "{}", told(&refused));
    let rule = r#"{"id":"r","revision":1,"audience":{"id":"vip"},"trigger":{"on":{"event":"a"}}}"#;
    fs::write(folder.path().join("r.json"), rule).unwrap();
    let events = r#"{"user":7,"type":"a","time":1}
{"user":8,"type":"a","time":2}"#;
    fs::write(folder.path().join("e.jsonl"), events).unwrap();
    let run = [
        "backtest",
        "--rules",
        "r.json",
        "--audience",
        "vip=vip.audience",
        "--events",
        "e.jsonl",
        "--output",
        "-",
    ];
    assert_eq!(printed(&well(folder.path(), &run)).lines().count(), 1, "user 7 is a member");
}

#[test]
fn a_limit_of_state_refuses_what_is_above_it() {
    let folder = shop(&[]);
    well(folder.path(), &["validate", "shop/rules"]);
    let refused = alcedo(folder.path(), &["validate", "shop/rules", "--max-user-bytes", "9000"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(told(&refused).contains("this job allows 9000"), "{}", told(&refused));
}

#[test]
fn the_schema_is_json() {
    let folder = tempfile::tempdir().unwrap();
    let schema: Value = serde_json::from_str(&printed(&well(folder.path(), &["schema"]))).unwrap();
    assert!(schema.is_object());
    well(folder.path(), &["schema", "--output", "rule.schema.json"]);
    assert!(folder.path().join("rule.schema.json").exists());
}

#[test]
fn a_wrong_command_line_is_2_and_a_failure_is_1() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [&["backtest"][..], &["simulate", "--users", "0"], &["fly"], &[]] {
        assert_eq!(alcedo(folder.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
    let until = ["backtest", "--rules", "r", "--events", "e", "--output", "-", "--until", "noon"];
    let refused = alcedo(folder.path(), &until);
    assert_eq!(refused.status.code(), Some(2));
    assert!(told(&refused).contains("2024-04-01T00:00:00+08:00"), "{}", told(&refused));
    let missing = alcedo(folder.path(), &["backtest", "--rules", "r", "--events", "e", "--output", "-"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(told(&missing).contains("check the path"), "{}", told(&missing));
    for command in ["validate", "backtest", "explain", "audience", "simulate", "schema"] {
        assert!(printed(&well(folder.path(), &[command, "--help"])).contains("Usage: alcedo"));
    }
}

#[test]
fn a_failed_run_leaves_the_old_output_and_nothing_else() {
    let folder = shop(&["--gzip"]);
    fs::write(folder.path().join("matches.jsonl"), "old").unwrap();
    let mut bytes = fs::read(folder.path().join("shop/events.jsonl.gz")).unwrap();
    bytes.truncate(bytes.len() / 2);
    fs::write(folder.path().join("cut.gz"), bytes).unwrap();
    let failed = alcedo(folder.path(), &backtest("cut.gz", "matches.jsonl"));
    assert_eq!(failed.status.code(), Some(1));
    assert!(told(&failed).contains("cut.gz"), "{}", told(&failed));
    assert_eq!(fs::read_to_string(folder.path().join("matches.jsonl")).unwrap(), "old");
    let left = fs::read_dir(folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part"));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let folder = shop(&[]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_alcedo"))
        .current_dir(folder.path())
        .args(backtest("shop/events.jsonl", "-"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
}
