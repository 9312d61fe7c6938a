//! From text to a rule: text, then tree, then types, then the checks that look at the rule as a whole.
//!
//! A rule with a hole never leaves this module: the problem that made the hole refuses it.

use crate::limits::{MAX_RULE_BYTES, MAX_SET_BYTES};
use crate::parse::{Parser, Place, named_id, named_revision};
use crate::report::{At, Report};
use crate::text::{self, Read};
use crate::{Mapping, Phrase, Predicate, Problem, Rule, check, say};

/// A rule that passed every check that needs no engine.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The rule.
    pub rule: Rule,
    /// What is legal and probably not meant.
    pub warnings: Vec<Problem>,
}

/// A rule that did not, as far as its text tells which rule it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its id, where the text gives one.
    pub id: Option<String>,
    /// Its revision, where the text gives one.
    pub revision: Option<u64>,
    /// Everything that is wrong with it, never empty.
    pub problems: Vec<Problem>,
}

impl Rule {
    /// Reads one rule.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place, the reason and the cure.
    pub fn parse(text: &str) -> Result<Parsed, Vec<Problem>> {
        too_large(text.len(), MAX_RULE_BYTES, say!("a rule"))?;
        finish(text::read(text).map_err(|problem| vec![problem])?).map_err(|refused| refused.problems)
    }

    /// Reads a text that holds one rule or a list of rules, in its order. Paths begin at each rule.
    /// A text that is not JSON gives one refusal without id.
    pub fn parse_many(text: &str) -> Vec<Result<Parsed, Refused>> {
        let nameless = |problems| vec![Err(Refused { id: None, revision: None, problems })];
        if let Err(problems) = too_large(text.len(), MAX_SET_BYTES, say!("a list of rules")) {
            return nameless(problems);
        }
        match text::read_many(text) {
            Err(problem) => nameless(vec![problem]),
            Ok(all) => all.into_iter().map(finish).collect(),
        }
    }
}

impl Mapping {
    /// Reads an input mapping.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Mapping, Vec<Problem>> {
        too_large(text.len(), MAX_RULE_BYTES, say!("an input mapping"))?;
        let Read { node, mut report, .. } = text::read(text).map_err(|problem| vec![problem])?;
        let mapping = Parser::new(&mut report).mapping(&node, &At::Root);
        report.finish().map(|_| mapping)
    }
}

impl Predicate {
    /// Reads the profile of an audience on its own.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse_profile(text: &str) -> Result<Predicate, Vec<Problem>> {
        too_large(text.len(), MAX_RULE_BYTES, say!("a profile"))?;
        let Read { node, mut report, .. } = text::read(text).map_err(|problem| vec![problem])?;
        let predicate = Parser::new(&mut report).predicate(Place::Profile, &node, &At::Root, 1);
        report.finish().map(|_| predicate)
    }
}

fn too_large(bytes: usize, most: usize, what: Phrase) -> Result<(), Vec<Problem>> {
    if bytes <= most {
        return Ok(());
    }
    let reason = say!("{what} of {bytes} bytes is above the limit of {most}", what, bytes, most);
    Err(vec![Problem::new("", reason, say!("make it shorter or split it"))])
}

fn finish(read: Read<'_>) -> Result<Parsed, Refused> {
    let Read { node, bytes, mut report } = read;
    let (id, revision) = (named_id(&node), named_revision(&node));
    if let Err(problems) = too_large(bytes, MAX_RULE_BYTES, say!("a rule")) {
        return Err(Refused { id, revision, problems });
    }
    let sketch = Parser::new(&mut report).rule(&node, &At::Root);
    if let Some(sketch) = &sketch {
        check::problems(sketch, &mut report);
        if !report.refused() {
            canonical_size(&sketch.rule, &mut report);
            check::warnings(&sketch.rule, &mut report);
        }
    }
    match (report.finish(), sketch) {
        (Ok(warnings), Some(sketch)) => Ok(Parsed { rule: sketch.rule, warnings }),
        (Err(problems), _) => Err(Refused { id, revision, problems }),
        (Ok(problems), None) => Err(Refused { id, revision, problems }),
    }
}

/// What is accepted can be kept: the canonical form of a number may be longer than its author's (`1e9`).
fn canonical_size(rule: &Rule, report: &mut Report) {
    let bytes = rule.canonical().len();
    if bytes > MAX_RULE_BYTES {
        let reason = say!(
            "the canonical form of {bytes} bytes is above the limit of {most}",
            bytes,
            most = MAX_RULE_BYTES
        );
        report.refuse(&At::Root, reason, say!("make the rule shorter or split it"));
    }
}
