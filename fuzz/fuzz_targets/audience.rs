//! See `alcedo_fuzz::audience`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| alcedo_fuzz::run("audience", bytes));
