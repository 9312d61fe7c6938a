//! The gates between a judgement and a firing: validity, status, audience, limits, cool-down.

use alcedo_model::{Period, Status};

use crate::period;
use crate::person::Person;
use crate::program::Rule;
use crate::state::RuleState;

const PERIODS: [Period; 4] = [Period::Hour, Period::Day, Period::Week, Period::Month];

/// Whether the rule may fire for this user at this time (Unix ms).
pub(crate) fn allowed(person: &Person<'_>, rule: &Rule, held: Option<&RuleState>, time: i64) -> bool {
    rule.status == Status::Live
        && rule.from <= time
        && time < rule.to
        && person.in_audience(rule.audience)
        && held
            .filter(|h| h.occurrence > 0)
            .is_none_or(|h| cooled(rule, h, time) && below_limits(rule, h, time))
}

fn cooled(rule: &Rule, held: &RuleState, time: i64) -> bool {
    rule.cooldown == 0 || time.saturating_sub(held.fired) >= rule.cooldown
}

fn below_limits(rule: &Rule, held: &RuleState, time: i64) -> bool {
    rule.limits.iter().all(|limit| firings(rule, held, limit.per, time) < u64::from(limit.times))
}

/// Firings in the period that holds `time`.
pub(crate) fn firings(rule: &Rule, held: &RuleState, period: Period, time: i64) -> u64 {
    let Some(at) = PERIODS.iter().position(|p| *p == period) else { return held.occurrence };
    // A time before the last firing (arrival order) is judged by the last firing's period: never too generous.
    let same = time <= held.fired
        || period::start(time, period, &rule.zone) == period::start(held.fired, period, &rule.zone);
    if same { u64::from(held.counts[at]) } else { 0 }
}

/// Counts a firing; gives its occurrence number, from 1.
pub(crate) fn count_firing(held: &mut RuleState, rule: &Rule, time: i64) -> u64 {
    let last = held.fired;
    for (at, period) in PERIODS.iter().enumerate() {
        let again = held.occurrence > 0
            && (time <= last
                || period::start(time, *period, &rule.zone) == period::start(last, *period, &rule.zone));
        held.counts[at] = if again { held.counts[at].saturating_add(1) } else { 1 };
    }
    held.fired = if held.occurrence > 0 { last.max(time) } else { time };
    held.occurrence += 1;
    held.occurrence
}
