//! Samples of released state bytes: what a job's snapshot held, and what must come of it. See testdata/state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use alcedo_engine::{Book, Engine, FORMAT, Update};
use serde_json::{Value, json};

use super::{Host, Line, Results, Shape, Vector, insert};

/// What survives a job: the rules it knew, users' states, timers, the watermark.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub book: Vec<u8>,
    pub users: BTreeMap<String, Vec<u8>>,
    pub timers: BTreeSet<(i64, String)>,
    pub watermark: i64,
}

/// A vector that is cut: its state before the step `cut`, and the matches that come from there on.
pub struct Sample {
    pub vector: Vector,
    pub format: u8,
    pub snapshot: Snapshot,
    pub matches: Vec<Value>,
}

const SHAPE: Shape = Shape { batch: 1000, cache_users: 1000, dirty_users: 1000, restart_every: 0 };

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}

pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/state"))
}

/// Every sample of every format.
pub fn samples() -> Vec<Sample> {
    let sub = |path: PathBuf| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let formats = sub(folder()).filter(|path| path.is_dir() && !path.ends_with("refused"));
    let files = formats.flat_map(sub).filter(|path| path.extension().is_some_and(|e| e == "json"));
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    files
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            let sample = Sample::read(name, json);
            assert!(path.parent().unwrap().ends_with(format!("v{}", sample.format)), "{}", path.display());
            sample
        })
        .collect()
}

impl Sample {
    pub fn read(name: String, json: Value) -> Self {
        let held = &json["held"];
        let users = held["users"].as_object().unwrap();
        let timers = users.iter().flat_map(|(user, held)| {
            let timers = held["timers"].as_array().unwrap();
            timers.iter().map(|time| (time.as_i64().unwrap(), user.clone()))
        });
        let snapshot = Snapshot {
            book: unhex(held["book"].as_str().unwrap()),
            users: users
                .iter()
                .map(|(u, held)| (u.clone(), unhex(held["state"].as_str().unwrap())))
                .collect(),
            timers: timers.collect(),
            watermark: held["watermark"].as_i64().unwrap_or(i64::MIN),
        };
        let format = json["format"].as_u64().unwrap() as u8;
        let matches = json["matches"].as_array().unwrap().clone();
        Sample { vector: Vector { name, json }, format, snapshot, matches }
    }

    /// A job that begins with this snapshot.
    pub fn restore(&self, snapshot: &Snapshot) -> Host {
        self.vector.restored(snapshot)
    }

    /// What comes of a snapshot with the steps after the cut.
    pub fn go_on(&self, snapshot: &Snapshot) -> Vec<Value> {
        let mut host = self.restore(snapshot);
        self.vector.steps_from(&mut host, self.vector.cut());
        sorted(host.results)
    }
}

impl Vector {
    fn cut(&self) -> usize {
        self.json["cut"].as_u64().unwrap() as usize
    }

    fn host(&self) -> Host {
        let mut host = Host::new(self.order(), self.mapping(), self.until(), SHAPE);
        host.dedupe(self.dedupe());
        host.audiences = self.audiences();
        host
    }

    /// The steps from `first` on, up to the cut or the end.
    fn steps_from(&self, host: &mut Host, first: usize) {
        let lines: BTreeMap<usize, Option<Line>> = self.lines(&mut Results::default());
        let last = if first == 0 { self.cut() } else { self.steps().len() };
        for at in first..last {
            self.step(host, &self.steps()[at], lines.get(&at).cloned().flatten());
        }
        host.flush();
    }

    fn restored(&self, snapshot: &Snapshot) -> Host {
        let mut host = self.host();
        for sets in self.steps()[..self.cut()].iter().filter_map(|s| s.get("audience")?.as_object()) {
            insert(&mut host.audiences, sets);
        }
        host.book = Book::decode(&snapshot.book).unwrap();
        host.book.apply(&Update::default(), &host.audiences, None);
        host.watermark = snapshot.watermark;
        host.engine = Engine::new(host.config.clone(), host.book.program(), snapshot.watermark);
        (host.store, host.timers) = (snapshot.users.clone(), snapshot.timers.clone());
        host
    }

    /// Makes a sample of a vector with a `cut`: the snapshot there, and what the same job, never stopped, tells after.
    pub fn sampled(self) -> Sample {
        let mut host = self.host();
        host.apply(&Update { complete: true, documents: super::documents(&self.json["rules"]) });
        self.steps_from(&mut host, 0);
        let snapshot = host.snapshot();
        host.results.matches.clear();
        self.steps_from(&mut host, self.cut());
        let matches = sorted(host.results);
        let timers = |user: &str| -> Vec<i64> {
            snapshot.timers.iter().filter(|(_, whose)| whose == user).map(|(time, _)| *time).collect()
        };
        let user = |(user, state): (&String, &Vec<u8>)| {
            (user.clone(), json!({"state": hex(state), "timers": timers(user)}))
        };
        let users: serde_json::Map<String, Value> = snapshot.users.iter().map(user).collect();
        let watermark = Some(snapshot.watermark).filter(|w| *w != i64::MIN);
        let mut json = self.json;
        json["format"] = FORMAT.into();
        json["held"] = json!({"book": hex(&snapshot.book), "users": users, "watermark": watermark});
        json["matches"] = matches.into();
        Sample::read(self.name, json)
    }
}

impl Host {
    /// What is left if the job stops here.
    pub fn snapshot(&mut self) -> Snapshot {
        self.flush();
        while self.engine.write_back(100) > 0 {
            self.obey();
        }
        self.obey();
        Snapshot {
            book: self.book.encode(),
            users: self.store.clone(),
            timers: self.timers.clone(),
            watermark: self.watermark,
        }
    }

    /// Brings everyone into memory, and nobody to another time.
    pub fn look_at_all(&mut self) {
        let users: Vec<String> = self.store.keys().cloned().collect();
        let touches: Vec<alcedo_engine::Record<'_>> = users
            .iter()
            .map(|user| alcedo_engine::Record {
                kind: alcedo_engine::RecordKind::Touch,
                user,
                time: i64::MIN,
                partition: 0,
                position: 0,
                raw: b"",
            })
            .collect();
        self.send(&touches);
    }
}

fn sorted(mut results: Results) -> Vec<Value> {
    results.matches.sort_by_key(|m| (m.time, m.user.clone(), m.rule.clone(), m.occurrence));
    results.matches.iter().map(|m| serde_json::to_value(m).unwrap()).collect()
}
