//! The user at hand and the rules that look at him.

use std::cell::OnceCell;

use crate::audience::Member;
use crate::program::Program;

/// The user at hand and who he is to the audiences.
pub(crate) struct Person<'a> {
    pub(crate) program: &'a Program,
    pub(crate) user: &'a str,
    member: OnceCell<Member>,
}

impl<'a> Person<'a> {
    pub(crate) fn new(program: &'a Program, user: &'a str) -> Self {
        Person { program, user, member: OnceCell::new() }
    }

    pub(crate) fn in_audience(&self, audience: Option<u32>) -> bool {
        let Some(audience) = audience else { return true };
        let member = *self.member.get_or_init(|| Member::of(self.user));
        self.program.audiences[audience as usize].has(member)
    }
}
