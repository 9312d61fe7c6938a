//! Collects what is wrong while a rule is read, with the place of each problem as a JSON pointer.
//!
//! A place is a chain of borrowed links on the stack: it costs nothing until something is wrong there.

use crate::limits::MAX_PROBLEMS;
use crate::{Phrase, Problem, say};

/// A place in the rule: the whole, or a field or an element of another place.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    /// The whole.
    Root,
    /// A field of an object.
    Key(&'a At<'a>, &'a str),
    /// An element of a list.
    Index(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    pub(crate) fn key(&'a self, name: &'a str) -> At<'a> {
        At::Key(self, name)
    }

    pub(crate) fn index(&'a self, index: usize) -> At<'a> {
        At::Index(self, index)
    }

    /// The JSON pointer (RFC 6901) of this place.
    pub(crate) fn pointer(&self) -> String {
        let mut links = Vec::new();
        let mut here = self;
        while let At::Key(parent, _) | At::Index(parent, _) = here {
            links.push(here);
            here = parent;
        }
        let mut pointer = String::new();
        for link in links.iter().rev() {
            pointer.push('/');
            match link {
                At::Key(_, name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                At::Index(_, index) => pointer.push_str(&index.to_string()),
                At::Root => {}
            }
        }
        pointer
    }
}

/// Problems that refuse a rule, and warnings that do not.
#[derive(Default)]
pub(crate) struct Report {
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    /// Problems beyond [`MAX_PROBLEMS`]: counted, not kept.
    more: usize,
}

impl Report {
    /// Something here makes the rule unusable.
    pub(crate) fn refuse(&mut self, at: &At<'_>, reason: Phrase, cure: Phrase) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem::new(at.pointer(), reason, cure));
        } else {
            self.more += 1;
        }
    }

    /// Something here is legal and probably not what its author wants.
    pub(crate) fn warn(&mut self, at: &At<'_>, reason: Phrase, cure: Phrase) {
        if self.warnings.len() < MAX_PROBLEMS {
            self.warnings.push(Problem::new(at.pointer(), reason, cure));
        }
    }

    pub(crate) fn refused(&self) -> bool {
        !self.problems.is_empty()
    }

    /// The warnings, or the problems if there are any.
    pub(crate) fn finish(mut self) -> Result<Vec<Problem>, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(self.warnings);
        }
        if self.more > 0 {
            self.problems.push(Problem::new(
                "",
                say!("{more} more problems are not shown", more = self.more),
                say!("mend those above first"),
            ));
        }
        Err(self.problems)
    }
}

/// The author's text in a message: in quotes, cut where it is long.
pub(crate) fn quote(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        None => format!("{text:?}"),
        Some((cut, _)) => format!("{:?}...", &text[..cut]),
    }
}

/// The names as a sentence part: `a, b or c`.
pub(crate) fn choices(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The known name that the author probably meant.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let near = known.into_iter().map(|candidate| (distance(name, candidate), candidate)).min()?;
    let allowed = (name.chars().count().max(near.1.chars().count()) / 3).max(1);
    (near.0 <= allowed).then_some(near.1)
}

/// Levenshtein distance of the lower-case forms, separators left out (`coolDown` is `cooldown`).
fn distance(a: &str, b: &str) -> usize {
    let plain = |text: &str| -> Vec<char> {
        text.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
    };
    let (a, b) = (plain(a), plain(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_names() {
        let measures = At::Root.key("measures");
        let name = measures.key("a/b~c");
        assert_eq!(name.index(3).pointer(), "/measures/a~1b~0c/3");
        assert_eq!(At::Root.pointer(), "");
    }

    #[test]
    fn the_nearest_name_is_near() {
        let known = ["cooldown", "when", "trigger"];
        assert_eq!(nearest("cool_down", known), Some("cooldown"));
        assert_eq!(nearest("triger", known), Some("trigger"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", []), None);
    }
}
