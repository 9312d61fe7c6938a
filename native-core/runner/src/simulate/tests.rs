use xxhash_rust::xxh3::xxh3_128;

use super::*;

fn written(users: u64, count: u64, seed: u64) -> (Vec<u8>, Vec<u8>, Summary) {
    let options = Options { users, events: count, seed };
    let (mut log, mut profiles) = (Vec::new(), Vec::new());
    let summary = events(options, &mut log).unwrap();
    tags(options, &mut profiles).unwrap();
    (log, profiles, summary)
}

#[test]
fn the_same_seed_gives_the_same_bytes_for_ever() {
    // A change here changes every log that anyone made with this program: say so in the tracking plan.
    let (log, profiles, _) = written(50, 2_000, 7);
    assert_eq!(format!("{:032x}", xxh3_128(&log)), "ffa92d44f85d687a4380832c71c104ad");
    assert_eq!(format!("{:032x}", xxh3_128(&profiles)), "5c03c879e9800cbf2365acf8c88292f4");
    assert_ne!(written(50, 2_000, 8).0, log);
}

#[test]
fn the_number_of_events_is_exact_and_every_kind_of_broken_line_is_there() {
    let (log, _, summary) = written(50, 2_000, 7);
    assert_eq!(summary.types.values().sum::<u64>(), 2_000);
    assert!(broken::KINDS.iter().all(|kind| summary.broken.contains_key(kind.reason)));
    let lines = log.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert_eq!(lines, 2_000 + summary.broken.values().sum::<u64>());
}

#[test]
fn events_are_json_and_stragglers_are_few() {
    let (log, profiles, summary) = written(300, 20_000, 1);
    let good = log.split(|byte| *byte == b'\n').filter(|line| is_event(line)).count() as u64;
    let broken_objects = 9; // broken in a field, but still an object of JSON
    assert!(good >= 20_000 && good <= 20_000 + broken_objects * 20, "{good}");
    assert!((20..600).contains(&summary.stragglers), "{}", summary.stragglers);
    assert_eq!(summary.broken.get("too_large"), Some(&1));
    let tags: Vec<serde_json::Value> =
        profiles.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!(tags.len(), 300);
}

fn is_event(line: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(line).is_ok_and(|value| value["time"].is_i64())
}

#[test]
fn the_log_covers_about_two_weeks() {
    for (users, count) in [(1_000, 100_000), (5_000, 30_000), (100, 20_000)] {
        let (_, _, summary) = written(users, count, 3);
        let days = (summary.span.1 - summary.span.0) / 86_400_000;
        assert!((11..=18).contains(&days), "{users} users, {count} events: {days} days");
    }
}

#[test]
fn the_night_is_quiet() {
    let (log, ..) = written(500, 30_000, 3);
    let mut hours = [0_u64; 24];
    for line in log.split(|byte| *byte == b'\n').filter(|line| is_event(line)) {
        let value: serde_json::Value = serde_json::from_slice(line).unwrap();
        let ms = value["time"].as_i64().unwrap() - rhythm::OPENING;
        hours[(ms / 3_600_000).rem_euclid(24) as usize] += 1;
    }
    assert!(hours[21] > 5 * hours[4], "{hours:?}");
}
