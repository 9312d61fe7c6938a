//! The users in memory: slots, an index by user, two lists in the order of use (clean, dirty), and who is due when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::program::Program;
use crate::state::UserState;

pub(crate) type SlotId = u32;
const NONE: SlotId = SlotId::MAX;
/// Index, slot and due time of one user, bytes, beside his state.
const OVERHEAD: usize = 160;

#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) user: Arc<str>,
    /// None while the host is asked for it.
    pub(crate) state: Option<UserState>,
    pub(crate) dirty: bool,
    /// The host has bytes of him.
    pub(crate) kept: bool,
    /// The batch that needs it.
    pub(crate) pinned: u64,
    /// When it must be looked at, Unix ms.
    pub(crate) due: Option<i64>,
    /// The entry of `Cache::due` that stands for it (Unix ms), at or before `due`; `NEVER` = none does.
    queued: i64,
    bytes: usize,
    /// His open deadlines.
    open: usize,
    /// Tells a reused slot from the user whom an old due entry meant.
    stamp: u32,
    /// False where the user left and nobody took the slot.
    taken: bool,
}

const NEVER: i64 = i64::MAX;

/// A slot's neighbours in its list. Apart from the slots: whoever is used moves, and his neighbours need not come near.
#[derive(Debug, Clone, Copy)]
struct Links {
    before: SlotId,
    after: SlotId,
}

/// A doubly linked list through the slots; the head was used longest ago.
#[derive(Debug, Clone, Copy)]
struct List {
    head: SlotId,
    tail: SlotId,
    len: usize,
}

