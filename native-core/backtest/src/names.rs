//! Users as small numbers: each name is kept once.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// Names numbered from 0 in the order in which they were first seen.
#[derive(Debug, Default)]
pub(crate) struct Names {
    list: Vec<Box<str>>,
    table: HashTable<u32>,
}

impl Names {
    /// The number of a name; `hash` is its xxh3-64, which the caller has anyway.
    pub(crate) fn number(&mut self, hash: u64, name: &str) -> u32 {
        let list = &self.list;
        if let Some(number) = self.table.find(hash, |number| &*list[*number as usize] == name) {
            return *number;
        }
        let number = self.list.len() as u32;
        self.list.push(name.into());
        let list = &self.list;
        self.table.insert_unique(hash, number, |number| xxh3_64(list[*number as usize].as_bytes()));
        number
    }

    /// All names, by number.
    pub(crate) fn list(&self) -> &[Box<str>] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number() {
        let mut names = Names::default();
        let number = |names: &mut Names, name: &str| names.number(xxh3_64(name.as_bytes()), name);
        let first: Vec<u32> = (0..1000).map(|n| number(&mut names, &format!("u{n}"))).collect();
        let again: Vec<u32> = (0..1000).map(|n| number(&mut names, &format!("u{n}"))).collect();
        assert_eq!(first, again);
        assert_eq!(first, (0..1000).collect::<Vec<u32>>());
        // Two names with one hash stay two.
        assert_ne!(names.number(7, "a"), names.number(7, "b"));
    }
}
