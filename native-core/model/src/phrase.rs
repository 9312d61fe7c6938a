//! What is said to an author: a sentence with gaps and what stands in them, so that other languages can say it too.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use serde::{Deserialize, Serialize};

/// A sentence. Its English text is its key: who shows it in another language finds it by that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// In English, with a gap for each value: `{name}`.
    pub text: Cow<'static, str>,
    /// What stands in the gaps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Cow<'static, str>, Part>,
}

/// What stands in a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part {
    /// The same in every language: a name, a number, a length, words of the rule language.
    Plain(String),
    /// Part of the sentence.
    Phrase(Phrase),
}

impl Phrase {
    /// [`say!`](crate::say) is how it is written: tools find the texts by that.
    pub fn of<const N: usize>(text: &'static str, values: [(&'static str, Part); N]) -> Phrase {
        debug_assert!(values.iter().all(|(name, _)| text.contains(&format!("{{{name}}}"))), "{text}");
        let values = values.into_iter().map(|(name, part)| (Cow::Borrowed(name), part)).collect();
        Phrase { text: Cow::Borrowed(text), values }
    }

    /// In English.
    pub fn english(&self) -> String {
        let mut said = String::with_capacity(self.text.len());
        let mut rest = &*self.text;
        while let Some((before, from)) = rest.split_once('{') {
            said.push_str(before);
            let gap = from.split_once('}').and_then(|(name, rest)| Some((self.values.get(name)?, rest)));
            rest = match gap {
                Some((Part::Plain(text), rest)) => {
                    said.push_str(text);
                    rest
                }
                Some((Part::Phrase(phrase), rest)) => {
                    said.push_str(&phrase.english());
                    rest
                }
                // A bracket of an example.
                None => {
                    said.push('{');
                    from
                }
            };
        }
        said.push_str(rest);
        said
    }
}

impl<T: Display> From<T> for Part {
    fn from(value: T) -> Part {
        let mut text = String::new();
        // Writing into a text does not fail.
        let _ = write!(text, "{value}");
        Part::Plain(text)
    }
}

impl From<Phrase> for Part {
    fn from(phrase: Phrase) -> Part {
        Part::Phrase(phrase)
    }
}

impl From<&Phrase> for Part {
    fn from(phrase: &Phrase) -> Part {
        Part::Phrase(phrase.clone())
    }
}

/// A [`Phrase`]: `say!("{name} is missing", name)`, `say!("write {near}", near = quote(text))`. The text is a literal here, so
/// that every sentence is found by a search for `say!`.
#[macro_export]
macro_rules! say {
    (@part $name:ident = $value:expr) => { $crate::Part::from($value) };
    (@part $name:ident) => { $crate::Part::from(&$name) };
    ($text:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::Phrase::of($text, [$((stringify!($name), $crate::say!(@part $name $(= $value)?))),*])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_and_other_brackets_stay() {
        let what = say!("a measure");
        let phrase = say!("{what} of {bytes} bytes: {\"a\": {name}} {{}", what, bytes = 7, name = "x");
        assert_eq!(phrase.english(), "a measure of 7 bytes: {\"a\": x} {{}");
        let json = serde_json::to_string(&phrase).unwrap();
        assert!(json.contains(r#""what":{"text":"a measure"}"#), "{json}");
        assert_eq!(serde_json::from_str::<Phrase>(&json).unwrap(), phrase);
    }
}
