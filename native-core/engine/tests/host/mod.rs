//! A host in memory: keyed state, timers and the protocol, as a Flink operator keeps them. Runs golden vectors.

#![allow(unreachable_pub, missing_docs, dead_code)] // each test target uses its part of it
#![allow(clippy::unwrap_used)] // a test host reports by panicking

mod form;
pub mod random;
pub mod sample;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alcedo_engine::{
    Audience, Audiences, Book, CommandEffect, Content, Document, EndOfInput, Engine, EngineConfig, Extracted,
    Extractor, History, HistoryEnd, HistoryEvent, Order, Outcome, Profile, Program, Record, RecordKind,
    RuleStatus, Tags, Update, audience_id,
};
use alcedo_model::{Mapping, Match, Rule};
use serde_json::{Value, json};

/// How the host cuts the stream and how much the engine may keep.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub batch: usize,
    pub cache_users: usize,
    pub dirty_users: usize,
    /// Snapshot, close and restore after every so many steps; 0 = never.
    pub restart_every: usize,
}

/// One record of the source.
#[derive(Debug, Clone)]
pub struct Line {
    pub user: String,
    pub time: i64,
    pub position: i64,
    pub raw: Vec<u8>,
}

#[derive(Debug, Default)]
pub struct Results {
    pub matches: Vec<Match>,
    pub late: Vec<i64>,
    pub bad: Vec<(i64, String)>,
    /// What became of commands, with what each did.
    pub audits: Vec<(CommandEffect, Value)>,
    pub statuses: Vec<RuleStatus>,
    /// Users whose state the host keeps at the end.
    pub kept: Option<usize>,
    /// What bounds dropped, and repeats that were dropped.
    pub counted: [u64; 2],
}

pub struct Host {
    config: EngineConfig,
    shape: Shape,
    book: Book,
    pub audiences: Audiences,
    engine: Engine,
    watermark: i64,
    store: BTreeMap<String, Vec<u8>>,
    timers: BTreeSet<(i64, String)>,
    /// With their partitions.
    bundle: Vec<(i32, Line)>,
    /// How often a timer's touch went to a user.
    pub touches: BTreeMap<String, usize>,
    pub results: Results,
}

impl Host {
    pub fn new(order: Order, mapping: Mapping, until: Option<i64>, shape: Shape) -> Self {
        let config = EngineConfig {
            order,
            mapping,
            until,
            mappings: Vec::new(),
            cache_bytes: 64 << 20,
            cache_users: shape.cache_users,
            dirty_users: shape.dirty_users,
            dedupe: 0,
        };
        let book = Book::new();
        let engine = Engine::new(config.clone(), book.program(), i64::MIN);
        let watermark = i64::MIN;
        let (store, timers, bundle) = Default::default();
        Host {
            config,
            shape,
            book,
            audiences: Audiences::new(),
            engine,
            watermark,
            store,
            timers,
            bundle,
            touches: BTreeMap::new(),
            results: Results::default(),
        }
    }

    pub fn apply(&mut self, update: &Update) {
        self.flush();
        let at = Some(self.watermark).filter(|w| *w != i64::MIN);
        let statuses = self.book.apply(update, &self.audiences, at);
        self.results.statuses.extend(statuses);
        self.engine.publish(self.book.program());
    }

    pub fn event(&mut self, line: Line) {
        self.event_of(0, line);
    }

    pub fn event_of(&mut self, partition: i32, line: Line) {
        self.bundle.push((partition, line));
        if self.bundle.len() >= self.shape.batch {
            self.flush();
        }
    }

    /// A command, after what came before it is judged.
    pub fn command(&mut self, user: &str, raw: &[u8], again: bool) {
        self.flush();
        let kind = if again { RecordKind::CommandAgain } else { RecordKind::Command };
        self.send(&[Record { kind, user, time: 77, partition: 3, position: 9, raw }]);
    }

    /// Puts bytes where the host keeps a user's state; he must not be in memory.
    pub fn put(&mut self, user: &str, state: &[u8]) {
        self.store.insert(user.to_owned(), state.to_vec());
    }

