//! The oracle's random cases as a host reads them.

use std::sync::Arc;

use alcedo_engine::{
    Audience, Audiences, Document, Extracted, Extractor, Profile, Tags, Update, audience_id,
};
use alcedo_model::{Mapping, Match, Rule};
use alcedo_oracle::random::Case;
use serde_json::Value;

use super::Line;

pub fn update(rules: &[Value]) -> Update {
    let text = Value::from(rules.to_vec()).to_string();
    Update { complete: true, documents: vec![Document { source: "case".to_owned(), text }] }
}

/// Audiences by id, and those that tags resolve.
pub fn audiences(case: &Case) -> Audiences {
    let mut audiences = Audiences::new();
    for (id, members) in &case.members {
        audiences.insert(id, Arc::new(Audience::from_users(members.iter().map(String::as_str))));
    }
    let tags: Vec<Tags> = case.tags.values().map(|t| Tags::parse_line(&t.to_string()).unwrap()).collect();
    for rule in &case.rules {
        let Some(audience) = Rule::parse(&rule.to_string()).unwrap().rule.audience else { continue };
        if let (None, Some(profile)) = (&audience.id, &audience.profile) {
            let profile = Profile::compile(profile).unwrap();
            let users = tags.iter().filter(|t| profile.holds(t)).map(|t| t.user.as_str());
            audiences.insert(&audience_id(&audience), Arc::new(Audience::from_users(users)));
        }
    }
    audiences
}

pub fn lines(case: &Case) -> Vec<Line> {
    let extractor = Extractor::new(&Mapping::default(), None);
    let line = |(position, raw): (i64, Vec<u8>)| {
        let Extracted::Event { user, time, .. } = extractor.extract(&raw, None) else { return None };
        let user = user.into_owned();
        Some(Line { user, time, position, raw })
    };
    (0_i64..).zip(case.bytes()).filter_map(line).collect()
}

pub fn sort(matches: &mut [Match]) {
    matches.sort_by(|x, y| {
        (x.time, &x.user, &x.rule, x.occurrence).cmp(&(y.time, &y.user, &y.rule, y.occurrence))
    });
}
