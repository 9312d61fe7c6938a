//! Every committed file of every corpus goes through the function that the fuzzer calls.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test reports by panicking, and tells sizes")]

use std::path::PathBuf;

use alcedo_fuzz::TARGETS;

/// Fewer files than this in a corpus, and it was lost rather than minimised.
const AT_LEAST: usize = 10;

fn files(target: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")).join(target);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay(target: &str) {
    let all = files(target);
    assert!(all.len() >= AT_LEAST, "{} files for {target}", all.len());
    for file in all {
        let bytes = std::fs::read(&file).unwrap();
        // The name of the file, should it fail; the harness shows it then.
        println!("{}", file.display());
        alcedo_fuzz::run(target, &bytes);
    }
}

#[test]
fn rule() {
    replay("rule");
}

#[test]
fn event() {
    replay("event");
}

#[test]
fn state() {
    replay("state");
}

#[test]
fn audience() {
    replay("audience");
}

#[test]
fn jni_batch() {
    replay("jni_batch");
}

#[test]
fn every_target_has_its_corpus_and_its_fuzzer() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for (folder, suffix) in [("corpus", ""), ("fuzz_targets", ".rs")] {
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        let mut found: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let mut wanted: Vec<String> =
            TARGETS.iter().map(|target| format!("{}{suffix}", target.name)).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted);
    }
}
