//! Some rows of a column, laid beside each other in another order.
//!
//! Users are judged one after the other, and a user's rows lie far apart in a log that is sorted by time. What is read
//! again is therefore laid together while its batch is still in the processor's cache.

use std::sync::Arc;

use arrow_array::{Array, ArrowNativeTypeOp, BooleanArray, StringViewArray};
use arrow_buffer::{ArrowNativeType, NullBuffer, ScalarBuffer};

use super::{Column, Keys, Values};

/// Places among values.
#[derive(Debug)]
struct Chosen(Arc<[u32]>);

impl Chosen {
    /// Stands for no place at all: a batch has fewer rows.
    const NONE: u32 = u32::MAX;
}

impl Keys for Chosen {
    fn key(&self, row: usize) -> Option<usize> {
        self.0.get(row).filter(|place| **place != Self::NONE).map(|place| *place as usize)
    }
}

fn numbers<T: ArrowNativeType + ArrowNativeTypeOp>(
    values: &ScalarBuffer<T>,
    rows: &[u32],
) -> ScalarBuffer<T> {
    rows.iter().map(|row| values[*row as usize]).collect::<Vec<T>>().into()
}

impl Column {
    /// The column with these of its rows, in their order. Numbers and texts are copied; of all else only the places
    /// are, and what it was made of stays in memory.
    pub(crate) fn pick(self, rows: &Arc<[u32]>) -> Column {
        let values = match &self.values {
            Values::Missing => Values::Missing,
            Values::Object => Values::Object,
            Values::Bool(a) => {
                let picked = rows.iter().map(|row| a.value(*row as usize)).collect::<Vec<bool>>();
                Values::Bool(BooleanArray::from(picked))
            }
            Values::I8(v) => Values::I8(numbers(v, rows)),
            Values::I16(v) => Values::I16(numbers(v, rows)),
            Values::I32(v) => Values::I32(numbers(v, rows)),
            Values::I64(v) => Values::I64(numbers(v, rows)),
            Values::U8(v) => Values::U8(numbers(v, rows)),
            Values::U16(v) => Values::U16(numbers(v, rows)),
            Values::U32(v) => Values::U32(numbers(v, rows)),
            Values::U64(v) => Values::U64(numbers(v, rows)),
            Values::F32(v) => Values::F32(numbers(v, rows)),
            Values::F64(v) => Values::F64(numbers(v, rows)),
            Values::Time32(v, scale) => Values::Time32(numbers(v, rows), *scale),
            Values::Time64(v, scale) => Values::Time64(numbers(v, rows), *scale),
            Values::Utf8(_)
            | Values::LargeUtf8(_)
            | Values::Utf8View(_)
            | Values::Binary(_)
            | Values::LargeBinary(_)
            | Values::BinaryView(_)
            | Values::FixedBinary(_) => return self.texts(rows),
            Values::Dictionary(keys, values) => {
                let key = |row: &u32| {
                    let row = *row as usize;
                    let key = if self.is_null(row) { None } else { keys.key(row) };
                    key.and_then(|key| u32::try_from(key).ok()).unwrap_or(Chosen::NONE)
                };
                let keys = Chosen(rows.iter().map(key).collect());
                return Column::plain(Values::Dictionary(Box::new(keys), Arc::clone(values)));
            }
            Values::F16(_)
            | Values::Decimal(..)
            | Values::List(..)
            | Values::LargeList(..)
            | Values::ListView(..)
            | Values::LargeListView(..)
            | Values::FixedList(..)
            | Values::Entry { .. } => {
                let keys = Chosen(Arc::clone(rows));
                return Column::plain(Values::Dictionary(Box::new(keys), Arc::new(self)));
            }
        };
        let has_nulls = self.nulls.is_some() || !self.above.is_empty();
        let there = || rows.iter().map(|row| !self.is_null(*row as usize)).collect::<NullBuffer>();
        Column { above: Vec::new(), nulls: has_nulls.then(there), values }
    }

    fn plain(values: Values) -> Column {
        Column { above: Vec::new(), nulls: None, values }
    }

    /// Short texts lie in the column itself then, and the others beside each other.
    fn texts(&self, rows: &[u32]) -> Column {
        let texts: StringViewArray = rows.iter().map(|row| self.text(*row as usize)).collect();
        Column { nulls: texts.nulls().cloned(), ..Column::plain(Values::Utf8View(texts)) }
    }
}
