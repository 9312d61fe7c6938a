//! Rules, audiences and a log: what a backtest of them gives (T12-T20, F29-F31).

use std::collections::{BTreeMap, BTreeSet};

use alcedo_model::{Audience, Match, Operand, Rule, Status};
use serde_json::Value as Json;

use crate::event::{Event, without_repeats};
use crate::judge::Judge;
use crate::predicate;
use crate::value::Value;

/// How the input ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// T18: deadlines below the largest event time of the whole input have passed.
    Hold,
    /// T19: every deadline passes.
    Fire,
    /// T20: what lies at or before this moment (Unix ms) happens, nothing later does.
    Until(i64),
}

/// Everything that decides.
#[derive(Debug, Default)]
pub struct World {
    /// One revision of each rule, all known from the start.
    pub rules: Vec<Rule>,
    /// Members delivered under an audience's id.
    pub members: BTreeMap<String, BTreeSet<String>>,
    /// Tags by user: objects.
    pub tags: BTreeMap<String, Json>,
    /// How many ids of a user are looked back at for repeats (E23); 0 = none.
    pub dedupe: usize,
}

impl World {
    /// The matches of a log, sorted by time, user, rule and occurrence.
    pub fn matches(&self, events: &[Event], end: End) -> Vec<Match> {
        let happens = |event: &&Event| !matches!(end, End::Until(until) if event.time > until); // D18
        let largest = events.iter().map(|event| event.time).max();
        let mut users: BTreeMap<&str, Vec<Event>> = BTreeMap::new();
        for event in events.iter().filter(happens) {
            users.entry(&event.user).or_default().push(event.clone());
        }
        let mut matches = Vec::new();
        for (user, mut events) in users {
            events.sort_by_key(|event| (event.time, event.position)); // E21
            let events = without_repeats(events, self.dedupe);
            for rule in self.rules.iter().filter(|rule| self.runs_for(rule, user)) {
                matches.extend(walk(rule, &events, end, largest));
            }
        }
        matches.sort_by(|x, y| {
            (x.time, &x.user, &x.rule, x.occurrence).cmp(&(y.time, &y.user, &y.rule, y.occurrence))
        });
        matches
    }

    /// C22, C26; F31: no event of another user enters, so the rule is never judged for him.
    fn runs_for(&self, rule: &Rule, user: &str) -> bool {
        let runs = !matches!(rule.status, Status::Draft | Status::Stopped);
        runs && rule.audience.as_ref().is_none_or(|audience| self.is_member(audience, user))
    }

    /// F29: members delivered under an id replace its profile's result.
    fn is_member(&self, audience: &Audience, user: &str) -> bool {
        if let Some(members) = audience.id.as_ref().and_then(|id| self.members.get(id)) {
            return members.contains(user);
        }
        let (Some(profile), Some(tags)) = (&audience.profile, self.tags.get(user)) else { return false };
        predicate::holds(profile, &|operand| match operand {
            Operand::Tag(name) => tags.get(name).and_then(Value::of_json), // P22
            _ => None,
        })
    }
}

/// T12, M29: before an event of time T the deadlines below T pass.
fn walk(rule: &Rule, events: &[Event], end: End, largest: Option<i64>) -> Vec<Match> {
    let mut judge = Judge::new(rule, events);
    for event in events {
        pass(&mut judge, event.time - 1);
        judge.event();
    }
    match (end, largest) {
        (End::Fire, _) => pass(&mut judge, i64::MAX),
        (End::Until(until), _) => pass(&mut judge, until),
        (End::Hold, Some(largest)) => pass(&mut judge, largest - 1),
        (End::Hold, None) => {}
    }
    judge.matches()
}

/// Deadlines up to that moment pass, one moment after the other.
fn pass(judge: &mut Judge<'_>, until: i64) {
    while let Some(next) = judge.next_deadline().filter(|next| *next <= until) {
        judge.deadlines(next);
    }
}
