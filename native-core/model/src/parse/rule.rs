//! The rule itself and the small objects it holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZoneDatabase;

use super::fields::given;
use super::scalar::{is_audience_id, is_id, is_measure_name};
use super::{Parser, Place};
use crate::limits::{MAX_ID_BYTES, MAX_LIMITS, MAX_MEASURE_NAME_BYTES, MAX_MEASURES, MAX_NAME_BYTES};
use crate::report::{At, quote};
use crate::sketch::Sketch;
use crate::text::{Entry, Node};
use crate::{Audience, Limit, Measure, Period, Rule, Status, Timestamp, Trigger, Validity, say};

pub(crate) const FIELDS: [&str; 14] = [
    "id",
    "revision",
    "name",
    "status",
    "published_at",
    "validity",
    "time_zone",
    "audience",
    "measures",
    "when",
    "trigger",
    "limits",
    "cooldown",
    "action",
];

impl Parser<'_> {
    /// None where it is not even an object.
    pub(crate) fn rule(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Sketch> {
        let entries = self.object(node, at, say!("a rule"), &FIELDS)?;
        let published_at = self.given_timestamp(entries, "published_at", at);
        let (measures, unread_measures) = self.measures(entries, at);
        let trigger = given(entries, "trigger").map(|node| self.trigger(node, &at.key("trigger")));
        let rule = Rule {
            id: self.id(entries, at),
            revision: self.revision(entries, at),
            name: self.name(entries, at),
            status: self.status(entries, at),
            published_at,
            validity: self.validity(entries, at, published_at),
            time_zone: self.time_zone(entries, at),
            audience: given(entries, "audience").map(|node| self.audience(node, &at.key("audience"))),
            measures,
            when: given(entries, "when").map(|node| self.predicate(Place::When, node, &at.key("when"), 1)),
            trigger: trigger.clone().flatten(),
            limits: self.limits(entries, at),
            cooldown: given(entries, "cooldown").and_then(|node| self.duration(node, &at.key("cooldown"))),
            action: given(entries, "action").and_then(|node| self.action(node, &at.key("action"))),
        };
        Some(Sketch {
            published_unread: published_at.is_none() && given(entries, "published_at").is_some(),
            trigger_unread: matches!(trigger, Some(None)),
            nameless_measures: !names_known(given(entries, "measures")),
            unread_measures,
            rule,
        })
    }

    fn id(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> String {
        let cure = say!("give 1 to {most} of a-z, 0-9, '.', '_' and '-'", most = MAX_ID_BYTES);
        let Some(node) = self.required(entries, "id", at, cure.clone()) else { return String::new() };
        let at = at.key("id");
        let Node::Text(id) = node else {
            self.mismatch(node, &at, say!("{what}, a text,", what = say!("an id")), cure);
            return String::new();
        };
        if !is_id(id) {
            self.report.refuse(
                &at,
                say!("{text} is not {what}", text = quote(id), what = say!("an id")),
                cure,
            );
        }
        id.to_string()
    }

    fn revision(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> u64 {
        // Hosts keep it in a signed 64-bit integer.
        const MOST: u64 = i64::MAX as u64;
        let Some(node) = self.required(entries, "revision", at, say!("give an integer, at least 1")) else {
            return 1;
        };
        self.positive(node, &at.key("revision"), MOST).unwrap_or(1)
    }

    fn name(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> Option<String> {
        let node = given(entries, "name")?;
        self.text(node, &at.key("name"), say!("a name"), MAX_NAME_BYTES).map(str::to_owned)
    }

    fn status(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> Status {
        let status =
            given(entries, "status").and_then(|node| self.word(node, &at.key("status"), say!("a status")));
        status.unwrap_or(Status::Live)
    }

    /// `from` is `published_at` unless given.
    fn validity(&mut self, entries: &[Entry<'_>], at: &At<'_>, published_at: Option<Timestamp>) -> Validity {
        let mut validity = Validity { from: published_at, to: None };
        let Some(node) = given(entries, "validity") else { return validity };
        let at = at.key("validity");
        let Some(entries) = self.object(node, &at, say!("a validity"), &["from", "to"]) else {
            return validity;
        };
        if let Some(from) = self.given_timestamp(entries, "from", &at) {
            validity.from = Some(from);
        }
        validity.to = self.given_timestamp(entries, "to", &at);
        validity
    }

    fn time_zone(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> String {
        const UTC: &str = "UTC";
        const LONGEST: usize = 64;
        let Some(node) = given(entries, "time_zone") else { return UTC.to_owned() };
        let at = at.key("time_zone");
        let Some(name) = self.text(node, &at, say!("a time zone"), LONGEST) else { return UTC.to_owned() };
        let known = TimeZoneDatabase::bundled().get(name).ok();
        match known.as_ref().and_then(|zone| zone.iana_name()) {
            Some(known) if known == name => {}
            // Other hosts tell capitals from small letters, so the rule must, too.
            Some(known) => {
                self.report.refuse(
                    &at,
                    say!("the time zone {name} is spelt {known}", name = quote(name), known),
                    say!("write {names}", names = known),
                );
            }
            None => {
                let reason = say!("there is no time zone {name}", name = quote(name));
                self.report.refuse(
                    &at,
                    reason,
                    say!("write a name of the IANA database, such as Asia/Shanghai"),
                );
            }
        }
        name.to_owned()
    }

    fn audience(&mut self, node: &Node<'_>, at: &At<'_>) -> Audience {
        let Some(entries) = self.object(node, at, say!("an audience"), &["id", "profile"]) else {
            return Audience { id: None, profile: None };
        };
        let id = given(entries, "id").and_then(|node| self.audience_id(node, &at.key("id")));
        let profile =
            given(entries, "profile").map(|node| self.predicate(Place::Profile, node, &at.key("profile"), 1));
        if given(entries, "id").is_none() && given(entries, "profile").is_none() {
            self.report.refuse(
                at,
                say!("an audience needs an id, a profile or both"),
                say!("leave it out for everyone"),
            );
        }
        Audience { id, profile }
    }

    fn audience_id(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<String> {
        let cure = say!(
            "give 1 to {most} of A-Z, a-z, 0-9, '.', '_' and '-', a letter or digit first",
            most = MAX_ID_BYTES
        );
        let Node::Text(id) = node else {
            self.mismatch(node, at, say!("{what}, a text,", what = say!("an audience's id")), cure);
            return None;
        };
        if !is_audience_id(id) {
            self.report.refuse(
                at,
                say!("{text} is not {what}", text = quote(id), what = say!("an audience's id")),
                cure,
            );
            return None;
        }
        Some(id.to_string())
    }

    /// The measures, and the names of those that could not be read.
    fn measures(
        &mut self,
        entries: &[Entry<'_>],
        at: &At<'_>,
    ) -> (BTreeMap<String, Measure>, BTreeSet<String>) {
        let (mut measures, mut unread) = (BTreeMap::new(), BTreeSet::new());
        let Some(node) = given(entries, "measures") else { return (measures, unread) };
        let at = at.key("measures");
        let Node::Object(entries) = node else {
            self.mismatch(
                node,
                &at,
                say!("{what}, an object,", what = say!("the measures")),
                say!("give each measure a name: {\"searched\": {..}}"),
            );
            return (measures, unread);
        };
        if entries.len() > MAX_MEASURES {
            let reason = say!(
                "{count} measures are above the limit of {most}",
                count = entries.len(),
                most = MAX_MEASURES
            );
            self.report.refuse(&at, reason, say!("split the rule"));
        }
        for (name, node) in entries.iter().take(MAX_MEASURES) {
            let at = at.key(name);
            if !is_measure_name(name) {
                let reason =
                    say!("{text} is not {what}", text = quote(name), what = say!("a measure's name"));
                let cure = say!(
                    "begin with a-z, go on with a-z, 0-9 and '_', at most {most} in all",
                    most = MAX_MEASURE_NAME_BYTES
                );
                self.report.refuse(&at, reason, cure);
            }
            match self.measure(node, &at) {
                Some(measure) => drop(measures.insert(name.to_string(), measure)),
                None => drop(unread.insert(name.to_string())),
            }
        }
        (measures, unread)
    }

    fn trigger(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Trigger> {
        let kinds = ["on", "rise"];
        let entries = self.object(node, at, say!("a trigger"), &kinds)?;
        match self.kind(entries, &kinds, at, say!("a trigger"))? {
            ("on", node) => self.pattern(node, &at.key("on"), "on").map(Trigger::On),
            (_, node) => {
                let name =
                    self.text(node, &at.key("rise"), say!("a measure's name"), MAX_MEASURE_NAME_BYTES)?;
                Some(Trigger::Rise(name.to_owned()))
            }
        }
    }

    fn limits(&mut self, entries: &[Entry<'_>], at: &At<'_>) -> Vec<Limit> {
        let Some(node) = given(entries, "limits") else { return Vec::new() };
        let at = at.key("limits");
        let Some(items) = self.list(node, &at, say!("the limits"), MAX_LIMITS) else { return Vec::new() };
        items.iter().enumerate().filter_map(|(index, node)| self.limit(node, &at.index(index))).collect()
    }

    fn limit(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Limit> {
        let entries = self.object(node, at, say!("a limit"), &["times", "per"])?;
        let times = self.required_bound(entries, "times", at, u32::MAX);
        let per = self.required(
            entries,
            "per",
            at,
            say!("write {names}", names = "hour, day, week, month or life"),
        )?;
        let per: Period = self.word(per, &at.key("per"), say!("a period"))?;
        Some(Limit { times, per })
    }
}

/// Whether every measure was looked at, at least at its name.
fn names_known(measures: Option<&Node<'_>>) -> bool {
    match measures {
        None => true,
        Some(Node::Object(entries)) => entries.len() <= MAX_MEASURES,
        Some(_) => false,
    }
}
