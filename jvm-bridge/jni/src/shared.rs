//! Audiences that this copy of the library holds: one set in memory, however many books ask for it.
//!
//! Two ways lead to a set that is there. By the *name* that a host gave it (place, id and version), which spares the
//! others reading it. And by its content: the checksum that ends an audience's bytes finds a set, and that both are
//! equal makes it the same one; so no hash has to be trusted, and a file that was only written again takes no memory.
//!
//! Architecture invariant: nothing here keeps a set alive. The last book and the last engine that use one free it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use alcedo_engine::{Audience, AudienceError, MAX_AUDIENCE};

use crate::guard::Fault;

/// The audiences of all books.
pub(crate) static AUDIENCES: Shared = Shared::new();

/// Encoded members that come piece by piece: a host need not hold them whole.
#[derive(Default)]
pub(crate) struct Members(Vec<u8>);

impl Members {
    /// The next piece.
    pub(crate) fn add(&mut self, piece: &[u8]) -> Result<(), Fault> {
        if self.0.len() + piece.len() > MAX_AUDIENCE {
            return Err(Fault::Refused(format!(
                "an audience is larger than the limit of {MAX_AUDIENCE} bytes"
            )));
        }
        self.0.extend_from_slice(piece);
        Ok(())
    }

    /// What came, once.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

#[derive(Default)]
struct Sets {
    named: BTreeMap<String, Weak<Audience>>,
    by_checksum: BTreeMap<u64, Weak<Audience>>,
}

/// Weak references to sets.
pub(crate) struct Shared {
    sets: Mutex<Sets>,
}

impl Shared {
    const fn new() -> Self {
        Shared { sets: Mutex::new(Sets { named: BTreeMap::new(), by_checksum: BTreeMap::new() }) }
    }

    /// The set of this name, if a book still uses it.
    pub(crate) fn named(&self, name: &str) -> Option<Arc<Audience>> {
        self.sets().named.get(name).and_then(Weak::upgrade)
    }

    /// The set that these bytes hold, and from now on has this name; an empty one names nothing.
    pub(crate) fn read(&self, name: &str, bytes: &[u8]) -> Result<Arc<Audience>, AudienceError> {
        let fresh = Arc::new(Audience::decode(bytes)?);
        let checksum = bytes.last_chunk().map_or(0, |sum| u64::from_le_bytes(*sum));
        let mut sets = self.sets();
        sets.named.retain(|_, set| set.strong_count() > 0);
        sets.by_checksum.retain(|_, set| set.strong_count() > 0);
        let set = match sets.by_checksum.get(&checksum).and_then(Weak::upgrade) {
            Some(there) if there == fresh => there,
            _ => {
                sets.by_checksum.insert(checksum, Arc::downgrade(&fresh));
                fresh
            }
        };
        if !name.is_empty() {
            sets.named.insert(name.to_owned(), Arc::downgrade(&set));
        }
        Ok(set)
    }

    fn sets(&self) -> MutexGuard<'_, Sets> {
        // Nothing can panic while it is locked, so a poisoned one is still whole.
        self.sets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bytes_are_one_set_and_the_last_that_goes_frees_it() {
        let shared = Shared::new();
        let bytes = Audience::from_users(["u1", "7"]).encode();
        let one = shared.read("vip 1", &bytes).unwrap();
        let two = shared.read("vip 2", &bytes).unwrap();
        let three = shared.named("vip 1").unwrap();
        assert!(Arc::ptr_eq(&one, &two) && Arc::ptr_eq(&one, &three));
        assert_eq!(Arc::strong_count(&one), 3);
        let other = shared.read("", &Audience::from_users(["u2"]).encode()).unwrap();
        assert!(!Arc::ptr_eq(&one, &other) && shared.named("").is_none());
        drop((one, two, three));
        assert!(shared.named("vip 1").is_none() && shared.named("vip 2").is_none());
        let again = shared.read("vip 3", &bytes).unwrap();
        assert_eq!((Arc::strong_count(&again), shared.sets().named.len()), (1, 1));
    }

    #[test]
    fn a_checksum_alone_makes_no_two_sets_one() {
        let shared = Shared::new();
        let there = Arc::new(Audience::from_users(["someone else"]));
        let bytes = Audience::from_users(["u1"]).encode();
        let checksum = u64::from_le_bytes(*bytes.last_chunk().unwrap());
        shared.sets().by_checksum.insert(checksum, Arc::downgrade(&there));
        assert!(shared.read("", &bytes).unwrap().contains("u1"));
    }

    #[test]
    fn pieces_are_bounded_before_they_are_kept() {
        // Zeros that nobody writes take no memory.
        let mut members = Members(vec![0; MAX_AUDIENCE]);
        assert!(members.add(&[0]).unwrap_err().to_string().contains("limit"));
        assert_eq!(members.take().len(), MAX_AUDIENCE);
        members.add(&[7]).unwrap();
        assert_eq!(members.take(), [7]);
    }
}
