//! Rule JSON: any text is read or refused; what is read comes back from its canonical text, and compiles or is refused.

use std::sync::Arc;

use alcedo_engine::{Audience, Audiences, Book, Document, Profile, Program, Tags, Update, audience_id};
use alcedo_model::{Mapping, Predicate, Rule};

/// The bytes are text: a rule, a list of rules, a mapping, a profile.
pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(parsed) = Rule::parse(text) {
        comes_back(&parsed.rule);
        compiles(&parsed.rule);
    }
    let many = Rule::parse_many(text);
    if many.iter().any(Result::is_ok) {
        for parsed in many.iter().flatten() {
            comes_back(&parsed.rule);
        }
        is_kept(text);
    }
    let _ = Mapping::parse(text);
    if let Ok(profile) = Predicate::parse_profile(text)
        && let Ok(compiled) = Profile::compile(&profile)
        && let Ok(tags) = Tags::parse_line(r#"{"user":"u","level":"C","n":3,"l":[1,"a",null]}"#)
    {
        compiled.holds(&tags);
    }
}

fn comes_back(rule: &Rule) {
    let canonical = rule.canonical();
    let again = Rule::parse(&canonical).unwrap_or_else(|problems| panic!("{canonical}: {problems:?}")).rule;
    assert_eq!(again, *rule, "{canonical}");
    assert_eq!(again.canonical(), canonical);
}

fn audiences(rules: &[&Rule]) -> Audiences {
    let mut audiences = Audiences::new();
    for audience in rules.iter().filter_map(|rule| rule.audience.as_ref()) {
        audiences.insert(&audience_id(audience), Arc::new(Audience::from_users(["u"])));
    }
    audiences
}

fn compiles(rule: &Rule) {
    match Program::compile(std::slice::from_ref(rule), &audiences(&[rule])) {
        Ok(program) => {
            let report = serde_json::to_string(&program.report()).unwrap();
            assert!(!report.is_empty() && program.hash().len() == 32, "{report}");
        }
        Err(refused) => assert!(refused.iter().all(|r| !r.problems.is_empty()), "refused without a reason"),
    }
}

/// A book that took the rules in is the same book after a restart.
fn is_kept(text: &str) {
    let many = Rule::parse_many(text);
    let rules: Vec<&Rule> = many.iter().flatten().map(|parsed| &parsed.rule).collect();
    let audiences = audiences(&rules);
    let mut book = Book::new();
    let documents = vec![Document { source: "fuzz".to_owned(), text: text.to_owned() }];
    book.apply(&Update { complete: true, documents }, &audiences, None);
    let bytes = book.encode();
    let mut again = Book::decode(&bytes).unwrap();
    assert_eq!(again.encode(), bytes);
    let statuses = again.apply(&Update::default(), &audiences, Some(crate::rules::BASE));
    assert!(statuses.is_empty(), "{statuses:?}");
    assert_eq!(again.hash(), book.hash());
}
