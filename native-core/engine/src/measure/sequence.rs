//! sequence: how many times the steps happened in order, non-overlapping, by earliest completion.
//!
//! `partials[i]` are the runs that have reached step i and wait for step i + 1. How many must be kept depends on the
//! bounds. Upper bounds only (`within`, `max_gap`, a sliding window): the latest run satisfies whatever an earlier one
//! does, so one is enough. Lower bounds only (`min_gap`): the earliest does. Both: up to `max_partials` of them.

use alcedo_model::{Measure, MeasureKind, Operand, Phrase, say};

use super::kind::{Held, Kind, Part, Wait};
use super::{Frameset, Intake, Roles};
use crate::identity::MAX_PARTIALS;
use crate::predicate::Expression;
use crate::sizes::VARINT;
use crate::tally::Tally;
use crate::value::Value;
use crate::window::Window;

/// Bit of step i; bit `32 + i` is its `without`.
fn step_role(step: usize) -> Roles {
    1 << step
}
fn without_role(step: usize) -> Roles {
    1 << (32 + step)
}

#[derive(Debug)]
pub(crate) struct SequenceSpec {
    /// Shortest and longest time since the step before, ms; one entry a step, 2 to 31 of them.
    gaps: Vec<(i64, i64)>,
    /// Longest time from the first step to the last, ms.
    within: Option<i64>,
    /// No event of any type between two steps.
    strict: bool,
    /// Runs kept per step where lower and upper bounds meet.
    max_partials: usize,
}

/// A run on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Partial {
    /// Time of its first event, Unix ms.
    pub(crate) first: i64,
    /// Time of its last event so far, Unix ms.
    pub(crate) last: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sequence {
    /// Runs that wait for step i + 1, in the order in which they reached step i.
    pub(crate) partials: Vec<Vec<Partial>>,
    /// Completed runs, by the time of their first event.
    pub(crate) tally: Tally,
}

/// Which runs of a step must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Latest,
    Earliest,
    Many,
}

impl Kind for SequenceSpec {
    type Body = Sequence;
    const COUNTS: bool = true;

    fn compile<'m>(
        measure: &'m Measure,
        _: &mut dyn FnMut(&Operand) -> Expression,
    ) -> Option<(Self, Vec<Part<'m>>)> {
        let MeasureKind::Sequence { steps, within, strict } = &measure.kind else { return None };
        let gap = |d: &Option<alcedo_model::Duration>, none: i64| d.map_or(none, |d| d.ms);
        let spec = SequenceSpec {
            gaps: steps.iter().map(|s| (gap(&s.min_gap, 0), gap(&s.max_gap, i64::MAX))).collect(),
            within: within.map(|d| d.ms),
            strict: *strict,
            max_partials: measure.max_partials.unwrap_or(MAX_PARTIALS) as usize,
        };
        let mut parts = Vec::new();
        for (i, step) in steps.iter().enumerate() {
            let path = format!("sequence/steps/{i}");
            let without = step.without.as_ref();
            let without = without.map(|p| Part::new(without_role(i), p, format!("{path}/without")));
            parts.push(Part::new(step_role(i), &step.pattern, path));
            parts.extend(without);
        }
        Some((spec, parts))
    }

    fn empty(&self) -> Sequence {
        Sequence { partials: vec![Vec::new(); self.steps() - 1], tally: Tally::default() }
    }

    fn fits(&self, slot: &Sequence) -> bool {
        slot.partials.len() + 1 == self.steps()
    }

    fn own_roles(&self) -> Roles {
        (1 << self.steps()) - 1
    }

    fn sees_every_event(&self) -> bool {
        self.strict
    }

    fn take(&self, slot: &mut Sequence, event: &Intake, set: &Frameset) -> u64 {
        let (mut dropped, mut extended) = (0, 0);
        // From the last step down: an event serves as the later step first, and never twice in one run.
        for step in (0..self.steps()).rev() {
            if let Some(run) = self.extend(slot, step, event, &set.window) {
                if step + 1 == self.steps() {
                    slot.partials.iter_mut().for_each(Vec::clear);
                    slot.tally.add(run.first, event.clock, set.window.sliding(), set.capacity);
                    return dropped;
                }
                extended |= step_role(step);
                dropped += self.add(&mut slot.partials[step], run, &set.window);
            }
            if step > 0 && event.roles & without_role(step) != 0 {
                slot.partials[step - 1].clear();
            }
        }
        if self.strict {
            // Runs that this event did not extend have it between two steps.
            for (step, runs) in slot.partials.iter_mut().enumerate() {
                let kept = if extended & step_role(step) == 0 { None } else { runs.last().copied() };
                runs.clear();
                runs.extend(kept);
            }
        }
        dropped
    }

    fn value(&self, slot: &Sequence, clock: i64, set: &Frameset) -> Value<'static> {
        Value::int(slot.tally.count(clock, set.window.sliding()))
    }

    fn trim(&self, slot: &mut Sequence, clock: i64, set: &Frameset) {
        slot.tally.trim(clock, set.window.sliding());
    }

    fn give_up(&self, slot: &mut Sequence, horizon: i64, set: &Frameset) {
        let over = matches!(set.window, Window::Fixed { to, .. } if horizon >= to);
        for (at, runs) in slot.partials.iter_mut().enumerate() {
            runs.retain(|run| {
                !over && self.lives(run, at + 1, &set.window).is_none_or(|last| horizon <= last)
            });
        }
    }

    fn expires(&self, slot: &Sequence, set: &Frameset) -> Option<i64> {
        if slot.tally.total > 0 {
            return None;
        }
        let to = if let Window::Fixed { to, .. } = set.window { to } else { i64::MAX };
        let mut last: Option<i64> = slot.tally.expires(set.window.sliding());
        for (at, runs) in slot.partials.iter().enumerate() {
            for run in runs {
                let lives = self.lives(run, at + 1, &set.window).map_or(i64::MAX, |l| l.saturating_add(1));
                last = last.max(Some(lives.min(to)));
            }
        }
        last.filter(|at| *at < i64::MAX)
    }

    fn worst_bytes(&self, set: &Frameset) -> u64 {
        let partials = self.most_partials(&set.window) as u64 * 2 * VARINT;
        Tally::worst_bytes(set) + self.gaps.len() as u64 * (VARINT + partials)
    }

    fn drops(&self, set: &Frameset) -> Option<Phrase> {
        let most = Some(self.most_partials(&set.window)).filter(|most| *most > 1)?;
        Some(say!("at most {most} runs wait at each step; beyond that the oldest is dropped", most))
    }

    fn waits(&self, slot: &Sequence, clock: i64, set: &Frameset) -> Option<Wait> {
        let alive =
            |at: usize, run: &&Partial| self.lives(run, at + 1, &set.window).is_none_or(|last| clock <= last);
        let (at, runs) = slot
            .partials
            .iter()
            .enumerate()
            .rev()
            .map(|(at, runs)| (at, runs.iter().filter(|run| alive(at, run)).collect::<Vec<_>>()))
            .find(|(_, runs)| !runs.is_empty())?;
        // Each candidate waits between bounds of its own: told is from when the first and until when the last can go on.
        let min = self.gaps[at + 1].0;
        let lives = |run: &&Partial| self.lives(run, at + 1, &set.window);
        Some(Wait {
            says: "measure.waits_for_step",
            role: step_role(at + 1),
            began: runs.iter().map(|run| run.first).min()?,
            steps: (at + 1, self.steps()),
            from: (min > 0).then(|| runs.iter().map(|run| run.last.saturating_add(min)).min()).flatten(),
            until: runs.iter().map(lives).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max()),
        })
    }

    fn leaves(&self, slot: &Sequence, clock: i64, set: &Frameset) -> Option<i64> {
        slot.tally.leaves(clock, set.window.sliding())
    }
}

