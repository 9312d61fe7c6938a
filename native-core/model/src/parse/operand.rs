//! Operands: constants, and what may be read at the place they stand in.

use super::{Parser, Place};
use crate::holes;
use crate::limits::{MAX_LIST, MAX_MEASURE_NAME_BYTES, MAX_PATH_BYTES, MAX_REGEX_BYTES, MAX_TEXT_BYTES};
use crate::report::{At, quote};
use crate::text::Node;
use crate::words::Word;
use crate::{Constant, Operand, Operator, say};

const KINDS: [&str; 10] = ["prop", "tag", "measure", "now", "duration", "time", "add", "sub", "mul", "div"];

impl Parser<'_> {
    pub(crate) fn operand(&mut self, place: Place, node: &Node<'_>, at: &At<'_>, depth: usize) -> Operand {
        if !self.room_for_depth(at, depth) {
            return holes::operand();
        }
        let read = match node {
            Node::Object(_) => self.reading(place, node, at, depth),
            Node::List(_) => self.constant_list(node, at).map(Operand::Constant),
            _ => self.scalar(node, at).map(Operand::Constant),
        };
        read.unwrap_or_else(holes::operand)
    }

    fn reading(&mut self, place: Place, node: &Node<'_>, at: &At<'_>, depth: usize) -> Option<Operand> {
        let kinds: Vec<&'static str> = KINDS.into_iter().filter(|kind| allowed(place, kind)).collect();
        let Node::Object(entries) = node else { return None };
        for (key, _) in entries {
            if KINDS.contains(&key.as_ref()) && !kinds.contains(&key.as_ref()) {
                self.misplaced(place, key, &at.key(key));
                return None;
            }
        }
        let entries = self.object(node, at, say!("an operand"), &kinds)?;
        let (kind, value) = self.kind(entries, &kinds, at, say!("an operand"))?;
        let at = at.key(kind);
        match kind {
            "prop" => self.path(value, &at).map(Operand::Prop),
            "tag" => self.tag(value, &at),
            "measure" => {
                let name = self.text(value, &at, say!("a measure's name"), MAX_MEASURE_NAME_BYTES)?;
                Some(Operand::Measure(name.to_owned()))
            }
            "now" => self.now(value, &at),
            "duration" => self.gap(value, &at).map(Operand::Duration),
            "time" => self.timestamp(value, &at).map(Operand::Time),
            _ => {
                let operator = Operator::of_word(kind)?;
                let sides = self.two(place, value, &at, depth)?;
                Some(Operand::Arithmetic(operator, Box::new(sides)))
            }
        }
    }

    fn misplaced(&mut self, place: Place, kind: &str, at: &At<'_>) {
        let (here, cure) = match place {
            Place::Event => (say!("a pattern"), say!("a pattern reads the event alone: prop and constants")),
            Place::Profile => (say!("a profile"), say!("a profile reads tags: {\"tag\": \"level\"}")),
            Place::When => (say!("when"), say!("put tags into the audience's profile")),
        };
        self.report.refuse(at, say!("{kind} cannot be read in {here}", kind, here), cure);
    }

    fn tag(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Operand> {
        let name = self.text(node, at, say!("a tag's name"), MAX_PATH_BYTES)?;
        if name.is_empty() {
            self.report.refuse(at, say!("a tag needs a name"), say!("name one"));
            return None;
        }
        Some(Operand::Tag(name.to_owned()))
    }

    fn now(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Operand> {
        if *node == Node::Bool(true) {
            return Some(Operand::Now);
        }
        self.mismatch(node, at, say!("true"), say!("write {\"now\": true}"));
        None
    }

    fn constant_list(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Constant> {
        let items = self.list(node, at, say!("a constant list"), MAX_LIST)?;
        let mut constants = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match item {
                Node::List(_) | Node::Object(_) => {
                    let at = at.index(index);
                    self.mismatch(
                        item,
                        &at,
                        say!("a bool, number or text"),
                        say!("a list holds plain constants only"),
                    );
                }
                scalar => constants.extend(self.scalar(scalar, &at.index(index))),
            }
        }
        (constants.len() == items.len()).then_some(Constant::List(constants))
    }

    fn scalar(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Constant> {
        match node {
            Node::Bool(flag) => Some(Constant::Bool(*flag)),
            Node::Number(text) => self.number(text, at),
            Node::Text(_) => self
                .text(node, at, say!("a constant"), MAX_TEXT_BYTES)
                .map(|text| Constant::Text(text.to_owned())),
            other => {
                let cure = say!("give a constant; exists and not tell whether a property is there");
                self.mismatch(other, at, say!("a value"), cure);
                None
            }
        }
    }

    /// The right side of `in` is a list, the left side is not.
    pub(crate) fn sides_of_in(&mut self, x: &Operand, y: &Operand, at: &At<'_>) {
        if let Operand::Constant(Constant::List(_)) = x {
            self.report.refuse(
                &at.index(0),
                say!("the left side of in is one value, not a list"),
                say!("use contains for a list"),
            );
        }
        let may_be_list =
            matches!(y, Operand::Constant(Constant::List(_)) | Operand::Prop(_) | Operand::Tag(_));
        if !may_be_list && !holes::is_operand(y) {
            self.report.refuse(
                &at.index(1),
                say!("in needs a list on its right side"),
                say!("write [x, [a, b]], or use eq"),
            );
        }
    }

    /// The engine compiles it once, so it is a constant text; the engine checks its syntax.
    pub(crate) fn right_of_matches(&mut self, y: &Operand, at: &At<'_>) {
        let at = at.index(1);
        match y {
            Operand::Constant(Constant::Text(regex)) if regex.len() > MAX_REGEX_BYTES => {
                let reason = say!(
                    "the regular expression {text} of {bytes} bytes is above the limit of {most}",
                    text = quote(regex),
                    bytes = regex.len(),
                    most = MAX_REGEX_BYTES
                );
                self.report.refuse(&at, reason, say!("make it shorter; in with a list takes many words"));
            }
            Operand::Constant(Constant::Text(_)) => {}
            other if holes::is_operand(other) => {}
            _ => self.report.refuse(
                &at,
                say!("matches needs a constant text on its right side"),
                say!("write the regular expression"),
            ),
        }
    }
}

fn allowed(place: Place, kind: &str) -> bool {
    match kind {
        "prop" => place != Place::Profile,
        "tag" => place == Place::Profile,
        "measure" | "now" | "duration" | "time" => place == Place::When,
        _ => true,
    }
}
