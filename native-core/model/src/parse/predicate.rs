//! Predicates: the same everywhere, only their operands differ by place.

use super::{Parser, Place};
use crate::holes;
use crate::limits::{MAX_CONDITIONS, MAX_DEPTH, MAX_LIST};
use crate::report::At;
use crate::text::Node;
use crate::words::Word;
use crate::{Comparison, Operand, Predicate, say};

const KINDS: [&str; 15] = [
    "eq",
    "ne",
    "gt",
    "ge",
    "lt",
    "le",
    "contains",
    "starts_with",
    "ends_with",
    "in",
    "matches",
    "exists",
    "all",
    "any",
    "not",
];

impl Parser<'_> {
    /// `depth` counts levels of conditions from 1.
    pub(crate) fn predicate(
        &mut self,
        place: Place,
        node: &Node<'_>,
        at: &At<'_>,
        depth: usize,
    ) -> Predicate {
        if !self.room_for_condition(at, depth) {
            return holes::predicate();
        }
        if !matches!(node, Node::Object(_) | Node::Null | Node::Unread) {
            let reason =
                say!("a condition compares something; this one is just {found}", found = node.what());
            self.report.refuse(
                at,
                reason,
                say!("write a comparison such as {\"eq\": [x, y]}, or leave the condition out"),
            );
            return holes::predicate();
        }
        let Some(entries) = self.object(node, at, say!("a condition"), &KINDS) else {
            return holes::predicate();
        };
        let Some((kind, value)) = self.kind(entries, &KINDS, at, say!("a condition")) else {
            return holes::predicate();
        };
        let at = at.key(kind);
        match kind {
            "all" => Predicate::All(self.parts(place, value, &at, depth)),
            "any" => Predicate::Any(self.parts(place, value, &at, depth)),
            "not" => Predicate::Not(Box::new(self.predicate(place, value, &at, depth + 1))),
            "exists" => Predicate::Exists(self.operand(place, value, &at, depth + 1)),
            _ => match Comparison::of_word(kind) {
                Some(comparison) => self.comparison(comparison, place, value, &at, depth),
                None => holes::predicate(),
            },
        }
    }

    fn room_for_condition(&mut self, at: &At<'_>, depth: usize) -> bool {
        self.conditions += 1;
        if self.conditions == MAX_CONDITIONS + 1 {
            let reason =
                say!("this is a condition above the limit of {most} in one rule", most = MAX_CONDITIONS);
            self.report.refuse(at, reason, say!("split the rule; in with a list takes the place of many eq"));
        }
        self.conditions <= MAX_CONDITIONS && self.room_for_depth(at, depth)
    }

    pub(crate) fn room_for_depth(&mut self, at: &At<'_>, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            self.report.refuse(
                at,
                say!("conditions are nested deeper than {most} levels", most = MAX_DEPTH),
                say!("make them flatter"),
            );
        }
        depth <= MAX_DEPTH
    }

    fn parts(&mut self, place: Place, node: &Node<'_>, at: &At<'_>, depth: usize) -> Vec<Predicate> {
        let Some(items) = self.list(node, at, say!("conditions"), MAX_LIST) else { return Vec::new() };
        if items.is_empty() {
            self.report.refuse(
                at,
                say!("there is no condition in it"),
                say!("put a condition in, or leave it out"),
            );
        }
        let part = |(index, node)| self.predicate(place, node, &at.index(index), depth + 1);
        items.iter().enumerate().map(part).collect()
    }

    fn comparison(
        &mut self,
        comparison: Comparison,
        place: Place,
        node: &Node<'_>,
        at: &At<'_>,
        depth: usize,
    ) -> Predicate {
        let Some([x, y]) = self.two(place, node, at, depth) else { return holes::predicate() };
        match comparison {
            Comparison::In => self.sides_of_in(&x, &y, at),
            Comparison::Matches => self.right_of_matches(&y, at),
            _ => {}
        }
        Predicate::Compare(comparison, x, y)
    }

    /// Exactly two operands.
    pub(crate) fn two(
        &mut self,
        place: Place,
        node: &Node<'_>,
        at: &At<'_>,
        depth: usize,
    ) -> Option<[Operand; 2]> {
        let Node::List(items) = node else {
            self.mismatch(node, at, say!("a list of two operands"), say!("write [x, y]"));
            return None;
        };
        let [x, y] = items.as_slice() else {
            let reason = say!("two operands are needed, and there are {count}", count = items.len());
            self.report.refuse(at, reason, say!("write [x, y]"));
            return None;
        };
        Some([
            self.operand(place, x, &at.index(0), depth + 1),
            self.operand(place, y, &at.index(1), depth + 1),
        ])
    }
}
