//! Pairs (M13, M56-M58).

use alcedo_model::{Duration, MeasureKind};

use crate::memory::{Fact, Memory};

/// The pairs that were made, as the times of their A, and the A that waits.
struct Found {
    pairs: Vec<i64>,
    waiting: Option<i64>,
}

/// W7: in a sliding window a pair spans less than D and counts while its A is in the window.
pub(crate) fn value(memory: &Memory<'_>, facts: &[&Fact], clock: i64) -> usize {
    let found = find(memory, facts, clock);
    match memory.frame.sliding() {
        Some(_) => found.pairs.iter().filter(|a| memory.frame.has(**a, clock)).count(),
        None => found.pairs.len(),
    }
}

/// L8: a pair that counts, or an A that can still get its B.
pub(crate) fn holds(memory: &Memory<'_>, facts: &[&Fact], clock: i64) -> bool {
    let can_wait = |a: i64| {
        let late = matches!(gaps(memory), (_, Some(max)) if clock - a > max.ms);
        let slid = memory.frame.sliding().is_some_and(|length| clock - a >= length);
        !late && !slid
    };
    value(memory, facts, clock) > 0 || find(memory, facts, clock).waiting.is_some_and(can_wait)
}

/// M58 with M24, M25: over all events in a sliding window, over those inside in every other.
fn find(memory: &Memory<'_>, facts: &[&Fact], clock: i64) -> Found {
    let (min, max) = gaps(memory);
    let sliding = memory.frame.sliding();
    let looked_at = if sliding.is_some() { facts.to_vec() } else { memory.frame.events(facts, clock) };
    let mut found = Found { pairs: Vec::new(), waiting: None };
    for fact in looked_at.into_iter().filter(|fact| fact.own) {
        // M57: as B first, then as A.
        if fact.fits[1]
            && let Some(a) = found.waiting.take()
        {
            let gap = fact.time - a;
            let fits = min.is_none_or(|min| gap >= min.ms) && max.is_none_or(|max| gap <= max.ms);
            if fits && sliding.is_none_or(|length| gap < length) {
                found.pairs.push(a);
            }
        }
        if fact.fits[0] {
            found.waiting = Some(fact.time);
        }
    }
    found
}

fn gaps(memory: &Memory<'_>) -> (Option<Duration>, Option<Duration>) {
    match &memory.measure.kind {
        MeasureKind::Pairs { min_gap, max_gap, .. } => (*min_gap, *max_gap),
        _ => (None, None),
    }
}
