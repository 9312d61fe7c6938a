//! Sequences (M4, M15-M25, M54, M55).

use alcedo_model::{MeasureKind, Step};

use crate::memory::{Fact, Memory};

/// A sequence with its window's D where that slides.
struct Sequence<'m> {
    steps: &'m [Step],
    within: Option<i64>,
    strict: bool,
    sliding: Option<i64>,
    max_partials: usize,
}

/// What one search finds.
struct Found {
    /// Times of the first events of the runs that were completed.
    runs: Vec<i64>,
    /// Where the next run may begin.
    begin: usize,
    /// For each event and step: the latest place at which a run could have begun whose part up to this step ends here.
    best: Vec<Vec<Option<usize>>>,
}

/// W7: in a sliding window a run counts while its first event is in the window.
pub(crate) fn value(memory: &Memory<'_>, facts: &[&Fact], clock: i64) -> usize {
    let Some(sequence) = Sequence::of(memory) else { return 0 };
    let found = sequence.search(&sequence.looked_at(memory, facts, clock));
    match sequence.sliding {
        Some(_) => found.runs.iter().filter(|first| memory.frame.has(**first, clock)).count(),
        None => found.runs.len(),
    }
}

/// L8: a run that counts, or a part of one that can still be completed.
pub(crate) fn holds(memory: &Memory<'_>, facts: &[&Fact], clock: i64) -> bool {
    let Some(sequence) = Sequence::of(memory) else { return false };
    let events = sequence.looked_at(memory, facts, clock);
    value(memory, facts, clock) > 0 || sequence.can_go_on(&events, &sequence.search(&events), clock)
}

impl<'m> Sequence<'m> {
    fn of(memory: &Memory<'m>) -> Option<Sequence<'m>> {
        let MeasureKind::Sequence { steps, within, strict } = &memory.measure.kind else { return None };
        Some(Sequence {
            steps,
            within: within.map(|length| length.ms),
            strict: *strict,
            sliding: memory.frame.sliding(),
            max_partials: memory.measure.max_partials.unwrap_or(32) as usize,
        })
    }

    /// M24, M25: all events in a sliding window, those inside in every other.
    fn looked_at<'f>(&self, memory: &Memory<'_>, facts: &[&'f Fact], clock: i64) -> Vec<&'f Fact> {
        if self.sliding.is_some() { facts.to_vec() } else { memory.frame.events(facts, clock) }
    }

    fn search(&self, events: &[&Fact]) -> Found {
        let last = self.steps.len() - 1;
        let mut found = Found { runs: Vec::new(), begin: 0, best: Vec::new() };
        for (at, event) in events.iter().enumerate() {
            let starts: Vec<Option<usize>> = (0..=last)
                .map(|step| event.fits[step].then(|| self.latest_start(events, &found, step, at)).flatten())
                .collect();
            let complete = starts[last];
            found.best.push(starts);
            if let Some(first) = complete {
                // M21: everything before and with this event is used up.
                found.runs.push(events[first].time);
                found.begin = at + 1;
            }
        }
        found
    }

    /// M22: of the runs whose part up to `step` ends at `at`, the place of the first event of the one that begins latest.
    fn latest_start(&self, events: &[&Fact], found: &Found, step: usize, at: usize) -> Option<usize> {
        if step == 0 {
            return Some(at);
        }
        let candidates = (found.begin..at).rev().filter(|before| found.best[*before][step - 1].is_some());
        // M20: the oldest beyond the bound are dropped. M55: elsewhere none is.
        let kept = if self.is_bounded() { self.max_partials } else { usize::MAX };
        candidates
            .take(kept)
            .filter(|before| self.may_follow(events, step, *before, at))
            .filter_map(|before| found.best[before][step - 1])
            .filter(|first| self.spans(events[*first].time, events[at].time))
            .max()
    }

    /// M17-M19: whether the event at `at` may be this step when the one at `before` is the step before.
    fn may_follow(&self, events: &[&Fact], step: usize, before: usize, at: usize) -> bool {
        let gap = events[at].time - events[before].time;
        let between = &events[before + 1..at];
        self.steps[step].min_gap.is_none_or(|min| gap >= min.ms)
            && self.steps[step].max_gap.is_none_or(|max| gap <= max.ms)
            && (!self.strict || between.is_empty())
            && !between.iter().any(|event| event.forbidden[step])
    }

    /// M16, W7: within `within`, and less than D.
    fn spans(&self, first: i64, last: i64) -> bool {
        self.within.is_none_or(|within| last - first <= within)
            && self.sliding.is_none_or(|length| last - first < length)
    }

    /// M20: it has a `min_gap` and also an upper bound.
    fn is_bounded(&self) -> bool {
        let upper = self.within.is_some() || self.sliding.is_some();
        self.steps.iter().any(|step| step.min_gap.is_some())
            && (upper || self.steps.iter().any(|step| step.max_gap.is_some()))
    }

    /// Whether a part of a run can still get its next step at the clock or later.
    fn can_go_on(&self, events: &[&Fact], found: &Found, clock: i64) -> bool {
        (found.begin..events.len()).any(|at| {
            (0..self.steps.len() - 1).any(|step| {
                let Some(first) = found.best[at][step] else { return false };
                let next = &self.steps[step + 1];
                let after = &events[at + 1..];
                next.max_gap.is_none_or(|max| clock - events[at].time <= max.ms)
                    && (!self.strict || after.is_empty())
                    && !after.iter().any(|event| event.forbidden[step + 1])
                    && self.spans(events[first].time, clock)
            })
        })
    }
}
