//! A host in memory: keyed state, timers and the protocol, for one engine after another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alcedo_engine::{
    EndOfInput, Engine, EngineConfig, EngineError, Order, Outcome, Program, Record, RecordKind,
};
use alcedo_model::{Mapping, Match};

pub(crate) struct Host {
    config: EngineConfig,
    program: Arc<Program>,
    engine: Engine,
    watermark: i64,
    store: BTreeMap<String, Vec<u8>>,
    timers: BTreeSet<(i64, String)>,
    pub(crate) matches: Vec<Match>,
    pub(crate) bad: Vec<&'static str>,
}

/// A small cache; repeats of the last `dedupe` ids are dropped.
pub(crate) fn config(mapping: Mapping, cache_users: usize, dedupe: usize) -> EngineConfig {
    EngineConfig {
        order: Order::Ordered,
        mapping,
        until: None,
        mappings: Vec::new(),
        cache_bytes: 8 << 20,
        cache_users,
        dirty_users: cache_users / 2,
        dedupe,
    }
}

impl Host {
    pub(crate) fn new(program: Arc<Program>, config: EngineConfig) -> Self {
        let engine = Engine::new(config.clone(), Arc::clone(&program), i64::MIN);
        let (store, timers, matches, bad) = Default::default();
        Host { config, program, engine, watermark: i64::MIN, store, timers, matches, bad }
    }

    /// What the store holds from before.
    pub(crate) fn put(&mut self, user: &str, state: &[u8]) {
        self.store.insert(user.to_owned(), state.to_vec());
    }

    /// What the store holds of a user.
    pub(crate) fn held(&self, user: &str) -> Option<&[u8]> {
        self.store.get(user).map(Vec::as_slice)
    }

    pub(crate) fn send(&mut self, mut records: &[Record<'_>]) -> Result<(), EngineError> {
        while !records.is_empty() {
            let taken = self.engine.begin(records.iter().copied())?;
            assert!(taken > 0, "a batch of {} records was not begun", records.len());
            records = &records[taken..];
            self.obey()?;
            self.engine.evaluate()?;
            self.obey()?;
        }
        Ok(())
    }

    pub(crate) fn watermark(&mut self, watermark: i64) -> Result<(), EngineError> {
        self.watermark = self.watermark.max(watermark);
        self.pass_time(watermark, |engine| engine.advance(watermark))
    }

    pub(crate) fn end(&mut self, end: EndOfInput) -> Result<(), EngineError> {
        self.pass_time(i64::MAX, |engine| engine.end(end))
    }

    /// Snapshot, close, restore.
    pub(crate) fn restart(&mut self) -> Result<(), EngineError> {
        while self.engine.write_back(1) > 0 {
            self.obey()?;
        }
        self.obey()?;
        self.engine = Engine::new(self.config.clone(), Arc::clone(&self.program), self.watermark);
        Ok(())
    }

    fn pass_time(
        &mut self,
        limit: i64,
        mut step: impl FnMut(&mut Engine) -> Result<bool, EngineError>,
    ) -> Result<(), EngineError> {
        loop {
            while !step(&mut self.engine)? {
                self.obey()?;
            }
            self.obey()?;
            let mut fired = Vec::new();
            while self.timers.first().is_some_and(|(time, _)| *time <= limit) {
                fired.extend(self.timers.pop_first());
            }
            if fired.is_empty() {
                return Ok(());
            }
            let touches: Vec<Record<'_>> = fired.iter().map(|(time, user)| touch(user, *time)).collect();
            self.send(&touches)?;
        }
    }

    fn obey(&mut self) -> Result<(), EngineError> {
        while let Some(outcome) = self.engine.next_outcome() {
            match outcome {
                Outcome::Store { user, state, arm } => {
                    match state {
                        Some(bytes) => drop(self.store.insert(user.to_string(), bytes)),
                        None => assert!(self.store.remove(&*user).is_some(), "{user} was never stored"),
                    }
                    self.timers.extend(arm.map(|at| (at, user.to_string())));
                }
                Outcome::Need { token, user } => {
                    self.engine.supply(token, self.store.get(&*user).map(Vec::as_slice))?;
                }
                Outcome::Match(found) => self.matches.push(*found),
                Outcome::Late(_) | Outcome::Audit { .. } => {}
                Outcome::Bad { reason, .. } => self.bad.push(reason),
            }
        }
        Ok(())
    }

    /// The matches so far, in an order that does not depend on how the stream was cut.
    pub(crate) fn sorted(mut self) -> Vec<Match> {
        sort(&mut self.matches);
        self.matches
    }
}

pub(crate) fn sort(matches: &mut [Match]) {
    matches.sort_by(|a, b| {
        (a.time, &a.user, &a.rule, a.occurrence).cmp(&(b.time, &b.user, &b.rule, b.occurrence))
    });
}

pub(crate) fn touch(user: &str, time: i64) -> Record<'_> {
    Record { kind: RecordKind::Touch, user, time, partition: 0, position: 0, raw: b"" }
}

pub(crate) fn event<'a>(user: &'a str, time: i64, position: i64, raw: &'a [u8]) -> Record<'a> {
    Record { kind: RecordKind::Event, user, time, partition: 0, position, raw }
}
