//! The shop: a mix of rules and a stream of events, the same on every machine.
//!
//! Each rule takes in about one event of a hundred, whatever the number of rules: so twice the rules are twice the
//! work that an event truly asks for. [`Shop::rules`] says which kinds there are and in what shares. An event is JSON of
//! about 200 bytes; its user is drawn evenly from all, which is the worst for a cache. Nothing here is random: numbers
//! come from a counter (splitmix64).

#![allow(dead_code, unreachable_pub, missing_docs)] // each program uses its part of it

pub mod host;

use std::fmt::Write as _;
use std::time::Duration;

use alcedo_engine::{Audience, Audiences};
use alcedo_model::Rule;
use serde_json::{Value, json};

/// First event, Unix ms: 2024-03-01T00:00:00Z.
pub const BEGIN: i64 = 1_709_251_200_000;
/// A user does something every six hours.
const PAUSE: i64 = 6 * 3_600_000;
/// Event types; one rule in the mix listens to one of them, to 10 or 20 of them, or to all.
const TYPES: u64 = 100;
const CATEGORIES: u64 = 20;
const WORDS: u64 = 300;
const AUDIENCES: u64 = 10;

/// The n-th number of a sequence without repeats (splitmix64).
pub fn number(n: u64) -> u64 {
    let n = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// The n-th word: three syllables, so that no word is part of another.
fn word(n: u64) -> String {
    const SYLLABLES: [&str; 10] = ["ka", "lo", "mi", "ne", "pu", "ra", "se", "ti", "vo", "zu"];
    [n / 100, n / 10, n].map(|digit| SYLLABLES[(digit % 10) as usize]).concat()
}

/// Time that this thread has spent on a core: others on the same machine take none of it.
pub fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

/// What the rules and the events agree on.
#[derive(Debug, Clone, Copy)]
pub struct Shop {
    pub users: u64,
}

impl Shop {
    /// The first `count` rules of the mix. Of twenty rules in a row, by what they listen to: 8 to one event type, 5 to one
    /// category in 20 types, 3 to dear things in 10 types, 2 to a word in the title, 1 to a regular expression over
    /// the title, 1 to a list of cities with a price in 10 types.
    pub fn rules(self, count: u64) -> Vec<Rule> {
        (0..count).map(|n| serde_json::from_value(rule(n)).unwrap()).collect()
    }

    /// Half of the users are in each audience.
    pub fn audiences(self) -> Audiences {
        let mut all = Audiences::default();
        for audience in 0..AUDIENCES {
            let members =
                (0..self.users).filter(|user| number(user * AUDIENCES + audience).is_multiple_of(2));
            let names: Vec<String> = members.map(user_name).collect();
            all.insert(
                &audience_name(audience),
                Audience::from_users(names.iter().map(String::as_str)).into(),
            );
        }
        all
    }

    /// The n-th event: its user, its time (Unix ms), and its JSON in `out`.
    pub fn event(self, n: u64, out: &mut String) -> (u64, i64) {
        let draw = |what: u64| number(n * 16 + what);
        let user = draw(0) % self.users;
        let time = self.time(n);
        out.clear();
        // Writing into a text does not fail.
        let _ = write!(
            out,
            r#"{{"user":"{}","type":"t{:02}","time":{time},"id":"{:016x}","item":"i{}","category":"c{:02}","price":{}.{:02},"quantity":{},"title":"{} {} {}","city":"city{:02}","channel":"app","member":{}}}"#,
            user_name(user),
            draw(1) % TYPES,
            draw(2),
            draw(3) % 10_000,
            draw(4) % CATEGORIES,
            draw(5) % 1000,
            draw(6) % 100,
            draw(7) % 5 + 1,
            word(draw(8) % 100),
            word(draw(9) % WORDS),
            word(draw(10) % WORDS),
            draw(11) % 50,
            draw(12) % 2 == 0,
        );
        (user, time)
    }

    pub fn time(self, n: u64) -> i64 {
        BEGIN + (n as i128 * i128::from(PAUSE) / i128::from(self.users)) as i64
    }
}

pub fn user_name(user: u64) -> String {
    format!("u{user:07}")
}

fn audience_name(audience: u64) -> String {
    format!("segment-{audience}")
}

fn rule(n: u64) -> Value {
    let draw = |what: u64| number(n * 16 + 7_000_000_000 + what);
    let types = |count: u64| -> Vec<String> {
        let first = draw(0) % TYPES;
        (0..count).map(|at| format!("t{:02}", (first + at) % TYPES)).collect()
    };
    let prop = |name: &str| json!({ "prop": name });
    let dear = |percent: u64| json!({"ge": [prop("price"), 1000 - 10 * percent]});
    let pattern = match [0, 1, 0, 2, 0, 1, 3, 0, 1, 2, 0, 4, 1, 0, 5, 0, 2, 3, 1, 0][(n % 20) as usize] {
        0 => json!({"event": format!("t{:02}", draw(0) % TYPES)}),
        1 => {
            let category = format!("c{:02}", draw(1) % CATEGORIES);
            json!({"event": types(20), "where": {"eq": [prop("category"), category]}})
        }
        2 => json!({"event": types(10), "where": dear(draw(1) % 20 + 1)}),
        3 => json!({"where": {"contains": [prop("title"), word(draw(1) % WORDS)]}}),
        4 => json!({"where": {"matches": [prop("title"), format!("^{} ", word(draw(1) % 100))]}}),
        _ => {
            let cities: Vec<String> = (0..10).map(|at| format!("city{:02}", (draw(1) + at) % 50)).collect();
            json!({"event": types(10), "where": {"all": [{"in": [prop("city"), cities]}, dear(50)]}})
        }
    };
    let (measure, above) = measure(&draw, &pattern);
    let mut rule = json!({
        "id": format!("rule-{n:05}"), "revision": 1, "published_at": "2024-03-01T00:00:00Z",
        "time_zone": "Asia/Shanghai", "measures": {"m": measure},
        "when": {"ge": [{"measure": "m"}, above]},
        "limits": [{"times": 3, "per": "day"}],
        "action": {"channel": "popup"},
    });
    let edges = draw(5) % 10;
    if edges < 2 {
        rule["trigger"] = json!({"on": pattern});
    } else if edges == 2 && rule["measures"]["m"]["count"].is_object() {
        rule["trigger"] = json!({"rise": "m"});
    }
    if draw(6).is_multiple_of(5) {
        rule["audience"] = json!({"id": audience_name(draw(7) % AUDIENCES)});
    }
    if draw(8).is_multiple_of(3) {
        rule["cooldown"] = json!("6h");
    }
    rule
}

/// A measure, and what the condition compares it with. Of a hundred: 45 counts (5 of them by item), 12 sums, means and
/// maxima, 8 counts of the day, 8 distinct, 2 counts of the session, 12 sequences, 5 pairs, 8 absences.
fn measure(draw: &dyn Fn(u64) -> u64, pattern: &Value) -> (Value, u64) {
    let last = ["6h", "1d", "3d", "7d"][(draw(3) % 4) as usize];
    let price = || json!({"value": {"prop": "price"}, "of": pattern});
    let then = json!({"event": format!("t{:02}", draw(9) % TYPES)});
    let sliding = |mut measure: Value| {
        measure["window"] = json!({ "last": last });
        measure
    };
    match draw(2) % 100 {
        0..40 => (sliding(json!({ "count": pattern })), draw(4) % 5 + 2),
        40..45 => {
            let mut by_item = sliding(json!({ "count": pattern }));
            by_item["by"] = json!(["item"]);
            (by_item, 2)
        }
        45..49 => (sliding(json!({ "sum": price() })), 3000),
        49..53 => (sliding(json!({ "max": price() })), 990),
        53..57 => (sliding(json!({ "avg": price() })), 900),
        57..65 => (json!({"count": pattern, "window": {"calendar": "day"}}), 3),
        65..73 => {
            let of = json!({"value": {"prop": "item"}, "of": pattern, "up_to": 10});
            (sliding(json!({ "distinct": of })), 4)
        }
        73..75 => (json!({"count": pattern, "window": {"session": "30m"}}), 3),
        75..87 => {
            let steps = json!({"steps": [pattern, then], "within": "1d"});
            (sliding(json!({ "sequence": steps })), 1)
        }
        87..92 => {
            let of = json!({"from": pattern, "to": then, "max_gap": "1d"});
            (sliding(json!({ "pairs": of })), 1)
        }
        _ => {
            let of = json!({"after": pattern, "no": then, "within": "15m"});
            (sliding(json!({ "absence": of })), 5)
        }
    }
}
