//! See `alcedo_fuzz::jni_batch`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| alcedo_fuzz::run("jni_batch", bytes));
