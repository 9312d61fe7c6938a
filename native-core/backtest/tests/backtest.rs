//! The whole way from bytes to matches, on logs small enough to read.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report; clippy sees helpers as no tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use alcedo_backtest::{
    AudienceSources, Error, Exclusions, Log, Options, Outcome, backtest, compile, read_audiences, read_rules,
};
use alcedo_engine::EndOfInput;

const UNPAID: &str = r#"{"id": "unpaid", "revision": 1,
    "measures": {"u": {"absence": {"after": {"event": "order"}, "no": {"event": "pay"}, "within": "10s"}, "by": ["order"]}},
    "trigger": {"rise": "u"}}"#;
const THIRD: &str = r#"{"id": "third", "revision": 2, "measures": {"n": {"count": {"event": "view"}}},
    "when": {"ge": [{"measure": "n"}, 3]}}"#;

struct Case {
    folder: tempfile::TempDir,
    sources: AudienceSources,
}

impl Case {
    fn new(rules: &[&str]) -> Case {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("rules")).unwrap();
        for (nth, rule) in rules.iter().enumerate() {
            fs::write(folder.path().join(format!("rules/{nth}.json")), rule).unwrap();
        }
        Case { folder, sources: AudienceSources::default() }
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn run(&self, log: &[u8], options: &Options<'_>) -> Result<Outcome, Error> {
        let rules = read_rules(&self.folder.path().join("rules"))?;
        let audiences = read_audiences(&rules, &self.sources)?;
        let program = compile(&rules, &audiences)?;
        backtest(
            &program,
            Log { name: PathBuf::from("log"), reader: std::io::Cursor::new(log.to_vec()) },
            options,
        )
    }

    fn fired(&self, log: &str, options: &Options<'_>) -> Vec<(i64, String, String)> {
        let outcome = self.run(log.as_bytes(), options).unwrap();
        outcome.matches.into_iter().map(|found| (found.time, found.user, found.rule)).collect()
    }
}

fn view(user: &str, time: i64) -> String {
    format!("{{\"user\":\"{user}\",\"type\":\"view\",\"time\":{time}}}\n")
}

fn order(user: &str, time: i64, order: u32) -> String {
    format!("{{\"user\":\"{user}\",\"type\":\"order\",\"time\":{time},\"order\":{order}}}\n")
}

fn fired(time: i64, user: &str, rule: &str) -> (i64, String, String) {
    (time, user.to_owned(), rule.to_owned())
}

#[test]
fn a_log_is_sorted_by_time_then_position() {
    let case = Case::new(&[THIRD]);
    let log =
        [view("b", 30), view("a", 30), view("b", 10), view("a", 20), view("b", 20), view("a", 30)].concat();
    assert_eq!(case.fired(&log, &Options::default()), [fired(30, "a", "third"), fired(30, "b", "third")]);
    let outcome = case.run(log.as_bytes(), &Options::default()).unwrap();
    let causes: Vec<String> =
        outcome.matches.iter().map(|m| serde_json::to_string(&m.cause).unwrap()).collect();
    // Of two events of one time the later line is taken in later.
    assert!(causes[0].contains("\"position\":5"), "{causes:?}");
    assert!(causes[1].contains("\"position\":0"), "{causes:?}");
}

#[test]
fn hold_passes_deadlines_below_the_largest_time_of_the_whole_log() {
    let case = Case::new(&[UNPAID]);
    let log = order("a", 1_000, 1) + &order("b", 1_001, 2) + &view("c", 11_001);
    assert_eq!(case.fired(&log, &Options::default()), [fired(11_000, "a", "unpaid")]);
    let fire = Options { end_of_input: EndOfInput::Fire, ..Options::default() };
    assert_eq!(case.fired(&log, &fire), [fired(11_000, "a", "unpaid"), fired(11_001, "b", "unpaid")]);
}

