//! Every golden vector, through the protocol in every shape and as a backtest.

#![allow(clippy::unwrap_used, clippy::panic)] // a test reports by panicking

mod host;

use host::{Shape, vectors};

fn run(shape: Shape) {
    let all = vectors();
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/vectors")).unwrap();
    let json = files.filter(|f| f.as_ref().unwrap().path().extension().is_some_and(|e| e == "json")).count();
    assert!(json > 230 && all.len() == json, "{} vectors of {json} files", all.len());
    let mut failed = Vec::new();
    for vector in &all {
        let differences = vector.differences(&vector.run(shape));
        if !differences.is_empty() {
            failed.push(format!("{}:\n  {}", vector.name, differences.join("\n  ")));
        }
    }
    assert!(
        failed.is_empty(),
        "{shape:?}: {} of {} vectors differ\n{}",
        failed.len(),
        all.len(),
        failed.join("\n")
    );
}

#[test]
fn with_room_for_all() {
    run(Shape { batch: 1000, cache_users: 1000, dirty_users: 1000, restart_every: 0 });
}

#[test]
fn one_record_at_a_time() {
    run(Shape { batch: 1, cache_users: 1000, dirty_users: 1000, restart_every: 0 });
}

#[test]
fn with_a_cache_of_three_users() {
    run(Shape { batch: 1000, cache_users: 3, dirty_users: 1, restart_every: 0 });
}

#[test]
fn with_a_cache_of_one_user_and_restarts() {
    run(Shape { batch: 2, cache_users: 1, dirty_users: 0, restart_every: 1 });
}

/// The zones' rules come with the program: all of it again where the machine has no zones and lives in a far one.
#[test]
fn whatever_zones_the_machine_knows() {
    let nowhere = concat!(env!("CARGO_MANIFEST_DIR"), "/no-zones-here");
    let again = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "with_room_for_all"])
        .envs([("TZDIR", nowhere), ("TZ", "Pacific/Kiritimati")])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
fn as_a_backtest() {
    let all: Vec<_> = vectors().into_iter().filter(|v| v.is_backtest()).collect();
    assert!(all.len() > 170, "{} vectors have the shape of a backtest", all.len());
    let mut failed = Vec::new();
    for vector in &all {
        let differences = vector.differences(&vector.backtest());
        if !differences.is_empty() {
            failed.push(format!("{}:\n  {}", vector.name, differences.join("\n  ")));
        }
    }
    assert!(failed.is_empty(), "{} of {} vectors differ\n{}", failed.len(), all.len(), failed.join("\n"));
}
