//! The rule engine inside a JVM.
//!
//! Java calls the functions in `exports`, each of which is a few lines: take the handle's owner, read the bytes, ask
//! the engine, write the bytes. No rule is understood here.
//!
//! Architecture invariants: no export lets a panic reach the JVM; a handle is a checked number, never an address;
//! raw memory is spoken of in two files, `buffers` and `exports` (and counted in `memory`); no thread, no I/O, no clock, no reference that would
//! hold a Java class loader.

mod buffers;
mod compiled;
mod exports;
mod guard;
mod handles;
pub mod layout;
mod memory;
mod open;
mod selection;
mod shared;
mod stamp;
pub mod wire;
