//! A host that keeps everything in the engine's cache: what is measured is the engine alone.

use std::sync::Arc;

use alcedo_engine::{
    Counters, Engine, EngineConfig, EngineError, Order, Outcome, Program, Record, RecordKind,
};
use alcedo_model::Mapping;

use super::Shop;

/// Records a batch.
pub const BATCH: usize = 1000;
/// How far the watermark stays behind, ms.
const BEHIND: i64 = 2000;

/// Events made beforehand, so that making them is not measured.
#[derive(Debug, Default)]
pub struct Log {
    text: String,
    /// Ends in the text, user (a number), time.
    events: Vec<(usize, u64, i64)>,
    names: Vec<Box<str>>,
}

impl Log {
    /// Events `from..to` of the shop.
    pub fn new(shop: Shop, from: u64, to: u64) -> Self {
        let mut log =
            Log { names: (0..shop.users).map(|u| super::user_name(u).into()).collect(), ..Log::default() };
        log.fill(shop, from, to);
        log
    }

    /// Holds these events instead.
    pub fn fill(&mut self, shop: Shop, from: u64, to: u64) {
        self.text.clear();
        self.events.clear();
        let mut json = String::new();
        for n in from..to {
            let (user, time) = shop.event(n, &mut json);
            self.text.push_str(&json);
            self.events.push((self.text.len(), user, time));
        }
    }

    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Bytes of JSON.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    pub fn records(&self, from: usize, to: usize) -> impl Iterator<Item = Record<'_>> {
        (from..to.min(self.len())).map(|at| {
            let start = at.checked_sub(1).map_or(0, |before| self.events[before].0);
            let (end, user, time) = self.events[at];
            Record {
                kind: RecordKind::Event,
                user: &self.names[user as usize],
                time,
                partition: 0,
                position: at as i64,
                raw: &self.text.as_bytes()[start..end],
            }
        })
    }
}

pub fn config(order: Order) -> EngineConfig {
    EngineConfig {
        order,
        mapping: Mapping::default(),
        mappings: Vec::new(),
        until: None,
        cache_bytes: usize::MAX / 2,
        cache_users: usize::MAX,
        dirty_users: usize::MAX,
        dedupe: 0,
    }
}

/// An engine and the host's half of the protocol.
#[derive(Debug)]
pub struct Host {
    pub engine: Engine,
    pub matches: u64,
}

impl Host {
    pub fn new(order: Order, program: Arc<Program>) -> Self {
        Host { engine: Engine::new(config(order), program, i64::MIN), matches: 0 }
    }

    /// Takes in the whole log, batch by batch; the watermark follows.
    pub fn play(&mut self, log: &Log) -> Result<(), EngineError> {
        let mut from = 0;
        while from < log.len() {
            from += self.batch(log, from, BATCH)?;
        }
        Ok(())
    }

    /// Takes in up to `most` events and moves the watermark on; how many it took.
    pub fn batch(&mut self, log: &Log, from: usize, most: usize) -> Result<usize, EngineError> {
        let taken = self.engine.begin(log.records(from, from + most))?;
        self.drain()?;
        self.engine.evaluate()?;
        let time = log.events[from + taken - 1].2;
        while !self.engine.advance(time - BEHIND)? {
            self.drain()?;
        }
        self.drain()?;
        Ok(taken)
    }

    fn drain(&mut self) -> Result<(), EngineError> {
        while let Some(outcome) = self.engine.next_outcome() {
            match outcome {
                Outcome::Need { token, .. } => self.engine.supply(token, None)?,
                Outcome::Match(_) => self.matches += 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// All users as the host would keep them: who, and the state's bytes.
    pub fn store(&mut self) -> Vec<(Arc<str>, Vec<u8>)> {
        let mut stored = Vec::new();
        while self.engine.write_back(usize::MAX) > 0 || self.engine.counters().dirty_users > 0 {
            self.take_stored(&mut stored);
        }
        self.take_stored(&mut stored);
        stored
    }

    fn take_stored(&mut self, stored: &mut Vec<(Arc<str>, Vec<u8>)>) {
        while let Some(outcome) = self.engine.next_outcome() {
            if let Outcome::Store { user, state: Some(state), .. } = outcome {
                stored.push((user, state));
            }
        }
    }

    /// Brings stored users into the cache.
    pub fn load(&mut self, stored: &[(Arc<str>, Vec<u8>)]) -> Result<(), EngineError> {
        for users in stored.chunks(BATCH) {
            let record = |user| Record {
                kind: RecordKind::Touch,
                user,
                time: super::BEGIN,
                partition: 0,
                position: 0,
                raw: &[],
            };
            self.engine.begin(users.iter().map(|(user, _)| record(&**user)))?;
            let mut users = users.iter();
            while let Some(outcome) = self.engine.next_outcome() {
                if let Outcome::Need { token, user } = outcome {
                    let state = users.find(|(name, _)| *name == user).map(|(_, state)| state.as_slice());
                    self.engine.supply(token, state)?;
                }
            }
            self.engine.evaluate()?;
        }
        Ok(())
    }

    pub fn counters(&self) -> Counters {
        self.engine.counters()
    }
}
