//! Whatever bytes come in, nothing panics, hangs or allocates without bound.
//!
//! One function per kind of bytes that reaches us from outside. A fuzzer calls it with bytes that it makes up
//! (`fuzz_targets/`), an ordinary test with the bytes that fuzzers found worth keeping (`corpus/`). Each function does
//! with the bytes what a host would do, and checks what must hold of any bytes. See `README.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "here a panic is the report; this crate runs in no host"
)]

mod audience;
mod event;
mod host;
mod jni_batch;
mod memory;
mod rule;
pub mod rules;
mod state;

pub use state::seal;

/// A kind of bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Also the name of its fuzzer and of its corpus.
    pub name: &'static str,
    body: fn(&[u8]),
    /// Bytes that may be in use at once: so many for any input, and so many for each byte of it.
    memory: (usize, usize),
}

/// Every kind of bytes that reaches us from outside.
pub const TARGETS: [Target; 5] = [
    Target { name: "rule", body: rule::run, memory: (64 << 20, 64 << 10) },
    Target { name: "event", body: event::run, memory: (64 << 20, 4 << 10) },
    Target { name: "state", body: state::run, memory: (64 << 20, 4 << 10) },
    Target { name: "audience", body: audience::run, memory: (1 << 20, 4 << 10) },
    Target { name: "jni_batch", body: jni_batch::run, memory: (64 << 20, 64 << 10) },
];

/// Does with the bytes what a host would; panics where something does not hold that must.
pub fn run(target: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|t| t.name == target).expect("one of TARGETS");
    let (fixed, each) = target.memory;
    let peak = memory::peak(|| (target.body)(bytes));
    let most = fixed + each * bytes.len();
    assert!(peak <= most, "{} bytes of input took {peak} bytes of memory, above {most}", bytes.len());
}

/// Most memory (bytes) in use at once while these bytes are dealt with.
pub fn peak(target: &Target, bytes: &[u8]) -> usize {
    memory::peak(|| (target.body)(bytes))
}
