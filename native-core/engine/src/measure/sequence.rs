//! sequence: how many times the steps happened in order, non-overlapping, by earliest completion.
//!
//! `starts[i]` is the start of the best run that has reached step i: the latest, since a later start satisfies every
//! upper bound that an earlier one does. Without gap bounds nothing else about a run matters, so one candidate per
//! step is exact.

use super::{Intake, Roles};
use crate::tally::{Span, Tally};

/// Bit of step i; bit `32 + i` is its `without`.
pub(crate) fn step_role(step: usize) -> Roles {
    1 << step
}
pub(crate) fn without_role(step: usize) -> Roles {
    1 << (32 + step)
}

#[derive(Debug)]
pub(crate) struct SequenceSpec {
    /// Number of steps, 2 to 31.
    pub(crate) steps: usize,
    /// Longest time from the first step to the last, ms.
    pub(crate) within: Option<i64>,
    /// No event of any type between two steps.
    pub(crate) strict: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sequence {
    /// Time of the first event of the run that has reached step i and waits for step i + 1.
    pub(crate) starts: Vec<Option<i64>>,
    /// Completed runs, by the time of their first event.
    pub(crate) tally: Tally,
}

impl SequenceSpec {
    pub(super) fn empty(&self) -> Sequence {
        Sequence { starts: vec![None; self.steps - 1], tally: Tally::default() }
    }

    pub(super) fn fits(&self, slot: &Sequence) -> bool {
        slot.starts.len() + 1 == self.steps
    }

    pub(super) fn own_roles(&self) -> Roles {
        (1 << self.steps) - 1
    }

    pub(super) fn take(&self, slot: &mut Sequence, event: Intake) {
        // From the last step down: an event serves as the later step first, and never twice in one run.
        let mut extended: Roles = 0;
        for step in (0..self.steps).rev() {
            let matches = event.roles & step_role(step) != 0;
            if step == 0 {
                if matches {
                    slot.starts[0] = Some(event.time);
                    extended |= 1;
                }
                break;
            }
            let start = slot.starts[step - 1].filter(|s| self.reaches(*s, event.time, event.span));
            if let (true, Some(start)) = (matches, start) {
                if step + 1 == self.steps {
                    slot.starts.fill(None);
                    slot.tally.add(start, event.clock, event.span, event.capacity);
                    return;
                }
                slot.starts[step] = Some(slot.starts[step].map_or(start, |s| s.max(start)));
                extended |= step_role(step);
            }
            if event.roles & without_role(step) != 0 {
                slot.starts[step - 1] = None;
            }
        }
        if self.strict {
            // Runs that this event did not extend have it between two steps.
            for (step, start) in slot.starts.iter_mut().enumerate() {
                if extended & step_role(step) == 0 {
                    *start = None;
                }
            }
        }
    }

    /// Whether a run that began at `start` may still have a step at `time`.
    fn reaches(&self, start: i64, time: i64, span: Span) -> bool {
        let spent = time.saturating_sub(start);
        let window = match span {
            Span::Last { d } => spent < d,
            Span::Fixed { .. } => true,
        };
        window && self.within.is_none_or(|within| spent <= within)
    }

    pub(super) fn trim(&self, slot: &mut Sequence, clock: i64, span: Span) -> bool {
        let over = matches!(span, Span::Fixed { to, .. } if clock >= to);
        for start in &mut slot.starts {
            if over || start.is_some_and(|s| !self.reaches(s, clock, span)) {
                *start = None;
            }
        }
        slot.tally.is_empty() && slot.starts.iter().all(Option::is_none)
    }

    pub(super) fn expires(&self, slot: &Sequence, span: Span) -> Option<i64> {
        let last = slot.starts.iter().flatten().max().copied();
        let run = match (last, span, self.within) {
            (None, ..) => None,
            (Some(start), Span::Last { d }, within) => {
                Some(start.saturating_add(within.map_or(d, |w| d.min(w.saturating_add(1)))))
            }
            (Some(start), Span::Fixed { to, .. }, Some(w)) => {
                Some(to.min(start.saturating_add(w).saturating_add(1)))
            }
            (Some(_), Span::Fixed { to, .. }, None) => (to < i64::MAX).then_some(to),
        };
        match span {
            Span::Last { .. } => run.max(slot.tally.expires(span)),
            Span::Fixed { .. } if slot.tally.total > 0 => None,
            Span::Fixed { .. } => run,
        }
    }
}
