//! A user's measures in the order of their hashes, and what follows from all of them together.
//!
//! When the user must next be looked at, and how much memory he takes, follows from each of his measures. An event
//! changes few of them, so what follows from each lies beside its hash, and what follows from all is brought forward by
//! what changed ([`Shelf::changed`]). Where that which decided it went away, it is found anew among what lies here, and
//! no measure is looked at.

use crate::program::{Measure, Program};
use crate::state::MeasureState;

/// No deadline.
const NEVER: i64 = i64::MAX;
/// Nothing to forget.
const NOTHING: i64 = i64::MIN;

/// So many measures are looked at before a search.
const LONG: usize = 16;

/// What follows from one measure, or from all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outlook {
    /// Unix ms, or `NEVER`.
    deadline: i64,
    /// Unix ms, or `NOTHING`.
    shrinks: i64,
    bytes: u32,
    /// Open deadlines.
    open: u32,
}

impl Default for Outlook {
    fn default() -> Self {
        Outlook { deadline: NEVER, shrinks: NOTHING, bytes: 0, open: 0 }
    }
}

impl Outlook {
    /// What follows from one measure's state.
    fn of(measure: &Measure, held: &MeasureState) -> Self {
        let slots = || held.instances.iter().map(|instance| &instance.slot);
        let deadline = slots().filter_map(|slot| measure.spec.deadline(slot)).min().unwrap_or(NEVER);
        let open = || slots().map(|slot| measure.spec.open(slot)).sum::<usize>();
        Outlook {
            deadline,
            shrinks: slots()
                .filter_map(|slot| measure.spec.expires(slot, &measure.set))
                .max()
                .unwrap_or(NOTHING),
            bytes: u32::try_from(held.bytes()).unwrap_or(u32::MAX),
            open: if deadline == NEVER { 0 } else { u32::try_from(open()).unwrap_or(u32::MAX) },
        }
    }

    fn and(self, other: Outlook) -> Self {
        Outlook {
            deadline: self.deadline.min(other.deadline),
            shrinks: self.shrinks.max(other.shrinks),
            bytes: self.bytes.saturating_add(other.bytes),
            open: self.open.saturating_add(other.open),
        }
    }

    /// The earliest deadline, Unix ms.
    pub(crate) fn deadline(self) -> Option<i64> {
        (self.deadline != NEVER).then_some(self.deadline)
    }

    /// When all that can be forgotten will be, Unix ms.
    pub(crate) fn shrinks(self) -> Option<i64> {
        (self.shrinks != NOTHING).then_some(self.shrinks)
    }

    /// Bytes in memory.
    pub(crate) fn bytes(self) -> usize {
        self.bytes as usize
    }

    /// Open deadlines.
    pub(crate) fn open(self) -> usize {
        self.open as usize
    }
}

/// A measure in its place.
#[derive(Debug, Clone)]
struct Entry {
    hash: u64,
    outlook: Outlook,
    held: Box<MeasureState>,
}

/// See above.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shelf {
    /// Hashes lie beside each other, so that a search stays in few cache lines.
    entries: Vec<Entry>,
    /// Whether the entries' outlooks are those of their measures.
    known: bool,
    /// What follows from all; none where it must be found anew.
    all: Option<Outlook>,
}

