//! Rules and whom they are for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alcedo_backtest::{Error, Refused, Sourced, compile, profile_of};
use alcedo_engine::{Audience, Audiences, Profile, Program, Tags, audience_id};
use alcedo_model::{Problem, Rule, Status, say};
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::guard::{Failed, guarded};

/// One rule, read and checked: its canonical JSON, and the warnings as JSON.
#[pyfunction]
pub(crate) fn parse(text: &str) -> PyResult<(String, String)> {
    Ok(guarded(|| {
        let rules = read(&[text.to_owned()])?;
        let [sourced] = rules.as_slice() else {
            let problem =
                Problem::new("", say!("this is not one rule"), say!("give one rule, as a JSON object"));
            let refused = Refused { source: String::new(), rule: None, problems: vec![problem] };
            return Err(Error::Rules(vec![refused]).into());
        };
        Ok((sourced.rule.canonical(), json!(sourced.warnings).to_string()))
    })?)
}

/// What rules cost, as JSON. Audiences are taken as empty where they are not there: they cost a user nothing.
#[pyfunction]
pub(crate) fn report(rules: Vec<String>) -> PyResult<String> {
    Ok(guarded(|| {
        let rules = read(&rules)?;
        let mut audiences = Audiences::new();
        for audience in rules.iter().filter_map(|sourced| sourced.rule.audience.as_ref()) {
            audiences.insert(&audience_id(audience), Arc::new(Audience::from_users([])));
        }
        for sourced in rules.iter().filter(|sourced| {
            sourced.rule.audience.as_ref().is_some_and(|audience| audience.profile.is_some())
        }) {
            profile_of(sourced)?;
        }
        let program = compile(&rules, &audiences)?;
        serde_json::to_string(&program.report())
            .map_err(|error| Failed::new("defect", error.to_string(), Value::Null))
    })?)
}

/// Reads rules from their texts.
pub(crate) fn read(texts: &[String]) -> Result<Vec<Sourced>, Failed> {
    let (mut rules, mut refused) = (Vec::new(), Vec::new());
    for (nth, text) in texts.iter().enumerate() {
        for parsed in Rule::parse_many(text) {
            match parsed {
                Ok(parsed) => rules.push(Sourced {
                    source: format!("rule {nth}"),
                    rule: parsed.rule,
                    warnings: parsed.warnings,
                }),
                Err(bad) => {
                    refused.push(Refused {
                        source: format!("rule {nth}"),
                        rule: bad.id,
                        problems: bad.problems,
                    });
                }
            }
        }
    }
    if refused.is_empty() { Ok(rules) } else { Err(Error::Rules(refused).into()) }
}

/// Rules with their audiences, compiled.
pub(crate) struct Ready {
    pub(crate) rules: Vec<Sourced>,
    pub(crate) program: Arc<Program>,
}

/// `tags`: a JSON object a user; `members`: users by audience id.
pub(crate) fn ready(
    rules: &[String],
    tags: Option<&[String]>,
    members: &BTreeMap<String, Vec<String>>,
) -> Result<Ready, Failed> {
    let rules = read(rules)?;
    let mut audiences = Audiences::new();
    for (id, users) in members {
        audiences.insert(id, Arc::new(Audience::from_users(users.iter().map(String::as_str))));
    }
    let mut profiles: BTreeMap<String, Profile> = BTreeMap::new();
    for sourced in rules.iter().filter(|sourced| sourced.rule.status != Status::Draft) {
        let Some(audience) = &sourced.rule.audience else { continue };
        let id = audience_id(audience);
        if audiences.get(&id).is_some() || profiles.contains_key(&id) {
            continue;
        }
        if audience.profile.is_none() || tags.is_none() {
            return Err(missing(&sourced.rule, &id, audience.profile.is_some()));
        }
        profiles.insert(id, profile_of(sourced)?);
    }
    for (id, users) in judge(&profiles, tags.unwrap_or_default())? {
        audiences.insert(&id, Arc::new(Audience::from_users(users.iter().map(String::as_str))));
    }
    let program = compile(&rules, &audiences)?;
    Ok(Ready { rules, program })
}

/// Of a user that is there twice the last counts.
fn judge(
    profiles: &BTreeMap<String, Profile>,
    tags: &[String],
) -> Result<BTreeMap<String, BTreeSet<String>>, Failed> {
    let mut members: BTreeMap<String, BTreeSet<String>> =
        profiles.keys().map(|id| (id.clone(), BTreeSet::new())).collect();
    for (nth, line) in tags.iter().enumerate().filter(|_| !profiles.is_empty()) {
        let tags = Tags::parse_line(line).map_err(|reason| {
            let message =
                format!("tags: row {nth}: {reason} (give each user as {{\"user\": \"u1\", \"tag\": value}})");
            Failed::new("input", message, Value::Null)
        })?;
        for (profile, users) in profiles.values().zip(members.values_mut()) {
            if profile.holds(&tags) {
                users.insert(tags.user.clone());
            } else {
                users.remove(&tags.user);
            }
        }
    }
    Ok(members)
}

fn missing(rule: &Rule, id: &str, has_profile: bool) -> Failed {
    let members = format!("give its users as audiences={{\"{id}\": [..]}}");
    let cure = if has_profile { format!("give the users' tags as tags=.., or {members}") } else { members };
    let message = format!("rule {}: audience {id} is not there ({cure})", rule.id);
    Failed::new("audience", message, json!({"rule": rule.id, "audience": id}))
}
