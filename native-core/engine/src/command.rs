//! Commands: what whoever runs a job asks for one user. Read here, carried out in `engine/commands.rs`.
//!
//! ```json
//! {"id": "c-17", "by": "ops@shop", "why": "request 4711", "user": "u1", "command": "erase"}
//! {"id": "c-18", "by": "ops@shop", "user": "u1", "command": "reset", "rule": "r4"}
//! {"id": "c-19", "by": "ops@shop", "user": "u1", "command": "reset", "rules": "all"}
//! {"id": "c-20", "by": "ops@shop", "user": "u1", "command": "repair", "state": "oc4BAQ.."}
//! {"id": "s-21", "by": "history", "user": "u1", "command": "seed", "rule": "r4", "revision": 2, "cut": 1660000000000,
//!  "state": "oc4BAQ.."}
//! ```
//!
//! Invariant: a command that is not understood whole is refused whole. A misspelt field must not turn the reset of one
//! rule into the reset of all.

use std::num::NonZeroU64;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::error::Category;

use crate::extract::{MAX_RECORD, MAX_USER, without_mark};

/// Longest id of a command, and longest name of who asks, bytes.
pub const MAX_COMMAND_ID: usize = 128;
/// Longest reason that is given for a command, bytes.
const MAX_WHY: usize = 1024;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// These bytes are the user's state from now on; none: the state that there is, written and timed anew.
    Repair(Option<Vec<u8>>),
    /// What was measured and judged goes, of one rule or of all.
    Reset(Option<String>),
    /// All that is held goes.
    Erase,
    /// What history holds of this rule's measures up to a cut is to be put beneath what came since.
    Seed(String),
}

/// One command, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) id: String,
    pub(crate) by: String,
    pub(crate) why: Option<String>,
    pub(crate) user: String,
    pub(crate) task: Task,
}

/// Why a command is not carried out: a stable word, and what is wrong in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: &'static str,
    pub(crate) detail: String,
}

pub(crate) fn refusal(reason: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal { reason, detail: detail.into() }
}

/// What a source learns of one raw command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandFound {
    /// A command that is understood.
    Command {
        /// For whom.
        user: String,
        /// Its id, 1 to 128 bytes.
        id: String,
    },
    /// Nothing but white space.
    Blank,
    /// It is not understood; a stable word says why.
    Bad(&'static str),
}

