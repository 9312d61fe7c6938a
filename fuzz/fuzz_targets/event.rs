//! See `alcedo_fuzz::event`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| alcedo_fuzz::run("event", bytes));
