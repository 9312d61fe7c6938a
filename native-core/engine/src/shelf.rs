//! A user's measures in the order of their hashes, and what follows from all of them together.
//!
//! When the user must next be looked at, and how much memory he takes, follows from each of his measures. An event
//! changes few of them, so the answer is kept and brought forward by what changed ([`Shelf::replaced`]); it is found
//! anew only where what decided it went away. Whoever changes measures in any other way makes the answer unknown.

use crate::program::{Measure, Program};
use crate::state::MeasureState;

/// What follows from one measure, or from all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Outlook {
    /// Bytes in memory.
    pub(crate) bytes: usize,
    /// The earliest deadline, Unix ms.
    pub(crate) deadline: Option<i64>,
    /// When all that can be forgotten will be, Unix ms.
    pub(crate) shrinks: Option<i64>,
}

impl Outlook {
    /// What follows from one measure's state.
    pub(crate) fn of(measure: &Measure, held: &MeasureState) -> Self {
        let slots = || held.instances.iter().map(|instance| &instance.slot);
        Outlook {
            bytes: held.bytes(),
            deadline: slots().filter_map(|slot| measure.spec.deadline(slot)).min(),
            shrinks: slots().filter_map(|slot| measure.spec.expires(slot, &measure.set)).max(),
        }
    }

    fn and(self, other: Outlook) -> Self {
        Outlook {
            bytes: self.bytes + other.bytes,
            deadline: self.deadline.into_iter().chain(other.deadline).min(),
            shrinks: self.shrinks.max(other.shrinks),
        }
    }
}

/// See above.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shelf {
    /// Hashes lie beside each other, so that a search stays in few cache lines.
    held: Vec<(u64, Box<MeasureState>)>,
    /// What follows from all; none where it must be found anew.
    outlook: Option<Outlook>,
}

impl Shelf {
    /// Of measures in the order of their hashes.
    pub(crate) fn new(ascending: impl Iterator<Item = MeasureState>) -> Self {
        Shelf { held: ascending.map(|held| (held.hash, Box::new(held))).collect(), outlook: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Of how many measures something is held.
    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &MeasureState> {
        self.held.iter().map(|(_, held)| &**held)
    }

    pub(crate) fn get(&self, hash: u64) -> Option<&MeasureState> {
        self.place(hash).ok().map(|at| &*self.held[at].1)
    }

    /// Where the measure is, or where it belongs.
    pub(crate) fn place(&self, hash: u64) -> Result<usize, usize> {
        self.held.binary_search_by_key(&hash, |(hash, _)| *hash)
    }

    /// The measure at its place; whoever changes it tells by [`Shelf::replaced`].
    pub(crate) fn at_mut(&mut self, place: usize) -> &mut MeasureState {
        &mut self.held[place].1
    }

    /// Puts a measure where it belongs; as for [`Shelf::at_mut`].
    pub(crate) fn insert(&mut self, place: usize, held: MeasureState) {
        self.held.insert(place, (held.hash, Box::new(held)));
    }

    /// Takes a measure away; as for [`Shelf::at_mut`].
    pub(crate) fn remove(&mut self, place: usize) {
        self.held.remove(place);
    }

    /// Lets each measure change, and keeps those of which `change` says so.
    pub(crate) fn retain_mut(&mut self, mut change: impl FnMut(&mut MeasureState) -> bool) {
        self.outlook = None;
        self.held.retain_mut(|(_, held)| change(held));
    }

    /// One measure changed: this followed from it before, and that follows now.
    pub(crate) fn replaced(&mut self, before: Outlook, after: Outlook) {
        let Some(all) = self.outlook else { return };
        let sooner = after.deadline.is_some() && (all.deadline.is_none() || after.deadline <= all.deadline);
        let deadline = match (sooner, before.deadline) {
            (true, _) => after.deadline,
            (false, Some(was)) if all.deadline == Some(was) => return self.outlook = None,
            _ => all.deadline,
        };
        let shrinks = match before.shrinks {
            _ if after.shrinks >= all.shrinks => after.shrinks,
            was if was == all.shrinks => return self.outlook = None,
            _ => all.shrinks,
        };
        let bytes = (all.bytes + after.bytes).saturating_sub(before.bytes);
        self.outlook = Some(Outlook { bytes, deadline, shrinks });
    }

    /// What follows from all.
    pub(crate) fn outlook(&self, program: &Program) -> Outlook {
        self.outlook.unwrap_or_else(|| {
            let one = |held: &MeasureState| match program.measure_by_hash.get(&held.hash) {
                Some(id) => Outlook::of(program.measure_at(*id), held),
                None => Outlook { bytes: held.bytes(), ..Outlook::default() },
            };
            self.iter().map(one).fold(Outlook::default(), Outlook::and)
        })
    }

    /// Finds out what follows from all, where it is not known, and keeps it.
    pub(crate) fn look(&mut self, program: &Program) {
        self.outlook = Some(self.outlook(program));
    }
}

/// What follows from the measures is no part of what is held.
impl PartialEq for Shelf {
    fn eq(&self, other: &Self) -> bool {
        self.held == other.held
    }
}
