//! Books that this copy of the library has compiled: one program in memory and one compilation, however many subtasks
//! merge the same update into the same book.
//!
//! Subtasks start with the same rules, and get the same updates in the same order. What comes of an update depends on
//! the book before it, the update's bytes (its watermark is among them) and the audiences alone; so whoever brings the
//! same ones finds what the first has made, or waits until it is.
//!
//! Architecture invariant: nothing here keeps a book alive. The last one that uses it frees it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use alcedo_engine::{Audiences, Book};
use xxhash_rust::xxh3::Xxh3;

/// What came of updates.
pub(crate) static COMPILED: Compiled = Compiled::new();

/// A book after an update.
pub(crate) struct Merged {
    pub(crate) book: Book,
    /// What is told of each rule, as JSON.
    pub(crate) statuses: Vec<u8>,
    /// What compiling its program took and kept, bytes.
    pub(crate) program_bytes: usize,
}

/// A place for one, which is filled once.
pub(crate) type Place = Arc<OnceLock<Merged>>;

/// Weak references to places, by what makes them equal.
pub(crate) struct Compiled {
    places: Mutex<BTreeMap<u128, Weak<OnceLock<Merged>>>>,
}

impl Compiled {
    const fn new() -> Self {
        Compiled { places: Mutex::new(BTreeMap::new()) }
    }

    /// The place for what comes of this update: filled, being filled, or to be filled by the caller.
    pub(crate) fn place(
        &self,
        book: &Book,
        max_user_bytes: Option<u64>,
        audiences: &Audiences,
        update: &[u8],
    ) -> Place {
        let key = key(book, max_user_bytes, audiences, update);
        let mut places = self.places();
        if let Some(there) = places.get(&key).and_then(Weak::upgrade) {
            return there;
        }
        places.retain(|_, place| place.strong_count() > 0);
        let place = Place::default();
        places.insert(key, Arc::downgrade(&place));
        place
    }

    fn places(&self) -> MutexGuard<'_, BTreeMap<u128, Weak<OnceLock<Merged>>>> {
        // Nothing can panic while it is locked, so a poisoned one is still whole.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An audience is named by where it lies: equal ones are one in this process (`shared.rs`), and those that a program uses
/// live as long as it does.
fn key(book: &Book, max_user_bytes: Option<u64>, audiences: &Audiences, update: &[u8]) -> u128 {
    let mut hash = Xxh3::new();
    let mut part = |bytes: &[u8]| {
        hash.update(&(bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(&max_user_bytes.map_or([0xff; 8], u64::to_le_bytes));
    part(&book.encode());
    // A restored book has no program yet: what comes of it is not what comes of one that runs.
    part(book.hash().as_bytes());
    part(update);
    for (id, audience) in audiences.iter() {
        part(id.as_bytes());
        part(&(Arc::as_ptr(audience) as usize).to_le_bytes());
    }
    hash.digest128()
}
