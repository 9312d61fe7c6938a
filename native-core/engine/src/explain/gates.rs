//! The gates between a condition that holds and a firing, each with what it says at the moment.

use alcedo_model::{Limit, Period, Status};
use serde::Serialize;

use super::Message;
use crate::person::Person;
use crate::program::Rule;
use crate::state::RuleState;
use crate::{fire, period};

/// One gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gate {
    /// `status`, `validity`, `audience`, `limit` or `cooldown`.
    pub gate: &'static str,
    /// Whether it lets the rule fire.
    pub open: bool,
    /// What it says.
    pub message: Message,
}

impl Gate {
    fn new(gate: &'static str, open: bool, message: Message) -> Self {
        Gate { gate, open, message }
    }

    /// It does not open by the user's doing nor soon: status, validity, audience.
    pub(super) fn lasting(&self) -> bool {
        !matches!(self.gate, "limit" | "cooldown")
    }
}

pub(super) fn gates(person: &Person<'_>, rule: &Rule, held: Option<&RuleState>, at: i64) -> Vec<Gate> {
    let mut gates = vec![status(rule), validity(rule, at), audience(person, rule)];
    gates.extend(rule.limits.iter().map(|one| limit(rule, held, one, at)));
    gates.extend(cooldown(rule, held, at));
    gates
}

fn status(rule: &Rule) -> Gate {
    let open = rule.status == Status::Live;
    let key = if open { "status.live" } else { "status.not_live" };
    Gate::new("status", open, Message::new(key).with("status", rule.status.as_str()))
}

fn validity(rule: &Rule, at: i64) -> Gate {
    let message = if at < rule.from {
        Message::new("validity.not_begun").with("from", rule.from)
    } else if at >= rule.to {
        Message::new("validity.over").with("to", rule.to)
    } else {
        let message = Message::new("validity.open");
        if rule.to < i64::MAX { message.with("to", rule.to) } else { message }
    };
    Gate::new("validity", rule.from <= at && at < rule.to, message)
}

fn audience(person: &Person<'_>, rule: &Rule) -> Gate {
    let inside = person.in_audience(rule.audience);
    let key = match (rule.audience, inside) {
        (None, _) => "audience.everyone",
        (Some(_), true) => "audience.in",
        (Some(_), false) => "audience.out",
    };
    Gate::new("audience", inside, Message::new(key))
}

fn limit(rule: &Rule, held: Option<&RuleState>, limit: &Limit, at: i64) -> Gate {
    let fired = held.filter(|h| h.occurrence > 0).map_or(0, |h| fire::firings(rule, h, limit.per, at));
    let open = fired < u64::from(limit.times);
    let key = if open { "limit.open" } else { "limit.reached" };
    let mut message =
        Message::new(key).with("fired", fired).with("times", limit.times).with("per", limit.per.as_str());
    if !open && limit.per != Period::Life {
        let first = period::start(at, limit.per, &rule.zone);
        message = message.with("until", period::end(first, limit.per, &rule.zone));
    }
    Gate::new("limit", open, message)
}

fn cooldown(rule: &Rule, held: Option<&RuleState>, at: i64) -> Option<Gate> {
    if rule.cooldown == 0 {
        return None;
    }
    let until = held.filter(|h| h.occurrence > 0).map(|h| h.fired.saturating_add(rule.cooldown));
    Some(match until.filter(|until| at < *until) {
        Some(until) => Gate::new("cooldown", false, Message::new("cooldown.pause").with("until", until)),
        None => Gate::new("cooldown", true, Message::new("cooldown.open")),
    })
}
