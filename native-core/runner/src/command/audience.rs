//! `alcedo audience`: who is meant by a rule's profile?

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use alcedo_backtest::{Sourced, judge_tags, profile_of, read_rules};
use alcedo_engine::{Audience, Profile, audience_id};
use clap::Args;

use crate::failure::Failure;
use crate::output::{Output, say};

/// Judge the profile of a rule's audience over a file of tags and write its members, as jobs read them.
#[derive(Debug, Args)]
pub(crate) struct MakeAudience {
    /// The rule (or, where the output is a folder, a list or a folder of rules).
    #[arg(long, value_name = "FILE|DIR")]
    rule: PathBuf,
    /// Profile tags, one {"user": .., "tag": value, ..} a line, gzip or not.
    #[arg(long, value_name = "FILE")]
    tags: PathBuf,
    /// Where the members go; a folder gets one file <audience id>.audience for each audience with a profile.
    #[arg(long, value_name = "FILE|DIR|-")]
    output: PathBuf,
}

impl MakeAudience {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let rules = read_rules(&self.rule)?;
        let profiles = if self.output.is_dir() { all(&rules)? } else { only(&rules, &self.rule)? };
        if profiles.is_empty() {
            return Err(Failure::at(
                self.rule.display(),
                "no rule has a profile",
                "add /audience/profile to one",
            ));
        }
        for (id, audience) in judge_tags(&self.tags, &profiles)? {
            let place = if self.output.is_dir() {
                self.output.join(format!("{id}.audience"))
            } else {
                self.output.clone()
            };
            write(&place, &audience)?;
            say(format_args!("audience {id}: {} users", audience.len()));
        }
        Ok(())
    }
}

/// Every audience with a profile, once.
fn all(rules: &[Sourced]) -> Result<BTreeMap<String, Profile>, Failure> {
    let mut profiles = BTreeMap::new();
    for sourced in rules {
        if let Some(audience) = sourced.rule.audience.as_ref().filter(|audience| audience.profile.is_some()) {
            profiles.insert(audience_id(audience), profile_of(sourced)?);
        }
    }
    Ok(profiles)
}

/// The audience of the only rule.
fn only(rules: &[Sourced], path: &Path) -> Result<BTreeMap<String, Profile>, Failure> {
    let [sourced] = rules else {
        let reason = format!("it holds {} rules, and one file holds one audience", rules.len());
        return Err(Failure::at(
            path.display(),
            reason,
            "name a file with one rule, or a folder as --output",
        ));
    };
    let profile = profile_of(sourced)?;
    let id = sourced.rule.audience.as_ref().map(audience_id).unwrap_or_default();
    Ok(BTreeMap::from([(id, profile)]))
}

fn write(place: &Path, audience: &Audience) -> Result<(), Failure> {
    let mut output = Output::open(place)?;
    output.write_all(&audience.encode()).map_err(|error| Failure::io(output.shown(), &error))?;
    output.finish()
}