    pub fn watermark(&mut self, watermark: i64) {
        self.flush();
        self.watermark = self.watermark.max(watermark);
        self.pass_time(watermark, |engine| engine.advance(watermark).unwrap());
    }

    pub fn end(&mut self, end: EndOfInput) {
        self.flush();
        self.pass_time(i64::MAX, |engine| engine.end(end).unwrap());
        assert!(self.timers.is_empty());
    }

    /// Drops repeats of the last `n` ids from here on.
    pub fn dedupe(&mut self, n: usize) {
        self.config.dedupe = n;
        self.engine = Engine::new(self.config.clone(), self.book.program(), self.watermark);
    }

    /// Snapshot, close, restore: only the store, the timers, the book's bytes and the watermark survive.
    pub fn restart(&mut self) {
        self.flush();
        while self.engine.write_back(2) > 0 {
            self.obey();
        }
        self.obey();
        self.count();
        self.book = Book::decode(&self.book.encode()).unwrap();
        let statuses = self.book.apply(&Update::default(), &self.audiences, None);
        assert!(statuses.iter().all(|s| s.state == "waiting"), "{statuses:?}");
        self.engine = Engine::new(self.config.clone(), self.book.program(), self.watermark);
    }

    /// Adds what this engine counted; the next one begins at 0.
    fn count(&mut self) {
        let counters = self.engine.counters();
        self.results.counted[0] += counters.dropped;
        self.results.counted[1] += counters.repeated;
    }

    /// Number of users whose state the host keeps.
    pub fn stored(&mut self) -> usize {
        self.states().len()
    }

    /// What the host keeps, by user.
    pub fn states(&mut self) -> BTreeMap<String, Vec<u8>> {
        self.flush();
        while self.engine.write_back(100) > 0 {
            self.obey();
        }
        self.obey();
        self.store.clone()
    }

    /// The timers that are set, earliest first.
    pub fn timers(&self) -> &BTreeSet<(i64, String)> {
        &self.timers
    }

    /// As if the host had lost them.
    pub fn lose_timers(&mut self) {
        self.timers.clear();
    }

    /// Deadlines that are open, of those in memory.
    pub fn open_deadlines(&self) -> u64 {
        self.engine.counters().open_deadlines
    }

    /// The rules that run.
    pub fn program(&self) -> Arc<Program> {
        self.book.program()
    }

    pub fn flush(&mut self) {
        let bundle = std::mem::take(&mut self.bundle);
        let records: Vec<Record<'_>> = bundle
            .iter()
            .map(|(partition, l)| Record {
                kind: RecordKind::Event,
                user: &l.user,
                time: l.time,
                partition: *partition,
                position: l.position,
                raw: &l.raw,
            })
            .collect();
        self.send(&records);
    }

    fn send(&mut self, mut records: &[Record<'_>]) {
        while !records.is_empty() {
            let taken = self.engine.begin(records.iter().copied()).unwrap();
            assert!(taken > 0);
            records = &records[taken..];
            self.obey();
            self.engine.evaluate().unwrap();
            self.obey();
        }
    }

    /// First the cached users, then whoever's timer fires on the way, as Flink's timer service fires them.
    fn pass_time(&mut self, limit: i64, mut step: impl FnMut(&mut Engine) -> bool) {
        loop {
            while !step(&mut self.engine) {
                self.obey();
            }
            self.obey();
            let mut fired = Vec::new();
            while self.timers.first().is_some_and(|(time, _)| *time <= limit) {
                fired.extend(self.timers.pop_first());
            }
            if fired.is_empty() {
                return;
            }
            for (_, user) in &fired {
                *self.touches.entry(user.clone()).or_default() += 1;
            }
            let touches: Vec<Record<'_>> = fired
                .iter()
                .map(|(time, user)| Record {
                    kind: RecordKind::Touch,
                    user,
                    time: *time,
                    partition: 0,
                    position: 0,
                    raw: b"",
                })
                .collect();
            self.send(&touches);
        }
    }

    /// Does what the engine says, in its order.
    fn obey(&mut self) {
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
                    self.engine.supply(token, self.store.get(&*user).map(Vec::as_slice)).unwrap();
                }
                Outcome::Match(found) => self.results.matches.push(*found),
                Outcome::Audit { user, effect, line } => {
                    let line: Value = serde_json::from_slice(&line).unwrap();
                    assert_eq!(line["user"], *user);
                    self.results.audits.push((effect, line));
                }
                Outcome::Late(record) => self.results.late.push(record.position),
                Outcome::Bad { reason, record } => {
                    self.results.bad.push((record.position, reason.to_owned()))
                }
            }
        }
    }
}

