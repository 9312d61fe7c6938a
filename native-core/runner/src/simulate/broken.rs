//! Lines that no engine can read, one of each kind that a log of real clients holds.

/// A kind of broken line: the reason that a bad-record output gives for it, and how it is made of a good line.
pub(crate) struct Kind {
    /// The reason; `blank` is skipped without one.
    pub(crate) reason: &'static str,
    /// Makes the broken line.
    make: fn(&str) -> Vec<u8>,
}

impl Kind {
    /// The broken line made of `good`, without its end.
    pub(crate) fn line(&self, good: &str) -> Vec<u8> {
        (self.make)(good)
    }
}

/// Every kind, in the order in which they are written.
pub(crate) const KINDS: [Kind; 15] = [
    Kind { reason: "not_json", make: |good| good[..good.floor_char_boundary(good.len() / 2)].into() },
    Kind { reason: "blank", make: |_| Vec::new() },
    Kind { reason: "not_utf8", make: |good| [good.as_bytes(), b"\xff\xfe"].concat() },
    Kind { reason: "not_object", make: |good| format!("[{good}]").into() },
    Kind { reason: "no_user", make: |good| good.replacen("\"user\"", "\"visitor\"", 1).into() },
    Kind { reason: "bad_user", make: |good| with_field(good, "user", "\"\"") },
    Kind { reason: "no_type", make: |good| good.replacen("\"type\"", "\"kind\"", 1).into() },
    Kind { reason: "bad_type", make: |good| with_field(good, "type", "7") },
    Kind { reason: "no_time", make: |good| good.replacen("\"time\"", "\"at\"", 1).into() },
    Kind { reason: "bad_time", make: |good| with_field(good, "time", "\"yesterday\"") },
    Kind { reason: "time_out_of_range", make: |good| with_field(good, "time", "-1") },
    Kind { reason: "number_out_of_range", make: |good| with_field(good, "amount", "1e999") },
    Kind { reason: "too_deep", make: |good| with_field(good, "deep", &nested(200)) },
    Kind { reason: "not_json", make: |_| b"GET /track?type=view_page HTTP/1.1".to_vec() },
    Kind { reason: "blank", make: |_| b"   ".to_vec() },
];

/// A line above the limit of 1 MiB: written once, and only into a log that is long anyway.
pub(crate) const TOO_LARGE: Kind = Kind {
    reason: "too_large",
    make: |good| with_field(good, "noise", &format!("\"{}\"", "x".repeat(1 << 20))),
};

/// The last of a repeated key counts, so a field is changed by saying it again.
fn with_field(good: &str, name: &str, value: &str) -> Vec<u8> {
    format!("{},\"{name}\":{value}}}", good.strip_suffix('}').unwrap_or(good)).into()
}

fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}