impl Shelf {
    /// Of measures in the order of their hashes.
    pub(crate) fn new(ascending: impl Iterator<Item = MeasureState>) -> Self {
        let entry =
            |held: MeasureState| Entry { hash: held.hash, outlook: Outlook::default(), held: Box::new(held) };
        Shelf { entries: ascending.map(entry).collect(), known: false, all: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Of how many measures something is held.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Reads where a search will begin; the number means nothing. A short list is left alone: most events that come to
    /// few measures touch none of them.
    pub(crate) fn glance(&self) -> u64 {
        let quarter = self.entries.len() / 4;
        if quarter < LONG / 4 {
            return quarter as u64;
        }
        let each = (1..4).filter_map(|part| self.entries.get(part * quarter));
        each.fold(0, |all, entry| all ^ entry.hash)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &MeasureState> {
        self.entries.iter().map(|entry| &*entry.held)
    }

    /// Measures that may have a deadline at or before this time (Unix ms): all that have one are among them.
    pub(crate) fn due(&self, time: i64) -> impl Iterator<Item = &MeasureState> {
        let due = move |entry: &&Entry| !self.known || entry.outlook.deadline <= time;
        self.entries.iter().filter(due).map(|entry| &*entry.held)
    }

    pub(crate) fn get(&self, hash: u64) -> Option<&MeasureState> {
        self.place(hash).ok().map(|at| &*self.entries[at].held)
    }

    /// Where the measure is, or where it belongs.
    pub(crate) fn place(&self, hash: u64) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&hash, |entry| entry.hash)
    }

    /// The measure at its place; whoever changes it tells by [`Shelf::changed`].
    pub(crate) fn at_mut(&mut self, place: usize) -> &mut MeasureState {
        &mut self.entries[place].held
    }

    /// Puts a measure where it belongs; as for [`Shelf::at_mut`].
    pub(crate) fn insert(&mut self, place: usize, held: MeasureState) {
        let entry = Entry { hash: held.hash, outlook: Outlook::default(), held: Box::new(held) };
        self.entries.insert(place, entry);
    }

    /// The measure at its place is another one than it was.
    pub(crate) fn changed(&mut self, place: usize, measure: &Measure) {
        if !self.known {
            return;
        }
        let Entry { outlook, held, .. } = &mut self.entries[place];
        let after = Outlook::of(measure, held);
        let before = std::mem::replace(outlook, after);
        self.replace(before, after);
    }

    /// Takes a measure away.
    pub(crate) fn remove(&mut self, place: usize) {
        let before = self.entries.remove(place).outlook;
        self.replace(before, Outlook::default());
    }

    /// Lets those measures change that can forget all by now (`time`: Unix ms), and keeps those of which `change` says
    /// so. True if one of them is another one than before.
    pub(crate) fn forget(
        &mut self,
        program: &Program,
        time: i64,
        mut change: impl FnMut(&Measure, &mut MeasureState) -> bool,
    ) -> bool {
        self.look(program);
        let mut changed = false;
        self.entries.retain_mut(|Entry { hash, outlook, held }| {
            if outlook.shrinks().is_none_or(|shrinks| shrinks > time) {
                return true;
            }
            let Some(id) = program.measure_by_hash.get(hash) else { return true };
            let measure = program.measure_at(*id);
            changed = true;
            let keep = change(measure, held);
            *outlook = Outlook::of(measure, held);
            keep
        });
        if changed {
            self.all = None;
        }
        changed
    }

    /// Keeps the measures of whose hashes `keep` says so. What follows from the others stays known, under another
    /// program too: a hash names all of a measure that it follows from.
    pub(crate) fn retain(&mut self, keep: impl Fn(u64) -> bool) {
        let held = self.entries.len();
        self.entries.retain(|entry| keep(entry.hash));
        if self.entries.len() < held {
            self.all = None;
        }
    }

    /// This followed from one measure before, and that follows now.
    fn replace(&mut self, before: Outlook, after: Outlook) {
        let Some(all) = self.all else { return };
        let ended = before.deadline == all.deadline && after.deadline > before.deadline
            || before.shrinks == all.shrinks && after.shrinks < before.shrinks;
        self.all = (!ended).then(|| Outlook {
            bytes: all.bytes.saturating_sub(before.bytes).saturating_add(after.bytes),
            open: all.open.saturating_sub(before.open).saturating_add(after.open),
            ..all.and(after)
        });
    }

    /// What follows from all.
    pub(crate) fn outlook(&self, program: &Program) -> Outlook {
        let all = |of: &dyn Fn(&Entry) -> Outlook| {
            self.entries.iter().map(of).fold(Outlook::default(), Outlook::and)
        };
        match self.all {
            Some(all) => all,
            None if self.known => all(&|entry| entry.outlook),
            None => all(&|entry| entry.look(program)),
        }
    }

    /// Finds out what follows from each and from all, where it is not known, and keeps it.
    pub(crate) fn look(&mut self, program: &Program) {
        if !self.known {
            self.entries.iter_mut().for_each(|entry| entry.outlook = entry.look(program));
            self.known = true;
        }
        self.all = Some(self.outlook(program));
    }
}

impl Entry {
    fn look(&self, program: &Program) -> Outlook {
        match program.measure_by_hash.get(&self.hash) {
            Some(id) => Outlook::of(program.measure_at(*id), &self.held),
            // Nobody reads it any more.
            None => {
                Outlook { bytes: u32::try_from(self.held.bytes()).unwrap_or(u32::MAX), ..Outlook::default() }
            }
        }
    }
}

/// What follows from the measures is no part of what is held.
impl PartialEq for Shelf {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}
