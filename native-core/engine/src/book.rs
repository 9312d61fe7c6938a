//! The rules a job knows, merged by highest revision, and the program that they make.
//!
//! Invariants: an update that does not compile changes nothing; updates in any order end in the same rules; a rule that
//! was ever accepted stays known (stopped, if need be), so that its limits and occurrence numbers survive.
//! Source: docs/semantics, "Changing rules while running".

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alcedo_model::{Problem, Rule, Status, say};
use serde::Serialize;

use crate::audience::Audiences;
use crate::codec::{self, BookV1, HeldV1, List, SinceV1, StateError, Text};
use crate::compile::{Entry, RuleProblems, compile, conflicts};
use crate::envelope;
use crate::identity;
use crate::program::{Lineage, Program, Since, SinceTable};
use crate::report::RuleReport;
use crate::window::Window;

/// State bytes that one rule may need for one user, at the most, unless the job says otherwise.
pub const MAX_USER_BYTES: u64 = 16 << 20;

/// A text with one rule or a list of rules, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// File name, topic position or the like: for messages.
    pub source: String,
    /// JSON.
    pub text: String,
}

/// What a source says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// These are all rules there are: what the set lacks is stopped.
    pub complete: bool,
    /// The rules.
    pub documents: Vec<Document>,
}

/// What became of one rule of an update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleStatus {
    /// Rule id; none where the text does not tell.
    pub rule: Option<String>,
    /// Revision; none where the text does not tell.
    pub revision: Option<u64>,
    /// Where it came from; empty for a rule that a complete set lacks.
    pub source: String,
    /// `live`, `warming`, `paused`, `stopped`, `draft`: it runs so. `refused`: it is wrong, what ran before runs on.
    /// `ignored`: a higher revision is known. `waiting`: its audience is not loaded, what ran before runs on.
    pub state: &'static str,
    /// Why, where it was not taken.
    pub problems: Vec<Problem>,
}

/// A rule that was accepted at least once, or waits for its audience.
#[derive(Debug, Clone, Default)]
struct Held {
    /// What `text` says, so that nobody parses it again.
    rule: Option<Rule>,
    /// Canonical text of the revision that runs; empty where none ever did.
    text: String,
    revision: u64,
    /// A complete set lacked it.
    absent: bool,
    born: u64,
    judgement_since: u64,
    /// The watermark (Unix ms) at which `judgement_since` began.
    judgement_at: Option<i64>,
    /// Canonical text of a higher revision that waits.
    pending: Option<String>,
}

/// The rules a job knows.
#[derive(Debug, Clone)]
pub struct Book {
    generation: u64,
    rules: BTreeMap<String, Held>,
    since: SinceTable,
    program: Arc<Program>,
    /// State bytes that one rule may need for one user, at the most.
    max_user_bytes: u64,
}

impl Default for Book {
    fn default() -> Self {
        Book::new()
    }
}

impl Book {
    /// No rules.
    pub fn new() -> Self {
        let program = Arc::new(Program::default());
        let max_user_bytes = MAX_USER_BYTES;
        Book { generation: 0, rules: BTreeMap::new(), since: SinceTable::new(), program, max_user_bytes }
    }

    /// Refuses, from now on, a rule that may need more state bytes for one user; [`MAX_USER_BYTES`] unless set.
    /// Rules that run already run on.
    pub fn limit_user_bytes(&mut self, bytes: u64) {
        self.max_user_bytes = bytes;
    }

    /// What a host keeps between runs.
    pub fn encode(&self) -> Vec<u8> {
        let held = |(id, h): (&String, &Held)| HeldV1 {
            id: Text(id.clone()),
            text: Text(h.text.clone()),
            revision: h.revision,
            absent: h.absent,
            born: h.born,
            judgement_since: h.judgement_since,
            judgement_at: h.judgement_at,
            pending: h.pending.clone().map(Text),
        };
        let since = |(hash, s): (&u64, &Since)| SinceV1 {
            hash: hash.to_le_bytes(),
            born: s.born,
            kept: List(s.kept.clone()),
        };
        codec::encode_book(&BookV1 {
            generation: self.generation,
            rules: self.rules.iter().map(held).collect(),
            since: self.since.iter().map(since).collect(),
        })
    }

