//! The protocol between a host's keyed state and the engine.
//!
//! The host owns each user's state bytes and a timer or two; the engine owns a bounded cache of users and, for those,
//! time. One round: `begin` takes records and says whose state it needs (and whom it evicted), the host `supply`s,
//! `evaluate` takes the batch in, `next_outcome` gives what came of it. `advance` moves time for cached users;
//! `write_back` empties the dirty ones before a snapshot.
//!
//! Invariants: outcomes come in an order in which the host can simply obey them; a user whose state is not in memory
//! has a host timer at or before his due time, or nothing due; nothing is evaluated twice.

mod commands;

use std::sync::Arc;

use alcedo_model::Match;

use crate::cache::{Cache, SlotId};
use crate::codec::{self, StateError};
use crate::extract::MAX_USER;
use crate::judge::{Desk, Origin};
use crate::person::Person;
use crate::program::Program;
use crate::protocol::{
    Counters, EndOfInput, EngineConfig, EngineError, Order, Outcome, Record, RecordKind, Rejected,
};
use crate::queue::Queue;
use crate::read::{EventReader, Spare};
use crate::repeats::MAX_DEDUPE;
use crate::state::{UserState, Waiting};
use crate::timeline::{self, Next};

/// Outcomes that may wait before `advance` pauses.
const QUEUE: usize = 4096;
/// What did not go when it was to is looked at again after so long, ms: longer than a clock is set back.
const LATER: i64 = 3_600_000;
/// So many records are looked ahead: what their users hold comes from memory at the same time.
const AHEAD: usize = 16;
/// A bad record's bytes are cut at this length.
const BAD_BYTES: usize = 4096;

/// A cache of users' states and the rules that run on them.
#[derive(Debug)]
pub struct Engine {
    config: EngineConfig,
    program: Arc<Program>,
    /// One for each mapping.
    readers: Vec<EventReader>,
    spare: Spare,
    cache: Cache,
    batch: Batch,
    outcomes: Queue,
    /// Bytes that the host holds for this engine.
    beside: usize,
    watermark: i64,
    desk: Desk,
    counters: Counters,
    matched: Vec<Match>,
    /// Set by `end`: no timer is armed any more, and whoever is touched is brought to the end.
    ended: Option<EndOfInput>,
    /// Users still to be brought to the input's end.
    ending: Option<Vec<SlotId>>,
}

/// The records between `begin` and `evaluate`.
#[derive(Debug, Default)]
struct Batch {
    /// From 1; 0 pins nobody.
    number: u64,
    records: Vec<Pending>,
    bytes: Vec<u8>,
    users: usize,
    unsupplied: usize,
    /// Users whose stored bytes could not be read, and whom a command replaces.
    unreadable: Vec<SlotId>,
}

#[derive(Debug, Clone, Copy)]
struct Pending {
    slot: SlotId,
    kind: RecordKind,
    time: i64,
    partition: i32,
    position: i64,
    raw: (usize, usize),
}

/// An event whose turn it is.
#[derive(Debug, Clone, Copy)]
struct Arrived<'a> {
    time: i64,
    partition: i32,
    position: i64,
    raw: &'a [u8],
}

/// A user's state out of the host's bytes, as the present program sees it.
fn decode(program: &Program, bytes: &[u8]) -> Result<UserState, StateError> {
    let mut state = codec::decode_user(bytes)?;
    timeline::check(program, &state)?;
    timeline::convert(program, &mut state);
    Ok(state)
}

impl Engine {
    /// An engine with an empty cache. `watermark` is what the host last saw before a restart (`i64::MIN` at first).
    pub fn new(config: EngineConfig, program: Arc<Program>, watermark: i64) -> Self {
        let readers = readers(&config, &program);
        let desk = Desk::new(config.dedupe.min(MAX_DEDUPE));
        Engine {
            config,
            program,
            readers,
            spare: Spare::default(),
            cache: Cache::default(),
            batch: Batch::default(),
            outcomes: Queue::default(),
            beside: 0,
            watermark,
            desk,
            counters: Counters::default(),
            matched: Vec::new(),
            ended: None,
            ending: None,
        }
    }

