//! From events to matches: each shard's users are put in order and judged one after the other; what is remembered of
//! them waits for the next round.

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use alcedo_engine::{Content, History, HistoryEnd, HistoryEvent, Past, Program};
use alcedo_model::Match;

use crate::ingest::{Ingested, Place, SHARDS, content};
use crate::names::{Counted, Names, hash_of};
use crate::table::Chunk;
use crate::{Error, Options, Progress, Unsorted};

/// So many of a user's events are touched before the first of them is judged.
const AHEAD: usize = 16;
const CACHE_LINE: usize = 64;
/// After so many events a shard asks whether anybody still waits for it.
const STOPPABLE: usize = 1 << 14;

/// What judging gave.
#[derive(Default)]
pub(crate) struct Judged {
    pub(crate) matches: Vec<Match>,
    pub(crate) users: u64,
    /// Correlation values and open absences dropped by the bounds of their measures.
    pub(crate) dropped: u64,
    /// Events dropped because their id was among their user's last ones.
    pub(crate) repeated: u64,
}

/// What is remembered of all users between two rounds.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    shards: Vec<Mutex<Users>>,
}

#[derive(Debug, Default)]
struct Users {
    names: Names,
    counted: Counted,
    /// By number; none of whom nothing happened yet that matters.
    pasts: Vec<Option<Box<Past>>>,
}

impl Crowd {
    pub(crate) fn new() -> Crowd {
        Crowd { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }
}

/// Judges rounds.
pub(crate) struct Judge<'a> {
    pub(crate) program: &'a Arc<Program>,
    pub(crate) name: &'a Path,
    pub(crate) options: &'a Options<'a>,
}

/// What is out of order, and the word that names it.
struct Disorder {
    position: i64,
    user: String,
    time: i64,
    last: i64,
}

/// What one thread made of its shards.
#[derive(Default)]
struct Work {
    judged: Judged,
    disorder: Option<Disorder>,
}

impl Judge<'_> {
    /// Judges a round; `end` is told with the last one, and ends every user's history.
    pub(crate) fn round(
        &self,
        log: &Ingested,
        crowd: &Crowd,
        end: Option<HistoryEnd>,
        all: &mut Judged,
    ) -> Result<(), Error> {
        let chunks = log.chunks();
        let (next, users) = (AtomicUsize::new(0), AtomicU64::new(0));
        let work = || {
            let mut history = History::new(Arc::clone(self.program), self.options.mapping.clone())
                .dedupe(self.options.dedupe);
            let mut work = Work::default();
            loop {
                let shard = next.fetch_add(1, Ordering::Relaxed);
                let Some(held) = crowd.shards.get(shard) else { break };
                if self.options.stopped().is_err() {
                    break;
                }
                let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
                self.shard(log, (&chunks, shard), &mut held, &mut history, end, &mut work);
                if end.is_some() {
                    let held = &mut *held;
                    let count = held.counted.count_with(&held.names);
                    let users = users.fetch_add(count, Ordering::Relaxed) + count;
                    work.judged.users += count;
                    let (shards, of) = (shard as u64 + 1, SHARDS as u64);
                    (self.options.progress)(Progress::Judged { shards, of, users });
                }
            }
            (work.judged.dropped, work.judged.repeated) = (history.dropped(), history.repeated());
            work
        };
        let mut disorder: Option<Disorder> = None;
        std::thread::scope(|scope| {
            let workers: Vec<_> =
                (0..self.options.threads.clamp(1, SHARDS)).map(|_| scope.spawn(work)).collect();
            for worker in workers {
                let mut work = worker.join().map_err(|_| Error::Thread("while it judged users"))?;
                all.matches.append(&mut work.judged.matches);
                all.users += work.judged.users;
                all.dropped += work.judged.dropped;
                all.repeated += work.judged.repeated;
                // The first of all, whichever thread found it.
                let both = disorder.take().into_iter().chain(work.disorder);
                disorder = both.min_by_key(|one| one.position);
            }
            self.options.stopped()?;
            disorder.map_or(Ok(()), |found| Err(self.unsorted(found)))
        })
    }

    fn unsorted(&self, found: Disorder) -> Error {
        let Disorder { position, user, time, last } = found;
        let cure = match self.options.unsorted {
            Unsorted::Refuse => "sort it by time, or let the backtest sort it",
            Unsorted::Sort => {
                "sort it by time; or save it to a file, which can be read a second time and sorted"
            }
        };
        Error::Unsorted { name: self.name.to_owned(), position, user, time, last, cure }
    }

    fn shard(
        &self,
        log: &Ingested,
        (chunks, shard): (&[&Chunk], usize),
        held: &mut Users,
        history: &mut History,
        end: Option<HistoryEnd>,
        work: &mut Work,
    ) {
        let parts = log.found.iter().filter_map(|found| found.parts.get(shard));
        parts.for_each(|part| held.counted.add_all(&part.counted));
        let mut places = gather(log, shard, &mut held.names);
        held.pasts.resize_with(held.names.list().len(), || None);
        let mut since = 0;
        for places in places.chunk_by_mut(|one, other| one.user == other.user) {
            since += places.len();
            if since >= STOPPABLE {
                if self.options.stopped().is_err() {
                    return;
                }
                since = 0;
            }
            let Some(number) = places.first().map(|place| place.user as usize) else { continue };
            let user = &held.names.list()[number];
            let mut past = held.pasts[number].take().unwrap_or_default();
            if let Some(found) = self.order(places, &past, user) {
                work.disorder =
                    work.disorder.take().into_iter().chain([found]).min_by_key(|one| one.position);
                continue;
            }
            for near in places.chunks(AHEAD) {
                look_ahead(chunks, near);
                for place in near {
                    let content = content(chunks, place);
                    let event = HistoryEvent { time: place.time, position: place.position, content };
                    history.take(user, &mut past, &event, &mut work.judged.matches);
                }
            }
            if let Some(end) = end {
                history.finish(user, &mut past, end, &mut work.judged.matches);
            } else {
                held.pasts[number] = Some(past);
            }
        }
        let Some(end) = end else { return };
        for (user, past) in held.names.list().iter().zip(&mut held.pasts) {
            if let Some(mut past) = past.take() {
                history.finish(user, &mut past, end, &mut work.judged.matches);
            }
        }
    }

    /// Sorts a user's events of this round; tells what cannot be sorted any more, or must not be.
    fn order(&self, places: &mut [Place], past: &Past, user: &str) -> Option<Disorder> {
        let key = |place: &Place| (place.time, place.position);
        // They come in the order of their positions, mostly: each thread's are.
        places.sort_by_key(|place| place.position);
        let out = |place: &Place, last: i64| Disorder {
            position: place.position,
            user: user.to_owned(),
            time: place.time,
            last,
        };
        if self.options.unsorted == Unsorted::Refuse {
            let mut last = past.last().map_or(i64::MIN, |(time, _)| time);
            for place in places.iter() {
                if place.time < last {
                    return Some(out(place, last));
                }
                last = place.time;
            }
            return None;
        }
        if !places.is_sorted_by_key(key) {
            places.sort_unstable_by_key(key);
        }
        let (first, last) = (places.first()?, past.last()?);
        (key(first) < last).then(|| out(first, last.0))
    }
}

