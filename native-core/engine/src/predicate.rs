//! Predicates and expressions, compiled: names are numbers, regular expressions are built, equal nodes are one.
//!
//! The same nodes serve event filters, conditions and audience profiles; a [`Scope`] says what the leaves mean.

use alcedo_model::{Comparison, Operand, Operator, Path, Predicate, Problem, say};
use hashbrown::HashMap;
use regex::{Regex, RegexBuilder};

use crate::identity;
use crate::index::Findings;
use crate::value::{Value, arithmetic, compare};

/// Largest compiled regular expression, bytes.
pub(crate) const REGEX_BYTES: usize = 1 << 20;

/// A value, borrowed where it can be. (`Cow` would do, were it not invariant in the value's lifetime.)
pub(crate) enum Seen<'s> {
    Ref(&'s Value<'s>),
    Own(Value<'s>),
}

impl<'s> std::ops::Deref for Seen<'s> {
    type Target = Value<'s>;
    fn deref(&self) -> &Value<'s> {
        match self {
            Seen::Ref(value) => value,
            Seen::Own(value) => value,
        }
    }
}

/// Where the leaves of an expression get their values.
pub(crate) trait Scope {
    fn prop(&self, slot: u32) -> Seen<'_>;
    fn tag(&self, name: &str) -> Seen<'_>;
    /// The rule's measure of this number.
    fn measure(&self, index: u32) -> Value<'static>;
    /// The user's clock, Unix ms.
    fn now(&self) -> Option<i64>;
}

#[derive(Debug)]
pub(crate) enum Expression {
    Constant(Value<'static>),
    Prop(u32),
    Tag(Box<str>),
    Measure(u32),
    Now,
    Arithmetic(Operator, Box<[Expression; 2]>),
}

impl Expression {
    pub(crate) fn value<'s>(&'s self, scope: &'s dyn Scope) -> Seen<'s> {
        match self {
            Expression::Constant(v) => Seen::Ref(v),
            Expression::Prop(slot) => scope.prop(*slot),
            Expression::Tag(name) => scope.tag(name),
            Expression::Measure(index) => Seen::Own(scope.measure(*index)),
            Expression::Now => Seen::Own(scope.now().map_or(Value::Missing, Value::int)),
            Expression::Arithmetic(op, sides) => {
                Seen::Own(arithmetic(*op, &sides[0].value(scope), &sides[1].value(scope)))
            }
        }
    }
}

/// Number of a node in [`Predicates`].
pub(crate) type PredicateId = u32;

#[derive(Debug)]
pub(crate) enum Node {
    Compare(Comparison, Expression, Expression),
    Matches(Expression, Regex),
    Exists(Expression),
    All(Vec<PredicateId>),
    Any(Vec<PredicateId>),
    Not(PredicateId),
}

/// All nodes of a program, each distinct one once.
#[derive(Debug, Default)]
pub(crate) struct Predicates {
    nodes: Vec<Node>,
    by_text: HashMap<String, PredicateId>,
    paths: Vec<Path>,
}

/// What was already found out about the event at hand. Each entry says of which event it speaks, so that a new event
/// begins without a look at them.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    event: u32,
    /// Twice the event's number, plus one where the node holds.
    known: Vec<u32>,
    /// By the text's place in the index, with the event's number.
    findings: Vec<(u32, Findings)>,
}

impl Memo {
    /// The next event is at hand.
    pub(crate) fn begin(&mut self, predicates: &Predicates) {
        self.event += 1;
        if self.event >= u32::MAX / 2 {
            *self = Memo { event: 1, ..Memo::default() };
        }
        if self.known.len() < predicates.nodes.len() {
            self.known.resize(predicates.nodes.len(), 0);
        }
    }

    fn get(&self, id: PredicateId) -> Option<bool> {
        let known = self.known[id as usize];
        (known >> 1 == self.event).then_some(known & 1 == 1)
    }

    pub(crate) fn know(&mut self, id: PredicateId, holds: bool) {
        self.known[id as usize] = self.event << 1 | u32::from(holds);
    }

    /// The findings at this place of the index, and whether they are this event's.
    pub(crate) fn take_findings(&mut self, at: usize) -> (Findings, bool) {
        if self.findings.len() <= at {
            self.findings.resize_with(at + 1, Default::default);
        }
        let (event, findings) = &mut self.findings[at];
        (std::mem::take(findings), *event == self.event)
    }

    pub(crate) fn put_findings(&mut self, at: usize, findings: Findings) {
        self.findings[at] = (self.event, findings);
    }
}

impl Predicates {
    /// Property paths that expressions read; the slot of `Expression::Prop` is the place in this list.
    pub(crate) fn paths(&self) -> &[Path] {
        &self.paths
    }

    pub(crate) fn prop(&mut self, path: &Path) -> u32 {
        let at = self.paths.iter().position(|p| p == path).unwrap_or_else(|| {
            self.paths.push(path.clone());
            self.paths.len() - 1
        });
        at as u32
    }

    pub(crate) fn node(&self, id: PredicateId) -> &Node {
        &self.nodes[id as usize]
    }

    /// The node with this canonical text.
    pub(crate) fn find(&self, text: &str) -> Option<PredicateId> {
        self.by_text.get(text).copied()
    }

