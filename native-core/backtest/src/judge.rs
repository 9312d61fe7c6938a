//! From events to matches: each shard is sorted by (user, time, position) and judged user by user.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use alcedo_engine::{History, HistoryEnd, HistoryEvent, Program};
use alcedo_model::Match;
use xxhash_rust::xxh3::xxh3_64;

use crate::ingest::{Ingested, Place, SHARDS};
use crate::names::Names;
use crate::{Error, Options, Progress};

/// What judging gave.
pub(crate) struct Judged {
    pub(crate) matches: Vec<Match>,
    pub(crate) users: u64,
    /// Correlation values and open absences dropped by the bounds of their measures.
    pub(crate) dropped: u64,
    /// Events dropped because their id was among their user's last ones.
    pub(crate) repeated: u64,
}

/// Judges all users.
pub(crate) fn judge(
    log: &Ingested,
    program: &Arc<Program>,
    end: HistoryEnd,
    options: &Options<'_>,
) -> Result<Judged, Error> {
    let next = AtomicUsize::new(0);
    let users = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let work = || {
            let mut history =
                History::new(Arc::clone(program), options.mapping.clone()).dedupe(options.dedupe);
            let mut matches = Vec::new();
            loop {
                let shard = next.fetch_add(1, Ordering::Relaxed);
                if shard >= SHARDS {
                    return (matches, history.dropped(), history.repeated());
                }
                let count = judge_shard(log, shard, &mut history, end, &mut matches);
                let users = users.fetch_add(count, Ordering::Relaxed) + count;
                (options.progress)(Progress::Judged { shards: shard as u64 + 1, of: SHARDS as u64, users });
            }
        };
        let workers: Vec<_> = (0..options.threads.max(1)).map(|_| scope.spawn(work)).collect();
        let mut all = Judged { matches: Vec::new(), users: 0, dropped: 0, repeated: 0 };
        for worker in workers {
            let (mut matches, dropped, repeated) =
                worker.join().map_err(|_| Error::Thread("while it judged users"))?;
            all.matches.append(&mut matches);
            all.dropped += dropped;
            all.repeated += repeated;
        }
        sort(&mut all.matches);
        all.users = users.load(Ordering::Relaxed);
        Ok(all)
    })
}

fn judge_shard(
    log: &Ingested,
    shard: usize,
    history: &mut History,
    end: HistoryEnd,
    matches: &mut Vec<Match>,
) -> u64 {
    let (names, places) = gather(log, shard);
    let mut events: Vec<HistoryEvent<'_>> = Vec::new();
    for places in places.chunk_by(|one, other| one.user == other.user) {
        let Some(first) = places.first() else { continue };
        events.clear();
        events.extend(places.iter().map(|place| HistoryEvent {
            time: place.time,
            position: place.position,
            raw: log.raw(place),
        }));
        history.run(&names.list()[first.user as usize], &events, end, matches);
    }
    names.list().len() as u64
}

/// The events of one shard, with one numbering of users over the parts of all threads.
fn gather(log: &Ingested, shard: usize) -> (Names, Vec<Place>) {
    let parts = || log.found.iter().filter_map(|found| found.parts.get(shard));
    let mut names = Names::default();
    let mut places = Vec::with_capacity(parts().map(|part| part.places.len()).sum());
    for part in parts() {
        let numbers: Vec<u32> =
            part.names.list().iter().map(|name| names.number(xxh3_64(name.as_bytes()), name)).collect();
        places.extend(part.places.iter().map(|place| Place { user: numbers[place.user as usize], ..*place }));
    }
    places.sort_unstable_by_key(|place| (place.user, place.time, place.position));
    (names, places)
}

/// The order of results: time, user, rule, occurrence.
fn sort(matches: &mut [Match]) {
    matches.sort_unstable_by(|one, other| {
        one.time
            .cmp(&other.time)
            .then_with(|| one.user.cmp(&other.user))
            .then_with(|| one.rule.cmp(&other.rule))
            .then(one.occurrence.cmp(&other.occurrence))
    });
}
