//! Messages in English.

use alcedo_engine::Message;
use serde_json::Value;

use super::{Words, operand};

impl Words {
    pub(super) fn message(&self, message: &Message) -> String {
        let with = |name: &str| message.with.get(name);
        let text = |name: &str| with(name).map_or(String::new(), plain);
        let time = |name: &str| with(name).and_then(Value::as_i64).map_or(String::new(), |ms| self.time(ms));
        match message.key {
            "verdict.ready" => "it can fire: nothing stands in the way".to_owned(),
            "verdict.condition" => "it does not fire: the condition does not hold".to_owned(),
            "verdict.held_before" => {
                "it does not fire again before the condition has been false once".to_owned()
            }
            "verdict.no_value" => "it does not fire: no correlation value of his holds anything".to_owned(),
            "verdict.unseen" => "it does not fire: nothing was taken in of this user".to_owned(),
            "verdict.stopped" => "it does not fire: it is stopped".to_owned(),
            "trigger.event" => format!("at each event {}", text("pattern")),
            "trigger.rise" => format!("whenever {} goes up", text("measure")),
            "trigger.change" => {
                format!(
                    "when {} may change, and fires when the condition becomes true",
                    list(with("measures"))
                )
            }
            "status.live" => "live".to_owned(),
            "status.not_live" => format!("it is {}, not live", text("status")),
            "validity.open" if with("to").is_some() => format!("until {}", time("to")),
            "validity.open" => "open".to_owned(),
            "validity.not_begun" => format!("it may not fire before {}", time("from")),
            "validity.over" => format!("it has not been allowed to fire since {}", time("to")),
            "audience.everyone" => "everyone".to_owned(),
            "audience.in" => "he is in it".to_owned(),
            "audience.out" => "he is not in the audience".to_owned(),
            "limit.open" => format!("fired {} of {} times per {}", text("fired"), text("times"), text("per")),
            "limit.reached" => {
                let until = with("until").map_or(String::new(), |_| format!(", until {}", time("until")));
                format!("the limit is reached: {} times per {}{until}", text("times"), text("per"))
            }
            "cooldown.open" => "over".to_owned(),
            "cooldown.pause" => format!("it cools down until {}", time("until")),
            key => self.about_parts(key, message),
        }
    }

    /// Messages about nodes and measures.
    fn about_parts(&self, key: &str, message: &Message) -> String {
        let with = |name: &str| message.with.get(name);
        let text = |name: &str| with(name).map_or(String::new(), plain);
        let time = |name: &str| with(name).and_then(Value::as_i64).map_or(String::new(), |ms| self.time(ms));
        let bounds = || {
            let from = with("from").map_or(String::new(), |_| format!(", from {}", time("from")));
            let until = with("until").map_or(String::new(), |_| format!(", until {}", time("until")));
            format!("{from}{until}, begun {}", time("began"))
        };
        let missing = |word: &str| with("missing").map_or(String::new(), |n| format!(", {n} {word}"));
        match key {
            "node.all" => format!("all: {} of {} hold", text("hold"), text("of")),
            "node.any" => format!("any: {} of {} hold", text("hold"), text("of")),
            "node.not" => "not".to_owned(),
            "node.holds" => "holds".to_owned(),
            "node.short" => format!("{} of {}{}", text("present"), text("target"), missing("missing")),
            "node.over" => {
                format!("{} where {} is asked{}", text("present"), text("target"), missing("too many"))
            }
            "node.differs" => {
                with("present").map_or("it is something else".to_owned(), |value| format!("it is {value}"))
            }
            "node.no_value" => {
                format!("{} has no value", with("operand").map_or(String::new(), operand::text))
            }
            "node.no_event" => {
                format!(
                    "{} is asked of an event that has not come",
                    with("operand").map_or(String::new(), operand::text)
                )
            }
            "measure.nothing_yet" => "it holds nothing".to_owned(),
            "measure.waits_for_step" => {
                format!("waits for step {} of {}: {}{}", text("step"), text("of"), text("pattern"), bounds())
            }
            "measure.waits_for_pair" => format!("waits for {}{}", text("pattern"), bounds()),
            "measure.deadline" => {
                format!(
                    "goes up at {} unless {} comes, begun {}",
                    time("until"),
                    text("pattern"),
                    time("began")
                )
            }
            "measure.leaves" => format!("changes with time at {}", time("at")),
            "measure.window_not_begun" => format!("its window begins at {}", time("from")),
            "measure.window_over" => format!("its window ended at {}", time("to")),
            "measure.lacks" => format!("it lacks what came before {}", time("since")),
            other => format!("{other} {}", Value::Object(message.with.clone())),
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn list(value: Option<&Value>) -> String {
    let names = value.and_then(Value::as_array).into_iter().flatten();
    names.map(plain).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alcedo_engine::KEYS;

    /// A key without words would be shown as it is, dots and all.
    #[test]
    fn every_key_has_words() {
        let words = Words::new(jiff::tz::TimeZone::UTC);
        for key in KEYS {
            let message = Message { key, with: serde_json::Map::new() };
            assert!(!words.message(&message).starts_with(key), "{key}");
        }
    }
}
