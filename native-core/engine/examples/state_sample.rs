//! Makes samples of state bytes for `testdata/state` out of vectors with a `cut` (README there):
//! `cargo run --release -p alcedo-engine --example state_sample -- NNN-topic.json...`
//!
//! It never overwrites: a sample that was released is what an old job's snapshot holds.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for ourselves: a panic says what is wrong"
)]
#![allow(clippy::disallowed_types, reason = "it writes files; the engine does not")]

#[path = "../tests/host/mod.rs"]
mod host;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use alcedo_engine::FORMAT;
use host::Vector;
use host::sample::{Snapshot, folder};
use serde_json::Value;

/// A line for each field, and for each element of a list: what a person reads, and what a difference shows.
fn written(json: &Value) -> String {
    let field = |(name, value): (&String, &Value)| match value.as_array().filter(|list| !list.is_empty()) {
        None => format!("  {name:?}: {value}"),
        Some(list) => {
            let lines: Vec<String> = list.iter().map(|element| format!("    {element}")).collect();
            format!("  {name:?}: [\n{}\n  ]", lines.join(",\n"))
        }
    };
    let fields: Vec<String> = json.as_object().into_iter().flatten().map(field).collect();
    format!("{{\n{}\n}}\n", fields.join(",\n"))
}

fn main() {
    for path in std::env::args().skip(1) {
        let name = Path::new(&path).file_stem().unwrap().to_string_lossy().into_owned();
        let json = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let sample = Vector { name: name.clone(), json }.sampled();
        assert_eq!(sample.go_on(&sample.snapshot), sample.matches, "{name}: restored, it is another job");
        let nobody = Snapshot { users: BTreeMap::new(), ..sample.snapshot.clone() };
        assert_ne!(sample.go_on(&nobody), sample.matches, "{name}: its state decides nothing");
        let target = folder().join(format!("v{FORMAT}")).join(format!("{name}.json"));
        let mut file = std::fs::File::create_new(&target).unwrap();
        file.write_all(written(&sample.vector.json).as_bytes()).unwrap();
        let bytes: usize = sample.snapshot.users.values().map(Vec::len).sum();
        println!(
            "{name}: {} users, {bytes} bytes, {} matches",
            sample.snapshot.users.len(),
            sample.matches.len()
        );
    }
}
