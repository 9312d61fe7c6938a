//! The user at hand and the rules that look at him.

use crate::program::Program;

/// The user at hand and who he is to the audiences.
pub(crate) struct Person<'a> {
    pub(crate) program: &'a Program,
    pub(crate) user: &'a str,
}

impl Person<'_> {
    pub(crate) fn in_audience(&self, audience: Option<u32>) -> bool {
        audience.is_none_or(|a| self.program.audiences[a as usize].contains(self.user))
    }
}
