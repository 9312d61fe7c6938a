//! Windows (W1-W9, W21-W25): which of a measure's events count at a clock t.

use alcedo_model::{Measure, Rule, Window};
use jiff::tz::TimeZone;

use crate::calendar::{same_period, zone};
use crate::memory::Fact;

/// A window with the rule's publication and zone put in. Moments in Unix ms.
#[derive(Debug)]
pub(crate) struct Frame {
    window: Window,
    /// W2-W5: `from <= time < to`.
    from: i64,
    to: i64,
    zone: TimeZone,
}

impl Frame {
    pub(crate) fn new(rule: &Rule, measure: &Measure) -> Frame {
        let published = rule.published_at.map_or(0, |at| at.ms);
        let (from, to) = match measure.window {
            Window::Between { from, to } => {
                (from.map_or(i64::MIN, |at| at.ms), to.map_or(i64::MAX, |at| at.ms))
            }
            Window::BeforePublish(length) => (published - length.ms, published),
            Window::SincePublish => (published, i64::MAX),
            Window::AcrossPublish(length) => (published - length.ms, i64::MAX),
            _ => (i64::MIN, i64::MAX),
        };
        Frame { window: measure.window, from, to, zone: zone(&rule.time_zone) }
    }

    /// Whether a moment lies within the fixed bounds (F17, M31); true of windows that have none.
    pub(crate) fn bounds_hold(&self, time: i64) -> bool {
        (self.from..self.to).contains(&time)
    }

    /// W7: D of a sliding window.
    pub(crate) fn sliding(&self) -> Option<i64> {
        match self.window {
            Window::Last(length) => Some(length.ms),
            _ => None,
        }
    }

    /// Whether a moment counts at the clock, in every window but a session.
    pub(crate) fn has(&self, time: i64, clock: i64) -> bool {
        match self.window {
            Window::Last(length) => clock - length.ms < time && time <= clock, // W6
            Window::Calendar(period) => same_period(period, &self.zone, time, clock), // W8
            _ => self.bounds_hold(time),
        }
    }

    /// The events that count at the clock, those that are not the measure's own included (for `without`, `strict`).
    pub(crate) fn events<'f>(&self, facts: &[&'f Fact], clock: i64) -> Vec<&'f Fact> {
        match self.window {
            Window::Session(length) => session(facts, length.ms, clock).to_vec(),
            _ => facts.iter().copied().filter(|fact| self.has(fact.time, clock)).collect(),
        }
    }
}

/// W9, W23, W24: from the last own event backwards while no pause between own events is longer than D.
fn session<'s, 'f>(facts: &'s [&'f Fact], length: i64, clock: i64) -> &'s [&'f Fact] {
    let mut first = None;
    let mut next = clock;
    for (at, fact) in facts.iter().enumerate().rev().filter(|(_, fact)| fact.own) {
        if next - fact.time > length {
            break;
        }
        first = Some(at);
        next = fact.time;
    }
    first.map_or(&[], |first| &facts[first..])
}
