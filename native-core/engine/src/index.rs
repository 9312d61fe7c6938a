//! From an event to the patterns it matches, past those it does not.
//!
//! A pattern stands behind one of its comparisons, which must hold if its filter does: its door. Doors are found by the
//! event's values, never by trying them: equality (and `in`) by hash, `>` and its like in the order of their constants,
//! `contains` by one search for all words (Aho-Corasick), `matches` by one automaton for all expressions. What the door
//! leaves open of a filter is asked then. A filter that offers no door is asked of each event of its types.
//!
//! Example: of a thousand patterns `category = c` an event with category `c17` meets those of `c17`, at the price of one
//! look into a table. Each distinct predicate is evaluated at most once per event, whichever way it is come by.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use alcedo_model::Comparison;
use hashbrown::{HashMap, HashSet};
use regex_automata::{Input, MatchKind as RegexKind, PatternSet, meta, nfa::thompson::WhichCaptures};

use crate::predicate::{Expression, Memo, Node, PredicateId, Predicates, REGEX_BYTES};
use crate::program::{Pattern, PatternId};
use crate::scope::EventScope;
use crate::value::{Number, Value};

/// Compiled size that the expressions over one property may have together, bytes.
const TOGETHER: usize = 64 * REGEX_BYTES;
/// Working memory of their automaton, bytes.
const WORKING: usize = 8 * REGEX_BYTES;

/// Where patterns are found.
#[derive(Debug, Default)]
pub(crate) struct Index {
    by_type: HashMap<Box<str>, Doors>,
    /// Patterns of any type.
    any: Doors,
    texts: Vec<Texts>,
}

/// The patterns of one event type.
#[derive(Debug, Default)]
struct Doors {
    /// Without a door.
    open: Vec<Behind>,
    equal: Vec<Equal>,
    ordered: Vec<Ordered>,
    /// By the text's place in the index, and the predicate that holds of it.
    texts: Vec<(usize, HashMap<PredicateId, Vec<Behind>>)>,
}

/// A pattern behind a door.
#[derive(Debug, Clone, Copy)]
struct Behind {
    pattern: PatternId,
    /// What is still to be asked.
    filter: Option<PredicateId>,
}

/// Patterns that ask one property to equal a constant.
#[derive(Debug, Default)]
struct Equal {
    slot: u32,
    texts: HashMap<Box<str>, Vec<Behind>>,
    numbers: HashMap<NumberKey, Vec<Behind>>,
    bools: [Vec<Behind>; 2],
}

/// Numbers are equal exactly where these are: a whole one, or the bits of another.
type NumberKey = (i128, u64);

/// Patterns that ask one property to lie on one side of a constant, those that ask least first.
#[derive(Debug)]
struct Ordered {
    slot: u32,
    side: Comparison,
    constants: Vec<(Number, Behind)>,
}

/// What is sought in the texts of one property.
#[derive(Debug, Default)]
struct Texts {
    slot: u32,
    /// Both lists together.
    known: HashSet<PredicateId>,
    words: Vec<(Box<str>, PredicateId)>,
    search: Option<AhoCorasick>,
    expressions: Vec<(Box<str>, PredicateId)>,
    automaton: Option<meta::Regex>,
}

/// What was found in one property's texts of the event at hand, each predicate once; the rest is working memory.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: Vec<PredicateId>,
    words: Vec<bool>,
    matched: Option<PatternSet>,
}

/// A comparison that a filter cannot hold without.
enum Door<'p> {
    Equal(u32, &'p Value<'static>),
    Ordered(u32, Comparison, Number),
    Word(u32, &'p str),
    Expression(u32, &'p str),
}

impl Door<'_> {
    /// The most choosy first.
    fn rank(&self) -> u8 {
        match self {
            Door::Equal(..) => 0,
            Door::Word(..) | Door::Expression(..) => 1,
            Door::Ordered(..) => 2,
        }
    }
}