    /// Reads what `encode` wrote. The program is empty until the next `apply`, which needs the audiences.
    ///
    /// # Errors
    /// The bytes are damaged or newer than this version.
    pub fn decode(bytes: &[u8]) -> Result<Self, StateError> {
        let body = codec::decode_book(bytes)?;
        let held = |h: HeldV1| {
            let HeldV1 {
                id,
                text: Text(text),
                revision,
                absent,
                born,
                judgement_since,
                judgement_at,
                pending,
            } = h;
            let (rule, pending) = (parse(&text), pending.map(|text| text.0));
            (id.0, Held { rule, text, revision, absent, born, judgement_since, judgement_at, pending })
        };
        let since = |s: SinceV1| (u64::from_le_bytes(s.hash), Since { born: s.born, kept: s.kept.0 });
        Ok(Book {
            generation: body.generation,
            rules: body.rules.into_iter().map(held).collect(),
            since: body.since.into_iter().map(since).collect(),
            ..Book::new()
        })
    }

    /// The compiled rules.
    pub fn program(&self) -> Arc<Program> {
        Arc::clone(&self.program)
    }

    /// The revision of a rule that runs, or ran until it was stopped.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id).and_then(|held| held.rule.as_ref())
    }

    /// Identity of the live rules, 32 hex digits: equal on every subtask that runs the same ones.
    pub fn hash(&self) -> String {
        self.program.hash().to_owned()
    }

    /// Ids of the audiences that running and waiting rules need.
    pub fn audiences(&self) -> Vec<String> {
        let mut ids = BTreeSet::new();
        for held in self.rules.values() {
            for text in
                [Some(&held.text).filter(|_| !held.absent), held.pending.as_ref()].into_iter().flatten()
            {
                if let Some(rule) = parse(text).filter(runs)
                    && let Some(audience) = &rule.audience
                {
                    ids.insert(identity::audience_id(audience));
                }
            }
        }
        ids.into_iter().collect()
    }

    /// Merges an update. `at`: the watermark (Unix ms) after which it takes effect, none at the very start of a job.
    /// With an empty update it only tries again what waits for an audience.
    pub fn apply(&mut self, update: &Update, audiences: &Audiences, at: Option<i64>) -> Vec<RuleStatus> {
        let mut round = Round { at, ..Round::default() };
        let offers = in_order(read(update, &mut round));
        round.highest = highest(&offers);
        // What the set lacks goes first: a rule must not be held against one that the same set drops. But a text that
        // does not tell its rule may be any of them: then nothing is known to be lacking.
        if update.complete && offers.iter().all(|o| o.id.is_some()) {
            self.stop_absent(&offers, &mut round);
        }
        for offer in offers {
            if let Some(rule) = offer.rule {
                self.offer(rule, &offer.source, audiences, &mut round);
            }
        }
        self.retry(audiences, &mut round);
        self.rebuild(audiences, &mut round);
        round.statuses
    }

    fn offer(&mut self, rule: Rule, source: &str, audiences: &Audiences, round: &mut Round) {
        let (id, revision) = (rule.id.clone(), rule.revision);
        if rule.status == Status::Draft {
            return round.tell(Some(id), Some(revision), source, "draft", Vec::new());
        }
        let text = rule.canonical();
        let Some(held) = self.rules.get(&id) else {
            return self.accept(rule, text, source, audiences, round);
        };
        let waiting = held.pending.as_deref().and_then(parse);
        let newest = waiting.map_or(held.revision, |rule| rule.revision);
        if revision > newest {
            return self.accept(rule, text, source, audiences, round);
        }
        if revision < newest && round.highest.get(&id).is_some_and(|rule| rule.revision > revision) {
            return; // the update itself holds a higher one: this is history
        }
        if revision < newest {
            let reason = say!("revision {revision} is known", revision = newest);
            let problem = Problem::new("/revision", reason, say!("send a higher revision"));
            return round.tell(Some(id), Some(revision), source, "ignored", vec![problem]);
        }
        if *held.pending.as_ref().unwrap_or(&held.text) != text {
            let problem = Problem::new(
                "/revision",
                say!("revision {revision} is known with other content", revision),
                say!("give the change a higher revision"),
            );
            return round.tell(Some(id), Some(revision), source, "refused", vec![problem]);
        }
        // It comes back as it was when a complete set lacked it: what it is held against may have changed since.
        if held.absent && held.pending.is_none() {
            self.accept(rule, text, source, audiences, round);
        }
    }

    /// Takes a revision that does not run yet, if it compiles.
    fn accept(&mut self, rule: Rule, text: String, source: &str, audiences: &Audiences, round: &mut Round) {
        let (id, revision, status) = (rule.id.clone(), rule.revision, rule.status);
        if let Err(refused) = self.check(&rule, audiences, &round.highest) {
            if refused.waiting {
                self.rules.entry(id.clone()).or_default().pending = Some(text);
            }
            let state = if refused.waiting { "waiting" } else { "refused" };
            return round.tell(Some(id), Some(revision), source, state, refused.problems);
        }
        let next = self.generation + 1;
        let before = self.rules.get(&id).cloned();
        let held = self.rules.entry(id.clone()).or_default();
        let old = held.rule.as_ref().filter(|old| !held.absent && runs(old));
        let unchanged =
            old.is_some_and(|old| identity::judgement_text(old) == identity::judgement_text(&rule));
        // A rule that was stopped begins again as one that never was: nobody has a judgement of it.
        if old.is_none() {
            held.born = next;
        }
        if !unchanged {
            (held.judgement_since, held.judgement_at) = (next, round.at);
        }
        (held.text, held.revision, held.absent, held.pending) = (text, revision, false, None);
        held.rule = Some(rule);
        round.changed = true;
        round.undo.push((id.clone(), before, round.statuses.len()));
        round.tell(Some(id), Some(revision), source, word(status), Vec::new());
    }

    /// Compiles the rule by itself and holds it against the audiences of the others.
    fn check(
        &self,
        rule: &Rule,
        audiences: &Audiences,
        offered: &BTreeMap<String, Rule>,
    ) -> Result<(), RuleProblems> {
        let refuse = |problem: Problem| {
            let (rule, revision) = (rule.id.clone(), rule.revision);
            Err(RuleProblems { rule, revision, waiting: false, problems: vec![problem] })
        };
        match compile(&[Entry::of(rule)], audiences, 0) {
            Err(refused) => return refused.into_iter().next().map_or(Ok(()), Err),
            Ok(program) => {
                let beyond = |r: &RuleReport| r.beyond(self.max_user_bytes);
                if let Some(problem) = program.report().rules.iter().find_map(beyond) {
                    return refuse(problem);
                }
            }
        }
        // A rule that comes with this update is held against as it will be; `rebuild` sees to it where it is refused.
        let held = self.rules.values().filter(|h| !h.absent).filter_map(|h| h.rule.as_ref());
        let newer = |o: &Rule| offered.get(&o.id).filter(|n| n.revision > o.revision);
        let others = held.map(|o| newer(o).unwrap_or(o));
        match others.filter(|o| o.id != rule.id).find(|o| conflicts(o, rule)) {
            None => Ok(()),
            Some(other) => refuse(Problem::new(
                "/audience/profile",
                say!("rule {rule} gives this audience id another profile", rule = &other.id),
                say!("use one profile, or another audience id"),
            )),
        }
    }

    fn stop_absent(&mut self, offers: &[Offer], round: &mut Round) {
        // A draft is unknown to the engine: a set that has no more than a draft of a rule lacks it.
        let draft = |o: &&Offer| o.rule.as_ref().is_some_and(|r| r.status == Status::Draft);
        let there: BTreeSet<_> =
            offers.iter().filter(|o| !draft(o)).filter_map(|o| o.id.as_deref()).collect();
        for (id, held) in &mut self.rules {
            if there.contains(id.as_str()) || held.absent {
                continue;
            }
            held.pending = None;
            held.absent = true;
            round.changed = true;
            round.statuses.push(RuleStatus {
                rule: Some(id.clone()),
                revision: Some(held.revision),
                source: String::new(),
                state: "stopped",
                problems: Vec::new(),
            });
        }
    }

    /// Tries again what waited for its audience.
    fn retry(&mut self, audiences: &Audiences, round: &mut Round) {
        let waiting: Vec<(String, Rule)> = self
            .rules
            .values()
            .filter_map(|held| held.pending.clone().and_then(|text| parse(&text).map(|rule| (text, rule))))
            .collect();
        for (text, rule) in waiting {
            match self.check(&rule, audiences, &round.highest) {
                Ok(()) => self.accept(rule, text, "", audiences, round),
                Err(refused) if refused.waiting => {}
                Err(refused) => {
                    // Something came meanwhile that it does not go with.
                    if let Some(held) = self.rules.get_mut(&rule.id) {
                        held.pending = None;
                    }
                    round.tell(Some(rule.id), Some(rule.revision), "", "refused", refused.problems);
                }
            }
        }
    }

    /// Compiles all that runs. Rules that compile alone may not compile together (a shared measure can grow beyond its
    /// bound): then what this update brought is taken back, the last first, until the rest compiles.
    fn rebuild(&mut self, audiences: &Audiences, round: &mut Round) {
        loop {
            let generation = self.generation + u64::from(round.changed);
            match compile(&self.entries(), audiences, generation) {
                Ok(mut program) => {
                    self.generation = generation;
                    self.note_since(&program, round.at);
                    program.tell_since(&self.since);
                    self.program = Arc::new(program);
                    return;
                }
                Err(refused) if round.undo.is_empty() => {
                    for r in refused {
                        let state = if r.waiting { "waiting" } else { "refused" };
                        round.tell(Some(r.rule), Some(r.revision), "", state, r.problems);
                    }
                    return;
                }
                Err(refused) => self.take_back(refused, round),
            }
        }
    }

    fn take_back(&mut self, refused: Vec<RuleProblems>, round: &mut Round) {
        let named = round.undo.iter().rposition(|(id, ..)| refused.iter().any(|r| r.rule == *id));
        let at = named.unwrap_or(round.undo.len() - 1);
        let (id, before, status) = round.undo.remove(at);
        match before {
            Some(before) => self.rules.insert(id.clone(), before),
            None => self.rules.remove(&id),
        };
        if let Some(told) = round.statuses.get_mut(status) {
            told.state = "refused";
            told.problems = refused.into_iter().flat_map(|r| together(r, &id)).collect();
        }
    }

    /// What a program is made of: every rule that was ever accepted, stopped where a set lacked it.
    fn entries(&self) -> Vec<Entry> {
        let entry = |held: &Held| {
            let mut rule = held.rule.clone()?;
            if held.absent {
                rule.status = Status::Stopped;
            }
            let Held { born, judgement_since, judgement_at, .. } = *held;
            // What a set lacked is stopped, and its text, which does not say so, is read of none that is.
            let text = held.text.clone();
            Some(Entry { rule, text, lineage: Lineage { born, judgement_since, judgement_at } })
        };
        self.rules.values().filter_map(entry).collect()
    }

    /// Notes from when on each measure (and each number of moments it keeps) has been running.
    fn note_since(&mut self, program: &Program, at: Option<i64>) {
        // A measure that stops is remembered as such (nothing kept): should it run again, it begins from nothing.
        for (hash, since) in &mut self.since {
            if !program.measure_by_hash.contains_key(hash) {
                since.kept.clear();
            }
        }
        for measure in &program.measures {
            let whole = measure.set.capacity.panes || !matches!(measure.set.window, Window::Last { .. });
            let now = if whole { u64::MAX } else { measure.set.capacity.moments as u64 };
            // A measure that never ran before is nobody's yet, so its first generation is that of all states.
            let since = self.since.entry(measure.hash).or_insert(Since { born: 0, kept: vec![(now, at)] });
            if since.kept.is_empty() {
                *since = Since { born: self.generation, kept: vec![(now, at)] };
            }
            let list = &mut since.kept;
            // What is kept now is complete from when at least as much was kept; what was kept beyond it is forgotten.
            let since = list.iter().find(|(kept, _)| *kept >= now).map_or(at, |(_, since)| *since);
            list.retain(|(kept, _)| *kept < now);
            list.push((now, since));
        }
    }
}

