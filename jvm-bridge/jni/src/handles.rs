//! What Java holds instead of an address: a number that is checked on every use.
//!
//! A handle is `kind (7 bits) | generation (32 bits) | place (24 bits)`, so it is positive, never 0, and a number that
//! was closed, made up, or meant for another kind of thing finds nothing. A place is used again only under the next
//! generation.
//!
//! Invariants: at most one thread is inside a thing at a time, the second is told so instead of waiting; a thing in
//! which a panic happened is never entered again; closing while another thread is inside takes the number away at
//! once and frees the thing when that thread leaves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};

const PLACE_BITS: u32 = 24;
const KIND_SHIFT: u32 = 56;
const MAX_PLACES: usize = 1 << PLACE_BITS;

/// How many things Java has open, of all kinds.
static LIVE: AtomicI64 = AtomicI64::new(0);

/// How many handles are open in this copy of the library.
pub(crate) fn live() -> i64 {
    LIVE.load(Ordering::Relaxed)
}

/// The kind a handle says it is; the number may still be forged.
fn kind_of(handle: i64) -> i64 {
    handle >> KIND_SHIFT
}

/// Why a handle cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HandleError {
    /// Closed or made up.
    #[error("{0:#x} is no open {1}: it was closed, or it never was one")]
    Unknown(i64, &'static str),
    /// Another thread is inside.
    #[error("this {0} is used by two threads at once: each {0} belongs to one thread at a time")]
    Busy(&'static str),
    /// A panic happened inside, earlier.
    #[error("this {0} can no longer be used, because it panicked earlier ({1}): close it and open another")]
    Spoiled(&'static str, String),
    /// A panic happened inside, now.
    #[error("{1} (inside this {0}, which can no longer be used: close it and open another)")]
    Panicked(&'static str, String),
    /// Too many are open.
    #[error("{MAX_PLACES} {0}s are open: close those that are no longer used")]
    Full(&'static str),
}

/// One thing with its lock and, if it comes to that, the text of its panic.
struct Seat<T> {
    thing: Mutex<T>,
    spoiled: OnceLock<String>,
}

struct Place<T> {
    generation: u32,
    seat: Option<Arc<Seat<T>>>,
}

struct Places<T> {
    all: Vec<Place<T>>,
    free: Vec<usize>,
}

/// All open things of one kind.
pub(crate) struct Table<T> {
    kind: i64,
    name: &'static str,
    places: Mutex<Places<T>>,
}

impl<T> Table<T> {
    /// `kind` is 1 to 127 and names no other table.
    pub(crate) const fn new(kind: u8, name: &'static str) -> Self {
        let places = Places { all: Vec::new(), free: Vec::new() };
        Table { kind: kind as i64, name, places: Mutex::new(places) }
    }

    /// Keeps a thing and gives its handle.
    pub(crate) fn open(&self, thing: T) -> Result<i64, HandleError> {
        let mut places = self.places();
        let at = match places.free.pop() {
            Some(at) => at,
            None if places.all.len() >= MAX_PLACES => return Err(HandleError::Full(self.name)),
            None => {
                places.all.push(Place { generation: 0, seat: None });
                places.all.len() - 1
            }
        };
        let place = &mut places.all[at];
        place.seat = Some(Arc::new(Seat { thing: Mutex::new(thing), spoiled: OnceLock::new() }));
        LIVE.fetch_add(1, Ordering::Relaxed);
        Ok(self.kind << KIND_SHIFT | i64::from(place.generation) << PLACE_BITS | at as i64)
    }

    /// Goes inside a thing. A panic there is caught here, because only here it is known whose it is; `told` gives the
    /// text of a panic's payload.
    pub(crate) fn with<R, E: From<HandleError>>(
        &self,
        handle: i64,
        told: impl FnOnce(Box<dyn std::any::Any + Send>) -> String,
        inside: impl FnOnce(&mut T) -> Result<R, E>,
    ) -> Result<R, E> {
        let seat = self.seat(handle)?;
        let mut thing = self.enter(&seat)?;
        // Unwind safe: after a panic nobody enters the thing again.
        match catch_unwind(AssertUnwindSafe(|| inside(&mut thing))) {
            Ok(result) => result,
            Err(payload) => {
                let text = seat.spoiled.get_or_init(|| told(payload)).clone();
                Err(HandleError::Panicked(self.name, text).into())
            }
        }
    }

    /// Takes the handle away. False: it was not open (closing twice is fine).
    pub(crate) fn close(&self, handle: i64) -> bool {
        let seat = {
            let mut places = self.places();
            let Some(at) = self.find(&places, handle) else { return false };
            let place = &mut places.all[at];
            let seat = place.seat.take();
            // After the last generation a place is never used again, so that no old handle can come back to life.
            if let Some(next) = place.generation.checked_add(1) {
                place.generation = next;
                places.free.push(at);
            }
            seat
        };
        LIVE.fetch_sub(1, Ordering::Relaxed);
        // Outside the lock: dropping a large cache must not stop the other threads.
        drop(seat);
        true
    }

    fn seat(&self, handle: i64) -> Result<Arc<Seat<T>>, HandleError> {
        let places = self.places();
        self.find(&places, handle)
            .and_then(|at| places.all[at].seat.clone())
            .ok_or(HandleError::Unknown(handle, self.name))
    }

    fn find(&self, places: &Places<T>, handle: i64) -> Option<usize> {
        let at = (handle & (MAX_PLACES as i64 - 1)) as usize;
        let generation = (handle >> PLACE_BITS) as u32;
        let place = places.all.get(at)?;
        let ours = kind_of(handle) == self.kind && place.generation == generation && place.seat.is_some();
        ours.then_some(at)
    }

    fn enter<'a>(&self, seat: &'a Seat<T>) -> Result<MutexGuard<'a, T>, HandleError> {
        let thing = match seat.thing.try_lock() {
            Ok(thing) => thing,
            Err(TryLockError::WouldBlock) => return Err(HandleError::Busy(self.name)),
            Err(TryLockError::Poisoned(thing)) => thing.into_inner(),
        };
        match seat.spoiled.get() {
            Some(text) => Err(HandleError::Spoiled(self.name, text.clone())),
            None => Ok(thing),
        }
    }

    fn places(&self) -> MutexGuard<'_, Places<T>> {
        // Nothing can panic while the table is locked, so a poisoned one is still whole.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Plain = Result<i32, HandleError>;

    fn told(_: Box<dyn std::any::Any + Send>) -> String {
        "boom".into()
    }

    #[test]
    fn an_open_handle_works_until_it_is_closed() {
        let table = Table::new(1, "thing");
        let handle = table.open(5).unwrap();
        assert!(handle > 0);
        assert_eq!(table.with(handle, told, |n| Plain::Ok(*n)), Ok(5));
        assert!(table.close(handle));
        assert!(!table.close(handle));
        assert_eq!(table.with(handle, told, |n| Plain::Ok(*n)), Err(HandleError::Unknown(handle, "thing")));
    }

    #[test]
    fn a_place_used_again_answers_only_to_its_new_handle() {
        let table = Table::new(1, "thing");
        let old = table.open(1).unwrap();
        table.close(old);
        let new = table.open(2).unwrap();
        assert_ne!(old, new);
        assert!(table.with(old, told, |n| Plain::Ok(*n)).is_err());
        assert!(!table.close(old));
        assert_eq!(table.with(new, told, |n| Plain::Ok(*n)), Ok(2));
    }

    #[test]
    fn made_up_handles_and_those_of_another_kind_find_nothing() {
        let (things, others) = (Table::new(1, "thing"), Table::new(2, "other"));
        let handle = things.open(1).unwrap();
        others.open(1).unwrap();
        for forged in [0, -1, 1, i64::MIN, i64::MAX, handle + 1, handle ^ 1 << 30, handle ^ i64::MIN] {
            assert!(things.with(forged, told, |n| Plain::Ok(*n)).is_err(), "{forged:#x}");
        }
        assert!(others.with(handle, told, |n| Plain::Ok(*n)).is_err());
        assert_eq!(kind_of(handle), things.kind);
    }

    #[test]
    fn a_panic_spoils_one_thing_and_says_so_for_ever() {
        let table = Table::new(1, "thing");
        let (bad, good) = (table.open(1).unwrap(), table.open(2).unwrap());
        let first = table.with(bad, told, |_| -> Plain { std::panic::resume_unwind(Box::new(())) });
        assert_eq!(first, Err(HandleError::Panicked("thing", "boom".into())));
        for _ in 0..2 {
            let later = table.with(bad, told, |n| Plain::Ok(*n));
            assert_eq!(later, Err(HandleError::Spoiled("thing", "boom".into())));
        }
        assert_eq!(table.with(good, told, |n| Plain::Ok(*n)), Ok(2));
        assert!(table.close(bad));
    }

    #[test]
    fn the_second_thread_is_told_and_closing_is_safe_meanwhile() {
        let table = Table::new(1, "thing");
        let handle = table.open(5).unwrap();
        let inner = table.with(handle, told, |n| {
            let second =
                std::thread::scope(|s| s.spawn(|| table.with(handle, told, |n| Plain::Ok(*n))).join());
            assert_eq!(second.unwrap(), Err(HandleError::Busy("thing")));
            assert!(table.close(handle));
            Plain::Ok(*n)
        });
        assert_eq!(inner, Ok(5));
        assert!(table.with(handle, told, |n| Plain::Ok(*n)).is_err());
    }
}
