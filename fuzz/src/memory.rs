//! How much memory a piece of work takes at most. libFuzzer's own limit sees a process, too coarsely and too late.
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its trait; this one only counts what the system's does"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// More at once is refused: whoever asks for it then aborts, which a fuzzer sees, before the machine suffers.
const MOST_AT_ONCE: usize = 1 << 30;

thread_local! {
    // Neither has a destructor: an allocator may be asked when a thread is nearly gone.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn count(bytes: isize) {
    // A thread that is gone counts nothing.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
    });
}

// SAFETY: every call goes to the system's allocator with the arguments as they came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() > MOST_AT_ONCE {
            return std::ptr::null_mut();
        }
        count(layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.size() > MOST_AT_ONCE {
            return std::ptr::null_mut();
        }
        count(layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > MOST_AT_ONCE {
            return std::ptr::null_mut();
        }
        // For a moment both may be there.
        count(size as isize);
        count(-(layout.size() as isize));
        // SAFETY: the caller's promise.
        unsafe { System.realloc(place, layout, size) }
    }
}

/// Most bytes that this thread had in use at once during the work, beyond what it had before.
pub(crate) fn peak(work: impl FnOnce()) -> usize {
    let before = LIVE.get();
    PEAK.set(before);
    work();
    usize::try_from(PEAK.get() - before).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::peak;

    #[test]
    fn what_is_used_at_once_is_counted() {
        let large = || drop(std::hint::black_box(vec![1u8; 1 << 20]));
        let twice = peak(|| {
            large();
            large();
        });
        assert!((1 << 20..2 << 20).contains(&twice), "{twice}");
    }
}
