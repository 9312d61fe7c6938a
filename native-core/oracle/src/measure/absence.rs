//! Absences: what opens, answers and passes (M5, M26-M33, M60, M62).

use alcedo_model::MeasureKind;

use crate::memory::{Deadline, Memory};

/// An own event comes: as B first, then as A (M30).
pub(crate) fn take_in(memory: &mut Memory<'_>, at: usize) {
    let MeasureKind::Absence { within, .. } = &memory.measure.kind else { return };
    let fact = &memory.facts[at];
    let (time, length) = (fact.time, within.ms);
    let Some(key) = fact.key.clone() else { return };
    let (opens, answers) = (fact.fits[0], fact.fits[1]);
    if answers {
        // M27: every A before it, at the deadline at the latest.
        memory.open.retain(|a| !(a.key.is(&key) && time <= a.time));
    }
    // M31: an A whose deadline lies outside fixed bounds opens none.
    if opens && memory.frame.bounds_hold(time + length) {
        memory.open.push(Deadline { key, after: at, time: time + length });
    }
    // M33: over all correlation values the oldest is dropped.
    let most = memory.measure.max_open.unwrap_or(64) as usize;
    while memory.open.len() > most {
        memory.open.remove(0);
    }
}

/// The next moment at which a deadline passes, Unix ms.
pub(crate) fn next_deadline(memory: &Memory<'_>) -> Option<i64> {
    memory.open.iter().map(|deadline| deadline.time).min()
}

/// M28: the deadlines of that moment pass; gives those that did.
pub(crate) fn pass(memory: &mut Memory<'_>, time: i64) -> Vec<Deadline> {
    let (now, later) = memory.open.drain(..).partition(|deadline| deadline.time == time);
    memory.open = later;
    let now: Vec<Deadline> = now;
    memory.passed.extend(now.iter().cloned());
    now
}
