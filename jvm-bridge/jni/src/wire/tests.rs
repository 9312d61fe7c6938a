//! The layout by example, and any bytes whatever.

use std::sync::Arc;

use alcedo_engine::{CommandEffect, Counters, Outcome, RecordKind, Rejected};
use alcedo_model::{Cause, Match};
use proptest::prelude::*;

use super::*;

fn record(kind: u8, user: &[u8], raw: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    out.extend_from_slice(&(user.len() as u16).to_le_bytes());
    out.extend_from_slice(&7i64.to_le_bytes());
    out.extend_from_slice(&3i32.to_le_bytes());
    out.extend_from_slice(&11i64.to_le_bytes());
    out.extend_from_slice(&(raw.len() as u32).to_le_bytes());
    out.extend_from_slice(user);
    out.extend_from_slice(raw);
    out
}

fn need(token: u32, user: &str) -> Outcome {
    Outcome::Need { token, user: Arc::from(user) }
}

fn rejected(raw: &[u8]) -> Rejected {
    Rejected { user: Arc::from("u1"), time: 5, partition: 2, position: 9, raw: raw.to_vec() }
}

#[test]
fn a_batch_gives_its_records_in_order() {
    let mut batch = record(KIND_EVENT, b"u1", b"{}");
    batch.extend(record(KIND_TOUCH, "用户".as_bytes(), b""));
    batch.extend(record(KIND_COMMAND, b"u1", b"{}"));
    batch.extend(record(KIND_COMMAND_AGAIN, b"u1", b"{}"));
    let read: Vec<_> = records(&batch).unwrap().collect();
    assert_eq!(read.len(), 4);
    assert_eq!((read[2].kind, read[3].kind), (RecordKind::Command, RecordKind::CommandAgain));
    assert_eq!((read[0].kind, read[0].user, read[0].raw), (RecordKind::Event, "u1", b"{}".as_slice()));
    assert_eq!((read[1].kind, read[1].user, read[1].raw), (RecordKind::Touch, "用户", b"".as_slice()));
    assert_eq!((read[1].time, read[1].partition, read[1].position), (7, 3, 11));
}

#[test]
fn an_empty_batch_has_no_records() {
    assert_eq!(records(b"").unwrap().count(), 0);
}

#[test]
fn a_batch_is_refused_whole_with_the_place() {
    let good = record(KIND_EVENT, b"u1", b"{}");
    let with = |bad: Vec<u8>| records(&[good.clone(), bad].concat()).unwrap_err();
    assert_eq!(with(record(9, b"u1", b"")).what, "kind");
    assert_eq!(with(record(KIND_EVENT, b"", b"")).what, "user length");
    assert_eq!(with(record(KIND_EVENT, &[b'u'; 129], b"")).what, "user length");
    assert_eq!(with(record(KIND_EVENT, b"\xff", b"")).what, "user");
    assert_eq!(with(vec![1, 2]).what, "record");
    let mut short = record(KIND_EVENT, b"u1", b"{}");
    short.pop();
    let error = with(short);
    assert_eq!((error.what, error.at), ("raw", good.len() + RECORD_HEADER + 2));
}

#[test]
fn supplies_tell_none_from_empty() {
    let mut bytes = [4u32.to_le_bytes().as_slice(), &[1], &0u32.to_le_bytes()].concat();
    bytes.extend([5u32.to_le_bytes().as_slice(), &[0], &0u32.to_le_bytes()].concat());
    let read: Vec<_> = supplies(&bytes).unwrap().collect();
    assert_eq!(read, [Supply { token: 4, state: Some(b"") }, Supply { token: 5, state: None }]);
    bytes[13] = 2;
    assert_eq!(supplies(&bytes).unwrap_err().what, "present");
}

#[test]
fn an_update_reads_back_and_takes_nothing_more() {
    let mut bytes = vec![1];
    bytes.extend_from_slice(&i64::MIN.to_le_bytes());
    bytes.extend_from_slice(&1u32.to_le_bytes());
    bytes.extend_from_slice(&1u16.to_le_bytes());
    bytes.push(b'a');
    bytes.extend_from_slice(&2u32.to_le_bytes());
    bytes.extend_from_slice(b"{}");
    assert_eq!(update(&bytes).unwrap(), Update { complete: true, at: None, documents: vec![("a", "{}")] });
    bytes.push(0);
    assert_eq!(update(&bytes).unwrap_err().what, "end");
}

#[test]
fn a_lying_count_allocates_nothing() {
    let mut bytes = vec![0];
    bytes.extend_from_slice(&0i64.to_le_bytes());
    bytes.extend_from_slice(&(MAX_DOCUMENTS as u32).to_le_bytes());
    assert_eq!(update(&bytes).unwrap_err().what, "source length");
    bytes[9..13].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(update(&bytes).unwrap_err().what, "count");
}