    /// The values of a comparison's sides; none for a node of other nodes.
    pub(crate) fn sides(&self, id: PredicateId, scope: &dyn Scope) -> Vec<Value<'static>> {
        let sides = match &self.nodes[id as usize] {
            Node::Compare(_, a, b) => vec![a, b],
            Node::Matches(a, _) | Node::Exists(a) => vec![a],
            Node::All(_) | Node::Any(_) | Node::Not(_) => Vec::new(),
        };
        sides.into_iter().map(|side| side.value(scope).to_owned()).collect()
    }

    /// Whether the node holds, evaluated at most once per memo.
    pub(crate) fn holds_once(&self, id: PredicateId, scope: &dyn Scope, memo: &mut Memo) -> bool {
        if let Some(known) = memo.get(id) {
            return known;
        }
        let holds = match &self.nodes[id as usize] {
            Node::All(ids) => ids.iter().all(|id| self.holds_once(*id, scope, memo)),
            Node::Any(ids) => ids.iter().any(|id| self.holds_once(*id, scope, memo)),
            Node::Not(id) => !self.holds_once(*id, scope, memo),
            leaf => leaf_holds(leaf, scope),
        };
        memo.know(id, holds);
        holds
    }

    /// Whether the node holds, with nothing remembered.
    pub(crate) fn holds(&self, id: PredicateId, scope: &dyn Scope) -> bool {
        match &self.nodes[id as usize] {
            Node::All(ids) => ids.iter().all(|id| self.holds(*id, scope)),
            Node::Any(ids) => ids.iter().any(|id| self.holds(*id, scope)),
            Node::Not(id) => !self.holds(*id, scope),
            leaf => leaf_holds(leaf, scope),
        }
    }
}

fn leaf_holds(node: &Node, scope: &dyn Scope) -> bool {
    match node {
        Node::Compare(op, a, b) => compare(*op, &a.value(scope), &b.value(scope)),
        Node::Matches(a, regex) => a.value(scope).any_text(|t| regex.is_match(t)),
        Node::Exists(a) => a.value(scope).exists(),
        Node::All(_) | Node::Any(_) | Node::Not(_) => false,
    }
}

/// Compiles predicates of one rule into the shared nodes.
pub(crate) struct Compiler<'p> {
    pub(crate) predicates: &'p mut Predicates,
    /// Names of the rule's measures in order; their numbers go into `Expression::Measure`.
    pub(crate) measures: &'p [&'p str],
    pub(crate) problems: &'p mut Vec<Problem>,
}

impl Compiler<'_> {
    /// `path` is the JSON pointer of `predicate`. Problems are collected; the id is then of no use.
    pub(crate) fn predicate(&mut self, predicate: &Predicate, path: &str) -> PredicateId {
        // Conditions read measures by their rule's numbers, so only nodes without measures are shared by text.
        let text = identity::predicate_text(predicate, self.measures);
        if let Some(id) = self.predicates.by_text.get(&text) {
            return *id;
        }
        let node = self.node(predicate, path);
        let id = self.predicates.nodes.len() as PredicateId;
        self.predicates.nodes.push(node);
        self.predicates.by_text.insert(text, id);
        id
    }

    fn node(&mut self, predicate: &Predicate, path: &str) -> Node {
        let mut all = |list: &[Predicate], kind: &str| -> Vec<PredicateId> {
            list.iter().enumerate().map(|(i, p)| self.predicate(p, &format!("{path}/{kind}/{i}"))).collect()
        };
        match predicate {
            Predicate::All(list) => Node::All(all(list, "all")),
            Predicate::Any(list) => Node::Any(all(list, "any")),
            Predicate::Not(inner) => Node::Not(self.predicate(inner, &format!("{path}/not"))),
            Predicate::Exists(operand) => Node::Exists(self.operand(operand)),
            Predicate::Compare(Comparison::Matches, left, right) => self.matches(left, right, path),
            Predicate::Compare(op, left, right) => {
                Node::Compare(*op, self.operand(left), self.operand(right))
            }
        }
    }

    fn matches(&mut self, left: &Operand, right: &Operand, path: &str) -> Node {
        let left = self.operand(left);
        let pattern = match right {
            Operand::Constant(alcedo_model::Constant::Text(text)) => text.as_str(),
            _ => "",
        };
        match RegexBuilder::new(pattern).size_limit(REGEX_BYTES).dfa_size_limit(REGEX_BYTES).build() {
            Ok(regex) => Node::Matches(left, regex),
            Err(error) => {
                self.problems.push(Problem::new(
                    format!("{path}/matches/1"),
                    say!("the regular expression cannot be compiled: {error}", error),
                    say!(
                        "write it in the syntax of Rust's regex crate, at most {most} bytes compiled",
                        most = REGEX_BYTES
                    ),
                ));
                Node::Any(Vec::new())
            }
        }
    }

    pub(crate) fn operand(&mut self, operand: &Operand) -> Expression {
        match operand {
            Operand::Constant(c) => Expression::Constant(Value::constant(c)),
            Operand::Prop(path) => Expression::Prop(self.predicates.prop(path)),
            Operand::Tag(name) => Expression::Tag(name.as_str().into()),
            Operand::Measure(name) => match self.measures.iter().position(|m| m == name) {
                Some(index) => Expression::Measure(index as u32),
                None => Expression::Constant(Value::Missing),
            },
            Operand::Now => Expression::Now,
            Operand::Duration(d) => Expression::Constant(Value::int(d.ms)),
            Operand::Time(t) => Expression::Constant(Value::int(t.ms)),
            Operand::Arithmetic(op, sides) => {
                Expression::Arithmetic(*op, Box::new([self.operand(&sides[0]), self.operand(&sides[1])]))
            }
        }
    }
}
