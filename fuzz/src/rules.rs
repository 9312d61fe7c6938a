//! The rules that the fuzzers' bytes meet: every kind of measure in every window, and every operator.

use std::fmt::Write;
use std::sync::{Arc, LazyLock, OnceLock};

use alcedo_engine::{Audience, Audiences, Program, audience_id};
use alcedo_model::Rule;

/// A moment within the windows around publication (Unix ms): 2022-08-10T00:59:59.900Z, shortly before an hour's turn.
pub const BASE: i64 = 1_660_093_199_900;

/// Each kind by its name, on events `a`, `b` and `c` with properties `n` (a number), `v` (anything) and `k`.
const KINDS: &[(&str, &str)] = &[
    ("count", r#""count":{"event":"a"}"#),
    ("sum", r#""sum":{"value":{"prop":"n"},"of":{"event":["a","b"]}}"#),
    ("min", r#""min":{"value":{"mul":[{"prop":"n"},0.5]},"of":{"event":"a"}}"#),
    ("max", r#""max":{"value":{"prop":"n"},"of":{}}"#),
    ("avg", r#""avg":{"value":{"prop":"n"},"of":{"event":"a"}}"#),
    ("first", r#""first":{"value":{"prop":"v"},"of":{"event":"a"}}"#),
    ("last", r#""last":{"value":{"prop":"v"},"of":{"event":"b"}}"#),
    ("top_avg", r#""top":{"value":{"prop":"n"},"of":{},"k":3,"take":"avg"}"#),
    ("top_sum", r#""top":{"value":{"prop":"n"},"of":{"event":"a"},"k":2,"take":"sum"}"#),
    ("top_min", r#""top":{"value":{"prop":"n"},"of":{"event":"b"},"k":2,"take":"min"}"#),
    ("distinct", r#""distinct":{"value":{"prop":"v"},"of":{},"up_to":4}"#),
    ("first_time", r#""first_time":{"event":"b"}"#),
    ("last_time", r#""last_time":{"event":"a"}"#),
    (
        "sequence",
        r#""sequence":{"steps":[{"event":"a"},{"event":"b"},{"event":"a","without":{"event":"c"}}],"within":"25ms"}"#,
    ),
    ("strict", r#""sequence":{"steps":[{"event":"a"},{"event":"b"}],"strict":true}"#),
    (
        "gaps",
        r#""sequence":{"steps":[{"event":"a"},{"event":"b","min_gap":"2ms","max_gap":"9ms"},{"event":["a","c"],"min_gap":"1ms"}]},"max_partials":3"#,
    ),
    ("pairs", r#""pairs":{"from":{"event":"a"},"to":{"event":["b","c"]},"min_gap":"2ms","max_gap":"20ms"}"#),
    ("absence", r#""absence":{"after":{"event":"a"},"no":{"event":"b"},"within":"7ms"},"max_open":3"#),
];

/// Each window by its name. Some bounds are small, so that panes and dropped values come with few events.
const WINDOWS: &[(&str, &str)] = &[
    ("always", r#""window":"always""#),
    (
        "between",
        r#""window":{"between":{"from":"2022-08-10T00:59:59.880Z","to":"2022-08-10T01:00:00.060Z"}}"#,
    ),
    ("before_publish", r#""window":{"before_publish":"1h"}"#),
    ("since_publish", r#""window":"since_publish""#),
    ("across_publish", r#""window":{"across_publish":"1h"}"#),
    ("last", r#""window":{"last":"40ms"}"#),
    ("last_few", r#""window":{"last":"30ms"},"exact_events":2"#),
    ("hour", r#""window":{"calendar":"hour"}"#),
    ("day", r#""window":{"calendar":"day"}"#),
    ("week", r#""window":{"calendar":"week"}"#),
    ("month", r#""window":{"calendar":"month"}"#),
    ("session", r#""window":{"session":"12ms"}"#),
];

/// Kinds whose value is a number that a condition may hold against 2.
const NUMBERS: &[&str] = &["sum", "max", "distinct", "sequence", "strict", "gaps", "pairs", "absence"];

/// A rule whose conditions use every operator, and rules that read a property in every way.
const OPERATORS: &str = include_str!("../rules/operators.json");

/// Which kinds go with which window: no session for an absence.
fn measures(window: &str, by: bool) -> Vec<(String, String)> {
    let text = WINDOWS.iter().find(|(name, _)| *name == window).expect("a window of the list").1;
    let fits = |kind: &str| !(kind == "absence" && window == "session");
    KINDS
        .iter()
        .filter(|(name, _)| fits(name))
        .map(|(name, kind)| {
            let by = if by { r#","by":["k"],"max_keys":2"# } else { "" };
            ((*name).to_owned(), format!("{{{kind},{text}{by}}}"))
        })
        .collect()
}

fn list(measures: &[(String, String)]) -> String {
    measures.iter().map(|(name, measure)| format!("{name:?}:{measure}")).collect::<Vec<_>>().join(",")
}

/// The rules of one window: its measures for the whole user and per value of `k`; judged at an event, at a rise and at
/// a change; with every gate; an absence of the whole user beside correlated measures.
fn of_window(window: &str) -> String {
    let head = r#""revision":1,"published_at":"2022-08-10T00:59:59.950Z","validity":{"from":"2022-08-10T00:00:00Z"},"time_zone":"Asia/Shanghai""#;
    let (whole, by) = (measures(window, false), measures(window, true));
    let any = |all: &[(String, String)]| {
        let two = all.iter().filter(|(name, _)| NUMBERS.contains(&name.as_str()));
        two.map(|(name, _)| format!(r#"{{"eq":[{{"measure":"{name}"}},2]}}"#)).collect::<Vec<_>>().join(",")
    };
    let gates = r#""limits":[{"times":2,"per":"hour"},{"times":3,"per":"day"},{"times":4,"per":"week"},{"times":5,"per":"month"},{"times":6,"per":"life"}],"cooldown":"3ms""#;
    let mut out = String::from("[");
    let _ = write!(
        out,
        r#"{{"id":"whole",{head},"measures":{{{}}},"when":{{"any":[{}]}},{gates}}},"#,
        list(&whole),
        any(&whole)
    );
    let _ = write!(
        out,
        r#"{{"id":"asked",{head},"measures":{{{}}},"trigger":{{"on":{{"event":"c"}}}}}},"#,
        list(&whole)
    );
    let _ =
        write!(out, r#"{{"id":"by",{head},"measures":{{{}}},"when":{{"any":[{}]}}}},"#, list(&by), any(&by));
    let _ = write!(
        out,
        r#"{{"id":"asked-by",{head},"measures":{{{}}},"when":{{"ge":[{{"measure":"count"}},0]}},"trigger":{{"on":{{"event":"c"}}}},"action":{{"x":1}}}},"#,
        list(&by)
    );
    let rise = if window == "session" { "pairs" } else { "absence" };
    let _ =
        write!(out, r#"{{"id":"rise",{head},"measures":{{{}}},"trigger":{{"rise":"{rise}"}}}},"#, list(&by));
    let count = &by[0].1;
    let _ = write!(
        out,
        r#"{{"id":"silent","revision":1,"measures":{{"silent":{{"absence":{{"after":{{"event":"a"}},"no":{{"event":"c"}},"within":"6ms"}}}},"n":{count}}},"published_at":"2022-08-10T00:59:59.950Z","time_zone":"Asia/Shanghai","validity":{{"from":"2022-08-10T00:00:00Z"}},"when":{{"all":[{{"ge":[{{"measure":"silent"}},1]}},{{"ge":[{{"measure":"n"}},1]}}]}}}}]"#
    );
    out
}

/// Sets of rules: one per window, then the one with every operator. Each is a JSON list.
pub fn sets() -> Vec<String> {
    WINDOWS.iter().map(|(name, _)| of_window(name)).chain([OPERATORS.to_owned()]).collect()
}

/// One rule with one measure of each kind, window and correlation: (its name, a JSON list). What a user holds of it
/// means the same under the set of its window.
pub fn single() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for ((window, _), by) in WINDOWS.iter().flat_map(|w| [(w, false), (w, true)]) {
        for (name, measure) in measures(window, by) {
            let rule = format!(
                r#"[{{"id":"whole","revision":1,"published_at":"2022-08-10T00:59:59.950Z","validity":{{"from":"2022-08-10T00:00:00Z"}},"time_zone":"Asia/Shanghai","measures":{{"m":{measure}}},"trigger":{{"on":{{"event":"c"}}}}}}]"#
            );
            all.push((format!("{window}-{name}{}", if by { "-by" } else { "" }), rule));
        }
    }
    all
}

fn parse(rules: &str) -> Vec<Rule> {
    Rule::parse_many(rules)
        .into_iter()
        .map(|rule| rule.unwrap_or_else(|refused| panic!("{:?}: {:?}", refused.id, refused.problems)).rule)
        .collect()
}

/// Compiles a JSON list of rules that are known to be good.
pub fn compile(rules: &str) -> Arc<Program> {
    let mut audiences = Audiences::new();
    let rules = parse(rules);
    for audience in rules.iter().filter_map(|rule| rule.audience.as_ref()) {
        audiences.insert(&audience_id(audience), Arc::new(Audience::from_users(["u", "1", "u1"])));
    }
    Program::compile(&rules, &audiences).unwrap_or_else(|problems| panic!("{problems:?}"))
}

static PROGRAMS: LazyLock<Vec<(String, OnceLock<Arc<Program>>)>> =
    LazyLock::new(|| sets().into_iter().map(|rules| (rules, OnceLock::new())).collect());

/// The compiled set that a byte picks.
pub(crate) fn program(pick: u8) -> Arc<Program> {
    let (rules, compiled) = &PROGRAMS[usize::from(pick) % PROGRAMS.len()];
    Arc::clone(compiled.get_or_init(|| compile(rules)))
}

static MODELS: LazyLock<Vec<Vec<Rule>>> = LazyLock::new(|| sets().iter().map(|rules| parse(rules)).collect());

/// The rules of the set that a byte picks.
pub(crate) fn models(pick: u8) -> &'static [Rule] {
    &MODELS[usize::from(pick) % MODELS.len()]
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_set_and_every_single_rule_compiles() {
        assert_eq!(super::sets().len(), 13);
        for rules in super::sets() {
            super::compile(&rules);
        }
        let single = super::single();
        assert_eq!(single.len(), 2 * (12 * 18 - 1));
        for (_, rules) in single {
            super::compile(&rules);
        }
    }
}