/// One `apply` under way.
#[derive(Default)]
struct Round {
    at: Option<i64>,
    changed: bool,
    statuses: Vec<RuleStatus>,
    /// The highest revision of each rule in the update, by id.
    highest: BTreeMap<String, Rule>,
    /// Rules accepted in this round: id, what was held before, and the place of what was told.
    undo: Vec<(String, Option<Held>, usize)>,
}

/// Problems of one rule as the cause why another is taken back.
fn together(refused: RuleProblems, id: &str) -> Vec<Problem> {
    if refused.rule == id {
        return refused.problems;
    }
    let blame = |p: Problem| {
        let (rule, path, reason) = (&refused.rule, &p.path, p.said.reason);
        Problem::new("", say!("together with rule {rule}: {path}: {reason}", rule, path, reason), p.said.cure)
    };
    refused.problems.into_iter().map(blame).collect()
}

/// One rule of an update: as far as its text tells which it is, and itself if it can be read.
struct Offer {
    id: Option<String>,
    source: String,
    rule: Option<Rule>,
}

/// A log of changes holds many revisions of a rule: they are taken from the lowest on, so that of those that compile
/// the highest runs. Which rule comes first stays as it is.
fn in_order(offers: Vec<Offer>) -> Vec<Offer> {
    let revision = |offer: &Offer| offer.rule.as_ref().map(|rule| rule.revision);
    let mut of_rule: BTreeMap<Option<String>, Vec<Offer>> = BTreeMap::new();
    let places: Vec<Option<String>> = offers.iter().map(|offer| offer.id.clone()).collect();
    for offer in offers {
        of_rule.entry(offer.id.clone()).or_default().push(offer);
    }
    for (id, offers) in &mut of_rule {
        // Taken from the end: what came first of equal ones stands last.
        offers.reverse();
        if id.is_some() {
            offers.sort_by_key(|offer| std::cmp::Reverse(revision(offer)));
        }
    }
    places.iter().filter_map(|id| of_rule.get_mut(id)?.pop()).collect()
}

