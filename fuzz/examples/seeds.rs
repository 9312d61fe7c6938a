//! Writes seeds for every target from the golden vectors and from the rules of this crate:
//! `cargo run --release -p alcedo-fuzz --example seeds -- FOLDER` makes `FOLDER/TARGET/*`.
#![allow(clippy::unwrap_used, reason = "a tool for ourselves: a panic says what is wrong")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcedo_engine::{
    Audience, Audiences, Book, Document, Engine, EngineConfig, Order, Outcome, Program, Record, RecordKind,
    Update,
};
use alcedo_fuzz::rules::{self, BASE};
use alcedo_model::Mapping;
use serde_json::Value;

/// Bytes of an envelope before and after its body.
const HEAD: usize = 8;
const TAIL: usize = 4;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/seeds".to_owned()));
    let vectors = json_files("testdata/vectors");
    rule(&folder, &vectors);
    event(&folder, &vectors);
    state(&folder, &vectors);
    audience(&folder);
    jni_batch(&folder, &vectors);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn json_files(under: &str) -> Vec<Value> {
    let entries = std::fs::read_dir(root().join(under)).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    paths.sort();
    paths.iter().map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

fn write(folder: &Path, target: &str, number: usize, parts: &[&[u8]]) {
    let folder = folder.join(target);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("seed-{number:04}")), parts.concat()).unwrap();
}

/// Sets of rules of a vector: at its start and in its updates.
fn sets(vector: &Value) -> Vec<String> {
    let later =
        vector["steps"].as_array().into_iter().flatten().filter_map(|step| step["rules"].get("rules"));
    vector.get("rules").into_iter().chain(later).map(Value::to_string).collect()
}

fn rule(folder: &Path, vectors: &[Value]) {
    let mut texts: Vec<String> =
        json_files("native-core/model/tests/examples").iter().map(Value::to_string).collect();
    for vector in vectors {
        texts.extend(vector["rules"].as_array().into_iter().flatten().map(Value::to_string));
        texts.extend(vector.get("mapping").map(Value::to_string));
        texts.extend(sets(vector));
    }
    texts.extend(rules::single().into_iter().map(|(_, text)| text));
    for (number, text) in texts.iter().enumerate() {
        write(folder, "rule", number, &[text.as_bytes()]);
    }
}

/// The records of a vector, as they come.
fn records(vector: &Value) -> Vec<String> {
    let text = |step: &Value| match (step.get("event"), step.get("raw")) {
        (Some(event), _) => Some(event.to_string()),
        (_, raw) => raw.and_then(Value::as_str).map(str::to_owned),
    };
    vector["steps"].as_array().into_iter().flatten().filter_map(text).collect()
}

/// A stream that fills measures of every kind: (type, time, record). Times cross the hour, values and keys change.
fn stream(seed: u64) -> Vec<(i64, String)> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut time = BASE - 30;
    let values = [
        "1",
        "1.5",
        "-2",
        "true",
        "\"x\"",
        "null",
        "9223372036854775807",
        "1e300",
        "[1,\"a\"]",
        "\"éa\"",
        "\"a long text, longer than what is kept as it is: sixty-four bytes are\"",
    ];
    (0..24)
        .map(|_| {
            time += draw(12) as i64;
            let mut value = || values[draw(values.len() as u64) as usize];
            let (n, v, x, y) = (value(), value(), value(), value());
            let (kind, k) = (["a", "a", "b", "c"][draw(4) as usize], draw(3));
            let record = format!(
                r#"{{"user":"u{}","type":"{kind}","time":{time},"id":{time},"n":{n},"v":{v},"k":{k},"x":{x},"y":{y},"l":[{x},{y}],"o":{{"p":{{"q":{v}}}}},"a.b":{{"c":{n}}}}}"#,
                draw(2)
            );
            (time, record)
        })
        .collect()
}

