//! `alcedo simulate`: the events and profiles of a shop that does not exist.
//!
//! Invariants: the same options give the same bytes, on every machine; what is held in memory grows with the number
//! of users and the sessions that are under way, not with the number of events.
//!
//! Lines are written in the order in which the shop's server would have heard of them: an event that was delayed on
//! its way stands behind younger ones (a *straggler*).

mod broken;
mod catalog;
mod line;
mod person;
mod random;
mod rhythm;
mod rules;
mod session;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::io::{self, Write};

use person::Person;
use random::Random;

pub(crate) use rules::RULES;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// People.
    pub(crate) users: u64,
    /// Events, exactly; broken and blank lines come on top.
    pub(crate) events: u64,
    /// Chooses one of 2^64 shops.
    pub(crate) seed: u64,
}

/// What was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Events by type.
    pub(crate) types: BTreeMap<&'static str, u64>,
    /// Events that stand behind a younger one.
    pub(crate) stragglers: u64,
    /// Broken lines by the reason that a bad-record output gives.
    pub(crate) broken: BTreeMap<&'static str, u64>,
    /// Time of the first and last event, Unix ms.
    pub(crate) span: (i64, i64),
}

/// One broken line in so many events, in a log that is long enough to show every kind.
const BROKEN_EVERY: u64 = 1000;
/// A log of so many events may carry one line above 1 MiB.
const LONG: u64 = 10_000;

/// Writes the tags of every user, one JSON object a line.
pub(crate) fn tags(options: Options, out: &mut impl Write) -> io::Result<()> {
    for index in 0..options.users {
        out.write_all(Person::new(options.seed, index).tags(options.seed).as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes the events, one JSON object a line.
pub(crate) fn events(options: Options, out: &mut impl Write) -> io::Result<Summary> {
    let mut shop = Shop::open(options);
    let mut writer = Writer::new(options, out);
    while writer.written < options.events {
        let Some(line) = shop.next_line() else { break };
        writer.event(&line)?;
    }
    Ok(writer.summary)
}

/// An event on its way to the log.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    /// When the server hears of it; what the order of the log follows.
    heard: i64,
    /// Keeps the order total.
    serial: u64,
    time: i64,
    kind: &'static str,
    text: String,
}

struct Shop {
    people: Vec<Person>,
    /// Who comes next: (time, index).
    doors: BinaryHeap<Reverse<(i64, u64)>>,
    waiting: BinaryHeap<Reverse<Waiting>>,
    /// Mean phase between two sessions of a user.
    pause: u64,
    delays: Random,
    serial: u64,
}

impl Shop {
    fn open(options: Options) -> Shop {
        let sessions = (options.events / session::MEAN_EVENTS).max(1);
        let pause = u128::from(rhythm::day()) * u128::from(rhythm::DAYS) * u128::from(options.users)
            / u128::from(sessions);
        let mut shop = Shop {
            people: (0..options.users).map(|index| Person::new(options.seed, index)).collect(),
            doors: BinaryHeap::new(),
            waiting: BinaryHeap::new(),
            pause: u64::try_from(pause).unwrap_or(u64::MAX / 4).clamp(1, u64::MAX / 4),
            delays: Random::new(options.seed, 0),
            serial: 0,
        };
        for index in 0..options.users {
            shop.invite(index);
        }
        shop
    }

    /// Decides when a user comes next.
    fn invite(&mut self, index: u64) {
        let person = &mut self.people[index as usize];
        let mean = (u128::from(self.pause) * 100 / u128::from(person.zeal())) as u64;
        // The shop has been open before the log begins, so the first visit is nearer than a whole pause.
        let longest = if person.sessions == 0 { mean } else { mean.saturating_mul(2) };
        person.phase = person.phase.saturating_add(person.random.below(longest));
        let start = rhythm::moment(person.phase);
        let free = person.busy_until.saturating_add(person.random.between(1_000, 600_000) as i64);
        self.doors.push(Reverse((start.max(free), index)));
    }

    fn next_line(&mut self) -> Option<Waiting> {
        while let Some(&Reverse((start, index))) = self.doors.peek() {
            if self.waiting.peek().is_some_and(|Reverse(next)| next.heard < start) {
                break;
            }
            self.doors.pop();
            self.visit(index, start);
        }
        self.waiting.pop().map(|Reverse(next)| next)
    }

    fn visit(&mut self, index: u64, start: i64) {
        let person = &mut self.people[index as usize];
        person.sessions += 1;
        for happening in session::plan(person, start) {
            person.busy_until = person.busy_until.max(happening.time);
            let text = line::event(person, &happening);
            self.serial += 1;
            self.waiting.push(Reverse(Waiting {
                heard: happening.time + delay(&mut self.delays),
                serial: self.serial,
                time: happening.time,
                kind: line::kind(&happening.act),
                text,
            }));
        }
        self.invite(index);
    }
}

/// How long an event is on its way, ms: mostly nothing, 3 in 100 below 2 s, 2 in 1000 some seconds, 1 in 1000 minutes.
fn delay(random: &mut Random) -> i64 {
    let ms = match random.below(10_000) {
        0..300 => random.between(100, 1_900),
        300..320 => random.between(2_000, 9_000),
        320..330 => random.between(60_000, 1_200_000),
        _ => 0,
    };
    ms as i64
}

struct Writer<'a, W: Write> {
    out: &'a mut W,
    written: u64,
    broken: usize,
    /// A broken line follows every so many events.
    every: u64,
    long: Option<u64>,
    summary: Summary,
}

impl<'a, W: Write> Writer<'a, W> {
    fn new(options: Options, out: &'a mut W) -> Self {
        let every = BROKEN_EVERY.min(options.events / (broken::KINDS.len() as u64 + 1)).max(1);
        let long = (options.events >= LONG).then_some(options.events / 2);
        let summary = Summary { span: (i64::MAX, i64::MIN), ..Summary::default() };
        Writer { out, written: 0, broken: 0, every, long, summary }
    }

    fn event(&mut self, event: &Waiting) -> io::Result<()> {
        self.line(event.text.as_bytes())?;
        self.written += 1;
        *self.summary.types.entry(event.kind).or_default() += 1;
        let (first, last) = self.summary.span;
        self.summary.stragglers += u64::from(event.time < last);
        self.summary.span = (first.min(event.time), last.max(event.time));
        if self.written.is_multiple_of(self.every) {
            let kind = &broken::KINDS[self.broken % broken::KINDS.len()];
            self.broken += 1;
            self.spoil(kind, &event.text)?;
        }
        if self.long == Some(self.written) {
            self.spoil(&broken::TOO_LARGE, &event.text)?;
        }
        Ok(())
    }

    fn spoil(&mut self, kind: &broken::Kind, good: &str) -> io::Result<()> {
        *self.summary.broken.entry(kind.reason).or_default() += 1;
        self.line(&kind.line(good))
    }

    fn line(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.write_all(b"\n")
    }
}

#[cfg(test)]
mod tests;
