//! The one gate between Rust and Java: every export runs inside [`guarded`], so that an error becomes an
//! `AlcedoException`, a panic an `AlcedoPanicException`, and neither ends the JVM.
//!
//! A panic inside a thing that a handle names is caught by the handle table, which also spoils the thing; one anywhere
//! else is caught here. Either way the panic hook has noted text and place instead of printing them.

use std::any::Any;
use std::panic::PanicHookInfo;
use std::sync::{Mutex, Once, PoisonError};

use alcedo_engine::EngineError;
use jni::errors::{Error as JniError, ErrorPolicy};
use jni::strings::{JNIStr, JNIString};
use jni::{Env, EnvUnowned, jni_str};

use crate::handles::HandleError;
use crate::wire::{Malformed, Untold};

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Handle(#[from] HandleError),
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error(transparent)]
    Untold(#[from] Untold),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the JVM refused a call of the native library: {0}")]
    Jni(#[from] JniError),
    #[error("{0}")]
    Refused(String),
}

impl Fault {
    /// Something that cannot be read as what it should be.
    pub(crate) fn unreadable(what: &str, why: impl std::fmt::Display) -> Fault {
        Fault::Refused(format!("{what} cannot be read: {why}"))
    }

    fn class(&self) -> &'static JNIStr {
        match self {
            Fault::Handle(HandleError::Panicked(..)) => PANIC,
            _ => ERROR,
        }
    }
}

const ERROR: &JNIStr = jni_str!("io/alcedo/natives/AlcedoException");
/// Should the jar lack its own: an error is never swallowed.
const PLAIN: &JNIStr = jni_str!("java/lang/IllegalStateException");
const PANIC: &JNIStr = jni_str!("io/alcedo/natives/AlcedoPanicException");

/// Runs an export. What it returns where an exception is thrown is never seen by Java.
pub(crate) fn guarded<'l, T: Default>(
    env: &mut EnvUnowned<'l>,
    inside: impl FnOnce(&mut Env<'l>) -> Result<T, Fault>,
) -> T {
    env.with_env(inside).resolve::<Guard>()
}

struct Guard;

impl<T: Default> ErrorPolicy<T, Fault> for Guard {
    type Captures<'unowned: 'call, 'call> = ();

    fn on_error<'unowned: 'call, 'call>(
        env: &mut Env<'unowned>,
        _: &mut (),
        fault: Fault,
    ) -> Result<T, JniError> {
        throw(env, fault.class(), &fault.to_string());
        Ok(T::default())
    }

    fn on_panic<'unowned: 'call, 'call>(
        env: &mut Env<'unowned>,
        _: &mut (),
        payload: Box<dyn Any + Send>,
    ) -> Result<T, JniError> {
        throw(env, PANIC, &panic_text(payload));
        Ok(T::default())
    }
}

fn throw(env: &mut Env<'_>, class: &'static JNIStr, text: &str) {
    // What Java has already thrown (no memory, say) tells more than we could.
    if env.exception_check() {
        return;
    }
    // `find_class` asks the loader of the class whose native method runs. Given the bare name, `throw_new` would ask
    // the thread's context loader first, and a caller could not catch what another loader's class is.
    let thrown = match env.find_class(class) {
        Ok(class) => env.throw_new(&class, JNIString::from(text)),
        Err(_) => env.throw_new(PLAIN, JNIString::from(text)),
    };
    // It answers `Err(JavaException)` when it worked; where it did not, the JVM has thrown something itself.
    drop(thrown);
}

/// Notes of panics that nobody has read yet: whose thread, what and where. Not a thread-local with a destructor: such
/// a one would keep the library loaded until its thread ends, and with it the class loader's copy.
static NOTES: Mutex<Vec<(usize, String)>> = Mutex::new(Vec::new());
/// Panics that are never read (of a thread that a host killed) must not pile up.
const MAX_NOTES: usize = 64;

thread_local! {
    /// Its address is this thread's name in `NOTES`.
    static HERE: u8 = const { 0 };
}

fn here() -> usize {
    HERE.with(|byte| std::ptr::from_ref(byte).addr())
}

/// From now on panics of this copy of the library are noted, not printed: stderr belongs to the JVM's owner.
pub(crate) fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(note)));
}

fn note(info: &PanicHookInfo<'_>) {
    let what = info.payload_as_str().unwrap_or("a panic without a text");
    let text = match info.location() {
        Some(place) => format!("{what} at {}:{}", place.file(), place.line()),
        None => what.to_owned(),
    };
    let mut notes = NOTES.lock().unwrap_or_else(PoisonError::into_inner);
    notes.retain(|(thread, _)| *thread != here());
    if notes.len() >= MAX_NOTES {
        notes.remove(0);
    }
    notes.push((here(), text));
}

/// What this thread's last panic said and where; without a note, what its payload says.
pub(crate) fn panic_text(payload: Box<dyn Any + Send>) -> String {
    let noted = {
        let mut notes = NOTES.lock().unwrap_or_else(PoisonError::into_inner);
        let at = notes.iter().position(|(thread, _)| *thread == here());
        at.map(|at| notes.swap_remove(at).1)
    };
    let text =
        noted.unwrap_or_else(|| match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
            (Some(text), _) => (*text).to_owned(),
            (_, Some(text)) => text.clone(),
            _ => "a panic without a text".to_owned(),
        });
    format!(
        "the engine panicked: {text}; this is a defect, report it with the rules and the record that led to it"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn a_panic_is_noted_with_its_place_for_its_own_thread() {
        note_panics();
        let payload = catch_unwind(|| panic!("boom {}", 1 + 1)).unwrap_err();
        std::thread::scope(|s| {
            s.spawn(|| {
                let other = catch_unwind(|| panic!("bang")).unwrap_err();
                assert!(panic_text(other).contains("bang"));
            });
        });
        let text = panic_text(payload);
        assert!(text.contains("boom 2") && text.contains("guard.rs:"), "{text}");
    }

    #[test]
    fn without_a_note_the_payload_speaks() {
        let text = std::thread::spawn(|| panic_text(Box::new("said"))).join().unwrap();
        assert!(text.contains("said"), "{text}");
    }
}
