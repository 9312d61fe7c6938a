//! Last judgements of a rule without trigger, and the places they have (F14-F16, F19, F43, D1).

use crate::correlation::{Key, same};

/// The values whose last judgement was true, the least recently judged first.
pub(crate) struct Places {
    held: Vec<Option<Key>>,
    most: usize,
}

impl Places {
    pub(crate) fn new(most: usize) -> Places {
        Places { held: Vec::new(), most }
    }

    /// F15, D1: whoever has no place is false.
    pub(crate) fn last(&self, key: Option<&Key>) -> bool {
        self.held.iter().any(|held| same(held.as_ref(), key))
    }

    /// Notes a judgement. `idle` tells of whom nothing is held any more, where F43 lets them give way first.
    pub(crate) fn judged(&mut self, key: Option<&Key>, to: bool, idle: impl Fn(Option<&Key>) -> bool) {
        self.held.retain(|held| !same(held.as_ref(), key));
        if !to {
            return;
        }
        self.held.push(key.cloned());
        while self.held.len() > self.most {
            let first_idle = self.held.iter().position(|held| idle(held.as_ref()));
            self.held.remove(first_idle.unwrap_or(0));
        }
    }
}
