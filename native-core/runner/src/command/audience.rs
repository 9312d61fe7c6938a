//! `alcedo audience`: who is meant by a rule's profile?

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use alcedo_backtest::{Sourced, judge_tags, profile_of, read_members, read_rules};
use alcedo_engine::{Audience, BitmapFormat, Profile, audience_id};
use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::output::{Output, say};

/// Write the members of an audience, as jobs read them.
///
/// Judges the profile of a rule's audience over a file of tags; or takes members that somebody else selected.
#[derive(Debug, Args)]
pub(crate) struct MakeAudience {
    /// The rule (or, where the output is a folder, a list or a folder of rules).
    #[arg(long, value_name = "FILE|DIR", requires = "tags", required_unless_present = "members")]
    rule: Option<PathBuf>,
    /// Profile tags, one {"user": .., "tag": value, ..} a line, gzip or not.
    #[arg(long, value_name = "FILE", requires = "rule")]
    tags: Option<PathBuf>,
    /// Members, in place of a rule and tags.
    #[arg(long, value_name = "FILE", conflicts_with = "rule")]
    members: Option<PathBuf>,
    /// How the members are written.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Users, requires = "members")]
    format: Format,
    /// Where the members go; a folder gets one file <audience id>.audience for each audience with a profile.
    #[arg(long, value_name = "FILE|DIR|-")]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text, one user a line; or what this command writes.
    Users,
    /// A portable 32-bit roaring bitmap of numeric users.
    Roaring32,
    /// A portable 64-bit roaring bitmap of numeric users.
    Roaring64,
    /// ClickHouse's groupBitmapState of UInt32.
    Clickhouse32,
    /// ClickHouse's groupBitmapState of UInt64.
    Clickhouse64,
}

impl MakeAudience {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match (&self.members, &self.rule, &self.tags) {
            (Some(members), ..) => self.convert(members),
            (None, Some(rule), Some(tags)) => self.judge(rule, tags),
            _ => Err(Failure::at("audience", "nothing was given", "give --rule and --tags, or --members")),
        }
    }

    fn convert(&self, members: &Path) -> Result<(), Failure> {
        let audience = read(members, self.format)?;
        write(&self.output, &audience)?;
        say(format_args!("{} users", audience.len()));
        Ok(())
    }

    fn judge(&self, rule: &Path, tags: &Path) -> Result<(), Failure> {
        let rules = read_rules(rule)?;
        let profiles = if self.output.is_dir() { all(&rules)? } else { only(&rules, rule)? };
        if profiles.is_empty() {
            return Err(Failure::at(rule.display(), "no rule has a profile", "add /audience/profile to one"));
        }
        for (id, audience) in judge_tags(tags, &profiles)? {
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

fn read(path: &Path, format: Format) -> Result<Audience, Failure> {
    let format = match format {
        Format::Users => return Ok(read_members(path)?),
        Format::Roaring32 => BitmapFormat::Roaring32,
        Format::Roaring64 => BitmapFormat::Roaring64,
        Format::Clickhouse32 => BitmapFormat::ClickHouse32,
        Format::Clickhouse64 => BitmapFormat::ClickHouse64,
    };
    let bytes = fs::read(path).map_err(|error| Failure::io(path, &error))?;
    Audience::from_bitmap(format, &bytes)
        .map_err(|error| Failure::at(path.display(), error, "name the format it has with --format"))
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
