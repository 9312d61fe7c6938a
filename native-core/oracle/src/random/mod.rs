//! Random rules over random logs. A case is drawn from one number, so that number repeats it.
//!
//! Most rules that come out are legal; one that the model refuses is drawn again ([`Case::refused`] counts them).

mod conditions;
mod draw;
mod moments;
mod patterns;
mod records;
mod rules;
mod shrink;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use alcedo_model::{Match, Rule};
use serde_json::{Value as Json, json};

pub use draw::Draw;
pub use shrink::shrink;

use crate::{End, Event, World};

/// What a case is mostly about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    /// A bit of everything.
    Mixed,
    /// Many events, few correlation values, tight bounds.
    Dense,
    /// Calendars, limits, validities.
    Calendar,
    /// Predicates and values.
    Values,
    /// Many rules, users and events at once.
    Crowd,
}

/// Rules and a log.
#[derive(Debug, Clone)]
pub struct Case {
    /// Rules as JSON, all of them legal.
    pub rules: Vec<Json>,
    /// Events as JSON, in the order of the source.
    pub records: Vec<Json>,
    /// Members delivered under an audience's id.
    pub members: BTreeMap<String, BTreeSet<String>>,
    /// Tags by user.
    pub tags: BTreeMap<String, Json>,
    /// How the input ends.
    pub end: End,
    /// How many ids of a user are looked back at for repeats.
    pub dedupe: usize,
    /// Rules that were drawn and thrown away.
    pub refused: usize,
}

impl Case {
    /// The case of that number.
    pub fn drawn(number: u64) -> Case {
        let mut draw = Draw::new(number);
        let themes = [Theme::Mixed, Theme::Mixed, Theme::Dense, Theme::Calendar, Theme::Values];
        let theme = if draw.below(400) == 0 { Theme::Crowd } else { *draw.of(&themes) };
        let setting = Setting::drawn(&mut draw, theme);
        let mut case = Case {
            rules: Vec::new(),
            records: records::drawn(&mut draw, &setting),
            members: BTreeMap::new(),
            tags: BTreeMap::new(),
            end: End::Fire,
            dedupe: if draw.chance(15) { 1 + draw.below(4) } else { 0 },
            refused: 0,
        };
        case.people(&mut draw, &setting);
        case.end = match draw.below(10) {
            0..2 => End::Hold,
            2..4 => End::Until(setting.moment(&mut draw)),
            _ => End::Fire,
        };
        let mut pool = Vec::new();
        let rules = if theme == Theme::Crowd { 15 } else { 1 + draw.below(3) };
        for index in 0..rules {
            let drawn = (0..30).find_map(|_| {
                let rule = rules::drawn(&mut draw, &setting, index, &mut pool);
                let parsed = Rule::parse(&rule.to_string());
                case.refused += usize::from(parsed.is_err());
                parsed.ok().map(|_| rule)
            });
            case.rules.extend(drawn);
        }
        case
    }

    fn people(&mut self, draw: &mut Draw, setting: &Setting) {
        for user in &setting.users {
            for group in ["g1", "g2"] {
                let members: &mut BTreeSet<String> = self.members.entry(group.to_owned()).or_default();
                if draw.chance(60) {
                    members.insert(user.clone());
                }
            }
            let level = draw.of(&[json!("C"), json!(3), json!(["C", "D"]), Json::Null]).clone();
            self.tags.insert(user.clone(), json!({"user": user, "level": level}));
        }
    }

    /// The oracle's word.
    pub fn matches(&self, end: End) -> Vec<Match> {
        self.matches_without(end, &[])
    }

    /// The oracle's word on the input without the events at these positions.
    pub fn matches_without(&self, end: End, late: &[i64]) -> Vec<Match> {
        let parsed = self.rules.iter().filter_map(|rule| Rule::parse(&rule.to_string()).ok());
        let world = World {
            rules: parsed.map(|parsed| parsed.rule).collect(),
            members: self.members.clone(),
            tags: self.tags.clone(),
            dedupe: self.dedupe,
        };
        let events: Vec<Event> = (0_i64..)
            .zip(self.bytes())
            .filter(|(position, _)| !late.contains(position))
            .filter_map(|(position, record)| Event::read(&record, position))
            .collect();
        world.matches(&events, end)
    }

    /// The records as a source has them: some spelt with escapes, some with keys that are repeated.
    pub fn bytes(&self) -> Vec<Vec<u8>> {
        self.records.iter().map(|record| records::spelt(record).into_bytes()).collect()
    }

    /// The case in the format of a golden vector, with the oracle's matches as what is expected.
    pub fn vector(&self) -> Json {
        let mut steps: Vec<Json> = self.records.iter().map(records::step).collect();
        steps.push(json!({"end": if self.end == End::Fire { "fire" } else { "hold" }}));
        let expected: Vec<Json> =
            self.matches(self.end).iter().filter_map(|m| serde_json::to_value(m).ok()).collect();
        let mut vector = json!({
            "why": "", "law": "", "rules": self.rules, "audiences": self.members, "steps": steps,
            "tags": self.tags.values().collect::<Vec<_>>(), "expect": {"matches": expected},
        });
        if self.dedupe > 0 {
            vector["dedupe"] = self.dedupe.into();
        }
        if let End::Until(until) = self.end {
            vector["until"] = until.into();
        }
        vector
    }
}

/// What all parts of a case have in common.
#[derive(Debug)]
struct Setting {
    theme: Theme,
    /// The kind of most measures, in some cases.
    focus: Option<&'static str>,
    /// Values that meet in the case's events and rules.
    family: Vec<Json>,
    users: Vec<String>,
    types: Vec<&'static str>,
    /// Correlation values that events carry.
    keys: Vec<Json>,
    /// Correlating properties of the case's rules.
    by: Json,
    /// Unix ms: times lie on a grid of `step` from `base` on, a few beside it.
    base: i64,
    step: i64,
    /// Grid points that events fall on.
    span: i64,
    /// P of most rules, Unix ms.
    published: i64,
    events: usize,
}
