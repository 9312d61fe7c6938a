//! Windows.

use super::Parser;
use super::fields::given;
use crate::report::{At, quote};
use crate::text::Node;
use crate::{Period, Phrase, Window, say};

const OBJECTS: [&str; 6] = ["between", "before_publish", "across_publish", "last", "calendar", "session"];
const WORDS: [&str; 2] = ["always", "since_publish"];
fn cure() -> Phrase {
    say!(
        "write \"always\", \"since_publish\", or one of {\"between\": {\"from\": .., \"to\": ..}}, \
    {\"before_publish\": D}, {\"across_publish\": D}, {\"last\": D}, {\"calendar\": \"day\"}, {\"session\": D}"
    )
}

impl Parser<'_> {
    pub(crate) fn window(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Window> {
        match node {
            Node::Text(word) => self.window_word(word, at),
            Node::Object(_) => self.window_object(node, at),
            other => {
                self.mismatch(other, at, say!("a window"), cure());
                None
            }
        }
    }

    fn window_word(&mut self, word: &str, at: &At<'_>) -> Option<Window> {
        match word {
            "always" => Some(Window::Always),
            "since_publish" => Some(Window::SincePublish),
            _ if OBJECTS.contains(&word) => {
                self.report.refuse(at, say!("the window {name} needs a value", name = quote(word)), cure());
                None
            }
            _ => {
                self.unknown_word(
                    word,
                    at,
                    say!("a window"),
                    &[WORDS.as_slice(), OBJECTS.as_slice()].concat(),
                );
                None
            }
        }
    }

    fn window_object(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Window> {
        let entries = self.object(node, at, say!("a window"), &OBJECTS)?;
        let (kind, value) = self.kind(entries, &OBJECTS, at, say!("a window"))?;
        let at = at.key(kind);
        match kind {
            "between" => self.between(value, &at),
            "before_publish" => self.duration(value, &at).map(Window::BeforePublish),
            "across_publish" => self.duration(value, &at).map(Window::AcrossPublish),
            "last" => self.duration(value, &at).map(Window::Last),
            "session" => self.duration(value, &at).map(Window::Session),
            _ => self.calendar(value, &at),
        }
    }

    fn calendar(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Window> {
        let period: Period = self.word(node, at, say!("a period"))?;
        if period == Period::Life {
            self.report.refuse(
                at,
                say!("life is a period of limits only"),
                say!("use the window \"always\""),
            );
            return None;
        }
        Some(Window::Calendar(period))
    }

    fn between(&mut self, node: &Node<'_>, at: &At<'_>) -> Option<Window> {
        let entries = self.object(node, at, say!("a window's bounds"), &["from", "to"])?;
        let from = self.given_timestamp(entries, "from", at);
        let to = self.given_timestamp(entries, "to", at);
        if given(entries, "from").is_none() && given(entries, "to").is_none() {
            self.report.refuse(
                at,
                say!("neither from nor to is given"),
                say!("give one of them, or use the window \"always\""),
            );
            return None;
        }
        if let (Some(from), Some(to)) = (from, to)
            && from.ms >= to.ms
        {
            self.report.refuse(at, say!("from is not before to"), say!("exchange them, or move one"));
            return None;
        }
        (from.is_some() || to.is_some()).then_some(Window::Between { from, to })
    }
}