/// A golden vector.
pub struct Vector {
    pub name: String,
    pub json: Value,
}

pub fn vectors() -> Vec<Vector> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/vectors");
    let mut all: Vec<Vector> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| Vector {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            json: serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap(),
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.iter().for_each(|v| form::check(&v.name, &v.json));
    all
}

fn documents(rules: &Value) -> Vec<Document> {
    vec![Document { source: "vector".to_owned(), text: rules.to_string() }]
}

impl Vector {
    fn mapping(&self) -> Mapping {
        self.json.get("mapping").map_or_else(Mapping::default, |m| Mapping::parse(&m.to_string()).unwrap())
    }

    fn until(&self) -> Option<i64> {
        self.json.get("until").and_then(Value::as_i64)
    }

    fn dedupe(&self) -> usize {
        self.json.get("dedupe").map_or(0, |n| n.as_u64().unwrap() as usize)
    }

    fn steps(&self) -> &[Value] {
        self.json["steps"].as_array().unwrap()
    }

    fn order(&self) -> Order {
        match self.json.get("order").and_then(Value::as_str) {
            Some("arrival") => {
                Order::Arrival { lateness: self.json.get("lateness").and_then(Value::as_i64).unwrap_or(0) }
            }
            _ => Order::Ordered,
        }
    }

    /// Audiences by id, and those that tags resolve.
    fn audiences(&self) -> Audiences {
        let mut audiences = Audiences::new();
        let tags = self.json.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
        let tags: Vec<Tags> = tags.iter().map(|t| Tags::parse_line(&t.to_string()).unwrap()).collect();
        for parsed in Rule::parse_many(&self.json["rules"].to_string()) {
            let Some(audience) = parsed.ok().and_then(|p| p.rule.audience) else { continue };
            if let Some(profile) = &audience.profile {
                let profile = Profile::compile(profile).unwrap();
                let users = tags.iter().filter(|t| profile.holds(t)).map(|t| t.user.as_str());
                audiences.insert(&audience_id(&audience), Arc::new(Audience::from_users(users)));
            }
        }
        if let Some(sets) = self.json.get("audiences").and_then(Value::as_object) {
            insert(&mut audiences, sets);
        }
        audiences
    }

    fn lines(&self, results: &mut Results) -> BTreeMap<usize, Option<Line>> {
        let extractor = Extractor::new(&self.mapping(), self.json.get("max_ahead").and_then(Value::as_i64));
        let mut lines = BTreeMap::new();
        for (at, step) in self.steps().iter().enumerate() {
            let Some(raw) = form::record(step) else { continue };
            let number = |field: &str| step.get(field).and_then(Value::as_i64);
            let position = number("position").unwrap_or(lines.len() as i64);
            let line = match extractor.extract(&raw, number("broker_time")) {
                Extracted::Event { user, time, .. } => {
                    let (user, raw) = (user.into_owned(), raw.clone());
                    Some(Line { user, time, position, raw })
                }
                Extracted::Blank => None,
                Extracted::Bad(reason) => {
                    results.bad.push((position, reason.to_owned()));
                    None
                }
            };
            lines.insert(at, line);
        }
        lines
    }