    fn lateness(&self) -> i64 {
        match self.config.order {
            Order::Ordered => 0,
            Order::Arrival { lateness } => lateness,
        }
    }

    /// Takes records into the running batch until the cache is full; returns how many it took (at least one of a
    /// non-empty batch). The host drains, supplies what is needed, calls `evaluate`, then begins with the rest.
    ///
    /// # Errors
    /// A batch is running, or a record's user is empty or longer than 128 bytes (records before it are taken).
    pub fn begin<'a>(&mut self, records: impl IntoIterator<Item = Record<'a>>) -> Result<usize, EngineError> {
        if self.batch.unsupplied > 0 || !self.batch.records.is_empty() {
            return Err(EngineError::Protocol("`begin` before the last batch was evaluated"));
        }
        self.batch.number += 1;
        (self.batch.users, self.ending) = (0, None);
        let mut taken = 0;
        for record in records {
            if record.user.is_empty() || record.user.len() > MAX_USER {
                return Err(EngineError::User(record.user.len()));
            }
            if record.kind == RecordKind::Event && self.turned_away(&record) {
                taken += 1;
                continue;
            }
            let Some(slot) = self.admit(record.user, record.raw.len()) else { break };
            let start = self.batch.bytes.len();
            self.batch.bytes.extend_from_slice(record.raw);
            let Record { kind, time, partition, position, .. } = record;
            let raw = (start, self.batch.bytes.len());
            self.batch.records.push(Pending { slot, kind, time, partition, position, raw });
            taken += 1;
        }
        Ok(taken)
    }

    /// Events after `until` never happen; late ones are told apart without asking for their user.
    fn turned_away(&mut self, record: &Record<'_>) -> bool {
        if self.config.until.is_some_and(|until| record.time > until) {
            return true;
        }
        let late =
            self.watermark != i64::MIN && record.time <= self.watermark.saturating_sub(self.lateness());
        if late {
            self.counters.late += 1;
            self.outcomes.push_back(Outcome::Late(Rejected {
                user: record.user.into(),
                time: record.time,
                partition: record.partition,
                position: record.position,
                raw: record.raw.to_vec(),
            }));
        }
        late
    }

    /// The user's slot, pinned by this batch; none where the cache has no room left for another user of it.
    fn admit(&mut self, user: &str, raw: usize) -> Option<SlotId> {
        let first = self.batch.records.is_empty();
        let full = self.batch.bytes.len() + raw > self.room() || self.outcomes.bytes() > self.waiting_room();
        if full && !first {
            return None;
        }
        if let Some(id) = self.cache.find(user) {
            let number = self.batch.number;
            let slot = self.cache.slot(id);
            if std::mem::replace(&mut slot.pinned, number) != number {
                self.batch.users += 1;
                self.counters.cache_hits += 1;
            }
            return Some(id);
        }
        while self.cache.len() >= self.config.cache_users.max(1) || self.is_heavy() {
            match self.cache.victim(self.batch.number) {
                Some(victim) => self.evict(victim),
                // Everybody in memory belongs to this batch.
                None if self.batch.users > 0 => return None,
                None => break,
            }
        }
        let id = self.cache.add(user, self.batch.number);
        self.cache.weigh(id, &self.program);
        self.batch.users += 1;
        self.batch.unsupplied += 1;
        self.counters.cache_misses += 1;
        let user = Arc::clone(&self.cache.slot(id).user);
        self.outcomes.push_back(Outcome::Need { token: id, user });
        Some(id)
    }

    fn is_heavy(&self) -> bool {
        self.cache.bytes() + self.batch.bytes.len() > self.room()
    }

    /// What may wait to be drained, bytes. A host that drains when it is told to never sees more than this and one
    /// user's outcomes.
    fn waiting_room(&self) -> usize {
        self.config.cache_bytes / 8
    }

    /// What users and the running batch may take, bytes: at least a quarter of the bound, however large the rules are.
    fn room(&self) -> usize {
        let bound = self.config.cache_bytes;
        (bound - self.waiting_room()).saturating_sub(self.beside).max(bound / 4)
    }

    fn is_full(&self) -> bool {
        self.outcomes.len() >= QUEUE || self.outcomes.bytes() > self.waiting_room()
    }

    /// Bytes that the host holds for this engine, its rules and its buffers: the cache leaves room for them.
    pub fn count_beside(&mut self, bytes: usize) {
        self.beside = bytes;
    }

    fn held_bytes(&self) -> usize {
        let batch = self.batch.bytes.capacity() + self.batch.records.capacity() * size_of::<Pending>();
        self.cache.bytes() + batch + self.outcomes.bytes() + self.beside
    }

    /// Answers a `Need`. `None`: the host has no state for this user.
    ///
    /// # Errors
    /// Nobody was asked for under this token, or the bytes cannot be read (the user stays unsupplied).
    pub fn supply(&mut self, token: u32, state: Option<&[u8]>) -> Result<(), EngineError> {
        if self.cache.get(token).is_none_or(|slot| slot.state.is_some()) {
            return Err(EngineError::Protocol("`supply` of a user who was not asked for"));
        }
        let generation = self.program.generation;
        let fresh = || UserState { generation, ..UserState::default() };
        let converted = match state {
            None => Ok(fresh()),
            Some(bytes) => {
                self.counters.state_read += bytes.len() as u64;
                decode(&self.program, bytes)
            }
        };
        let gives_way = converted.is_err() && self.gives_way(token);
        let slot = self.cache.slot(token);
        slot.kept = state.is_some();
        match converted {
            Ok(state) => slot.state = Some(state),
            Err(_) if gives_way => {
                slot.state = Some(fresh());
                self.batch.unreadable.push(token);
            }
            Err(error) => return Err(EngineError::State { user: Arc::clone(&slot.user), error }),
        }
        self.batch.unsupplied -= 1;
        self.settle(token, false, None);
        Ok(())
    }

    /// Takes in the batch. An unsupplied user is an error, never an empty state.
    ///
    /// # Errors
    /// Somebody was not supplied: the batch waits on.
    pub fn evaluate(&mut self) -> Result<(), EngineError> {
        if self.batch.unsupplied > 0 {
            let missing = self.batch.records.iter().find_map(|r| {
                let slot = self.cache.get(r.slot)?;
                slot.state.is_none().then(|| Arc::clone(&slot.user))
            });
            return Err(EngineError::Unsupplied(missing.unwrap_or_else(|| "".into())));
        }
        let records = std::mem::take(&mut self.batch.records);
        let bytes = std::mem::take(&mut self.batch.bytes);
        for near in records.chunks(AHEAD) {
            self.cache.look_ahead(near.iter().map(|record| record.slot));
            for record in near {
                self.turn(record, &bytes[record.raw.0..record.raw.1])?;
            }
        }
        (self.batch.records, self.batch.bytes) = (records, bytes);
        self.batch.records.clear();
        self.batch.bytes.clear();
        self.batch.unreadable.clear();
        self.batch.number += 1; // nobody is pinned between batches
        self.shed();
        Ok(())
    }

    /// It is this record's turn.
    fn turn(&mut self, record: &Pending, raw: &[u8]) -> Result<(), EngineError> {
        match record.kind {
            RecordKind::Touch => self.touch(record),
            RecordKind::Event => self.take(record, raw),
            RecordKind::Command | RecordKind::CommandAgain => {
                self.command(record, raw, record.kind == RecordKind::CommandAgain)
            }
        }
    }

    /// A host timer fired: it is armed no more, and its time has come for this user. So a user who is evicted again
    /// before `advance` arms a later timer: the host makes progress however small the cache.
    fn touch(&mut self, record: &Pending) -> Result<(), EngineError> {
        let (user, mut state) = self.check_out(record.slot)?;
        state.armed = state.armed.filter(|armed| *armed > record.time);
        if self.ended.is_none() {
            self.watermark = self.watermark.max(record.time); // else no timer would have fired
        }
        let (events, deadlines) = match self.ended {
            Some(end) => self.limits(end),
            None => {
                let limit = self.config.until.map_or(record.time, |until| record.time.min(until));
                (limit, limit)
            }
        };
        self.run(&user, &mut state, events, deadlines);
        if self.ended.is_none() {
            self.forget(&mut state, events);
        }
        self.check_in(record.slot, state, Some(events.min(deadlines)));
        Ok(())
    }

    /// Up to when events are taken in and deadlines pass at the input's end.
    fn limits(&self, end: EndOfInput) -> (i64, i64) {
        match (self.config.until, end) {
            (Some(until), _) => (until, until),
            (None, EndOfInput::Hold) => (i64::MAX, i64::MIN),
            (None, EndOfInput::Fire) => (i64::MAX, i64::MAX),
        }
    }

    fn take(&mut self, record: &Pending, raw: &[u8]) -> Result<(), EngineError> {
        let (user, mut state) = self.check_out(record.slot)?;
        let Pending { time, partition, position, .. } = *record;
        match self.config.order {
            Order::Ordered => state.wait(Waiting { time, partition, position, raw: raw.into() }),
            Order::Arrival { .. } => {
                self.take_in(&user, &mut state, &Arrived { time, partition, position, raw });
                let person = Person::new(&self.program, &user);
                timeline::pass_deadlines(
                    &mut self.desk,
                    &person,
                    &mut state,
                    self.watermark,
                    &mut self.matched,
                );
            }
        }
        self.check_in(record.slot, state, None);
        Ok(())
    }

    /// Takes a user's state out of the cache for a while, brought to the present program.
    fn check_out(&mut self, id: SlotId) -> Result<(Arc<str>, UserState), EngineError> {
        let slot = self.cache.slot(id);
        let user = Arc::clone(&slot.user);
        let mut state = slot.state.take().ok_or_else(|| EngineError::Unsupplied(Arc::clone(&user)))?;
        timeline::convert(&self.program, &mut state);
        Ok((user, state))
    }

    /// `until`: what was due up to then (Unix ms) has happened.
    fn check_in(&mut self, id: SlotId, state: UserState, until: Option<i64>) {
        self.cache.slot(id).state = Some(state);
        self.settle(id, true, until);
        for found in self.matched.drain(..) {
            self.outcomes.push_back(Outcome::Match(Box::new(found)));
        }
    }

    /// Counts the slot's bytes, notes when it is due, puts it into its list. `until`: see `check_in`.
    fn settle(&mut self, id: SlotId, dirty: bool, until: Option<i64>) {
        if let Some(state) = self.cache.slot(id).state.as_mut() {
            state.measures.look(&self.program);
        }
        let Some(slot) = self.cache.get(id) else { return };
        let due = slot.state.as_ref().and_then(|state| self.due(state));
        // Where a zone sets its clock back, a period may be come back to after its end: what it holds stays then, though
        // it was to go. It is looked at again later, or time would stand still here.
        let due = due.map(|due| until.filter(|until| due <= *until).map_or(due, |u| u.saturating_add(LATER)));
        // Whoever has something due needs a timer at or before it, or a store that arms one.
        let armed = slot.state.as_ref().and_then(|state| state.armed);
        let unarmed = due.is_some_and(|due| self.wants_timer(due, armed));
        let dirty = dirty || slot.dirty || unarmed;
        self.cache.weigh(id, &self.program);
        self.cache.mark(id, dirty);
        self.cache.set_due(id, due);
    }

    /// When the user must next be looked at, Unix ms.
    fn due(&self, state: &UserState) -> Option<i64> {
        let settles =
            || state.clock.filter(|_| !self.is_gone(state)).map(|c| c.saturating_add(self.lateness()));
        if state.is_empty() { settles() } else { timeline::due(&self.program, state, self.lateness()) }
    }

    /// True if the host may forget the user: nothing is held of him, and every event still to come lies after his
    /// clock. In arrival order one may lie before it, and what it means must not depend on how long he was kept.
    fn is_gone(&self, state: &UserState) -> bool {
        let settled = match self.config.order {
            Order::Ordered => true,
            Order::Arrival { lateness } => {
                let horizon = self.watermark.saturating_sub(lateness);
                self.ended.is_some() || state.clock.is_none_or(|clock| clock <= horizon)
            }
        };
        state.is_empty() && settled
    }

    /// Whether the host has no timer early enough. What lies beyond the input's end never happens.
    fn wants_timer(&self, due: i64, armed: Option<i64>) -> bool {
        let happens = self.ended.is_none() && self.config.until.is_none_or(|until| due <= until);
        happens && armed.is_none_or(|armed| armed > due)
    }

    /// The watermark has come to `time` (Unix ms) for this user.
    fn forget(&self, state: &mut UserState, time: i64) {
        let in_order = matches!(self.config.order, Order::Ordered);
        timeline::forget(&self.program, state, time.saturating_sub(self.lateness()), in_order);
    }

    fn take_in(&mut self, user: &Arc<str>, state: &mut UserState, event: &Arrived<'_>) {
        self.desk.horizon = match self.config.order {
            Order::Ordered => None,
            Order::Arrival { lateness } => Some(self.watermark.saturating_sub(lateness)),
        };
        let at = self.config.mappings.partition_point(|(from, _)| *from <= event.partition);
        match self.readers[at].read(event.raw, std::mem::take(&mut self.spare)) {
            Ok(read) => {
                let person = Person::new(&self.program, user);
                let at = Origin { time: event.time, position: event.position };
                self.desk.take(&person, state, &read, at, &mut self.matched);
                self.spare = read.into_spare();
            }
            Err(reason) => {
                self.counters.bad += 1;
                let record = Rejected {
                    user: Arc::clone(user),
                    time: event.time,
                    partition: event.partition,
                    position: event.position,
                    raw: event.raw[..event.raw.len().min(BAD_BYTES)].to_vec(),
                };
                self.outcomes.push_back(Outcome::Bad { reason, record });
            }
        }
    }

    /// Takes in waiting events and passes deadlines in the order of time: up to `events`, up to `deadlines`.
    fn run(&mut self, user: &Arc<str>, state: &mut UserState, events: i64, deadlines: i64) {
        while let Some(next) = timeline::next(&self.program, state, events, deadlines) {
            match next {
                Next::Event => {
                    if let Some(waiting) = state.waiting.pop_front() {
                        let Waiting { time, partition, position, ref raw } = waiting;
                        self.take_in(user, state, &Arrived { time, partition, position, raw });
                    }
                }
                Next::Deadline(time) => {
                    let person = Person::new(&self.program, user);
                    self.desk.pass(&person, state, time, &mut self.matched);
                }
            }
        }
    }

    /// Time passes for all cached users. False: the outcome queue is full, drain and call again.
    ///
    /// # Errors
    /// A batch is running.
    pub fn advance(&mut self, watermark: i64) -> Result<bool, EngineError> {
        if !self.batch.records.is_empty() {
            return Err(EngineError::Protocol("`advance` before the batch was evaluated"));
        }
        self.watermark = self.watermark.max(watermark);
        let limit = self.config.until.map_or(watermark, |until| watermark.min(until));
        while !self.is_full() {
            let Some(id) = self.cache.pop_due(limit) else {
                self.shed();
                return Ok(true);
            };
            let (user, mut state) = self.check_out(id)?;
            self.run(&user, &mut state, limit, limit);
            self.forget(&mut state, limit);
            self.check_in(id, state, Some(limit));
        }
        Ok(false)
    }

    /// The input ended, for all cached users; from now on a touched user is brought to the end as well, and no timer
    /// is armed. False: drain and call again.
    ///
    /// # Errors
    /// A batch is running.
    pub fn end(&mut self, end: EndOfInput) -> Result<bool, EngineError> {
        if !self.batch.records.is_empty() {
            return Err(EngineError::Protocol("`end` before the batch was evaluated"));
        }
        self.ended = Some(end);
        let (events, deadlines) = self.limits(end);
        let mut ids = self.ending.take().unwrap_or_else(|| self.cache.ids());
        while let Some(id) = ids.pop() {
            if self.cache.get(id).is_some_and(|slot| slot.due.is_some()) {
                let (user, mut state) = self.check_out(id)?;
                self.run(&user, &mut state, events, deadlines);
                self.check_in(id, state, None);
            }
            if self.is_full() {
                self.ending = Some(ids);
                return Ok(false);
            }
        }
        self.shed();
        Ok(true)
    }

    /// Stores the surplus of dirty users and evicts until the cache is within its bounds.
    fn shed(&mut self) {
        while self.cache.dirty() > self.config.dirty_users {
            self.store_oldest();
        }
        while self.cache.bytes() > self.room() || self.cache.len() > self.config.cache_users.max(1) {
            match self.cache.victim(self.batch.number) {
                Some(victim) => self.evict(victim),
                None => return,
            }
        }
    }

    /// Queues `Store` for up to `limit` dirty users, oldest dirty first, fewer where they are large; returns how many
    /// are still dirty.
    pub fn write_back(&mut self, limit: usize) -> usize {
        for _ in 0..limit {
            if self.cache.dirty() == 0 || self.outcomes.bytes() > self.waiting_room() {
                break;
            }
            self.store_oldest();
        }
        self.cache.dirty()
    }

    fn store_oldest(&mut self) {
        let Some(id) = self.cache.oldest_dirty() else { return };
        let slot = self.cache.slot(id);
        let (user, due, kept) = (Arc::clone(&slot.user), slot.due, slot.kept);
        let Some(mut state) = slot.state.take() else { return };
        let is_kept = self.store(user, &mut state, due, kept);
        let slot = self.cache.slot(id);
        (slot.state, slot.kept) = (Some(state), is_kept);
        if is_kept {
            self.cache.mark(id, false);
        } else {
            self.cache.remove(id);
        }
    }

    fn evict(&mut self, id: SlotId) {
        let slot = self.cache.slot(id);
        let (user, due, dirty, kept) = (Arc::clone(&slot.user), slot.due, slot.dirty, slot.kept);
        if let Some(mut state) = self.cache.remove(id)
            && dirty
        {
            self.store(user, &mut state, due, kept);
        }
    }

    /// Has the host keep a user, or drop him if it has bytes of him (`kept`) and nothing is left; whether it has any then.
    fn store(&mut self, user: Arc<str>, state: &mut UserState, due: Option<i64>, kept: bool) -> bool {
        let arm = due.filter(|due| self.wants_timer(*due, state.armed));
        let bytes = (!self.is_gone(state)).then(|| {
            state.armed = arm.or(state.armed);
            codec::encode_user(state)
        });
        self.counters.state_written += bytes.as_ref().map_or(0, Vec::len) as u64;
        let arm = arm.filter(|_| bytes.is_some());
        let is_kept = bytes.is_some();
        if kept || is_kept {
            self.outcomes.push_back(Outcome::Store { user, state: bytes, arm });
        }
        is_kept
    }

    /// The oldest waiting outcome.
    pub fn next_outcome(&mut self) -> Option<Outcome> {
        self.outcomes.pop_front()
    }

    /// Swaps the rules; a user's slots are converted when next touched. Gives those that ran before: to free them takes
    /// as long as a hundred events, so a host does it where nothing waits.
    pub fn publish(&mut self, program: Arc<Program>) -> Arc<Program> {
        self.readers = readers(&self.config, &program);
        std::mem::replace(&mut self.program, program)
    }

    /// What was counted.
    pub fn counters(&self) -> Counters {
        let judged = self.desk.tallied;
        Counters {
            taken: judged.taken,
            matches: judged.matches,
            deadlines: judged.deadlines,
            dropped: judged.dropped,
            repeated: judged.repeated,
            cached_users: self.cache.len() as u64,
            dirty_users: self.cache.dirty() as u64,
            open_deadlines: self.cache.open() as u64,
            cached_bytes: self.cache.bytes() as u64,
            held_bytes: self.held_bytes() as u64,
            ..self.counters
        }
    }
}

fn readers(config: &EngineConfig, program: &Program) -> Vec<EventReader> {
    let all = std::iter::once(&config.mapping).chain(config.mappings.iter().map(|(_, mapping)| mapping));
    all.map(|mapping| EventReader::new(mapping, program.paths())).collect()
}