/// Touches what events say, so that it comes from memory at the same time: a user's events lie far apart.
fn look_ahead(chunks: &[&Chunk], places: &[Place]) {
    let first_bytes = |place: &Place| match content(chunks, place) {
        Content::Json(raw) => raw.iter().step_by(CACHE_LINE).fold(0, |all, byte| all ^ byte),
        Content::Row(..) => 0,
    };
    black_box(places.iter().fold(0, |all, place| all ^ first_bytes(place)));
}

/// The events of one shard, user by user, with one numbering of users over the parts of all threads.
fn gather(log: &Ingested, shard: usize, names: &mut Names) -> Vec<Place> {
    let parts = || log.found.iter().filter_map(|found| found.parts.get(shard));
    let mut numbers: Vec<Vec<u32>> = Vec::new();
    for part in parts() {
        let each = part.names.list().iter().map(AsRef::<str>::as_ref);
        numbers.push(each.map(|name| names.number(hash_of(name), name)).collect());
    }
    // A counting sort: the events of a user come to lie beside each other, in the order in which they were.
    let mut starts = vec![0usize; names.list().len() + 1];
    let each =
        || parts().zip(&numbers).flat_map(|(part, numbers)| part.places.iter().map(move |p| (p, numbers)));
    for (place, numbers) in each() {
        starts[numbers[place.user as usize] as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let total = starts.last().copied().unwrap_or(0);
    let empty = Place { time: 0, position: 0, user: 0, chunk: 0, start: 0, length: 0 };
    let mut places = vec![empty; total];
    for (place, numbers) in each() {
        let user = numbers[place.user as usize];
        let at = &mut starts[user as usize];
        places[*at] = Place { user, ..*place };
        *at += 1;
    }
    places
}

/// The order of results: time, user, rule, occurrence.
pub(crate) fn sort(matches: &mut [Match]) {
    matches.sort_unstable_by(|one, other| {
        one.time
            .cmp(&other.time)
            .then_with(|| one.user.cmp(&other.user))
            .then_with(|| one.rule.cmp(&other.rule))
            .then(one.occurrence.cmp(&other.occurrence))
    });
}
