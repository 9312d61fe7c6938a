//! Checks that look at more than one field of a rule and need no engine.

use crate::Rule;
use crate::parse::Sketch;
use crate::report::Report;

/// What refuses the rule.
pub(crate) fn problems(_sketch: &Sketch, _report: &mut Report) {}

/// What is legal and probably not meant; only for rules without problems.
pub(crate) fn warnings(_rule: &Rule, _report: &mut Report) {}
