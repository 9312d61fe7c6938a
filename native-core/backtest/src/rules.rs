//! Reading rules from files: one rule or a list in each, the highest revision of an id wins.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};

use alcedo_model::{Problem, Rule, say};

use crate::{Error, Refused};

/// A rule with the file that it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// The file.
    pub source: String,
    /// The rule.
    pub rule: Rule,
    /// What is legal in it but suspicious.
    pub warnings: Vec<Problem>,
}

/// Reads every rule of a file, or of the files in a folder whose names end in `.json` (in the order of their names,
/// folders inside it are not entered). Sorted by id.
///
/// # Errors
/// A file cannot be read, a rule does not parse (all problems of all files are told at once), two files give one
/// revision of a rule different contents, or there is no rule.
pub fn read_rules(path: &Path) -> Result<Vec<Sourced>, Error> {
    read_rule_files(&[path.to_owned()])
}

/// The same for several files and folders.
///
/// # Errors
/// As [`read_rules`].
pub fn read_rule_files(paths: &[PathBuf]) -> Result<Vec<Sourced>, Error> {
    let (rules, refused) = collect_rules(paths)?;
    match (refused.is_empty(), rules.is_empty(), paths.first()) {
        (false, ..) => Err(Error::Rules(refused)),
        (_, true, Some(path)) => Err(Error::NoRules(path.clone())),
        _ => Ok(rules),
    }
}

/// The same, but keeps the good rules beside those that do not parse.
///
/// # Errors
/// A file or folder cannot be read.
pub fn collect_rules(paths: &[PathBuf]) -> Result<(Vec<Sourced>, Vec<Refused>), Error> {
    let mut found = Vec::new();
    let mut refused = Vec::new();
    for path in paths {
        for file in files_of(path)? {
            let text = fs::read_to_string(&file).map_err(|error| Error::io(&file, error))?;
            parse(&file.display().to_string(), &text, &mut found, &mut refused);
        }
    }
    let rules = newest(found, &mut refused);
    Ok((rules, refused))
}

fn files_of(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| Error::io(path, error))? {
        let file = entry.map_err(|error| Error::io(path, error))?.path();
        let hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && file.extension().is_some_and(|end| end == "json") && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn parse(source: &str, text: &str, found: &mut Vec<Sourced>, refused: &mut Vec<Refused>) {
    for result in Rule::parse_many(text) {
        match result {
            Ok(parsed) => {
                found.push(Sourced {
                    source: source.to_owned(),
                    rule: parsed.rule,
                    warnings: parsed.warnings,
                });
            }
            Err(bad) => {
                refused.push(Refused { source: source.to_owned(), rule: bad.id, problems: bad.problems })
            }
        }
    }
}

/// One rule per id: the highest revision. The same revision with other content is refused.
fn newest(found: Vec<Sourced>, refused: &mut Vec<Refused>) -> Vec<Sourced> {
    let mut rules: BTreeMap<String, Sourced> = BTreeMap::new();
    for next in found {
        match rules.entry(next.rule.id.clone()) {
            Entry::Vacant(place) => {
                place.insert(next);
            }
            Entry::Occupied(mut place) => {
                let kept = place.get();
                if kept.rule.revision == next.rule.revision && kept.rule.canonical() != next.rule.canonical()
                {
                    refused.push(contradiction(kept, next));
                } else if next.rule.revision > kept.rule.revision {
                    place.insert(next);
                }
            }
        }
    }
    rules.into_values().collect()
}

fn contradiction(kept: &Sourced, next: Sourced) -> Refused {
    let problem = Problem::new(
        "/revision",
        say!(
            "revision {revision} has other content in {source}",
            revision = next.rule.revision,
            source = &kept.source
        ),
        say!("give the newer one a higher revision"),
    );
    Refused { source: next.source, rule: Some(next.rule.id), problems: vec![problem] }
}