/// The doors of a filter, with the predicate that each is: one of them is passed wherever the filter holds. None where
/// it may hold without any.
fn doors(predicates: &Predicates, filter: PredicateId) -> Option<Vec<(Door<'_>, PredicateId)>> {
    let door = |door| Some(vec![(door, filter)]);
    match predicates.node(filter) {
        Node::Compare(Comparison::Eq, Expression::Prop(slot), Expression::Constant(value)) => {
            hashes(value).then(|| vec![(Door::Equal(*slot, value), filter)])
        }
        Node::Compare(Comparison::In, Expression::Prop(slot), Expression::Constant(Value::List(list))) => {
            // A list within the list equals no value that `in` may stand with.
            let items = list.iter().filter(|item| hashes(item));
            Some(items.map(|item| (Door::Equal(*slot, item), filter)).collect())
        }
        Node::Compare(
            Comparison::Contains,
            Expression::Prop(slot),
            Expression::Constant(Value::Text(word)),
        ) if !word.is_empty() => door(Door::Word(*slot, word)),
        Node::Compare(
            side @ (Comparison::Gt | Comparison::Ge | Comparison::Lt | Comparison::Le),
            Expression::Prop(slot),
            Expression::Constant(Value::Number(number)),
        ) => door(Door::Ordered(*slot, *side, *number)),
        Node::Matches(Expression::Prop(slot), regex) => door(Door::Expression(*slot, regex.as_str())),
        Node::All(parts) => {
            let each = parts.iter().filter_map(|part| doors(predicates, *part));
            each.min_by_key(|doors| {
                (doors.iter().map(|(door, _)| door.rank()).max().unwrap_or(0), doors.len())
            })
        }
        Node::Any(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(|part| doors(predicates, *part)).collect();
            Some(each?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

fn hashes(value: &Value<'_>) -> bool {
    matches!(value, Value::Bool(_) | Value::Number(_) | Value::Text(_))
}

fn number_key(number: Number) -> NumberKey {
    match number {
        Number::Int(int) => (int, 0),
        Number::Float(float) if float.trunc() == float && float.abs() < 1.7e38 => (float as i128, 0),
        Number::Float(float) => (0, float.to_bits()),
    }
}

impl Index {
    pub(crate) fn new(
        predicates: &Predicates,
        patterns: &[Pattern],
        by_type: &HashMap<Box<str>, Vec<PatternId>>,
        any_type: &[PatternId],
    ) -> Self {
        let mut index = Index::default();
        let mut names: Vec<&Box<str>> = by_type.keys().collect();
        names.sort_unstable(); // what is put in first may lie first: the same rules give the same index
        for name in names {
            let mut these = Doors::default();
            by_type[name].iter().for_each(|id| index.put(&mut these, predicates, patterns, *id));
            these.sort();
            index.by_type.insert(name.clone(), these);
        }
        let mut any = Doors::default();
        any_type.iter().for_each(|id| index.put(&mut any, predicates, patterns, *id));
        any.sort();
        index.any = any;
        index.texts.iter_mut().for_each(Texts::build);
        index
    }

    fn put(&mut self, into: &mut Doors, predicates: &Predicates, patterns: &[Pattern], pattern: PatternId) {
        let filter = patterns[pattern as usize].filter;
        let Some(doors) = filter.and_then(|filter| doors(predicates, filter)) else {
            return into.open.push(Behind { pattern, filter });
        };
        for (door, predicate) in doors {
            // Where the door is the whole filter, nothing is left to ask.
            let behind = Behind { pattern, filter: filter.filter(|filter| *filter != predicate) };
            match door {
                Door::Equal(slot, value) => into.equal(slot).insert(value, behind),
                Door::Ordered(slot, side, number) => {
                    into.ordered(slot, side).constants.push((number, behind));
                }
                Door::Word(slot, word) => {
                    let at = self.text(slot);
                    let texts = &mut self.texts[at];
                    if texts.known.insert(predicate) {
                        texts.words.push((word.into(), predicate));
                    }
                    into.text(at).entry(predicate).or_default().push(behind);
                }
                Door::Expression(slot, expression) => {
                    let at = self.text(slot);
                    let texts = &mut self.texts[at];
                    if texts.known.insert(predicate) {
                        texts.expressions.push((expression.into(), predicate));
                    }
                    into.text(at).entry(predicate).or_default().push(behind);
                }
            }
        }
    }

    fn text(&mut self, slot: u32) -> usize {
        place(&mut self.texts, |texts| texts.slot == slot, || Texts { slot, ..Texts::default() })
    }

    /// Calls `hit` with each pattern that the event matches, perhaps more than once.
    pub(crate) fn find(
        &self,
        predicates: &Predicates,
        event_type: &str,
        props: &[Value<'_>],
        memo: &mut Memo,
        hit: &mut dyn FnMut(PatternId),
    ) {
        let scope = EventScope { props };
        for doors in self.by_type.get(event_type).into_iter().chain([&self.any]) {
            let mut ask = |list: &[Behind], memo: &mut Memo| {
                for behind in list {
                    if behind.filter.is_none_or(|filter| predicates.holds_once(filter, &scope, memo)) {
                        hit(behind.pattern);
                    }
                }
            };
            ask(&doors.open, memo);
            for equal in &doors.equal {
                ask(props.get(equal.slot as usize).map_or(&[], |value| equal.behind(value)), memo);
            }
            for ordered in &doors.ordered {
                if let Some(Value::Number(number)) = props.get(ordered.slot as usize) {
                    for (_, behind) in ordered.passed(*number) {
                        ask(&[*behind], memo);
                    }
                }
            }
            for (at, by_predicate) in &doors.texts {
                let findings = self.search(predicates, *at, props, memo);
                for predicate in &findings.found {
                    if let Some(list) = by_predicate.get(predicate) {
                        ask(list, memo);
                    }
                }
                memo.put_findings(*at, findings);
            }
        }
    }

    /// What is found in the texts of one property: once an event.
    fn search(&self, predicates: &Predicates, at: usize, props: &[Value<'_>], memo: &mut Memo) -> Findings {
        let (mut findings, searched) = memo.take_findings(at);
        if !searched {
            let texts = &self.texts[at];
            texts.begin(&mut findings);
            if let Some(value) = props.get(texts.slot as usize) {
                value.any_text(|text| {
                    texts.search(predicates, text, &mut findings);
                    false // on to the next of a list
                });
            }
            texts.end(&mut findings);
            findings.found.iter().for_each(|predicate| memo.know(*predicate, true));
        }
        findings
    }
}

/// The place of the item that fits, a new one where there is none.
fn place<T>(list: &mut Vec<T>, fits: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> usize {
    list.iter().position(fits).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    })
}

impl Doors {
    fn equal(&mut self, slot: u32) -> &mut Equal {
        let at = place(&mut self.equal, |e| e.slot == slot, || Equal { slot, ..Equal::default() });
        &mut self.equal[at]
    }

    fn ordered(&mut self, slot: u32, side: Comparison) -> &mut Ordered {
        let new = || Ordered { slot, side, constants: Vec::new() };
        let at = place(&mut self.ordered, |o| o.slot == slot && o.side == side, new);
        &mut self.ordered[at]
    }

    fn text(&mut self, text: usize) -> &mut HashMap<PredicateId, Vec<Behind>> {
        let at = place(&mut self.texts, |(at, _)| *at == text, || (text, HashMap::new()));
        &mut self.texts[at].1
    }

    fn sort(&mut self) {
        for ordered in &mut self.ordered {
            let rising = matches!(ordered.side, Comparison::Gt | Comparison::Ge);
            ordered.constants.sort_by(|(a, _), (b, _)| if rising { a.order(*b) } else { b.order(*a) });
        }
    }
}

impl Equal {
    fn insert(&mut self, value: &Value<'_>, behind: Behind) {
        match value {
            Value::Text(text) => self.texts.entry(text.as_ref().into()).or_default().push(behind),
            Value::Number(number) => self.numbers.entry(number_key(*number)).or_default().push(behind),
            Value::Bool(bool) => self.bools[usize::from(*bool)].push(behind),
            Value::Missing | Value::List(_) | Value::Object => {}
        }
    }

    fn behind(&self, value: &Value<'_>) -> &[Behind] {
        let list = match value {
            Value::Text(text) => self.texts.get(text.as_ref()),
            Value::Number(number) => self.numbers.get(&number_key(*number)),
            Value::Bool(bool) => Some(&self.bools[usize::from(*bool)]),
            Value::Missing | Value::List(_) | Value::Object => None,
        };
        list.map_or(&[], |list| list)
    }
}

impl Ordered {
    /// Those whose comparison holds: they lie first.
    fn passed(&self, number: Number) -> &[(Number, Behind)] {
        let holds = |constant: &Number| {
            let order = number.order(*constant);
            match self.side {
                Comparison::Gt => order.is_gt(),
                Comparison::Ge => order.is_ge(),
                Comparison::Lt => order.is_lt(),
                _ => order.is_le(),
            }
        };
        &self.constants[..self.constants.partition_point(|(constant, _)| holds(constant))]
    }
}

impl Texts {
    /// Builds what searches for all at once. Where the expressions are too large together, each is asked alone.
    fn build(&mut self) {
        if !self.words.is_empty() {
            let words = self.words.iter().map(|(word, _)| word.as_bytes());
            self.search = AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(words).ok();
        }
        if !self.expressions.is_empty() {
            let config = meta::Config::new()
                .match_kind(RegexKind::All)
                .which_captures(WhichCaptures::None)
                .utf8_empty(true)
                .nfa_size_limit(Some(TOGETHER))
                .hybrid_cache_capacity(WORKING);
            let all: Vec<&str> = self.expressions.iter().map(|(expression, _)| &**expression).collect();
            self.automaton = meta::Regex::builder().configure(config).build_many(&all).ok();
        }
    }

    /// Clears what was found in another event, or under another program.
    fn begin(&self, findings: &mut Findings) {
        findings.found.clear();
        findings.words.clear();
        findings.words.resize(self.words.len(), false);
        let patterns = self.automaton.as_ref().map_or(0, meta::Regex::pattern_len);
        match findings.matched.as_mut().filter(|matched| matched.capacity() == patterns) {
            Some(matched) => matched.clear(),
            None => findings.matched = Some(PatternSet::new(patterns)),
        }
    }

    /// Adds what is found in this text.
    fn search(&self, predicates: &Predicates, text: &str, findings: &mut Findings) {
        let Findings { found, words, matched } = findings;
        let mut note = |word: usize| {
            if !std::mem::replace(&mut words[word], true) {
                found.push(self.words[word].1);
            }
        };
        match &self.search {
            Some(search) => {
                search.find_overlapping_iter(text).for_each(|word| note(word.pattern().as_usize()))
            }
            None => (0..self.words.len()).filter(|at| text.contains(&*self.words[*at].0)).for_each(note),
        }
        match (&self.automaton, matched) {
            (Some(automaton), Some(matched)) => {
                automaton.which_overlapping_matches(&Input::new(text), matched);
            }
            _ => {
                for (_, predicate) in &self.expressions {
                    let holds = matches!(predicates.node(*predicate), Node::Matches(_, regex) if regex.is_match(text));
                    if holds && !found.contains(predicate) {
                        found.push(*predicate);
                    }
                }
            }
        }
    }

    fn end(&self, findings: &mut Findings) {
        let Findings { found, matched, .. } = findings;
        let matched = matched.iter().flat_map(PatternSet::iter);
        found.extend(matched.map(|pattern| self.expressions[pattern.as_usize()].1));
    }
}
