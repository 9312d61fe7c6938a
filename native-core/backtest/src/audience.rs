//! Who a rule is for: members from files, or profiles judged over a file of tags.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcedo_engine::{Audience, Audiences, Profile, Tags, audience_id, without_mark};
use alcedo_model::{Problem, Rule, Status, say};

use crate::{Error, Refused, Sourced};

/// Longest line of a tags file, bytes.
const TAGS_LINE: u64 = 1 << 20;

/// Where members come from.
#[derive(Debug, Clone, Default)]
pub struct AudienceSources {
    /// A file of profile tags, one user a line.
    pub tags: Option<PathBuf>,
    /// Members given from outside, by audience id; they replace the result of a profile.
    pub members: BTreeMap<String, PathBuf>,
}

/// Resolves every audience that the rules name.
///
/// # Errors
/// A file cannot be read, a profile does not compile, or an audience has no members from anywhere.
pub fn read_audiences(rules: &[Sourced], sources: &AudienceSources) -> Result<Audiences, Error> {
    let mut audiences = Audiences::new();
    for (id, path) in &sources.members {
        audiences.insert(id, Arc::new(read_members(path)?));
    }
    let mut profiles: BTreeMap<String, Profile> = BTreeMap::new();
    for sourced in rules {
        let Some(audience) = &sourced.rule.audience else { continue };
        if sourced.rule.status == Status::Draft {
            continue; // unknown to the engine
        }
        let id = audience_id(audience);
        if audiences.get(&id).is_some() || profiles.contains_key(&id) {
            continue;
        }
        if audience.profile.is_none() || sources.tags.is_none() {
            return Err(missing(&sourced.rule, id));
        }
        profiles.insert(id, profile_of(sourced)?);
    }
    if let Some(tags) = sources.tags.as_deref().filter(|_| !profiles.is_empty()) {
        for (id, audience) in judge_tags(tags, &profiles)? {
            audiences.insert(&id, Arc::new(audience));
        }
    }
    Ok(audiences)
}

fn missing(rule: &Rule, id: String) -> Error {
    let members = format!("give its members with --audience {id}=FILE");
    let has_profile = rule.audience.as_ref().is_some_and(|audience| audience.profile.is_some());
    let cure =
        if has_profile { format!("give profile tags with --tags FILE, or {members}") } else { members };
    Error::NoAudience { rule: rule.id.clone(), audience: id, cure }
}

/// Compiles the profile of a rule's audience.
///
/// # Errors
/// The rule has no profile, or it does not compile.
pub fn profile_of(sourced: &Sourced) -> Result<Profile, Error> {
    let refuse = |problems: Vec<Problem>| {
        let (source, rule) = (sourced.source.clone(), Some(sourced.rule.id.clone()));
        Error::Rules(vec![Refused { source, rule, problems }])
    };
    let Some(profile) = sourced.rule.audience.as_ref().and_then(|audience| audience.profile.as_ref()) else {
        return Err(refuse(vec![Problem::new(
            "/audience/profile",
            say!("this rule has no profile to judge"),
            say!("add one, or give the members as a file"),
        )]));
    };
    Profile::compile(profile).map_err(|problems| {
        let inside =
            |problem: Problem| Problem { path: format!("/audience/profile{}", problem.path), ..problem };
        refuse(problems.into_iter().map(inside).collect())
    })
}

/// Judges profiles over a file of tags. Of a repeated user the last line counts.
///
/// # Errors
/// The file cannot be read, or a line is not `{"user": .., "tag": value, ..}`.
pub fn judge_tags(
    path: &Path,
    profiles: &BTreeMap<String, Profile>,
) -> Result<BTreeMap<String, Audience>, Error> {
    let mut members: Vec<BTreeSet<String>> = vec![BTreeSet::new(); profiles.len()];
    let refuse = |line, reason| Error::Line {
        path: path.to_owned(),
        line,
        reason,
        cure: "write {\"user\": \"u1\", \"tag\": value, ..} on each line",
    };
    for_each_line(path, |number, text| {
        let tags = Tags::parse_line(text).map_err(|reason| refuse(number, reason))?;
        for (profile, users) in profiles.values().zip(&mut members) {
            if profile.holds(&tags) {
                users.insert(tags.user.clone());
            } else {
                users.remove(&tags.user);
            }
        }
        Ok(())
    })?;
    let audience = |users: &BTreeSet<String>| Audience::from_users(users.iter().map(String::as_str));
    Ok(profiles.keys().cloned().zip(members.iter().map(audience)).collect())
}

/// Reads a file of members: what `alcedo audience` writes, or plain text with one user a line.
///
/// # Errors
/// The file cannot be read, or is neither.
pub fn read_members(path: &Path) -> Result<Audience, Error> {
    let bytes = fs::read(path).map_err(|error| Error::io(path, error))?;
    let refuse = |reason: String| Error::Audience { path: path.to_owned(), reason };
    match std::str::from_utf8(without_mark(&bytes)) {
        // The first byte of an encoded audience is not the start of any UTF-8 text.
        Ok(text) if !text.contains('\0') => {
            Ok(Audience::from_users(text.lines().map(str::trim).filter(|user| !user.is_empty())))
        }
        _ => Audience::decode(&bytes).map_err(|error| refuse(error.to_string())),
    }
}

/// Calls `take` with each line that is not blank and its number from 1.
pub(crate) fn for_each_line(
    path: &Path,
    mut take: impl FnMut(u64, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = crate::open(path, |raw| raw)?;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = (&mut reader).take(TAGS_LINE + 1).read_until(b'\n', &mut line);
        if read.map_err(|error| Error::io(path, error))? == 0 {
            break;
        }
        let refuse = |reason: &str| Error::Line {
            path: path.to_owned(),
            line: number,
            reason: reason.to_owned(),
            cure: "one JSON object a line, in UTF-8",
        };
        if line.len() as u64 > TAGS_LINE {
            return Err(refuse("it is longer than 1 MiB"));
        }
        let text = std::str::from_utf8(&line).map_err(|_| refuse("it is not UTF-8"))?.trim();
        if !text.is_empty() {
            take(number, text)?;
        }
    }
    Ok(())
}