/// Finds user and id of a raw command, or why it is bad. Hosts call it in their sources.
pub fn extract_command(raw: &[u8]) -> CommandFound {
    if raw.len() <= MAX_RECORD && without_mark(raw).iter().all(u8::is_ascii_whitespace) {
        return CommandFound::Blank;
    }
    match Command::parse(raw) {
        Ok(Command { user, id, .. }) => CommandFound::Command { user, id },
        Err(refused) => CommandFound::Bad(refused.reason),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    by: String,
    why: Option<String>,
    user: UserName,
    command: Word,
    rule: Option<String>,
    rules: Option<All>,
    revision: Option<NonZeroU64>,
    /// Unix ms.
    cut: Option<i64>,
    state: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum UserName {
    Text(String),
    /// Its decimal form, as in events.
    Number(i64),
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Word {
    Repair,
    Reset,
    Erase,
    Seed,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum All {
    All,
}

impl Command {
    pub(crate) fn parse(raw: &[u8]) -> Result<Command, Refusal> {
        if raw.len() > MAX_RECORD {
            let why = format!("{} bytes, the limit is {MAX_RECORD}", raw.len());
            return Err(refusal("command_too_large", why));
        }
        let written: Written = serde_json::from_slice(without_mark(raw)).map_err(|e| {
            let reason =
                if e.classify() == Category::Data { "command_not_understood" } else { "command_not_json" };
            refusal(reason, e.to_string())
        })?;
        let task = written.task()?;
        let user = match written.user {
            UserName::Text(text) => text,
            UserName::Number(number) => number.to_string(),
        };
        bounded("user", &user, 1, MAX_USER)?;
        bounded("id", &written.id, 1, MAX_COMMAND_ID)?;
        bounded("by", &written.by, 1, MAX_COMMAND_ID)?;
        bounded("why", written.why.as_deref().unwrap_or_default(), 0, MAX_WHY)?;
        Ok(Command { id: written.id, by: written.by, why: written.why, user, task })
    }
}

impl Written {
    fn task(&self) -> Result<Task, Refusal> {
        let wrong = |why: &str| Err(refusal("command_not_understood", why));
        let seed = self.command == Word::Seed;
        if self.state.is_some() && !seed && self.command != Word::Repair {
            return wrong("`state` belongs to `repair` and `seed`");
        }
        if self.rules.is_some() && self.command != Word::Reset {
            return wrong("`rules` belongs to `reset`");
        }
        if self.rule.is_some() && !seed && self.command != Word::Reset {
            return wrong("`rule` belongs to `reset` and `seed`");
        }
        if (self.revision.is_some() || self.cut.is_some()) && !seed {
            return wrong("`revision` and `cut` belong to `seed`");
        }
        match (&self.command, &self.rule, self.rules) {
            (Word::Reset, Some(rule), None) => Ok(Task::Reset(Some(rule.clone()))),
            (Word::Reset, None, Some(All::All)) => Ok(Task::Reset(None)),
            (Word::Reset, ..) => wrong("`reset` takes either `rule` with an id, or `rules` with \"all\""),
            (Word::Erase, ..) => Ok(Task::Erase),
            (Word::Repair, ..) => self.bytes().map(Task::Repair),
            (Word::Seed, Some(rule), _) => match (self.revision, self.cut, self.bytes()?) {
                (Some(_), Some(_), Some(_)) => Ok(Task::Seed(rule.clone())),
                _ => wrong("`seed` takes `revision`, `cut` and `state`"),
            },
            (Word::Seed, ..) => wrong("`seed` takes `rule`"),
        }
    }

    /// Those of `state`.
    fn bytes(&self) -> Result<Option<Vec<u8>>, Refusal> {
        let bytes = self.state.as_ref().map(|text| STANDARD.decode(text)).transpose();
        bytes.map_err(|e| refusal("command_state", format!("`state` is not base64: {e}")))
    }
}

fn bounded(field: &str, text: &str, least: usize, most: usize) -> Result<(), Refusal> {
    if (least..=most).contains(&text.len()) {
        return Ok(());
    }
    let why = format!("`{field}` has {} bytes, {least} to {most} are allowed", text.len());
    Err(refusal("command_not_understood", why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(more: &str) -> Result<Command, Refusal> {
        Command::parse(format!(r#"{{"id":"c1","by":"ops","user":"u1",{more}}}"#).as_bytes())
    }

    #[test]
    fn each_command_says_what_it_wants() {
        assert_eq!(parse(r#""command":"erase""#).map(|c| c.task), Ok(Task::Erase));
        let marked = "\u{feff}{\"id\":\"c1\",\"by\":\"ops\",\"user\":\"u1\",\"command\":\"erase\"}";
        assert_eq!(Command::parse(marked.as_bytes()).map(|c| c.task), Ok(Task::Erase));
        assert_eq!(
            parse(r#""command":"reset","rule":"r"#.to_owned().as_str()).map_err(|r| r.reason),
            Err("command_not_json")
        );
        let one = parse(r#""command":"reset","rule":"r","why":"asked""#).unwrap();
        assert_eq!((one.task, one.why.as_deref()), (Task::Reset(Some("r".into())), Some("asked")));
        assert_eq!(parse(r#""command":"reset","rules":"all""#).map(|c| c.task), Ok(Task::Reset(None)));
        assert_eq!(parse(r#""command":"repair""#).map(|c| c.task), Ok(Task::Repair(None)));
        let bytes = parse(r#""command":"repair","state":"oc4B""#).unwrap();
        assert_eq!(bytes.task, Task::Repair(Some(vec![0xa1, 0xce, 0x01])));
        let seed = parse(r#""command":"seed","rule":"r","revision":2,"cut":5,"state":"oc4B""#);
        assert_eq!(seed.map(|c| c.task), Ok(Task::Seed("r".into())));
    }

    #[test]
    fn what_is_not_understood_whole_is_refused_whole() {
        for more in [
            r#""command":"reset""#,
            r#""command":"reset","rule":"r","rules":"all""#,
            r#""command":"reset","rules":"al""#,
            r#""command":"reset","rule":null"#,
            r#""command":"reset","ruel":"r","rules":"all""#,
            r#""command":"erase","rule":"r""#,
            r#""command":"erase","state":"oc4B""#,
            r#""command":"erase","cut":5"#,
            r#""command":"seed","revision":2,"cut":5,"state":"oc4B""#,
            r#""command":"seed","rule":"r","cut":5,"state":"oc4B""#,
            r#""command":"seed","rule":"r","revision":0,"cut":5,"state":"oc4B""#,
            r#""command":"seed","rule":"r","revision":2,"state":"oc4B""#,
            r#""command":"seed","rule":"r","revision":2,"cut":5"#,
            r#""command":"seed","rule":"r","rules":"all","revision":2,"cut":5,"state":"oc4B""#,
            r#""command":"drop""#,
            r#""command":"erase","command":"erase""#,
            r#""comand":"erase""#,
        ] {
            assert_eq!(parse(more).map_err(|r| r.reason), Err("command_not_understood"), "{more}");
        }
        assert_eq!(parse(r#""command":"repair","state":"%""#).map_err(|r| r.reason), Err("command_state"));
    }

    #[test]
    fn users_are_named_as_in_events_and_texts_are_bounded() {
        let number = br#"{"id":"c","by":"o","user":7,"command":"erase"}"#;
        assert_eq!(extract_command(number), CommandFound::Command { user: "7".into(), id: "c".into() });
        assert_eq!(extract_command(b" \n"), CommandFound::Blank);
        let long = "x".repeat(129);
        for (field, value) in [("user", ""), ("user", &long), ("id", ""), ("id", &long), ("by", "")] {
            let mut all = serde_json::json!({"id": "c", "by": "o", "user": "u", "command": "erase"});
            all[field] = value.into();
            let found = extract_command(all.to_string().as_bytes());
            assert_eq!(found, CommandFound::Bad("command_not_understood"), "{field} {value}");
        }
        assert_eq!(extract_command(&[b' '; MAX_RECORD + 1]), CommandFound::Bad("command_too_large"));
        assert_eq!(extract_command(b"[]"), CommandFound::Bad("command_not_understood"));
    }
}