    pub fn run(&self, shape: Shape) -> Results {
        let mut host = Host::new(self.order(), self.mapping(), self.until(), shape);
        host.dedupe(self.dedupe());
        host.audiences = self.audiences();
        host.apply(&Update { complete: true, documents: documents(&self.json["rules"]) });
        let lines = self.lines(&mut host.results);
        for (at, step) in self.steps().iter().enumerate() {
            self.step(&mut host, step, lines.get(&at).cloned().flatten());
            if shape.restart_every > 0 && (at + 1) % shape.restart_every == 0 {
                host.restart();
            }
        }
        host.flush();
        host.results.kept = Some(host.stored());
        host.count();
        let key = |m: &Match| (m.time, m.user.clone(), m.rule.clone(), m.occurrence);
        host.results.matches.sort_by_key(key);
        host.results.late.sort_unstable();
        host.results.bad.sort();
        host.results
    }

    fn step(&self, host: &mut Host, step: &Value, line: Option<Line>) {
        if let Some(line) = line {
            let partition = step.get("partition").and_then(Value::as_i64).unwrap_or(0);
            host.event_of(partition as i32, line);
        } else if let Some(w) = step.get("watermark").and_then(Value::as_i64) {
            host.watermark(w);
        } else if let Some(update) = step.get("rules") {
            let complete = update["complete"].as_bool().unwrap();
            host.apply(&Update { complete, documents: documents(&update["rules"]) });
        } else if let Some(sets) = step.get("audience").and_then(Value::as_object) {
            insert(&mut host.audiences, sets);
            host.apply(&Update::default());
        } else if let Some(end) = step.get("end").and_then(Value::as_str) {
            host.end(if end == "fire" { EndOfInput::Fire } else { EndOfInput::Hold });
        } else if step.get("restart").is_some() || step.get("rescale").is_some() {
            host.restart();
        } else {
            assert!(form::is_record(step), "{}: unknown step {step}", self.name);
        }
    }

    /// Whether it has the shape of a backtest: records, then the end.
    pub fn is_backtest(&self) -> bool {
        let steps = self.steps();
        let lines = |s: &&Value| form::is_record(s) && form::is_line(s);
        let ends = steps.last().is_some_and(|s| s.get("end").is_some());
        let late = self.json["expect"].get("late").and_then(Value::as_array).is_some_and(|l| !l.is_empty());
        ends && !late
            && self.order() == Order::Ordered
            && self.json.get("max_ahead").is_none()
            && self.json["expect"].get("no_audience").is_none()
            && steps.iter().filter(lines).count() + 1 == steps.len()
    }

    pub fn backtest(&self) -> Results {
        let mut results = Results::default();
        let mut book = Book::new();
        let update = Update { complete: true, documents: documents(&self.json["rules"]) };
        results.statuses = book.apply(&update, &self.audiences(), None);
        let mut users: BTreeMap<String, Vec<Line>> = BTreeMap::new();
        for line in self.lines(&mut results).into_values().flatten() {
            users.entry(line.user.clone()).or_default().push(line);
        }
        let largest = users.values().flatten().map(|l| l.time).max().unwrap_or(i64::MIN);
        let end = match (self.until(), self.steps().last().and_then(|s| s["end"].as_str())) {
            (Some(until), _) => HistoryEnd::Until(until),
            (_, Some("fire")) => HistoryEnd::Fire,
            _ => HistoryEnd::Hold { largest },
        };
        let mut history = History::new(book.program(), self.mapping()).dedupe(self.dedupe());
        for (user, lines) in &mut users {
            lines.sort_by_key(|l| (l.time, l.position));
            let events: Vec<HistoryEvent<'_>> = lines
                .iter()
                .map(|l| HistoryEvent { time: l.time, position: l.position, content: Content::Json(&l.raw) })
                .collect();
            history.run(user, &events, end, &mut results.matches);
        }
        results.counted = [history.dropped(), history.repeated()];
        results.matches.sort_by_key(|m| (m.time, m.user.clone(), m.rule.clone(), m.occurrence));
        results
    }

