//! Audience bytes: read or refused; what is read is written and read again as the same set.

use alcedo_engine::{Audience, BitmapFormat};
use xxhash_rust::xxh3::xxh3_64;

/// Byte 0: whether the rest is whole, or a bitmap and the hashes after it, to be sealed, or a bitmap of others.
pub(crate) fn run(bytes: &[u8]) {
    let [kind, rest @ ..] = bytes else { return };
    match kind % 6 {
        0 => set(rest),
        2 => bitmap(BitmapFormat::Roaring32, rest),
        3 => bitmap(BitmapFormat::Roaring64, rest),
        4 => bitmap(BitmapFormat::ClickHouse32, rest),
        5 => bitmap(BitmapFormat::ClickHouse64, rest),
        _ => {
            // Two bytes say how many hashes follow the bitmap.
            let Some((hashes, rest)) = rest.split_first_chunk::<2>() else { return };
            let hashes = usize::from(u16::from_le_bytes(*hashes)).min(rest.len() / 8);
            let (bitmap, hashes) = rest.split_at(rest.len() - hashes * 8);
            set(&seal(bitmap, hashes));
        }
    }
}

fn bitmap(format: BitmapFormat, bytes: &[u8]) {
    if let Ok(audience) = Audience::from_bitmap(format, bytes) {
        set(&audience.encode());
    }
}

fn seal(bitmap: &[u8], hashes: &[u8]) -> Vec<u8> {
    let mut out = vec![0xa1, 0xcf, 1, 0];
    out.extend_from_slice(&(bitmap.len() as u32).to_le_bytes());
    out.extend_from_slice(bitmap);
    out.extend_from_slice(&(hashes.len() as u64 / 8).to_le_bytes());
    out.extend_from_slice(hashes);
    let sum = xxh3_64(&out);
    out.extend_from_slice(&sum.to_le_bytes());
    out
}

fn set(bytes: &[u8]) {
    let Ok(audience) = Audience::decode(bytes) else { return };
    let users = ["", "0", "1", "7", "007", "u1", "4294967296", "18446744073709551615", "林"];
    let within = users.map(|user| audience.contains(user));
    assert!(audience.len() >= within.iter().filter(|w| **w).count() as u64);
    let written = audience.encode();
    let again = Audience::decode(&written).unwrap();
    assert_eq!(again, audience);
    assert_eq!(again.len(), audience.len());
    assert_eq!(users.map(|user| again.contains(user)), within);
    assert_eq!(again.encode(), written, "the same set gives the same bytes");
}
