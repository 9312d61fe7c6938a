//! One visit to the shop: what a person does from opening the app until they leave.

use super::catalog::{CATEGORIES, ITEMS, PER_CATEGORY};
use super::person::Person;
use super::random::Random;

/// Events of a mean session; the number of sessions follows from it (measured, see the test of `simulate`).
pub(crate) const MEAN_EVENTS: u64 = 12;

/// What happened. Items are indexes into the catalogue, money is in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// The app or site was opened, from a channel.
    Open { channel: &'static str },
    /// Words were typed into the search box.
    Search { word: &'static str },
    /// A product page was looked at.
    View { item: u8 },
    /// A product was put into the cart.
    AddCart { item: u8, quantity: u64 },
    /// A product was taken out of the cart.
    RemoveCart { item: u8 },
    /// An order was placed.
    Order { number: u64, item: u8, cents: u64 },
    /// An order was paid.
    Pay { number: u64, cents: u64, method: &'static str },
    /// A product was sent to somebody.
    Share { item: u8, to: &'static str },
}

/// An act at its time, Unix ms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Happening {
    pub(crate) time: i64,
    pub(crate) act: Act,
}

/// Plans a whole session that begins at `start`; the person's cart and orders move on.
pub(crate) fn plan(person: &mut Person, start: i64) -> Vec<Happening> {
    let mut visit = Visit { random: person.random.clone(), now: start, acts: Vec::with_capacity(16) };
    let channel = *visit.random.pick(&["direct", "push", "ad", "微信"]);
    visit.record(Act::Open { channel });
    for _ in 0..visit.random.between(1, 4) {
        look_around(&mut visit, person);
    }
    check_out(&mut visit, person);
    person.random = visit.random;
    visit.acts.sort_by_key(|happening| happening.time);
    visit.acts
}

struct Visit {
    random: Random,
    now: i64,
    acts: Vec<Happening>,
}

impl Visit {
    fn record(&mut self, act: Act) {
        self.acts.push(Happening { time: self.now, act });
        // Now and then two events share a millisecond, so that the order of positions matters.
        if !self.random.percent(1) {
            self.now += self.random.between(800, 60_000) as i64;
        }
    }
}

fn look_around(visit: &mut Visit, person: &mut Person) {
    let category = if visit.random.percent(50) {
        person.interest
    } else {
        visit.random.below(CATEGORIES.len() as u64) as usize
    };
    if visit.random.percent(70) {
        let word = *visit.random.pick(CATEGORIES[category].1);
        visit.record(Act::Search { word });
    }
    let mut item = 0;
    for _ in 0..visit.random.between(1, 4) {
        item = (category * PER_CATEGORY) as u8 + visit.random.below(PER_CATEGORY as u64) as u8;
        visit.record(Act::View { item });
    }
    if visit.random.percent(12) {
        for _ in 0..visit.random.between(2, 4) {
            visit.record(Act::View { item });
        }
    }
    if visit.random.percent(30) {
        let quantity = visit.random.between(1, 3);
        visit.record(Act::AddCart { item, quantity });
        keep_in_cart(person, item);
    }
    if visit.random.percent(8) && !person.cart.is_empty() {
        let item = person.cart.remove(0);
        visit.record(Act::RemoveCart { item });
    }
    if visit.random.percent(6) {
        let to = *visit.random.pick(&["微信", "微博", "mail"]);
        visit.record(Act::Share { item, to });
    }
}

fn keep_in_cart(person: &mut Person, item: u8) {
    person.cart.retain(|kept| *kept != item);
    person.cart.push(item);
    if person.cart.len() > 8 {
        person.cart.remove(0);
    }
}

fn check_out(visit: &mut Visit, person: &mut Person) {
    while !person.cart.is_empty() && visit.random.percent(45) {
        let item = person.cart.remove(0);
        let cents = ITEMS[item as usize].cents * visit.random.between(1, 3);
        person.orders += 1;
        let number = person.orders;
        visit.record(Act::Order { number, item, cents });
        let after = match visit.random.below(100) {
            0..70 => visit.random.between(8_000, 300_000),
            70..80 => visit.random.between(900_001, 2_400_000), // pays, but after a quarter of an hour
            _ => continue,                                      // never pays
        };
        let method = *visit.random.pick(&["alipay", "wechat", "card"]);
        let time = visit.now + after as i64;
        visit.acts.push(Happening { time, act: Act::Pay { number, cents, method } });
    }
}
