//! Structures for the hashes of users, against a sorted list with binary search; docs/adr/0008-audience-hashes.md has the
//! figures and what follows from them.
//!
//! `cargo bench -p alcedo-engine --bench audience -- 1000000 10000000` compares; the numbers are the sizes of sets.
//! `... -- count packed 1000000` asks one structure a hundred thousand times, for an instruction counter:
//! `valgrind --tool=callgrind --toggle-collect='*ask*' ...`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for ourselves")]
#![allow(clippy::disallowed_methods, reason = "it measures time; the engine does not")]
#![allow(dead_code, reason = "the structure is the engine's own, of which not all is measured")]

#[path = "../src/hashes.rs"]
mod hashes;

use std::hint::black_box;
use std::time::{Duration, Instant};

use hashbrown::HashTable;
use hashes::Hashes;
use roaring::RoaringTreemap;

const ROUNDS: usize = 9;
const ASKS: u64 = 100_000;

/// The n-th of a sequence in which no number comes twice (splitmix64).
fn random(n: u64) -> u64 {
    let n = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

trait Set {
    const NAME: &'static str;
    fn build(ascending: &[u64]) -> Self;
    fn contains(&self, number: u64) -> bool;
    /// None: counted by what the process takes more.
    fn bytes(&self) -> Option<usize>;
}

struct Sorted(Vec<u64>);

impl Set for Sorted {
    const NAME: &'static str = "sorted list, binary search";
    fn build(ascending: &[u64]) -> Self {
        Sorted(ascending.to_vec())
    }
    fn contains(&self, number: u64) -> bool {
        self.0.binary_search(&number).is_ok()
    }
    fn bytes(&self) -> Option<usize> {
        Some(self.0.len() * 8)
    }
}

/// Guesses the place by the number, then doubles its step away from it, then halves.
struct Guessed(Vec<u64>);

impl Set for Guessed {
    const NAME: &'static str = "sorted list, guessed place";
    fn build(ascending: &[u64]) -> Self {
        Guessed(ascending.to_vec())
    }
    fn contains(&self, number: u64) -> bool {
        let list = &self.0;
        let guess = ((u128::from(number) * list.len() as u128) >> 64) as usize;
        let (mut from, mut to, mut step) = (guess, guess, 64);
        while from > 0 && list[from] > number {
            (from, step) = (from.saturating_sub(step), step * 2);
        }
        step = 64;
        while to < list.len() && list[to] <= number {
            (to, step) = ((to + step).min(list.len()), step * 2);
        }
        list[from..to].binary_search(&number).is_ok()
    }
    fn bytes(&self) -> Option<usize> {
        Some(self.0.len() * 8)
    }
}

/// The place of the first number with each high part; some eight numbers share one.
struct Indexed {
    list: Vec<u64>,
    starts: Vec<u32>,
    shift: u32,
}

impl Set for Indexed {
    const NAME: &'static str = "sorted list, index of high bits";
    fn build(ascending: &[u64]) -> Self {
        let high = (ascending.len() / 8).ilog2();
        let shift = 64 - high;
        let mut starts = vec![0u32; (1 << high) + 1];
        for (at, number) in ascending.iter().enumerate() {
            starts[(number >> shift) as usize + 1] = at as u32 + 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end = end.max(*start);
            *start = end;
        }
        Indexed { list: ascending.to_vec(), starts, shift }
    }
    fn contains(&self, number: u64) -> bool {
        let bucket = (number >> self.shift) as usize;
        let (from, to) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        self.list[from..to].binary_search(&number).is_ok()
    }
    fn bytes(&self) -> Option<usize> {
        Some(self.list.len() * 8 + self.starts.len() * 4)
    }
}

/// What the engine has.
impl Set for Hashes {
    const NAME: &'static str = "index of high bits, low bits packed";
    fn build(ascending: &[u64]) -> Self {
        Hashes::new(ascending)
    }
    fn contains(&self, number: u64) -> bool {
        self.contains(number)
    }
    fn bytes(&self) -> Option<usize> {
        Some(self.bytes())
    }
}

/// Slots of which at most half are taken; 0 is an empty one (and, here, no number).
struct Open {
    slots: Vec<u64>,
    shift: u32,
}

impl Set for Open {
    const NAME: &'static str = "open addressing";
    fn build(ascending: &[u64]) -> Self {
        let bits = (ascending.len() * 2).next_power_of_two().ilog2();
        let mut open = Open { slots: vec![0; 1 << bits], shift: 64 - bits };
        for &number in ascending {
            let mut at = (number >> open.shift) as usize;
            while open.slots[at] != 0 {
                at = (at + 1) & (open.slots.len() - 1);
            }
            open.slots[at] = number;
        }
        open
    }
    fn contains(&self, number: u64) -> bool {
        let mut at = (number >> self.shift) as usize;
        loop {
            match self.slots[at] {
                0 => return false,
                found if found == number => return true,
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }
    fn bytes(&self) -> Option<usize> {
        Some(self.slots.len() * 8)
    }
}

struct Swiss(HashTable<u64>);

impl Set for Swiss {
    const NAME: &'static str = "hashbrown";
    fn build(ascending: &[u64]) -> Self {
        let mut table = HashTable::with_capacity(ascending.len());
        for &number in ascending {
            table.insert_unique(number, number, |n| *n);
        }
        Swiss(table)
    }
    fn contains(&self, number: u64) -> bool {
        self.0.find(number, |n| *n == number).is_some()
    }
    fn bytes(&self) -> Option<usize> {
        Some(self.0.allocation_size())
    }
}

struct Roaring(RoaringTreemap);

impl Set for Roaring {
    const NAME: &'static str = "roaring, 64 bits";
    fn build(ascending: &[u64]) -> Self {
        Roaring(RoaringTreemap::from_iter(ascending.iter().copied()))
    }
    fn contains(&self, number: u64) -> bool {
        self.0.contains(number)
    }
    fn bytes(&self) -> Option<usize> {
        println!("    written it takes {} bytes", self.0.serialized_size());
        None
    }
}

/// Questions and what must be answered.
struct Questions {
    who: &'static str,
    all: Vec<(u64, bool)>,
}

impl Questions {
    fn new(who: &'static str, size: u64, member: impl Fn(u64) -> bool) -> Self {
        let question =
            |n| if member(n) { (random(random(n) % size), true) } else { (random(size + n), false) };
        Questions { who, all: (0..ASKS).map(question).collect() }
    }

    fn sorts(size: u64) -> [Self; 3] {
        [
            Questions::new("members", size, |_| true),
            Questions::new("others", size, |_| false),
            Questions::new("both", size, |n| random(!n).is_multiple_of(2)),
        ]
    }
}

/// A processor that foresees an answer looks for the next ones while it still waits for memory. In the engine other work
/// lies between two questions: so each is asked by itself.
fn wait() {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

#[inline(never)]
fn ask<S: Set>(set: &S, questions: &Questions) {
    let mut wrong = 0;
    for (question, expected) in &questions.all {
        wrong |= u64::from(black_box(set.contains(*question)) != *expected);
        wait();
    }
    assert_eq!(wrong, 0);
}

fn members(size: u64) -> Vec<u64> {
    let mut members: Vec<u64> = (0..size).map(random).collect();
    members.sort_unstable();
    members
}

fn timed(work: impl FnOnce()) -> Duration {
    let from = Instant::now();
    work();
    from.elapsed()
}

/// Median, smallest and largest.
fn middle(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[0], values[values.len() - 1])
}

/// Bytes that the process has in memory.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}

/// One structure and the sorted list in turn, so that a noisy neighbour disturbs both.
fn compare<S: Set>(sorted: &Sorted, questions: &[Questions]) {
    let before = resident();
    let from = Instant::now();
    let set = S::build(&sorted.0);
    let built = from.elapsed();
    let grown = resident().saturating_sub(before);
    let bytes = set.bytes().unwrap_or(grown);
    println!("  {}", S::NAME);
    let size = sorted.0.len();
    println!(
        "    {:.2} bytes a user; built in {:.1} ns a user",
        bytes as f64 / size as f64,
        built.as_nanos() as f64 / size as f64
    );
    for list in questions {
        let mut ratios = Vec::new();
        let (mut own, mut base) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let theirs = timed(|| ask(sorted, list)).as_nanos() as f64 / ASKS as f64;
            let ours = timed(|| ask(&set, list)).as_nanos() as f64 / ASKS as f64;
            ratios.push(ours / theirs);
            own.push(ours);
            base.push(theirs);
        }
        let (ratio, least, most) = middle(ratios);
        println!(
            "    {}: {ratio:.2} of the sorted list's time ({least:.2} to {most:.2}); {:.0} ns, the list {:.0} ns",
            list.who,
            middle(own).0,
            middle(base).0
        );
    }
}

fn count<S: Set>(size: u64) {
    let set = S::build(&members(size));
    ask(&set, &Questions::new("both", size, |n| random(!n).is_multiple_of(2)));
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let size = |word: &String| word.parse::<u64>().unwrap_or(1_000_000);
    if let [first, name, number] = &words[..]
        && first == "count"
    {
        return match name.as_str() {
            "sorted" => count::<Sorted>(size(number)),
            "guessed" => count::<Guessed>(size(number)),
            "indexed" => count::<Indexed>(size(number)),
            "open" => count::<Open>(size(number)),
            "hashbrown" => count::<Swiss>(size(number)),
            "roaring" => count::<Roaring>(size(number)),
            _ => count::<Hashes>(size(number)),
        };
    }
    for size in words.iter().map(size) {
        println!("{size} users; load {}", load());
        let questions = Questions::sorts(size);
        let sorted = Sorted(members(size));
        if size <= 10_000_000 {
            compare::<Roaring>(&sorted, &questions); // beyond it takes the memory of a machine
        }
        compare::<Sorted>(&sorted, &questions);
        compare::<Guessed>(&sorted, &questions);
        compare::<Indexed>(&sorted, &questions);
        compare::<Hashes>(&sorted, &questions);
        compare::<Open>(&sorted, &questions);
        compare::<Swiss>(&sorted, &questions);
        println!("  load {}", load());
    }
}
