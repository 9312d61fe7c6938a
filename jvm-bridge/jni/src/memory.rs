//! How many bytes this copy of the library has in use: every allocation of Rust code in it is counted.
//!
//! The number is what a host reports, and what a test holds against 0 after everything is closed. It costs two plain
//! additions for each allocation: each thread counts in one of several places, so that subtasks do not wait for each
//! other. Only the library that ships counts (feature `counted`).
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its trait; this one only counts what the system's does"
)]
#![cfg_attr(
    not(feature = "counted"),
    allow(dead_code, reason = "a build that does not count has no use for it")
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicI64, Ordering};

/// Places to count in.
const STRIPES: usize = 32;

/// One place, alone on its cache lines.
#[repr(align(128))]
struct Stripe(AtomicI64);

static LIVE: [Stripe; STRIPES] = [const { Stripe(AtomicI64::new(0)) }; STRIPES];

thread_local! {
    // Without a destructor: one would hold the library until the thread ends.
    static OF_THREAD: Cell<i64> = const { Cell::new(0) };
}

struct Counting;

#[cfg(feature = "counted")]
#[global_allocator]
static COUNTING: Counting = Counting;

fn count(bytes: i64) {
    let place = OF_THREAD.try_with(|own| {
        own.set(own.get().wrapping_add(bytes));
        std::ptr::from_ref(own) as usize
    });
    // Where the cell of a thread lies tells it from others.
    let stripe = (place.unwrap_or(0) >> 6) % STRIPES;
    LIVE[stripe].0.fetch_add(bytes, Ordering::Relaxed);
}

// SAFETY: every call goes to the system's allocator with the arguments as they came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        let place = unsafe { System.alloc(layout) };
        if !place.is_null() {
            count(layout.size() as i64);
        }
        place
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        let place = unsafe { System.alloc_zeroed(layout) };
        if !place.is_null() {
            count(layout.size() as i64);
        }
        place
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        let new = unsafe { System.realloc(place, layout, size) };
        if !new.is_null() {
            count(size as i64 - layout.size() as i64);
        }
        new
    }
}

/// Bytes in use now; -1 where this build does not count.
pub(crate) fn live() -> i64 {
    if cfg!(feature = "counted") { LIVE.iter().map(|s| s.0.load(Ordering::Relaxed)).sum() } else { -1 }
}

/// Does the work, and tells how many bytes more this thread has in use after it; 0 where this build does not count.
pub(crate) fn kept<R>(work: impl FnOnce() -> R) -> (R, usize) {
    let before = OF_THREAD.get();
    let result = work();
    (result, usize::try_from(OF_THREAD.get().wrapping_sub(before)).unwrap_or(0))
}