    /// Everything that differs from what the vector expects.
    pub fn differences(&self, results: &Results) -> Vec<String> {
        let expect = &self.json["expect"];
        let mut all = Vec::new();
        let expected = expect.get("matches").and_then(Value::as_array).cloned().unwrap_or_default();
        let found: Vec<Value> = results.matches.iter().map(|m| serde_json::to_value(m).unwrap()).collect();
        if found.len() != expected.len() {
            all.push(format!("{} matches instead of {}: {found:#?}", found.len(), expected.len()));
        }
        for (e, f) in expected.iter().zip(&found) {
            for (field, value) in e.as_object().unwrap() {
                if &f[field.as_str()] != value {
                    all.push(format!("{field} is {} instead of {value} in {f}", f[field.as_str()]));
                }
            }
        }
        let late: Vec<i64> = list(expect, "late").iter().filter_map(Value::as_i64).collect();
        if late != results.late {
            all.push(format!("late {:?} instead of {late:?}", results.late));
        }
        let bad: Vec<(i64, String)> = list(expect, "bad")
            .iter()
            .map(|b| (b["position"].as_i64().unwrap(), b["reason"].as_str().unwrap().to_owned()))
            .collect();
        if bad != results.bad {
            all.push(format!("bad {:?} instead of {bad:?}", results.bad));
        }
        let refused: Vec<&RuleStatus> = results.statuses.iter().filter(|s| s.state == "refused").collect();
        let wanted = list(expect, "refused");
        for want in &wanted {
            let rule = want["rule"].as_str();
            if !refused
                .iter()
                .any(|s| s.rule.as_deref() == rule && s.problems.iter().any(|p| form::is_problem(want, p)))
            {
                all.push(format!("{want} was not refused: {refused:#?}"));
            }
        }
        for status in refused {
            if !wanted.iter().any(|w| w["rule"].as_str() == status.rule.as_deref()) {
                all.push(format!("refused: {status:#?}"));
            }
        }
        all.extend(self.further_differences(results));
        all
    }

    /// What only some vectors expect: statuses, parts of the compile report, users that are kept.
    fn further_differences(&self, results: &Results) -> Vec<String> {
        let expect = &self.json["expect"];
        let mut all = Vec::new();
        if let Some(wanted) = expect.get("statuses") {
            let told = |s: &RuleStatus| json!({"rule": s.rule, "revision": s.revision, "state": s.state});
            let mut told: Vec<Value> = results.statuses.iter().map(told).collect();
            let mut wanted = wanted.as_array().unwrap().clone();
            // What is told of one rule has an order; which rule comes first is no part of the meaning.
            for list in [&mut told, &mut wanted] {
                list.sort_by_key(|s| s["rule"].as_str().map(str::to_owned));
            }
            if told != wanted {
                all.push(format!("statuses {told:?} instead of {wanted:?}"));
            }
        }
        if expect.get("report").is_some() {
            let mut book = Book::new();
            book.apply(
                &Update { complete: true, documents: documents(&self.json["rules"]) },
                &self.audiences(),
                None,
            );
            let report = serde_json::to_value(book.program().report()).unwrap();
            all.extend(form::report_differences(expect, &report));
        }
        for (name, counted) in ["dropped", "repeated"].iter().zip(results.counted) {
            if expect.get(*name).is_some_and(|wanted| *wanted != counted) {
                all.push(format!("{counted} {name} instead of {}", expect[*name]));
            }
        }
        if let (Some(wanted), Some(kept)) = (expect.get("kept").and_then(Value::as_u64), results.kept)
            && wanted != kept as u64
        {
            all.push(format!("{kept} users are kept instead of {wanted}"));
        }
        all
    }
}

fn list(expect: &Value, name: &str) -> Vec<Value> {
    expect.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn insert(audiences: &mut Audiences, sets: &serde_json::Map<String, Value>) {
    for (id, users) in sets {
        let users = users.as_array().unwrap().iter().map(|u| u.as_str().unwrap());
        audiences.insert(id, Arc::new(Audience::from_users(users)));
    }
}
