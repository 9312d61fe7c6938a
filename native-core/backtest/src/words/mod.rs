//! An explanation in English lines. The engine gives keys and parameters; here they become words.

mod message;
mod operand;

use alcedo_engine::{Case, Explanation, Gate, MeasureNow, Node};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::Explained;

/// Most firings that are listed one by one.
const FIRINGS: usize = 10;

/// Puts an explanation into words, times in one zone.
#[derive(Debug)]
pub struct Words {
    zone: TimeZone,
}

impl Words {
    /// Times are told in this zone.
    pub fn new(zone: TimeZone) -> Self {
        Words { zone }
    }

    /// The whole, line by line.
    pub fn page(&self, explained: &Explained) -> Vec<String> {
        let Some(explanation) = &explained.explanation else { return Vec::new() };
        let mut lines = self.head(explanation, explained);
        lines.push("gates".to_owned());
        lines.extend(explanation.gates.iter().map(|gate| self.gate(gate)));
        for case in &explanation.cases {
            self.case(case, &mut lines);
        }
        if explanation.more_cases > 0 {
            lines.push(format!("and {} more values", explanation.more_cases));
        }
        lines
    }

    /// The answer in one sentence.
    pub fn verdict(&self, explanation: &Explanation) -> String {
        self.message(&explanation.verdict)
    }

    /// A page about a user whose events are not at hand.
    pub fn standing(&self, explanation: &Explanation) -> Vec<String> {
        let mut lines = vec![self.verdict(explanation), "gates".to_owned()];
        lines.extend(explanation.gates.iter().map(|gate| self.gate(gate)));
        for case in &explanation.cases {
            self.case(case, &mut lines);
        }
        lines
    }

    fn head(&self, explanation: &Explanation, explained: &Explained) -> Vec<String> {
        let Explanation { rule, revision, user, .. } = explanation;
        let at = self.time(explanation.at);
        let mut lines = vec![
            format!("rule {rule} revision {revision}, user {user}, at {at}"),
            format!("  {}", self.message(&explanation.verdict)),
            format!("  it is judged {}", self.message(&explanation.trigger)),
        ];
        let fired: Vec<String> = explained.matches.iter().map(|found| self.time(found.time)).collect();
        let shown = fired.iter().rev().take(FIRINGS).rev().cloned().collect::<Vec<_>>().join(", ");
        let before = if fired.len() > FIRINGS { " ... " } else { " " };
        lines.push(match fired.len() {
            0 => format!("  it has not fired; his events until then: {}", explained.events),
            1 => format!("  it has fired once: {shown}; his events until then: {}", explained.events),
            n => format!(
                "  it has fired {n} times:{before}{shown}; his events until then: {}",
                explained.events
            ),
        });
        lines
    }

    fn gate(&self, gate: &Gate) -> String {
        format!("  {} {:9} {}", mark(gate.open), gate.gate, self.message(&gate.message))
    }

    fn case(&self, case: &Case, lines: &mut Vec<String>) {
        let of = case.key.as_ref().map_or(String::new(), |key| {
            let parts: Vec<String> = key.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            format!(" for {}", parts.join(", "))
        });
        let before = match case.held_before {
            Some(true) => "; it held at the last judgement",
            _ => "",
        };
        lines.push(format!("condition{of}{before}"));
        match &case.condition {
            None => lines.push("  ok  none: it always holds".to_owned()),
            Some(node) => self.node(node, 1, lines),
        }
        if !case.measures.is_empty() {
            lines.push(format!("measures{of}"));
        }
        for measure in &case.measures {
            self.measure(measure, lines);
        }
    }

    fn node(&self, node: &Node, depth: usize, lines: &mut Vec<String>) {
        let what = match node.sides.as_slice() {
            [] => String::new(),
            [one] => format!("{} exists: ", operand::text(&one.operand)),
            [left, right, ..] => {
                let (left, right) = (operand::text(&left.operand), operand::text(&right.operand));
                format!("{left} {} {right}: ", operand::sign(node.kind))
            }
        };
        let present = node.sides.first().filter(|_| node.message.key == "node.holds").map(|side| {
            let more = if side.or_more { " or more" } else { "" };
            format!("{}{more}", side.value)
        });
        let told = present.unwrap_or_else(|| self.message(&node.message));
        lines.push(format!("{}{} {what}{told}", "  ".repeat(depth), mark(node.holds)));
        node.parts.iter().for_each(|part| self.node(part, depth + 1, lines));
    }

    fn measure(&self, measure: &MeasureNow, lines: &mut Vec<String>) {
        let value = match &measure.value {
            Value::Null => "no value".to_owned(),
            value => value.to_string(),
        };
        let more = if measure.or_more { " or more" } else { "" };
        lines.push(format!("  {} ({}): {value}{more}", measure.name, measure.kind));
        lines.extend(measure.notes.iter().map(|note| format!("    {}", self.message(note))));
    }

    /// A moment in the rule's zone.
    fn time(&self, ms: i64) -> String {
        Timestamp::from_millisecond(ms).map_or_else(
            |_| format!("{ms} ms"),
            |at| at.display_with_offset(self.zone.to_offset(at)).to_string(),
        )
    }
}

fn mark(well: bool) -> &'static str {
    if well { "ok " } else { "no " }
}
