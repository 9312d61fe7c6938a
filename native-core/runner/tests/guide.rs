//! The examples of docs/guide/runner.md run as they stand, one after the other.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report; clippy sees helpers as no tests")]

use std::env;
use std::path::Path;
use std::process::Command;

const GUIDE: &str = include_str!("../../../docs/guide/runner.md");

/// The shell examples of a page, in order.
fn examples(page: &str) -> Vec<&str> {
    page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_example_works() {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_alcedo")).parent().unwrap();
    let path = format!("{}:{}", program.display(), env::var("PATH").unwrap());
    let examples = examples(GUIDE);
    assert!(examples.len() >= 9, "{}", examples.len());
    for example in examples {
        let ran =
            Command::new("bash").args(["-euc", example]).current_dir(&folder).env("PATH", &path).output();
        let ran = ran.unwrap();
        assert!(ran.status.success(), "{example}\n{}", String::from_utf8_lossy(&ran.stderr));
    }
    for written in ["shop/events.jsonl", "matches.jsonl", "bad.jsonl", "coffee.audience", "rule.schema.json"]
    {
        assert!(folder.path().join(written).exists(), "{written}");
    }
}
