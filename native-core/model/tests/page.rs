//! The page about the language tells the truth: its rules are the examples, its limits those of the code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a panic is the report")]

use alcedo_model::{Mapping, limits};

mod support;

fn page() -> String {
    std::fs::read_to_string(support::root().join("docs/rules/syntax.md")).unwrap()
}

#[test]
fn its_rules_are_the_examples() {
    let page = page();
    let blocks: Vec<&str> =
        page.split("```json\n").skip(1).map(|rest| rest.split("\n```").next().unwrap().trim()).collect();
    let examples: Vec<String> =
        support::examples().into_iter().map(|(_, text)| text.trim().to_owned()).collect();
    let (rules, others): (Vec<&str>, Vec<&str>) =
        blocks.into_iter().partition(|block| block.contains("\"revision\""));
    assert!(
        rules.iter().all(|rule| examples.iter().any(|example| example == rule)),
        "a rule on the page is no example"
    );
    assert!(rules.len() >= 7, "{}", rules.len());
    assert_eq!(others.len(), 1, "the input mapping");
    assert_eq!(Mapping::parse(others[0]).unwrap(), Mapping::default());
}

#[test]
fn its_limits_are_those_of_the_code() {
    let page = page();
    for (what, limit) in [
        ("Rules in such a list", limits::MAX_RULES),
        ("Conditions in a rule", limits::MAX_CONDITIONS),
        ("Levels of conditions (all, any, not, a comparison, each arithmetic)", limits::MAX_DEPTH),
        ("Levels of JSON in a rule", limits::MAX_NESTING),
        ("Levels of JSON in an action", limits::MAX_ACTION_NESTING),
        ("Measures in a rule", limits::MAX_MEASURES),
        ("Entries of `limits`", limits::MAX_LIMITS),
        ("Event types of a pattern", limits::MAX_EVENT_TYPES),
        ("Elements of a constant list", limits::MAX_LIST),
        ("Names in a path", limits::MAX_PATH_NAMES),
        ("Properties in `by`", limits::MAX_BY),
        ("Steps of a sequence", limits::MAX_STEPS),
        ("`k` of top", limits::MAX_K as usize),
        ("`up_to` of distinct", limits::MAX_UP_TO as usize),
        ("`max_keys`", limits::MAX_KEYS as usize),
        ("`max_open`", limits::MAX_OPEN as usize),
        ("`max_partials`", limits::MAX_PARTIALS as usize),
        ("`exact_events`", limits::MAX_EXACT_EVENTS as usize),
        ("Problems shown of one rule", limits::MAX_PROBLEMS),
    ] {
        assert_eq!(shown(&page, what), limit.to_string(), "{what}");
    }
    for (what, limit) in [
        ("Name of a rule", limits::MAX_NAME_BYTES),
        ("An event type", limits::MAX_EVENT_TYPE_BYTES),
        ("A constant text", limits::MAX_TEXT_BYTES),
        ("A regular expression", limits::MAX_REGEX_BYTES),
        ("A path, or a tag's name", limits::MAX_PATH_BYTES),
    ] {
        assert_eq!(shown(&page, what), format!("{limit} bytes"), "{what}");
    }
    assert_eq!(
        shown(&page, "Text of one rule, in canonical form too"),
        format!("{} KiB", limits::MAX_RULE_BYTES >> 10)
    );
    assert_eq!(shown(&page, "Text of a list of rules"), format!("{} MiB", limits::MAX_SET_BYTES >> 20));
    assert_eq!(shown(&page, "Action"), format!("{} KiB", limits::MAX_ACTION_BYTES >> 10));
    assert_eq!(shown(&page, "A duration"), format!("{} days", limits::MAX_DURATION_MS / 86_400_000));
}

/// The second column of the row about it, separators of thousands left out.
fn shown(page: &str, what: &str) -> String {
    let row = page.lines().find_map(|line| line.strip_prefix(&format!("| {what} | "))).expect(what);
    row.trim_end_matches(" |").replace(',', "")
}
