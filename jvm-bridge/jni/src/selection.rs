//! An audience on its way out of tags: a profile is asked about users, piece by piece, and whoever it holds for is in.
//! The tags are never in memory together.

use alcedo_engine::{Audience, AudienceBuilder, Profile, Tags, audience_id};
use alcedo_model::Rule;

use crate::guard::Fault;
use crate::open::lines;

/// Users that are remembered by name, the first that were found.
const EXAMPLES: usize = 20;

pub(crate) struct Selection {
    id: String,
    profile: Profile,
    builder: AudienceBuilder,
    examples: Vec<String>,
    seen: u64,
}

impl Selection {
    /// The profile of this rule's audience.
    pub(crate) fn open(rule: &str) -> Result<Self, Fault> {
        let rule = Rule::parse(rule)
            .map_err(|problems| Fault::Refused(format!("the rule is refused: {}", lines(&problems))))?;
        let Some(audience) = &rule.rule.audience else {
            return Err(Fault::Refused(format!(
                "rule \"{}\" is for everyone: it has no audience",
                rule.rule.id
            )));
        };
        let Some(profile) = &audience.profile else {
            let why = "its audience has no profile, its members come from outside";
            return Err(Fault::Refused(format!("rule \"{}\": {why}", rule.rule.id)));
        };
        let profile = Profile::compile(profile).map_err(|problems| Fault::Refused(lines(&problems)))?;
        let id = audience_id(audience);
        Ok(Selection { id, profile, builder: AudienceBuilder::default(), examples: Vec::new(), seen: 0 })
    }

    /// Takes users in: a JSON object with their tags a line. A line that cannot be read refuses its piece; those
    /// before it are in.
    pub(crate) fn add(&mut self, tags: &str) -> Result<(), Fault> {
        for line in tags.lines().filter(|line| !line.trim().is_empty()) {
            self.seen += 1;
            let tags = Tags::parse_line(line)
                .map_err(|e| Fault::Refused(format!("line {} of the tags: {e}", self.seen)))?;
            if self.profile.holds(&tags) {
                self.builder.add(&tags.user);
                if self.examples.len() < EXAMPLES {
                    self.examples.push(tags.user);
                }
            }
        }
        Ok(())
    }

    /// u16 length | audience id, u64 members, u16 examples, each u16 length | user, then the audience's bytes. What
    /// was added is gone from here.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        let audience: Audience = std::mem::take(&mut self.builder).build();
        let mut out = Vec::new();
        text(&mut out, &self.id);
        out.extend_from_slice(&audience.len().to_le_bytes());
        out.extend_from_slice(&(self.examples.len() as u16).to_le_bytes());
        for user in std::mem::take(&mut self.examples) {
            text(&mut out, &user);
        }
        out.extend(audience.encode());
        out
    }

    /// The audience's name.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Its members' bytes; what was added is gone from here.
    pub(crate) fn encode(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.builder).build().encode()
    }
}

/// Ids and users are at most 128 bytes.
fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_what_the_whole_gives_and_examples_are_the_first() {
        let rule = r#"{"id":"r","revision":1,"audience":{"profile":{"contains":[{"tag":"words"},"coffee"]}},
            "trigger":{"on":{"event":"a"}}}"#;
        let line = |i: usize| {
            let word = if i.is_multiple_of(3) { "tea" } else { "instant coffee" };
            format!("{{\"user\":\"u{i:03}\",\"words\":[\"{word}\"]}}\n")
        };
        let whole: String = (0..100).map(line).collect();
        let (mut one, mut many) = (Selection::open(rule).unwrap(), Selection::open(rule).unwrap());
        one.add(&whole).unwrap();
        for i in 0..100 {
            many.add(&line(i)).unwrap();
        }
        assert_eq!(one.examples.len(), EXAMPLES);
        assert_eq!(one.examples[0], "u001");
        let (one, many) = (one.finish(), many.finish());
        assert_eq!(one, many);
        let name = usize::from(u16::from_le_bytes([one[0], one[1]]));
        assert_eq!(one[2 + name..10 + name], 66_u64.to_le_bytes());
    }

    #[test]
    fn a_bad_line_is_named_by_its_number_in_all_pieces() {
        let rule = r#"{"id":"r","revision":1,"audience":{"profile":{"exists":{"tag":"t"}}},
            "trigger":{"on":{"event":"a"}}}"#;
        let mut selection = Selection::open(rule).unwrap();
        selection.add("{\"user\":\"a\"}\n\n{\"user\":\"b\"}\n").unwrap();
        let Err(Fault::Refused(why)) = selection.add("{\"user\":7}\nnonsense\n") else {
            panic!("it was taken");
        };
        assert!(why.starts_with("line 4 of the tags"), "{why}");
    }
}