/// The highest revision of each rule, drafts aside.
fn highest(offers: &[Offer]) -> BTreeMap<String, Rule> {
    let mut highest: BTreeMap<String, Rule> = BTreeMap::new();
    for rule in offers.iter().filter_map(|o| o.rule.as_ref()).filter(|r| r.status != Status::Draft) {
        if highest.get(&rule.id).is_none_or(|known| rule.revision > known.revision) {
            highest.insert(rule.id.clone(), rule.clone());
        }
    }
    highest
}

/// Reads the texts of an update and tells of those that are wrong.
fn read(update: &Update, round: &mut Round) -> Vec<Offer> {
    let mut offers = Vec::new();
    for Document { source, text } in &update.documents {
        let unwrapped = envelope::unwrap(text);
        let parsed = unwrapped.iter().flat_map(|one| {
            Rule::parse_many(&one.text).into_iter().map(|parsed| parsed.and_then(|rule| one.agreed(rule)))
        });
        for parsed in parsed {
            let (id, rule) = match parsed {
                Ok(parsed) => (Some(parsed.rule.id.clone()), Some(parsed.rule)),
                Err(refused) => {
                    round.tell(refused.id.clone(), refused.revision, source, "refused", refused.problems);
                    (refused.id, None)
                }
            };
            offers.push(Offer { id, source: source.clone(), rule });
        }
    }
    offers
}

impl Round {
    fn tell(
        &mut self,
        rule: Option<String>,
        revision: Option<u64>,
        source: &str,
        state: &'static str,
        problems: Vec<Problem>,
    ) {
        self.statuses.push(RuleStatus { rule, revision, source: source.to_owned(), state, problems });
    }
}

/// A text that this book wrote; it parses unless the bytes were forged.
fn parse(text: &str) -> Option<Rule> {
    Rule::parse(text).ok().map(|parsed| parsed.rule)
}

fn runs(rule: &Rule) -> bool {
    matches!(rule.status, Status::Live | Status::Warming | Status::Paused)
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Warming => "warming",
        Status::Live => "live",
        Status::Paused => "paused",
        Status::Stopped => "stopped",
    }
}
