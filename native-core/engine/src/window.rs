//! Windows: which of the events that a measure matches count at a clock.
//!
//! Under fixed bounds that is decided when an event comes. A sliding window keeps moments and decides when it is read
//! (see `tally` and `series`). Calendar periods and sessions begin anew: what an instance holds belongs to one
//! [`Frame`], and is nothing as soon as the clock has left it.

use std::sync::Arc;

use alcedo_model::Period;

use crate::period::{self, Calendar};

#[derive(Debug, Clone)]
pub(crate) enum Window {
    /// `[from, to)`, Unix ms.
    Fixed { from: i64, to: i64 },
    /// `(t - d, t]`, ms.
    Last { d: i64 },
    /// The period of t.
    Calendar { period: Period, zone: Arc<Calendar> },
    /// Since the last pause longer than `gap` ms.
    Session { gap: i64 },
}

/// The period or session that an instance's content belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// First moment: of the period, or of the session's first event. Unix ms.
    pub(crate) first: i64,
    /// The session's last event, Unix ms.
    pub(crate) last: i64,
}

/// What an event does to an instance's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It belongs to the frame.
    Stay,
    /// A new frame begins with it: what was held is over.
    Begin,
    /// It belongs to a frame that is over (arrival order only).
    Past,
}

impl Window {
    /// Whether the moment lies within fixed bounds; other windows have none.
    pub(crate) fn bounds(&self, time: i64) -> bool {
        match self {
            Window::Fixed { from, to } => *from <= time && time < *to,
            _ => true,
        }
    }

    /// D of a sliding window, ms.
    pub(crate) fn sliding(&self) -> Option<i64> {
        match self {
            Window::Last { d } => Some(*d),
            _ => None,
        }
    }

    /// Moves the frame on to an event at `time`, with the clock at `clock`. `empty`: the instance holds nothing yet.
    pub(crate) fn turn(&self, frame: &mut Frame, time: i64, clock: i64, empty: bool) -> Turn {
        match self {
            Window::Fixed { .. } | Window::Last { .. } => Turn::Stay,
            Window::Calendar { period, zone } => {
                let now = period::start(clock, *period, zone);
                if period::start(time, *period, zone) != now {
                    return Turn::Past;
                }
                if !empty && frame.first == now {
                    return Turn::Stay;
                }
                *frame = Frame { first: now, last: time };
                Turn::Begin
            }
            Window::Session { gap } => {
                if !empty && frame.first.saturating_sub(time) > *gap {
                    return Turn::Past;
                }
                // In arrival order the clock may have left the session before an event that would have kept it going.
                if !empty && clock.saturating_sub(frame.last) <= *gap {
                    *frame = Frame { first: frame.first.min(time), last: frame.last.max(time) };
                    return Turn::Stay;
                }
                *frame = Frame { first: time, last: time };
                Turn::Begin
            }
        }
    }

    /// Whether what belongs to the frame still counts at this clock.
    pub(crate) fn current(&self, frame: Frame, clock: i64) -> bool {
        match self {
            Window::Fixed { .. } | Window::Last { .. } => true,
            Window::Calendar { period, zone } => period::start(clock, *period, zone) == frame.first,
            Window::Session { gap } => clock.saturating_sub(frame.last) <= *gap,
        }
    }

    /// The first clock at which the frame counts no more; none where it always will.
    pub(crate) fn frame_ends(&self, frame: Frame) -> Option<i64> {
        match self {
            Window::Fixed { .. } | Window::Last { .. } => None,
            Window::Calendar { period, zone } => Some(period::end(frame.first, *period, zone)),
            Window::Session { gap } => Some(frame.last.saturating_add(*gap).saturating_add(1)),
        }
    }

    /// First moment (Unix ms) of what counts at this clock; none where no first moment can be told.
    pub(crate) fn begins(&self, frame: Option<Frame>, clock: i64) -> Option<i64> {
        match self {
            Window::Fixed { from, .. } => Some(*from),
            Window::Last { d } => Some(clock.saturating_sub(*d).saturating_add(1)),
            Window::Calendar { period, zone } => Some(period::start(clock, *period, zone)),
            Window::Session { .. } => frame.filter(|f| self.current(*f, clock)).map(|f| f.first),
        }
    }
}