#[test]
fn users_of_an_audience_are_length_and_text() {
    assert_eq!(users(&[2, 0, b'u', b'1', 1, 0, b'v']).unwrap(), ["u1", "v"]);
    assert_eq!(users(&[0, 0]).unwrap_err().what, "user length");
}

#[test]
fn outcomes_follow_the_layout() {
    let mut writer = Writer::default();
    let mut out = [0; 256];
    let mut told = vec![
        Outcome::Store { user: Arc::from("u1"), state: Some(vec![8, 9]), arm: Some(60) },
        Outcome::Store { user: Arc::from("u1"), state: None, arm: None },
        need(6, "u2"),
    ];
    let Next::Written(len) = writer.fill(&mut out, || told.pop()).unwrap() else { panic!("it fits") };
    let mut expected = vec![1, 8, 0, 0, 0, 6, 0, 0, 0, 2, 0, b'u', b'2'];
    expected.extend([2, 17, 0, 0, 0]);
    expected.extend(i64::MIN.to_le_bytes());
    expected.extend([1, 2, 0, b'u', b'1', 0, 0, 0, 0]);
    expected.extend([2, 19, 0, 0, 0]);
    expected.extend(60i64.to_le_bytes());
    expected.extend([0, 2, 0, b'u', b'1', 2, 0, 0, 0, 8, 9]);
    assert_eq!(out[..len], expected);
}

#[test]
fn rejected_records_follow_the_layout() {
    let mut out = [0; 256];
    let mut told =
        vec![Outcome::Bad { reason: "not_json", record: rejected(b"x") }, Outcome::Late(rejected(b"{}"))];
    let filled = Writer::default().fill(&mut out, || told.pop()).unwrap();
    let head = [5i64.to_le_bytes().as_slice(), &2i32.to_le_bytes(), &9i64.to_le_bytes(), &[2, 0, b'u', b'1']]
        .concat();
    let mut expected = [[4, 30, 0, 0, 0].as_slice(), &head, &[2, 0, 0, 0, b'{', b'}']].concat();
    expected.extend([[5, 39, 0, 0, 0].as_slice(), &head, &[8, 0], b"not_json", &[1, 0, 0, 0, b'x']].concat());
    assert_eq!(filled, Next::Written(expected.len()));
    assert_eq!(out[..expected.len()], expected);
}

#[test]
fn an_audit_follows_the_layout() {
    let mut out = [0; 64];
    let mut told =
        Some(Outcome::Audit { user: Arc::from("u1"), effect: CommandEffect::Erased, line: b"{}".to_vec() });
    let Ok(Next::Written(len)) = Writer::default().fill(&mut out, || told.take()) else { panic!() };
    assert_eq!(out[..len], [6, 11, 0, 0, 0, 2, 2, 0, b'u', b'1', 2, 0, 0, 0, b'{', b'}']);
}

#[test]
fn a_match_carries_its_json() {
    let matched = Match {
        match_id: "0123456789abcdef0123456789abcdef".into(),
        rule: "r".into(),
        revision: 1,
        user: "u1".into(),
        time: 5,
        occurrence: 1,
        key: None,
        cause: Cause::Deadline { measure: "m".into(), after: 2 },
        evidence: serde_json::Map::new(),
        since: serde_json::Map::new(),
        action: None,
    };
    let mut out = [0; 1024];
    let mut told = Some(Outcome::Match(Box::new(matched.clone())));
    let Next::Written(len) = Writer::default().fill(&mut out, || told.take()).unwrap() else {
        panic!("it fits")
    };
    let fixed = OUTCOME_HEADER + 8 + 3 + 4;
    assert_eq!(out[fixed..fixed + MATCH_ID_LEN], *matched.match_id.as_bytes());
    assert_eq!(serde_json::from_slice::<Match>(&out[fixed + MATCH_ID_LEN + 4..len]).unwrap(), matched);
}

#[test]
fn what_does_not_fit_waits_and_is_told_once() {
    let mut writer = Writer::default();
    let mut told = vec![need(2, "u2"), need(1, "u1")];
    let mut small = [0; 20];
    assert_eq!(writer.fill(&mut small, || told.pop()), Ok(Next::Written(13)));
    assert!(told.is_empty(), "the second one waits in the writer");
    assert_eq!(writer.fill(&mut [0; 4], || None), Ok(Next::Needs(13)));
    assert_eq!(writer.fill(&mut small, || None), Ok(Next::Written(13)));
    assert_eq!(small[5], 2);
    assert_eq!(writer.fill(&mut small, || None), Ok(Next::Written(0)));
}

#[test]
fn a_state_above_the_cap_names_its_user_every_time() {
    let mut writer = Writer::default();
    let mut told = vec![
        need(1, "u1"),
        Outcome::Store { user: Arc::from("u9"), state: Some(vec![0; HARD_CAP]), arm: None },
    ];
    let mut out = [0; 64];
    for _ in 0..2 {
        let error = writer.fill(&mut out, || told.pop()).unwrap_err().to_string();
        assert!(error.contains("\"u9\"") && error.contains("67108864"), "{error}");
    }
    assert_eq!(told.len(), 1, "nothing is told after what was lost");
}

