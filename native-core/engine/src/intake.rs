//! One event into one measure of one user, within the measure's bounds.

use smallvec::SmallVec;

use crate::key::Key;
use crate::measure::{Body, Datum, Intake, Roles, Slot, Spec};
use crate::program::{Measure, MeasureId, Program};
use crate::state::{Instance, MeasureState, UserState};
use crate::window::Frame;

/// A measure that an event enters.
#[derive(Debug)]
pub(crate) struct Touched {
    pub(crate) measure: MeasureId,
    pub(crate) roles: Roles,
    pub(crate) key: Key,
    /// The event's value of the measure's expression.
    pub(crate) datum: Option<Datum>,
    /// See `Intake`.
    pub(crate) carried: Vec<(u64, Key)>,
}

/// When an event is taken in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// Its own time, Unix ms.
    pub(crate) time: i64,
    /// The user's clock with it, Unix ms.
    pub(crate) clock: i64,
    /// Events to come lie at or after it, Unix ms.
    pub(crate) horizon: i64,
}

/// Lets one measure take in one event; gives how much its bounds dropped.
pub(crate) fn take_in(program: &Program, state: &mut UserState, touched: Touched, now: Now) -> u64 {
    let Now { time, clock, horizon } = now;
    let measure = program.measure_at(touched.measure);
    let own = touched.roles & measure.spec.own_roles() != 0;
    let mut dropped = 0;
    let place = match state.measures.place(measure.hash) {
        Ok(place) => place,
        // What only comes between steps finds nothing to come between.
        Err(_) if !own => return 0,
        Err(place) => {
            let held = MeasureState { hash: measure.hash, ordinal: 0, instances: SmallVec::new() };
            state.measures.insert(place, held);
            place
        }
    };
    let held = state.measures.at_mut(place);
    let at = match held.instances.iter().position(|i| i.key == touched.key) {
        Some(at) => at,
        None if !own => return 0,
        None => {
            let slot = Slot { frame: Frame::default(), body: measure.spec.empty() };
            held.instances.push(Instance { key: touched.key, slot });
            held.instances.len() - 1
        }
    };
    let (roles, ordinal) = (touched.roles, held.ordinal);
    held.ordinal += 1;
    let intake = Intake { time, clock, roles, ordinal, datum: touched.datum, carried: touched.carried };
    let slot = &mut held.instances[at].slot;
    dropped += measure.spec.take(slot, &intake, &measure.set);
    if measure.spec.trim(slot, clock, horizon, &measure.set) {
        held.instances.remove(at);
    } else if own {
        held.instances[at..].rotate_left(1); // the last is the one taken in last
    }
    // Open absences first: a value that loses its last one takes no place.
    dropped += bound_opens(held, measure);
    dropped += bound_keys(held, measure, now);
    if held.instances.is_empty() {
        state.measures.remove(place);
    } else {
        state.measures.changed(place, measure);
    }
    dropped
}

/// Drops the values taken in least recently beyond `max_keys`.
fn bound_keys(held: &mut MeasureState, measure: &Measure, now: Now) -> u64 {
    if measure.by.is_empty() || held.instances.len() <= measure.max_keys {
        return 0;
    }
    held.instances.retain_mut(|i| !measure.spec.trim(&mut i.slot, now.clock, now.horizon, &measure.set));
    // What is kept only for events that may still come before the user's clock holds nothing now: it takes no place.
    while held.instances.len() > measure.max_keys {
        let Some(at) = held.instances.iter().position(|i| !measure.holds(&i.slot, now.clock)) else { break };
        held.instances.remove(at);
    }
    let beyond = held.instances.len().saturating_sub(measure.max_keys);
    held.instances.drain(..beyond);
    beyond as u64
}

/// Drops the oldest open absences beyond `max_open`.
fn bound_opens(held: &mut MeasureState, measure: &Measure) -> u64 {
    if !matches!(measure.spec, Spec::Absence(_)) {
        return 0;
    }
    let mut dropped = 0;
    loop {
        let opens = |i: &Instance| if let Body::Absence(a) = &i.slot.body { a.opens.len() } else { 0 };
        if held.instances.iter().map(opens).sum::<usize>() <= measure.max_open {
            return dropped;
        }
        let oldest = |i: &Instance| match &i.slot.body {
            Body::Absence(a) => a.opens.first().map_or((i64::MAX, u64::MAX), |o| (o.time, o.ordinal)),
            _ => (i64::MAX, u64::MAX),
        };
        let Some(at) = (0..held.instances.len()).min_by_key(|at| oldest(&held.instances[*at])) else {
            return dropped;
        };
        if let Body::Absence(a) = &mut held.instances[at].slot.body {
            a.opens.remove(0);
        }
        if held.instances[at].slot.body.is_idle() {
            held.instances.remove(at);
        }
        dropped += 1;
    }
}
