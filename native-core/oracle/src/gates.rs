//! What stops a firing (F22-F28, D5).

use alcedo_model::{Rule, Status};
use jiff::tz::TimeZone;

use crate::calendar::{same_period, zone};

/// The gates of one rule for one user of its audience, with all firings so far.
pub(crate) struct Gates<'r> {
    rule: &'r Rule,
    zone: TimeZone,
    /// Unix ms.
    fired: Vec<i64>,
}

impl<'r> Gates<'r> {
    pub(crate) fn new(rule: &'r Rule) -> Gates<'r> {
        Gates { rule, zone: zone(&rule.time_zone), fired: Vec::new() }
    }

    pub(crate) fn open(&self, time: i64) -> bool {
        self.rule.status == Status::Live
            && self.rule.validity.from.or(self.rule.published_at).is_none_or(|from| time >= from.ms)
            && self.rule.validity.to.is_none_or(|to| time < to.ms)
            && self.limits_allow(time)
            && self.is_cool(time)
    }

    /// F26.
    fn limits_allow(&self, time: i64) -> bool {
        self.rule.limits.iter().all(|limit| {
            let fired = self.fired.iter().filter(|at| same_period(limit.per, &self.zone, **at, time));
            fired.count() < limit.times as usize
        })
    }

    /// F27.
    fn is_cool(&self, time: i64) -> bool {
        match (self.rule.cooldown, self.fired.last()) {
            (Some(cooldown), Some(last)) => time - last >= cooldown.ms,
            _ => true,
        }
    }

    /// Notes a firing; gives its occurrence (F36).
    pub(crate) fn fire(&mut self, time: i64) -> u64 {
        self.fired.push(time);
        self.fired.len() as u64
    }
}
