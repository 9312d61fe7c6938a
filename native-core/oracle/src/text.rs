//! Long texts and hashes (M44, F37).

use xxhash_rust::xxh3::xxh3_128;

/// xxh3-128 in lower-case hex.
pub(crate) fn hash(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

/// M44: a text of more than 64 bytes is kept as its hash.
pub(crate) fn kept(text: &str) -> String {
    if text.len() > 64 { hash(text.as_bytes()) } else { text.to_owned() }
}

/// F37: over the rule's id, a zero byte, the user, a zero byte and the occurrence as 64 bits little-endian.
pub(crate) fn match_id(rule: &str, user: &str, occurrence: u64) -> String {
    let parts: [&[u8]; 5] = [rule.as_bytes(), &[0], user.as_bytes(), &[0], &occurrence.to_le_bytes()];
    hash(&parts.concat())
}
