//! Which build this library is. The jar carries the same text and compares it when it loads the library.

/// Version and source hash, as `0.1.0+0123456789abcdef`. `build.rs` computes it.
pub(crate) const STAMP: &str = env!("ALCEDO_STAMP");

#[cfg(test)]
mod tests {
    #[test]
    fn the_stamp_is_the_version_and_a_hash() {
        let (version, hash) = super::STAMP.split_once('+').unwrap();
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
        assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
    }
}
