//! Users as small numbers: each name is kept once. Users who are only counted have no number and no name.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_128;

/// What users are found by.
pub(crate) fn hash_of(name: &str) -> u128 {
    xxh3_128(name.as_bytes())
}

/// Names numbered from 0 in the order in which they were first seen.
#[derive(Debug, Default)]
pub(crate) struct Names {
    list: Vec<Box<str>>,
    table: HashTable<u32>,
}

impl Names {
    /// The number of a name; `hash` is its hash, which the caller has anyway.
    pub(crate) fn number(&mut self, hash: u128, name: &str) -> u32 {
        let hash = hash as u64;
        let list = &self.list;
        if let Some(number) = self.table.find(hash, |number| &*list[*number as usize] == name) {
            return *number;
        }
        let number = self.list.len() as u32;
        self.list.push(name.into());
        let list = &self.list;
        self.table.insert_unique(hash, number, |number| hash_of(&list[*number as usize]) as u64);
        number
    }

    /// All names, by number.
    pub(crate) fn list(&self) -> &[Box<str>] {
        &self.list
    }
}

/// Users who are only counted, by their hashes: of a log, most events are such that no rule listens to them, and a name
/// costs several misses of the cache where a hash costs one. At a billion users two share a hash with a chance of 1e-21.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    table: HashTable<u128>,
}

impl Counted {
    /// Adds a user, once.
    pub(crate) fn add(&mut self, hash: u128) {
        // The lower half is what shards go by.
        let half = |hash: &u128| (hash >> 64) as u64;
        self.table.entry(half(&hash), |held| *held == hash, half).or_insert(hash);
    }

    /// Adds all of the others.
    pub(crate) fn add_all(&mut self, others: &Counted) {
        others.table.iter().for_each(|hash| self.add(*hash));
    }

    /// How many they are together with those who have names.
    pub(crate) fn count_with(&mut self, names: &Names) -> u64 {
        if self.table.is_empty() {
            return names.list().len() as u64;
        }
        names.list().iter().for_each(|name| self.add(hash_of(name)));
        self.table.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_counted_and_named_counts_once() {
        let (mut names, mut counted, mut others) = (Names::default(), Counted::default(), Counted::default());
        (0..10).for_each(|n| _ = names.number(hash_of(&format!("u{n}")), &format!("u{n}")));
        assert_eq!(counted.count_with(&names), 10);
        (5..1000).for_each(|n| counted.add(hash_of(&format!("u{n}"))));
        (990..1100).for_each(|n| others.add(hash_of(&format!("u{n}"))));
        counted.add_all(&others);
        assert_eq!(counted.count_with(&names), 1100);
    }

    #[test]
    fn a_name_keeps_its_number() {
        let mut names = Names::default();
        let number = |names: &mut Names, name: &str| names.number(hash_of(name), name);
        let first: Vec<u32> = (0..1000).map(|n| number(&mut names, &format!("u{n}"))).collect();
        let again: Vec<u32> = (0..1000).map(|n| number(&mut names, &format!("u{n}"))).collect();
        assert_eq!(first, again);
        assert_eq!(first, (0..1000).collect::<Vec<u32>>());
        // Two names with one hash stay two.
        assert_ne!(names.number(7, "a"), names.number(7, "b"));
    }
}
