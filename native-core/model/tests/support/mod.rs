//! The examples of the language, kept as files so that the documentation and the schema's tests use the same.
#![allow(clippy::unwrap_used, dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use alcedo_model::Rule;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Name and text of each example, by name.
pub(crate) fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples");
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
        })
        .collect();
    all.sort();
    all
}

pub(crate) fn example(name: &str) -> Rule {
    let text = examples().into_iter().find(|(found, _)| found == name).unwrap().1;
    Rule::parse(&text).unwrap().rule
}
