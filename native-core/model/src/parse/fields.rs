//! Objects: known fields, missing ones, and nodes whose one key names their kind.

use super::Parser;
use crate::report::{At, choices, nearest, quote};
use crate::text::{Entry, Node};
use crate::{Phrase, say};

/// The field, null or not.
pub(crate) fn raw<'n, 't>(node: &'n Node<'t>, name: &str) -> Option<&'n Node<'t>> {
    match node {
        Node::Object(entries) => find(entries, name),
        _ => None,
    }
}

/// The field of these entries, null or not.
pub(crate) fn find<'n, 't>(entries: &'n [Entry<'t>], name: &str) -> Option<&'n Node<'t>> {
    entries.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// The field, where it is there and not null.
pub(crate) fn given<'n, 't>(entries: &'n [Entry<'t>], name: &str) -> Option<&'n Node<'t>> {
    find(entries, name).filter(|value| !matches!(value, Node::Null))
}

impl Parser<'_> {
    /// It is not what belongs here.
    pub(crate) fn mismatch(&mut self, node: &Node<'_>, at: &At<'_>, wanted: Phrase, cure: Phrase) {
        // What is too deep was reported where it was found.
        if !matches!(node, Node::Unread) {
            let reason = say!("{wanted} is needed here, not {found}", wanted, found = node.what());
            self.report.refuse(at, reason, cure);
        }
    }

    /// The fields of an object, unknown ones reported.
    pub(crate) fn object<'n, 't>(
        &mut self,
        node: &'n Node<'t>,
        at: &At<'_>,
        what: Phrase,
        known: &[&str],
    ) -> Option<&'n [Entry<'t>]> {
        let Node::Object(entries) = node else {
            self.mismatch(
                node,
                at,
                say!("{what}, an object,", what),
                say!("give its fields: {names}", names = known.join(", ")),
            );
            return None;
        };
        for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&key.as_ref())) {
            self.unknown(key, &at.key(key), known);
        }
        Some(entries)
    }

    fn unknown(&mut self, key: &str, at: &At<'_>, known: &[&str]) {
        let cure = match nearest(key, known.iter().copied()) {
            Some(name) => say!("write {name}, or leave it out", name),
            None => say!("leave it out; known here: {names}", names = known.join(", ")),
        };
        self.report.refuse(at, say!("{name} is not known here", name = quote(key)), cure);
    }

    /// A field that must be there.
    pub(crate) fn required<'n, 't>(
        &mut self,
        entries: &'n [Entry<'t>],
        name: &str,
        at: &At<'_>,
        cure: Phrase,
    ) -> Option<&'n Node<'t>> {
        match find(entries, name) {
            Some(Node::Null) => {
                self.report.refuse(&at.key(name), say!("{name} needs a value, not null", name), cure)
            }
            Some(node) => return Some(node),
            None => self.report.refuse(&at.key(name), say!("{name} is missing", name), cure),
        }
        None
    }

    /// The one key that names the kind of a node, with its value.
    pub(crate) fn kind<'n, 't>(
        &mut self,
        entries: &'n [Entry<'t>],
        kinds: &[&'static str],
        at: &At<'_>,
        what: Phrase,
    ) -> Option<(&'static str, &'n Node<'t>)> {
        let mut found = kinds.iter().filter_map(|kind| find(entries, kind).map(|value| (*kind, value)));
        let Some((kind, value)) = found.next() else {
            // An unknown key was reported already and probably is the kind, misspelt.
            if entries.is_empty() {
                self.report.refuse(
                    at,
                    say!("{what} needs one key that names its kind", what),
                    say!("write {names}", names = choices(kinds)),
                );
            }
            return None;
        };
        let others: Vec<&str> = found.map(|(other, _)| other).collect();
        if !others.is_empty() {
            let named = [&[kind], others.as_slice()].concat();
            self.report.refuse(
                at,
                say!("{what} has one kind, and this one names {names}", what, names = named.join(", ")),
                say!("keep one of them; all and any join conditions"),
            );
            return None;
        }
        if matches!(value, Node::Null) {
            self.report.refuse(
                &at.key(kind),
                say!("{name} needs a value, not null", name = kind),
                say!("give it one"),
            );
            return None;
        }
        Some((kind, value))
    }

    /// The elements of a list.
    pub(crate) fn list<'n, 't>(
        &mut self,
        node: &'n Node<'t>,
        at: &At<'_>,
        what: Phrase,
        most: usize,
    ) -> Option<&'n [Node<'t>]> {
        let Node::List(items) = node else {
            self.mismatch(node, at, say!("{what}, a list,", what), say!("put it into [ ]"));
            return None;
        };
        if items.len() > most {
            let elements = items.len();
            let reason =
                say!("{what} of {elements} elements is above the limit of {most}", what, elements, most);
            self.report.refuse(at, reason, say!("make it shorter"));
            return None;
        }
        Some(items)
    }
}