impl Held for Sequence {
    fn is_idle(&self) -> bool {
        self.tally.is_empty() && self.partials.iter().all(Vec::is_empty)
    }

    fn bytes(&self) -> usize {
        let runs = |p: &Vec<Partial>| p.capacity() * size_of::<Partial>() + size_of::<Vec<Partial>>();
        self.tally.heap_bytes() + self.partials.iter().map(runs).sum::<usize>()
    }
}

impl SequenceSpec {
    fn steps(&self) -> usize {
        self.gaps.len()
    }

    fn keep(&self, window: &Window) -> Keep {
        let lower = self.gaps.iter().any(|(min, _)| *min > 0);
        let upper = self.within.is_some()
            || window.sliding().is_some()
            || self.gaps.iter().any(|(_, max)| *max < i64::MAX);
        match (lower, upper) {
            (true, true) => Keep::Many,
            (true, false) => Keep::Earliest,
            _ => Keep::Latest,
        }
    }

    /// Runs kept per step, at the most.
    fn most_partials(&self, window: &Window) -> usize {
        // Between strict steps there is nothing to choose: one run at the most goes on.
        if self.keep(window) == Keep::Many && !self.strict { self.max_partials } else { 1 }
    }

    /// The best run that reaches this step with this event: the one whose first event is latest.
    fn extend(&self, slot: &Sequence, step: usize, event: &Intake, window: &Window) -> Option<Partial> {
        if event.roles & step_role(step) == 0 {
            return None;
        }
        let Some(before) = step.checked_sub(1) else {
            return Some(Partial { first: event.time, last: event.time });
        };
        let (min, max) = self.gaps[step];
        let fits = |run: &&Partial| {
            let gap = event.time.saturating_sub(run.last);
            min <= gap && gap <= max && self.reaches(run.first, event.time, window)
        };
        // Among runs that began together the one that came first waited longest; either completes alike.
        let best = slot.partials[before].iter().filter(fits).max_by_key(|run| run.first)?;
        Some(Partial { first: best.first, last: event.time })
    }

    fn add(&self, runs: &mut Vec<Partial>, run: Partial, window: &Window) -> u64 {
        match self.keep(window) {
            Keep::Earliest if !self.strict => {
                if runs.is_empty() {
                    runs.push(run);
                }
                0
            }
            Keep::Many if !self.strict => {
                runs.push(run);
                let beyond = runs.len().saturating_sub(self.max_partials);
                runs.drain(..beyond);
                beyond as u64
            }
            _ => {
                runs.clear();
                runs.push(run);
                0
            }
        }
    }

    /// Whether a run that began at `first` may still have a step at `time`.
    fn reaches(&self, first: i64, time: i64, window: &Window) -> bool {
        let spent = time.saturating_sub(first);
        window.sliding().is_none_or(|d| spent < d) && self.within.is_none_or(|within| spent <= within)
    }

    /// The last moment at which a run that waits for `step` can go on; none where it always can.
    fn lives(&self, run: &Partial, step: usize, window: &Window) -> Option<i64> {
        let within = self.within.map(|w| run.first.saturating_add(w));
        let sliding = window.sliding().map(|d| run.first.saturating_add(d - 1));
        let gap =
            Some(self.gaps[step].1).filter(|max| *max < i64::MAX).map(|max| run.last.saturating_add(max));
        [within, sliding, gap].into_iter().flatten().min()
    }
}