#[test]
fn what_no_rule_listens_to_counts_and_moves_time_and_ids_alone() {
    let case = Case::new(&[UNPAID]);
    let named = |kind: &str, time: i64, id: &str| {
        format!("{{\"user\":\"a\",\"type\":\"{kind}\",\"time\":{time},\"id\":\"{id}\",\"order\":1}}\n")
    };
    // A type that is written with an escape is the type all the same, and the last of two types counts.
    let escaped =
        r#"{"user":"a","type":"view","type":"\u006frder","time":1000,"id":"1","order":1}"#.to_owned();
    let log = [escaped, "\n".to_owned(), named("view", 1_001, "2"), named("pay", 1_002, "2")].concat()
        + &view("b", 20_000);
    let outcome = case.run(log.as_bytes(), &Options::default()).unwrap();
    assert_eq!((outcome.counters.events, outcome.counters.users, outcome.matches.len()), (4, 2, 0));
    // The view took the id of the payment, so that the payment is a repeat.
    let dedupe = Options { dedupe: 2, ..Options::default() };
    assert_eq!(case.fired(&log, &dedupe), [fired(11_000, "a", "unpaid")]);
}

#[test]
fn until_takes_in_what_happens_up_to_it() {
    let case = Case::new(&[UNPAID, THIRD]);
    let log = order("a", 1_000, 1) + &view("b", 1) + &view("b", 2) + &view("b", 11_001);
    let until = |until| Options { until: Some(until), end_of_input: EndOfInput::Fire, ..Options::default() };
    assert_eq!(case.fired(&log, &until(10_999)), []);
    assert_eq!(case.fired(&log, &until(11_000)), [fired(11_000, "a", "unpaid")]);
    assert_eq!(case.fired(&log, &until(11_001)), [fired(11_000, "a", "unpaid"), fired(11_001, "b", "third")]);
    assert_eq!(case.run(log.as_bytes(), &until(11_000)).unwrap().counters.beyond, 1);
}

#[test]
fn excluded_records_are_not_part_of_the_input() {
    let case = Case::new(&[THIRD]);
    let log = [view("a", 1), view("a", 2), view("a", 3), view("a", 4)].concat();
    let file =
        case.file("late.jsonl", b"{\"partition\":0,\"position\":1,\"user\":\"a\"}\n\n{\"position\":7}\n");
    let exclude = Exclusions::read(&file).unwrap();
    assert_eq!(exclude.len(), 2);
    let options = Options { exclude, ..Options::default() };
    assert_eq!(case.fired(&log, &options), [fired(4, "a", "third")]);
    let wrong = case.file("wrong.jsonl", b"{\"position\":1}\n{\"offset\":2}\n");
    let told = Exclusions::read(&wrong).unwrap_err().to_string();
    assert!(told.contains("wrong.jsonl: line 2: it holds no position"), "{told}");
}

#[test]
fn bad_records_are_counted_kept_and_stop_nothing() {
    let case = Case::new(&[THIRD]);
    let huge = format!("{{\"noise\":\"{}\"}}\n", "x".repeat(2 << 20));
    let mut log =
        [view("a", 1), "not json\n".to_owned(), "\n".to_owned(), huge, view("a", 2)].concat().into_bytes();
    log.extend_from_slice(b"\xff\xfe\n");
    log.extend_from_slice(view("a", 3).trim_end().as_bytes()); // a last line without an end
    let options = Options { keep_bad: true, ..Options::default() };
    let outcome = case.run(&log, &options).unwrap();
    assert_eq!(outcome.matches.len(), 1);
    let bad: Vec<_> = outcome.bad.iter().map(|bad| (bad.position, bad.reason, bad.raw.len())).collect();
    assert_eq!(bad, [(1, "not_json", 8), (3, "too_large", 4096), (5, "not_utf8", 2)]);
    let counters = outcome.counters;
    assert_eq!((counters.lines, counters.blank, counters.events, counters.users), (7, 1, 3, 1));
    assert_eq!(counters.bad.values().sum::<u64>(), 3);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let case = Case::new(&[UNPAID, THIRD]);
    let mut log = String::new();
    for n in 0..40_000_i64 {
        // Scattered users and times, with many equal ones and a broken line now and then.
        let (user, time) = (format!("u{}", n * 7919 % 997), n * 104_729 % 50_000);
        log += &if n % 3 == 0 { order(&user, time, n as u32 % 5) } else { view(&user, time) };
        if n % 500 == 0 {
            log += "broken\n";
        }
    }
    let run = |threads| {
        let options = Options { threads, keep_bad: true, ..Options::default() };
        case.run(log.as_bytes(), &options).unwrap()
    };
    let one = run(1);
    assert!(one.matches.len() > 1_000);
    for threads in [2, 3, 8] {
        assert_eq!(run(threads), one, "{threads} threads");
    }
}