#[test]
fn an_extraction_follows_the_layout() {
    let mut out = [0; 64];
    assert_eq!(extracted(Extracted::Event("u1", 258), &mut out), Some(13));
    assert_eq!(out[..13], [0, 2, 1, 0, 0, 0, 0, 0, 0, 2, 0, b'u', b'1']);
    assert_eq!(extracted(Extracted::Bad("no_user"), &mut out), Some(18));
    assert_eq!((out[0], &out[11..18]), (2, b"no_user".as_slice()));
    assert_eq!(extracted(Extracted::Command("u1", "c-1"), &mut out), Some(18));
    assert_eq!(out[..18], [3, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, b'u', b'1', 3, 0, b'c', b'-', b'1']);
    assert_eq!(extracted(Extracted::Command("u1", "c-1"), &mut out[..17]), None);
    assert_eq!(extracted(Extracted::Blank, &mut out), Some(11));
    assert_eq!(extracted(Extracted::Blank, &mut out[..10]), None);
    let (user, id) = ("u".repeat(MAX_USER), "c".repeat(alcedo_engine::MAX_COMMAND_ID));
    assert_eq!(extracted(Extracted::Command(&user, &id), &mut [0; EXTRACT_LONGEST]), Some(EXTRACT_LONGEST));
}

#[test]
fn records_to_be_extracted_come_in_order_up_to_a_broken_one() {
    let mut bytes = [258i64.to_le_bytes().as_slice(), &[2, 0, 0, 0], b"ab"].concat();
    bytes.extend([i64::MIN.to_le_bytes().as_slice(), &[0, 0, 0, 0]].concat());
    let read = extractions(&bytes).unwrap().collect::<Result<Vec<_>, _>>();
    assert_eq!(read, Ok(vec![(b"ab".as_slice(), Some(258)), (b"".as_slice(), None)]));
    bytes[8] = 15;
    let read: Vec<_> = extractions(&bytes).unwrap().collect();
    assert_eq!(read.len(), 1, "nothing is read after what is broken");
    let error = read[0].clone().unwrap_err().to_string();
    assert!(error.contains("record at byte 12 of extraction") && error.contains("14 are left"), "{error}");
}

#[test]
fn counters_keep_their_order() {
    let c = Counters { taken: 1, late: 2, open_deadlines: 14, held_bytes: 16, ..Counters::default() };
    let bytes = counters(&c);
    assert_eq!((bytes[0], bytes[8], bytes[104], bytes[120], bytes.len()), (1, 2, 14, 16, COUNTERS * 8));
}

#[test]
fn every_number_has_one_name() {
    let mut names: Vec<_> = NUMBERS.iter().map(|(name, ..)| name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), NUMBERS.len());
}

proptest! {
    #[test]
    fn any_bytes_give_a_result(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        if let Ok(all) = records(&bytes) {
            prop_assert_eq!(all.map(|r| RECORD_HEADER + r.user.len() + r.raw.len()).sum::<usize>(), bytes.len());
        }
        if let Ok(all) = supplies(&bytes) {
            prop_assert_eq!(all.map(|s| SUPPLY_HEADER + s.state.map_or(0, <[u8]>::len)).sum::<usize>(), bytes.len());
        }
        let _ = update(&bytes);
        let _ = users(&bytes);
    }

    #[test]
    fn bent_batches_give_a_result(users in proptest::collection::vec("[a-z]{1,9}", 1..9), at in any::<usize>(), byte in any::<u8>(), cut in any::<usize>()) {
        let mut batch: Vec<u8> = users.iter().flat_map(|u| record(KIND_EVENT, u.as_bytes(), b"{\"a\":1}")).collect();
        let len = batch.len();
        batch[at % len] = byte;
        batch.truncate(cut % (len + 1));
        if let Ok(all) = records(&batch) {
            prop_assert_eq!(all.map(|r| RECORD_HEADER + r.user.len() + r.raw.len()).sum::<usize>(), batch.len());
        }
    }

    #[test]
    fn any_room_tells_the_same_bytes(users in proptest::collection::vec("[a-z]{1,9}", 0..20), room in 8usize..64) {
        let all: Vec<Outcome> = users.iter().enumerate().map(|(i, u)| need(i as u32, u)).collect();
        let told = |room: usize| {
            let (mut writer, mut left) = (Writer::default(), all.iter());
            let (mut bytes, mut out) = (Vec::new(), vec![0; room]);
            loop {
                match writer.fill(&mut out, || left.next().cloned()).unwrap() {
                    Next::Written(0) => return bytes,
                    Next::Written(n) => bytes.extend_from_slice(&out[..n]),
                    Next::Needs(n) => out = vec![0; n],
                }
            }
        };
        prop_assert_eq!(told(room), told(4096));
    }
}
