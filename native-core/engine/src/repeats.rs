//! Dropping repeated events by their ids (`dedupe: N` of a job).
//!
//! A user's state keeps the ids of the last N events taken in, each as the xxh3-128 of its text, so that a long id
//! costs no more than a short one. An event without an id is never a repeat, and takes a place all the same.

use std::collections::VecDeque;

use xxhash_rust::xxh3::xxh3_128;

/// Most ids that a job may keep per user.
pub const MAX_DEDUPE: usize = 4096;

/// Hash of an event's id; none where it has no id.
pub(crate) type SeenId = Option<u128>;

/// Names an id: a text by its characters, anything else as it is written.
pub(crate) fn name(id: Option<&str>) -> SeenId {
    let raw = id?;
    // Escapes are undone; a text and a number of the same digits stay apart by the quote.
    let text = serde_json::from_str::<String>(raw).map(|text| format!("\"{text}"));
    Some(xxh3_128(text.as_deref().unwrap_or(raw).as_bytes()))
}

/// Whether this id is among the last ones; if not, it takes its place among them. `keep`: N.
pub(crate) fn repeats(seen: &mut VecDeque<SeenId>, id: SeenId, keep: usize) -> bool {
    while seen.len() > keep {
        seen.pop_front();
    }
    if keep == 0 {
        return false;
    }
    if id.is_some() && seen.contains(&id) {
        return true;
    }
    if seen.len() == keep {
        seen.pop_front();
    }
    seen.push_back(id);
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(json: &str) -> SeenId {
        name(Some(json))
    }

    #[test]
    fn the_last_ones_are_known_and_earlier_ones_are_not() {
        let mut seen = VecDeque::new();
        assert!(!repeats(&mut seen, id("1"), 2));
        assert!(repeats(&mut seen, id("1"), 2));
        assert!(!repeats(&mut seen, None, 2));
        assert!(!repeats(&mut seen, None, 2));
        assert!(!repeats(&mut seen, id("1"), 2), "two events came after it");
        assert_eq!(seen.len(), 2);
    }

    #[test]
    fn a_text_is_its_characters_and_no_number() {
        assert_eq!(id("\"a\""), id("\"\\u0061\""));
        assert_ne!(id("\"1\""), id("1"));
        assert_ne!(id("1"), id("1.0"));
    }

    #[test]
    fn a_lower_number_forgets_and_none_keeps_nothing() {
        let mut seen: VecDeque<SeenId> = ["1", "2", "3"].map(id).into();
        assert!(repeats(&mut seen, id("3"), 1));
        assert!(!repeats(&mut seen, id("3"), 0));
        assert!(seen.is_empty());
    }
}