impl Default for List {
    fn default() -> Self {
        List { head: NONE, tail: NONE, len: 0 }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Cache {
    slots: Vec<Slot>,
    links: Vec<Links>,
    free: Vec<SlotId>,
    index: HashMap<Arc<str>, SlotId>,
    /// Clean, then dirty.
    lists: [List; 2],
    /// A user who is due later than his entry says stays where he is until it comes up: time mostly moves on, and so
    /// most users cost one entry however often they are put off.
    due: BinaryHeap<Reverse<(i64, SlotId, u32)>>,
    bytes: usize,
    open: usize,
}

impl Cache {
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    pub(crate) fn dirty(&self) -> usize {
        self.lists[1].len
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.due.len() * 16
    }

    /// Open deadlines of all users in memory.
    pub(crate) fn open(&self) -> usize {
        self.open
    }

    pub(crate) fn find(&self, user: &str) -> Option<SlotId> {
        self.index.get(user).copied()
    }

    pub(crate) fn get(&self, id: SlotId) -> Option<&Slot> {
        self.slots.get(id as usize).filter(|slot| slot.taken)
    }

    pub(crate) fn slot(&mut self, id: SlotId) -> &mut Slot {
        &mut self.slots[id as usize]
    }

    /// Reads a little of what each of these users holds. No reading waits for another, so that the memory's delay is
    /// paid once for all of them and not once for each when his turn comes.
    pub(crate) fn look_ahead(&self, ids: impl Iterator<Item = SlotId>) {
        let held = |id| {
            let links = self.links[id as usize];
            let state = self.get(id).and_then(|slot| slot.state.as_ref());
            state.map_or(0, |state| state.measures.glance()) ^ u64::from(links.before)
        };
        std::hint::black_box(ids.map(held).fold(0, |all, one| all ^ one));
    }

    /// A new slot without a state, clean and last used.
    pub(crate) fn add(&mut self, user: &str, pinned: u64) -> SlotId {
        let user: Arc<str> = user.into();
        let stamp = 0;
        let slot = Slot {
            user: Arc::clone(&user),
            state: None,
            dirty: false,
            kept: false,
            pinned,
            due: None,
            queued: NEVER,
            bytes: 0,
            open: 0,
            stamp,
            taken: true,
        };
        let id = match self.free.pop() {
            Some(id) => {
                let stamp = self.slots[id as usize].stamp.wrapping_add(1);
                self.slots[id as usize] = Slot { stamp, ..slot };
                id
            }
            None => {
                self.slots.push(slot);
                self.links.push(Links { before: NONE, after: NONE });
                self.slots.len() as SlotId - 1
            }
        };
        self.index.insert(user, id);
        self.append(id);
        id
    }

    /// Removes a user; his state goes to the caller.
    pub(crate) fn remove(&mut self, id: SlotId) -> Option<UserState> {
        self.unlink(id);
        let slot = &mut self.slots[id as usize];
        self.bytes -= std::mem::take(&mut slot.bytes);
        self.open -= std::mem::take(&mut slot.open);
        (slot.due, slot.queued, slot.taken) = (None, NEVER, false);
        slot.stamp = slot.stamp.wrapping_add(1);
        self.index.remove(&slot.user);
        self.free.push(id);
        slot.state.take()
    }

    /// Counts the slot's bytes and open deadlines anew.
    pub(crate) fn weigh(&mut self, id: SlotId, program: &Program) {
        let slot = &mut self.slots[id as usize];
        let state = slot.state.as_ref().map_or(0, |state| state.bytes(program));
        let bytes = OVERHEAD + 2 * slot.user.len() + state;
        self.bytes = self.bytes - slot.bytes + bytes;
        slot.bytes = bytes;
        let open = slot.state.as_ref().map_or(0, |state| state.measures.outlook(program).open());
        self.open = self.open - slot.open + open;
        slot.open = open;
    }

    /// Moves the slot to the used-last end of the list it now belongs to.
    pub(crate) fn mark(&mut self, id: SlotId, dirty: bool) {
        let was = self.slots[id as usize].dirty;
        if was == dirty && self.lists[usize::from(dirty)].tail == id {
            return;
        }
        self.unlink(id);
        self.slots[id as usize].dirty = dirty;
        self.append(id);
    }

    /// When the slot must be looked at, Unix ms.
    pub(crate) fn set_due(&mut self, id: SlotId, due: Option<i64>) {
        let slot = &mut self.slots[id as usize];
        slot.due = due;
        if let Some(due) = due.filter(|due| *due < slot.queued) {
            slot.queued = due;
            self.due.push(Reverse((due, id, slot.stamp)));
            if self.due.len() > 4 * self.index.len() + 1024 {
                self.sweep();
            }
        }
    }

    /// Drops entries that speak of nobody any more.
    fn sweep(&mut self) {
        let slots = &self.slots;
        self.due.retain(|Reverse((due, id, stamp))| {
            let slot = &slots[*id as usize];
            slot.stamp == *stamp && slot.queued == *due
        });
    }

    /// Takes the next slot due at or before `limit`. Its due time is then unset.
    pub(crate) fn pop_due(&mut self, limit: i64) -> Option<SlotId> {
        while let Some(Reverse((at, id, stamp))) = self.due.peek().copied() {
            if at > limit {
                return None;
            }
            self.due.pop();
            let slot = &mut self.slots[id as usize];
            if slot.stamp != stamp || slot.queued != at {
                continue;
            }
            slot.queued = NEVER;
            match slot.due {
                Some(due) if due == at => {
                    slot.due = None;
                    return Some(id);
                }
                // He was put off since.
                later => self.set_due(id, later),
            }
        }
        None
    }

    /// The user to evict: clean ones first, each longest unused first, none that the running batch needs.
    pub(crate) fn victim(&self, batch: u64) -> Option<SlotId> {
        self.lists
            .iter()
            .find_map(|list| self.walk(*list).find(|id| self.slots[*id as usize].pinned != batch))
    }

    /// Dirty users, longest unused first.
    pub(crate) fn oldest_dirty(&self) -> Option<SlotId> {
        Some(self.lists[1].head).filter(|id| *id != NONE)
    }

    /// All users in memory, in no order that matters to one of them.
    pub(crate) fn ids(&self) -> Vec<SlotId> {
        let mut ids: Vec<SlotId> = self.lists.iter().flat_map(|list| self.walk(*list)).collect();
        ids.sort_unstable();
        ids
    }

    fn walk(&self, list: List) -> impl Iterator<Item = SlotId> + '_ {
        std::iter::successors(Some(list.head).filter(|id| *id != NONE), |id| {
            Some(self.links[*id as usize].after).filter(|id| *id != NONE)
        })
    }

    fn append(&mut self, id: SlotId) {
        let list = usize::from(self.slots[id as usize].dirty);
        let tail = self.lists[list].tail;
        self.links[id as usize] = Links { before: tail, after: NONE };
        match tail {
            NONE => self.lists[list].head = id,
            tail => self.links[tail as usize].after = id,
        }
        self.lists[list].tail = id;
        self.lists[list].len += 1;
    }

    fn unlink(&mut self, id: SlotId) {
        let Links { before, after } = self.links[id as usize];
        let dirty = self.slots[id as usize].dirty;
        let list = &mut self.lists[usize::from(dirty)];
        if before == NONE {
            list.head = after;
        }
        if after == NONE {
            list.tail = before;
        }
        list.len -= 1;
        if before != NONE {
            self.links[before as usize].after = after;
        }
        if after != NONE {
            self.links[after as usize].before = before;
        }
    }
}
