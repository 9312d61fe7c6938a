//! The words of the language: how each choice is written. Reading, writing and the schema's tests use these tables.

use crate::{Comparison, Function, Operator, Period, Status, Take, TimeUnit};

/// A choice among words.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// Every choice with its word.
    const WORDS: &'static [(Self, &'static str)];

    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(choice, _)| *choice == self).map_or("", |(_, word)| *word)
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(choice, _)| *choice)
    }
}

/// The words alone.
pub(crate) fn words<T: Word>() -> Vec<&'static str> {
    T::WORDS.iter().map(|(_, word)| *word).collect()
}

impl Status {
    /// As a rule writes it.
    pub fn as_str(self) -> &'static str {
        self.word()
    }
}

impl Period {
    /// As a rule writes it.
    pub fn as_str(self) -> &'static str {
        self.word()
    }
}

impl Word for Status {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Status::Draft, "draft"),
        (Status::Warming, "warming"),
        (Status::Live, "live"),
        (Status::Paused, "paused"),
        (Status::Stopped, "stopped"),
    ];
}

impl Word for Period {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Period::Hour, "hour"),
        (Period::Day, "day"),
        (Period::Week, "week"),
        (Period::Month, "month"),
        (Period::Life, "life"),
    ];
}

impl Word for Function {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Function::Sum, "sum"),
        (Function::Min, "min"),
        (Function::Max, "max"),
        (Function::Avg, "avg"),
        (Function::First, "first"),
        (Function::Last, "last"),
    ];
}

impl Word for Take {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Take::Avg, "avg"), (Take::Sum, "sum"), (Take::Min, "min")];
}

impl Word for Comparison {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Comparison::Eq, "eq"),
        (Comparison::Ne, "ne"),
        (Comparison::Gt, "gt"),
        (Comparison::Ge, "ge"),
        (Comparison::Lt, "lt"),
        (Comparison::Le, "le"),
        (Comparison::Contains, "contains"),
        (Comparison::StartsWith, "starts_with"),
        (Comparison::EndsWith, "ends_with"),
        (Comparison::In, "in"),
        (Comparison::Matches, "matches"),
    ];
}

impl Word for Operator {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Operator::Add, "add"), (Operator::Sub, "sub"), (Operator::Mul, "mul"), (Operator::Div, "div")];
}

impl Word for TimeUnit {
    const WORDS: &'static [(Self, &'static str)] =
        &[(TimeUnit::Ms, "ms"), (TimeUnit::S, "s"), (TimeUnit::Us, "us"), (TimeUnit::Rfc3339, "rfc3339")];
}
