//! How many times something happened within a window.
//!
//! Under fixed bounds that is a number. In a sliding window it is the moments themselves: the last `capacity`
//! exactly, and what is older in panes of D/64, each counted until its last moment leaves the window.
//! So a tally is exact while no more than `capacity` moments are in the window.

use smallvec::SmallVec;

/// How much a sliding tally keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Capacity {
    /// Moments kept exactly.
    pub(crate) moments: usize,
    /// Whether older ones go to panes (else they are forgotten: only `min(value, moments)` is read).
    pub(crate) panes: bool,
}

/// Panes per window.
pub(crate) const PANES: i64 = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pane {
    /// Time divided by D/64, rounded down.
    pub(crate) index: i64,
    pub(crate) count: u64,
    /// Its last moment, Unix ms.
    pub(crate) last: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Moments under fixed bounds.
    pub(crate) total: u64,
    /// Moments of a sliding window, ascending.
    pub(crate) moments: Moments,
    /// Older moments, ascending. Most tallies never have any, and pay for one word.
    #[allow(clippy::box_collection, reason = "a word instead of three")]
    panes: Option<Box<Vec<Pane>>>,
}

/// A condition seldom asks for more than two: those lie inside.
pub(crate) type Moments = SmallVec<[i64; 2]>;

impl Tally {
    pub(crate) fn new(total: u64, moments: Moments, panes: Vec<Pane>) -> Self {
        Tally { total, moments, panes: (!panes.is_empty()).then(|| Box::new(panes)) }
    }

    pub(crate) fn panes(&self) -> &[Pane] {
        self.panes.as_ref().map_or(&[], |panes| panes)
    }

    pub(crate) fn add(&mut self, time: i64, clock: i64, d: Option<i64>, capacity: Capacity) {
        let Some(d) = d else {
            self.total = self.total.saturating_add(1);
            return;
        };
        self.trim(clock, Some(d));
        // Arrival order may bring an older moment after a younger one.
        let at = self.moments.partition_point(|m| *m <= time);
        self.moments.insert(at, time);
        while self.moments.len() > capacity.moments {
            let oldest = self.moments.remove(0);
            if capacity.panes {
                self.push_pane(oldest, (d / PANES).max(1));
            }
        }
        if !capacity.panes {
            self.panes = None;
        }
    }

    fn push_pane(&mut self, time: i64, width: i64) {
        let index = time.div_euclid(width);
        let panes = self.panes.get_or_insert_default();
        match panes.last_mut() {
            Some(pane) if pane.index >= index => {
                pane.count = pane.count.saturating_add(1);
                pane.last = pane.last.max(time);
            }
            _ => panes.push(Pane { index, count: 1, last: time }),
        }
    }

    /// The number at clock `t`.
    pub(crate) fn count(&self, clock: i64, d: Option<i64>) -> u64 {
        let Some(d) = d else { return self.total };
        let start = clock.saturating_sub(d);
        let outside = self.moments.partition_point(|m| *m <= start);
        let panes: u64 = self.panes().iter().filter(|p| p.last > start).map(|p| p.count).sum();
        (self.moments.len() - outside) as u64 + panes
    }

    /// Forgets what has left the window at clock `t`.
    pub(crate) fn trim(&mut self, clock: i64, d: Option<i64>) {
        let Some(d) = d else { return };
        let start = clock.saturating_sub(d);
        if self.moments.first().is_some_and(|m| *m <= start) {
            let outside = self.moments.partition_point(|m| *m <= start);
            self.moments.drain(..outside);
        }
        if let Some(panes) = self.panes.as_mut().filter(|p| p.first().is_some_and(|p| p.last <= start)) {
            panes.retain(|p| p.last > start);
            if panes.is_empty() {
                self.panes = None;
            }
        }
    }

    /// The clock at which the last moment leaves; none where nothing will.
    pub(crate) fn expires(&self, d: Option<i64>) -> Option<i64> {
        let d = d?;
        let last = self.moments.last().copied().max(self.panes().last().map(|p| p.last));
        last.map(|last| last.saturating_add(d))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.total == 0 && self.moments.is_empty() && self.panes.is_none()
    }

    /// When the oldest moment in the window at clock `t` leaves it; none where none does.
    pub(crate) fn leaves(&self, clock: i64, d: Option<i64>) -> Option<i64> {
        let d = d?;
        let start = clock.saturating_sub(d);
        let panes = self.panes().iter().map(|p| p.last).find(|last| *last > start);
        let moments = self.moments.iter().copied().find(|m| *m > start);
        panes.into_iter().chain(moments).min().map(|oldest| oldest.saturating_add(d))
    }

    /// Heap bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        let moments = if self.moments.spilled() { self.moments.capacity() * size_of::<i64>() } else { 0 };
        moments + self.panes.as_ref().map_or(0, |panes| panes.capacity() * size_of::<Pane>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: Option<i64> = Some(640);

    #[test]
    fn a_sliding_window_excludes_its_start_and_includes_its_end() {
        let mut tally = Tally::default();
        let capacity = Capacity { moments: 3, panes: false };
        tally.add(0, 0, LAST, capacity);
        tally.add(10, 10, LAST, capacity);
        assert_eq!(tally.count(639, LAST), 2);
        assert_eq!(tally.count(640, LAST), 1);
        assert_eq!(tally.expires(LAST), Some(650));
    }

    #[test]
    fn beyond_its_capacity_it_errs_by_at_most_one_pane() {
        let mut tally = Tally::default();
        let capacity = Capacity { moments: 4, panes: true };
        let times: Vec<i64> = (0..2000).map(|i| i * 3).collect();
        for time in &times {
            tally.add(*time, *time, LAST, capacity);
            let exact = times.iter().filter(|t| **t > time - 640 && **t <= *time).count() as u64;
            let told = tally.count(*time, LAST);
            assert!(exact <= told && told <= exact + 10 / 3 + 1, "{told} for {exact}");
        }
        assert!(tally.panes().len() <= PANES as usize + 2);
    }
}
