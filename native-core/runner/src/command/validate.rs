//! `alcedo validate`: are these rules right, and what do they cost?

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcedo_backtest::{Refused, Sourced, collect_rules, compile};
use alcedo_engine::{Audience, Audiences, MAX_USER_BYTES, Program, audience_id};
use clap::Args;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output::{Output, say};

/// Check rules: every problem with its place and cure, or what the rules cost. Exit code 1 if one is wrong.
///
/// Rules that are checked together must also fit together, as they would in one job. Audiences need not be there.
#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// Files with a rule or a list of rules, or folders of such files (names that end in .json).
    #[arg(required = true, value_name = "RULE")]
    rules: Vec<PathBuf>,
    /// Refuse a rule that may need more state bytes for one user, as a job with this limit does.
    #[arg(long, value_name = "BYTES", default_value_t = MAX_USER_BYTES)]
    max_user_bytes: u64,
    /// Write one JSON object in place of text: {"ok", "rules", "refused"}.
    #[arg(long)]
    json: bool,
}

impl Validate {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let (rules, mut refused) = collect_rules(&self.rules)?;
        if rules.is_empty() && refused.is_empty() {
            return Err(alcedo_backtest::Error::NoRules(self.rules[0].clone()).into());
        }
        let program = match compile(&rules, &nobody(&rules)) {
            Ok(program) => {
                refused.extend(self.beyond(&rules, &program));
                Some(program)
            }
            Err(alcedo_backtest::Error::Rules(more)) => {
                refused.extend(more);
                None
            }
            Err(other) => return Err(other.into()),
        };
        let mut out = Output::open(Path::new("-"))?;
        match program.filter(|_| refused.is_empty()) {
            Some(program) => self.accept(&rules, &program, &mut out)?,
            None => self.refuse(&refused, &mut out)?,
        }
        out.finish()?;
        if refused.is_empty() { Ok(()) } else { Err(summary(&refused)) }
    }

    /// Rules that need more than the job allows them.
    fn beyond(&self, rules: &[Sourced], program: &Program) -> Vec<Refused> {
        let report = program.report();
        let refused = |sourced: &Sourced| {
            let rule = &sourced.rule.id;
            let own = report.rules.iter().find(|own| own.rule == *rule)?;
            let problems = vec![own.beyond(self.max_user_bytes)?];
            Some(Refused { source: sourced.source.clone(), rule: Some(rule.clone()), problems })
        };
        rules.iter().filter_map(refused).collect()
    }

    fn accept(&self, rules: &[Sourced], program: &Program, out: &mut Output) -> Result<(), Failure> {
        if self.json {
            return out.line(as_json(rules, program).to_string().as_bytes());
        }
        let report = program.report();
        for sourced in rules {
            let rule = &sourced.rule;
            out.line(
                format!("{}: rule {} revision {}: ok", sourced.source, rule.id, rule.revision).as_bytes(),
            )?;
            if let Some(cost) = report.rules.iter().find(|cost| cost.rule == rule.id) {
                let (bytes, deadlines, events) =
                    (cost.bytes_per_user, cost.deadlines_per_user, cost.events.join(", "));
                out.line(
                    format!("  at most {bytes} bytes and {deadlines} deadlines per user; events: {events}")
                        .as_bytes(),
                )?;
                for measure in &cost.measures {
                    let shared = match measure.shared_with.join(", ") {
                        others if others.is_empty() => String::new(),
                        others => format!("; shared with {others}"),
                    };
                    let exact = measure.approximate.as_ref().map_or(String::new(), |how| format!("; {how}"));
                    let (name, bytes) = (&measure.name, measure.bytes_per_user);
                    out.line(
                        format!("  measure {name}: at most {bytes} bytes per user{shared}{exact}").as_bytes(),
                    )?;
                }
            }
            for warning in &sourced.warnings {
                out.line(format!("  warning: {warning}").as_bytes())?;
            }
        }
        let (bytes, deadlines) = (report.bytes_per_user, report.deadlines_per_user);
        out.line(format!("together at most {bytes} bytes and {deadlines} deadlines per user").as_bytes())
    }

    fn refuse(&self, refused: &[Refused], out: &mut Output) -> Result<(), Failure> {
        if self.json {
            return out.line(
                json!({"ok": false, "rules": [], "refused": refused_json(refused)}).to_string().as_bytes(),
            );
        }
        refused.iter().try_for_each(|one| {
            say(one);
            Ok(())
        })
    }
}

/// Rules are checked without their users: every audience that they name is there and empty.
fn nobody(rules: &[Sourced]) -> Audiences {
    let mut audiences = Audiences::new();
    for audience in rules.iter().filter_map(|sourced| sourced.rule.audience.as_ref()) {
        audiences.insert(&audience_id(audience), Arc::new(Audience::default()));
    }
    audiences
}

fn summary(refused: &[Refused]) -> Failure {
    let problems: usize = refused.iter().map(|one| one.problems.len()).sum();
    Failure::at(
        "validate",
        format_args!("{problems} problems in {} rules", refused.len()),
        "mend them as told above",
    )
}

fn as_json(rules: &[Sourced], program: &Program) -> Value {
    let rules: Vec<Value> = rules
        .iter()
        .map(|sourced| {
            let rule = &sourced.rule;
            let audience = rule.audience.as_ref().map(audience_id);
            json!({"source": sourced.source, "rule": rule.id, "revision": rule.revision, "audience": audience,
                   "warnings": sourced.warnings})
        })
        .collect();
    json!({"ok": true, "hash": program.hash(), "rules": rules, "report": program.report(), "refused": []})
}

fn refused_json(refused: &[Refused]) -> Vec<Value> {
    refused
        .iter()
        .map(|one| json!({"source": one.source, "rule": one.rule, "problems": one.problems}))
        .collect()
}