fn event(folder: &Path, vectors: &[Value]) {
    let mut number = 0;
    let mut add = |parts: &[&[u8]]| {
        write(folder, "event", number, parts);
        number += 1;
    };
    for vector in vectors {
        // The last set has every operator; the mapping that a vector names is the second.
        let mapping = u8::from(vector.get("mapping").is_some());
        add(&[&[12, mapping], records(vector).join("\n").as_bytes()]);
    }
    for pick in 0..rules::sets().len() as u8 {
        for seed in 0..3 {
            let lines: Vec<String> =
                stream(u64::from(pick) * 3 + seed).into_iter().map(|(_, line)| line).collect();
            add(&[&[pick, 0], lines.join("\n").as_bytes()]);
        }
    }
    let strange = r#"{"uid":7,"evt":{"name":"a"},"ts":1660093199.9,"eid":[1],"p":{"n":1}}"#;
    add(&[&[0, 1], strange.as_bytes()]);
    add(&[&[12, 2], br#"{"a":"2022-08-10T00:59:59.900Z","a":{"b":"2022-08-10T00:59:59.900Z"}}"#]);
    add(&[&[12, 3], br#"{"x":"a","x.y":{"z":1660093199900000.5}}"#]);
    add(&[&[12, 8], br#"{"user":"u","type":"a","time":1660093199900,"x":[[[[[[1e5]]]]]]}"#]);
}

fn config() -> EngineConfig {
    EngineConfig {
        order: Order::Ordered,
        mapping: Mapping::default(),
        until: None,
        mappings: Vec::new(),
        cache_bytes: 64 << 20,
        cache_users: 10,
        dirty_users: 10,
        dedupe: 3,
    }
}

/// What one user holds after these records of a stream, those after the watermark waiting.
fn held(program: &Arc<Program>, lines: &[(i64, String)], watermark: i64) -> Option<Vec<u8>> {
    let mut engine = Engine::new(config(), Arc::clone(program), i64::MIN);
    let record = |(position, (time, raw)): (usize, &(i64, String))| -> Record<'static> {
        let raw: &'static str = Box::leak(raw.clone().into_boxed_str());
        Record {
            kind: RecordKind::Event,
            user: "u",
            time: *time,
            partition: 0,
            position: position as i64,
            raw: raw.as_bytes(),
        }
    };
    engine.begin(lines.iter().enumerate().map(record)).unwrap();
    while let Some(outcome) = engine.next_outcome() {
        if let Outcome::Need { token, .. } = outcome {
            engine.supply(token, None).unwrap();
        }
    }
    engine.evaluate().unwrap();
    while !engine.advance(watermark).unwrap() {}
    engine.write_back(usize::MAX);
    let mut state = None;
    while let Some(outcome) = engine.next_outcome() {
        if let Outcome::Store { state: stored, .. } = outcome {
            state = stored;
        }
    }
    state
}

fn state(folder: &Path, vectors: &[Value]) {
    let mut number = 0;
    let mut add = |parts: &[&[u8]]| {
        write(folder, "state", number, parts);
        number += 1;
    };
    let steps = [3, 34, 69, 131, 2, 192, 16, 99];
    let body = |bytes: &[u8]| bytes[HEAD..bytes.len() - TAIL].to_vec();
    // Singles stand in the order of the windows, so their set is the one of their place.
    let singles = rules::single();
    let mut window = (String::new(), 0u8);
    for (seed, (name, rules)) in singles.iter().enumerate() {
        let of = name.split('-').next().unwrap_or_default();
        if of != window.0 {
            window = (of.to_owned(), if window.0.is_empty() { 0 } else { window.1 + 1 });
        }
        let program = rules::compile(rules);
        let lines = stream(seed as u64);
        if let Some(state) = held(&program, &lines, lines[20].0) {
            add(&[&[0, window.1], &steps, &body(&state)]);
        }
    }
    for (pick, rules) in rules::sets().iter().enumerate() {
        let lines = stream(pick as u64);
        if let Some(state) = held(&rules::compile(rules), &lines[..12], lines[8].0) {
            add(&[&[0, pick as u8], &steps, &body(&state)]);
            add(&[&[1, pick as u8], &steps, &state]);
        }
    }
    for set in vectors.iter().flat_map(sets) {
        let mut book = Book::new();
        let documents = vec![Document { source: "vector".to_owned(), text: set }];
        book.apply(&Update { complete: true, documents }, &Audiences::new(), Some(BASE));
        add(&[&[2, 0], &steps, &body(&book.encode())]);
        add(&[&[3, 0], &steps, &book.encode()]);
    }
}

fn audience(folder: &Path) {
    let dense: Vec<String> = (0..70_000).map(|n: u64| n.to_string()).collect();
    let sparse: Vec<String> = (0..40).map(|n: u64| (n * 0x0123_4567_89ab).to_string()).collect();
    let halves: Vec<String> = (0..12_000).map(|n: u64| (n * 2).to_string()).collect();
    let names: Vec<String> = (0..9).map(|n| format!("u{n}")).collect();
    let sets: [&[String]; 7] = [
        &[],
        &dense,
        &sparse,
        &halves,
        &names,
        &names[..1],
        &["0".to_owned(), u64::MAX.to_string(), "x".to_owned()],
    ];
    for (number, users) in sets.iter().enumerate() {
        let bytes = Audience::from_users(users.iter().map(String::as_str)).encode();
        write(folder, "audience", 2 * number, &[&[0], &bytes]);
        // Behind magic and length: the bitmap, the count of hashes, the hashes, the checksum.
        let bitmap = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
        let hashes = &bytes[8 + bitmap + 8..bytes.len() - 8];
        let count = (hashes.len() as u16 / 8).to_le_bytes();
        write(folder, "audience", 2 * number + 1, &[&[1], &count, &bytes[8..8 + bitmap], hashes]);
    }
}

fn jni_batch(folder: &Path, vectors: &[Value]) {
    let mut number = 0;
    let mut add = |parts: &[&[u8]]| {
        write(folder, "jni_batch", number, parts);
        number += 1;
    };
    let record = |kind: u8, user: &str, time: i64, position: i64, raw: &str| {
        let mut out = vec![kind];
        out.extend_from_slice(&(user.len() as u16).to_le_bytes());
        out.extend_from_slice(&time.to_le_bytes());
        out.extend_from_slice(&0i32.to_le_bytes());
        out.extend_from_slice(&position.to_le_bytes());
        out.extend_from_slice(&(raw.len() as u32).to_le_bytes());
        out.extend_from_slice(user.as_bytes());
        out.extend_from_slice(raw.as_bytes());
        out
    };
    let batch = |lines: &[(i64, String)]| -> Vec<u8> {
        let of = |(n, (time, raw)): (usize, &(i64, String))| {
            record(1, ["u", "v", "w"][n % 3], *time, n as i64, raw)
        };
        lines.iter().enumerate().flat_map(of).collect()
    };
    for pick in 0..rules::sets().len() as u8 {
        let mut bytes = batch(&stream(u64::from(pick)));
        bytes.extend(record(2, "u", BASE + 40, 0, ""));
        add(&[&[0, pick], &bytes]);
        add(&[&[0, pick + 13 * 10], &bytes]);
    }
    for vector in vectors {
        let lines: Vec<(i64, String)> =
            records(vector).into_iter().enumerate().map(|(n, raw)| (BASE + n as i64, raw)).collect();
        add(&[&[0, 12], &batch(&lines)]);
        for (n, set) in sets(vector).into_iter().enumerate() {
            let mut bytes = vec![u8::from(n == 0)];
            bytes.extend_from_slice(&(if n == 0 { i64::MIN } else { BASE }).to_le_bytes());
            bytes.extend_from_slice(&1u32.to_le_bytes());
            bytes.extend_from_slice(&6u16.to_le_bytes());
            bytes.extend_from_slice(b"vector");
            bytes.extend_from_slice(&(set.len() as u32).to_le_bytes());
            bytes.extend_from_slice(set.as_bytes());
            add(&[&[2, 0], &bytes]);
        }
    }
    for (pick, rules) in rules::sets().iter().enumerate() {
        let lines = stream(pick as u64);
        let state = held(&rules::compile(rules), &lines, lines[10].0).unwrap_or_default();
        let answer = |token: u32, state: Option<&[u8]>| {
            let mut out = token.to_le_bytes().to_vec();
            out.push(u8::from(state.is_some()));
            let state = state.unwrap_or_default();
            out.extend_from_slice(&(state.len() as u32).to_le_bytes());
            out.extend_from_slice(state);
            out
        };
        add(&[&[1, pick as u8], &answer(0, Some(&state)), &answer(1, None)]);
    }
    add(&[&[3, 0], &[2, 0, b'u', b'1', 1, 0, b'7', 3, 0, 0xe6, 0x9e, 0x97]]);
}
