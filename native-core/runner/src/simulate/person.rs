//! The people: profile tags that stay, and what they carry from one session to the next.

use std::fmt::Write;

use super::catalog::CATEGORIES;
use super::random::Random;

/// Levels of activity, each with its share in percent and its sessions relative to the mean, in percent.
const LEVELS: [(char, u64, u64); 4] = [('A', 15, 190), ('B', 30, 120), ('C', 35, 80), ('D', 20, 40)];

/// One user.
#[derive(Debug)]
pub(crate) struct Person {
    /// Number of the user, from 0.
    pub(crate) index: u64,
    /// Own stream of random numbers: adding users changes nobody else's life.
    pub(crate) random: Random,
    /// `A` (often) to `D` (rarely).
    pub(crate) level: char,
    /// Index of the favourite category.
    pub(crate) interest: usize,
    /// `new`, `expecting` or `none`.
    pub(crate) mom_status: &'static str,
    /// Items in the cart, as indexes into the catalogue, oldest first.
    pub(crate) cart: Vec<u8>,
    /// Events so far; names the events.
    pub(crate) events: u64,
    /// Orders so far; names the orders.
    pub(crate) orders: u64,
    /// Sessions so far; names the sessions.
    pub(crate) sessions: u64,
    /// Where the user stands in the shop's rhythm, see `rhythm`.
    pub(crate) phase: u64,
    /// When the last session ended, Unix ms.
    pub(crate) busy_until: i64,
}

impl Person {
    /// User `index` of a shop with this seed.
    pub(crate) fn new(seed: u64, index: u64) -> Person {
        let mut random = Random::new(seed, index + 1);
        let level = level(&mut random);
        let mom_status = match random.below(100) {
            0..12 => "new",
            12..20 => "expecting",
            _ => "none",
        };
        let mothers = if mom_status == "none" { 0 } else { 60 };
        let interest =
            if random.percent(mothers) { 3 } else { random.below(CATEGORIES.len() as u64) as usize };
        Person {
            index,
            random,
            level,
            interest,
            mom_status,
            cart: Vec::new(),
            events: 0,
            orders: 0,
            sessions: 0,
            phase: 0,
            busy_until: i64::MIN,
        }
    }

    /// Sessions of this user relative to the mean, in percent.
    pub(crate) fn zeal(&self) -> u64 {
        LEVELS.iter().find(|(level, ..)| *level == self.level).map_or(100, |(_, _, zeal)| *zeal)
    }

    /// One in fifty users has a number for a name, which some clients send as a number and some as text.
    pub(crate) fn has_number(&self) -> bool {
        self.index % 50 == 7
    }

    /// The user's name as text.
    pub(crate) fn name(&self) -> String {
        if self.has_number() { format!("{}", 800_000 + self.index) } else { format!("u{:06}", self.index) }
    }

    /// The line of the tags file, without its end.
    pub(crate) fn tags(&self, seed: u64) -> String {
        // A stream of its own: what the tags file shows must not depend on how long the shop ran.
        let mut random = Random::new(seed ^ 0x7461_6773, self.index + 1);
        let mut line = format!(
            "{{\"user\":\"{}\",\"active_level\":\"{}\",\"interest_words\":[",
            self.name(),
            self.level
        );
        let words = CATEGORIES[self.interest].1;
        let first = random.below(words.len() as u64) as usize;
        for nth in 0..random.between(1, 3) as usize {
            let word = words[(first + nth) % words.len()];
            let _ = write!(line, "{}\"{word}\"", if nth == 0 { "" } else { "," });
        }
        let _ = write!(line, "],\"mom_status\":\"{}\",\"first_order\":", self.mom_status);
        if random.percent(70) {
            let (year, month, day) =
                (random.between(2019, 2021), random.between(1, 12), random.between(1, 28));
            let _ = write!(line, "\"{year}-{month:02}-{day:02}\"}}");
        } else {
            line.push_str("null}");
        }
        line
    }
}

fn level(random: &mut Random) -> char {
    let mut left = random.below(100);
    for (level, share, _) in LEVELS {
        if left < share {
            return level;
        }
        left -= share;
    }
    'D'
}
