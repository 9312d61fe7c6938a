//! Which build this library is. The jar carries the same text and compares it when it loads the library.

const MARKED: &str = concat!("ALCEDO-STAMP[", env!("ALCEDO_STAMP"), "]");

/// Lies in the library as it is, so that a build can read it from the file without loading it.
#[used]
static MARK: [u8; MARKED.len()] = {
    let mut bytes = [0; MARKED.len()];
    bytes.copy_from_slice(MARKED.as_bytes());
    bytes
};

/// Version and source hash, as `0.1.0+0123456789abcdef`. `build.rs` computes it.
pub(crate) const STAMP: &str = env!("ALCEDO_STAMP");

#[cfg(test)]
mod tests {
    #[test]
    fn the_stamp_is_the_version_and_a_hash() {
        let (version, hash) = super::STAMP.split_once('+').unwrap();
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
        assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
        assert_eq!(super::MARK, *format!("ALCEDO-STAMP[{}]", super::STAMP).as_bytes());
    }
}
