//! count: events matching, within the window.

use super::{Frameset, Intake, Roles};
use crate::tally::Tally;

/// The event matches the pattern. Aggregates and distinct have the same one role.
pub(crate) const MATCHES: Roles = 1;

/// A count needs nothing beyond its pattern and window.
#[derive(Debug)]
pub(crate) struct CountSpec;

pub(super) fn take(tally: &mut Tally, event: &Intake, set: &Frameset) {
    if event.roles & MATCHES != 0 {
        tally.add(event.time, event.clock, set.window.sliding(), set.capacity);
    }
}
