//! See `alcedo_fuzz::rule`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| alcedo_fuzz::run("rule", bytes));