#[test]
fn what_a_bound_drops_is_counted() {
    let case = Case::new(&[&UNPAID.replace("\"by\"", "\"max_open\": 2, \"by\"")]);
    let log: String = (0..5_u32).map(|n| order("a", 1_000 + i64::from(n), n)).collect();
    let options = Options { end_of_input: EndOfInput::Fire, ..Options::default() };
    let outcome = case.run(log.as_bytes(), &options).unwrap();
    assert_eq!((outcome.matches.len(), outcome.counters.dropped), (2, 3));
}

#[test]
fn an_empty_log_gives_nothing() {
    let outcome = Case::new(&[UNPAID]).run(b"", &Options::default()).unwrap();
    assert!(outcome.matches.is_empty() && outcome.counters.largest.is_none());
}

const FOR_C: &str = r#"{"id": "for-c", "revision": 1, "trigger": {"on": {"event": "view"}},
    "audience": {"id": "level-c", "profile": {"eq": [{"tag": "level"}, "C"]}}}"#;

#[test]
fn audiences_come_from_tags_or_from_files_and_are_never_guessed() {
    let mut case = Case::new(&[FOR_C]);
    let log = view("a", 1) + &view("b", 2) + &view("7", 3);
    let told = case.run(log.as_bytes(), &Options::default()).unwrap_err().to_string();
    assert!(told.contains("rule for-c: audience level-c is not there") && told.contains("--tags"), "{told}");

    // Of a repeated user the last line counts; a number is its decimal form.
    let tags = "{\"user\":\"a\",\"level\":\"C\"}\n{\"user\":\"b\",\"level\":\"C\"}\n{\"user\":\"b\"}\n{\"user\":7,\"level\":\"C\"}\n";
    case.sources.tags = Some(case.file("tags.jsonl", tags.as_bytes()));
    assert_eq!(case.fired(&log, &Options::default()), [fired(1, "a", "for-c"), fired(3, "7", "for-c")]);

    let members = case.file("members", b"b\n\n 7 \n");
    case.sources.members = BTreeMap::from([("level-c".to_owned(), members)]);
    assert_eq!(case.fired(&log, &Options::default()), [fired(2, "b", "for-c"), fired(3, "7", "for-c")]);

    let damaged = case.file("damaged", &[0xa1, 0xcf, 1, 0, 9]);
    case.sources.members = BTreeMap::from([("level-c".to_owned(), damaged)]);
    let told = case.run(log.as_bytes(), &Options::default()).unwrap_err().to_string();
    assert!(told.contains("damaged") && told.contains("alcedo audience"), "{told}");
}

#[test]
fn a_wrong_line_of_tags_is_named() {
    let mut case = Case::new(&[FOR_C]);
    case.sources.tags = Some(case.file("tags.jsonl", b"{\"user\":\"a\"}\n{\"level\":\"C\"}\n"));
    let told = case.run(b"", &Options::default()).unwrap_err().to_string();
    assert!(told.contains("tags.jsonl: line 2"), "{told}");
}

#[test]
fn the_highest_revision_wins_and_contradictions_are_refused() {
    let older = THIRD.replace("\"revision\": 2", "\"revision\": 1").replace(", 3]", ", 1]");
    let log = view("a", 1) + &view("a", 2) + &view("a", 3);
    let case = Case::new(&[THIRD, &older, THIRD]);
    assert_eq!(case.fired(&log, &Options::default()), [fired(3, "a", "third")]);

    let other = THIRD.replace(", 3]", ", 1]");
    let told = Case::new(&[THIRD, &other]).run(b"", &Options::default()).unwrap_err().to_string();
    assert!(told.contains("1.json: rule third: /revision") && told.contains("higher revision"), "{told}");
}

#[test]
fn every_wrong_rule_of_every_file_is_told() {
    let case = Case::new(&["{\"id\": \"A\", \"revision\": 0}", "no json", UNPAID]);
    let told = case.run(b"", &Options::default()).unwrap_err().to_string();
    assert!(told.contains("0.json") && told.contains("/id") && told.contains("/revision"), "{told}");
    assert!(told.contains("1.json"), "{told}");
    let empty = Case::new(&[]).run(b"", &Options::default()).unwrap_err();
    assert!(matches!(empty, Error::NoRules(_)), "{empty}");
}
