//! One column of a batch, resolved once: what a row holds there as a value of the engine.
//!
//! Invariants: a cell and a JSON value that say the same are the same value; texts are borrowed from the batch; what
//! has no value in JSON either (not a number, bytes that are no text) is missing.

mod pick;

use std::borrow::Cow;
use std::sync::Arc;

use alcedo_engine::Typed;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType,
    Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, FixedSizeBinaryArray, FixedSizeListArray,
    LargeBinaryArray, LargeStringArray, MapArray, PrimitiveArray, StringArray, StringViewArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};

/// Numbers of ms per unit of a column of times, or units per ms.
#[derive(Debug, Clone, Copy)]
enum Scale {
    Times(i64),
    Over(i64),
}

/// A column, or what a path leads to in it.
#[derive(Debug)]
pub(crate) struct Column {
    /// Nulls of the structs above: below a null there is nothing.
    above: Vec<NullBuffer>,
    nulls: Option<NullBuffer>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// No value in any row.
    Missing,
    Bool(BooleanArray),
    I8(ScalarBuffer<i8>),
    I16(ScalarBuffer<i16>),
    I32(ScalarBuffer<i32>),
    I64(ScalarBuffer<i64>),
    U8(ScalarBuffer<u8>),
    U16(ScalarBuffer<u16>),
    U32(ScalarBuffer<u32>),
    U64(ScalarBuffer<u64>),
    F16(PrimitiveArray<Float16Type>),
    F32(ScalarBuffer<f32>),
    F64(ScalarBuffer<f64>),
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    Utf8View(StringViewArray),
    Binary(BinaryArray),
    LargeBinary(LargeBinaryArray),
    BinaryView(BinaryViewArray),
    FixedBinary(FixedSizeBinaryArray),
    /// Moments and lengths of time, as Unix ms and ms.
    Time32(ScalarBuffer<i32>, Scale),
    Time64(ScalarBuffer<i64>, Scale),
    /// Its integer and the digits behind the point.
    Decimal(Box<dyn Decimals>, i8),
    List(OffsetBuffer<i32>, Box<Column>),
    LargeList(OffsetBuffer<i64>, Box<Column>),
    /// Offsets and sizes.
    ListView(ScalarBuffer<i32>, ScalarBuffer<i32>, Box<Column>),
    LargeListView(ScalarBuffer<i64>, ScalarBuffer<i64>, Box<Column>),
    FixedList(FixedSizeListArray, Box<Column>),
    /// The value of one key of a map.
    Entry {
        map: MapArray,
        key: Box<str>,
        keys: Box<Column>,
        values: Box<Column>,
    },
    Dictionary(Box<dyn Keys>, Arc<Column>),
    Object,
}

/// Decimal numbers of any width, by their digits.
trait Decimals: std::fmt::Debug + Send + Sync {
    /// The integer without its point, if it fits.
    fn small(&self, row: usize) -> Option<i128>;
    /// The number as it is written.
    fn text(&self, row: usize) -> String;
}

macro_rules! decimals {
    ($($kind:ty => $small:expr;)*) => {$(
        impl Decimals for PrimitiveArray<$kind> {
            fn small(&self, row: usize) -> Option<i128> {
                let small: fn(<$kind as ArrowPrimitiveType>::Native) -> Option<i128> = $small;
                small(self.value(row))
            }
            fn text(&self, row: usize) -> String {
                self.value_as_string(row)
            }
        }
    )*};
}

decimals! {
    Decimal32Type => |v| Some(i128::from(v));
    Decimal64Type => |v| Some(i128::from(v));
    Decimal128Type => Some;
    Decimal256Type => |v| v.to_i128();
}

/// The keys of a dictionary, or of runs of equal values.
trait Keys: std::fmt::Debug + Send + Sync {
    /// The place among the values; none where the row is null.
    fn key(&self, row: usize) -> Option<usize>;
}

/// Keys as they are.
#[derive(Debug)]
struct Coded(ArrayRef);

impl Keys for Coded {
    fn key(&self, row: usize) -> Option<usize> {
        let array = &self.0;
        let key = match array.data_type() {
            DataType::Dictionary(key, _) => key.as_ref(),
            _ => return None,
        };
        macro_rules! keys {
            ($($name:ident => $kind:ty),*) => {
                match key {
                    $(DataType::$name => {
                        let keys = array.as_dictionary_opt::<$kind>()?.keys();
                        if keys.is_null(row) { None } else { usize::try_from(keys.value(row)).ok() }
                    })*
                    _ => None,
                }
            };
        }
        keys!(Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
              UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type, UInt64 => UInt64Type)
    }
}

/// Runs of equal values.
#[derive(Debug)]
struct Runs(ArrayRef);

impl Keys for Runs {
    fn key(&self, row: usize) -> Option<usize> {
        let DataType::RunEndEncoded(ends, _) = self.0.data_type() else { return None };
        match ends.data_type() {
            DataType::Int16 => Some(self.0.as_run_opt::<Int16Type>()?.get_physical_index(row)),
            DataType::Int32 => Some(self.0.as_run_opt::<Int32Type>()?.get_physical_index(row)),
            DataType::Int64 => Some(self.0.as_run_opt::<Int64Type>()?.get_physical_index(row)),
            _ => None,
        }
    }
}

impl Column {
    /// What is read where there is no such column.
    pub(crate) fn missing() -> Column {
        Column { above: Vec::new(), nulls: None, values: Values::Missing }
    }

    /// Follows `path` through structs and maps. The error names a type that rules cannot read.
    pub(crate) fn resolve(array: &ArrayRef, path: &[String]) -> Result<Column, String> {
        let mut array = ArrayRef::clone(array);
        let mut above = Vec::new();
        for (at, name) in path.iter().enumerate() {
            above.extend(array.nulls().cloned());
            if let Some(map) = array.as_map_opt() {
                let rest = path.get(at + 1..).unwrap_or_default();
                let (nulls, values) = (None, entry(map, name, rest)?);
                return Ok(Column { above, nulls, values });
            }
            // Of a repeated name the last counts, as in JSON.
            let field = array.as_struct_opt().and_then(|whole| {
                let last = whole.fields().iter().rposition(|field| field.name() == name)?;
                whole.columns().get(last).cloned()
            });
            let Some(field) = field else { return Ok(Column::missing()) };
            array = field;
        }
        Ok(Column { above, ..Column::of(&array)? })
    }

    fn of(array: &ArrayRef) -> Result<Column, String> {
        Ok(Column { above: Vec::new(), nulls: array.nulls().cloned(), values: values(array)? })
    }

    /// Whether every row without a null is an object.
    pub(crate) fn is_object(&self) -> bool {
        matches!(self.values, Values::Object | Values::Missing)
    }

    fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
            || self.above.iter().any(|nulls| nulls.is_null(row))
    }

    /// The text in this row without a copy, where it is one.
    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        if self.is_null(row) {
            return None;
        }
        match &self.values {
            Values::Utf8(a) => Some(a.value(row)),
            Values::LargeUtf8(a) => Some(a.value(row)),
            Values::Utf8View(a) => Some(a.value(row)),
            Values::Binary(a) => std::str::from_utf8(a.value(row)).ok(),
            Values::LargeBinary(a) => std::str::from_utf8(a.value(row)).ok(),
            Values::BinaryView(a) => std::str::from_utf8(a.value(row)).ok(),
            Values::FixedBinary(a) => std::str::from_utf8(a.value(row)).ok(),
            Values::Dictionary(keys, values) => values.text(keys.key(row)?),
            _ => None,
        }
    }

    /// The moment in this row, Unix ms, where the column is one of moments.
    pub(crate) fn moment(&self, row: usize) -> Option<i64> {
        match &self.values {
            Values::Time32(..) | Values::Time64(..) => match self.value(row) {
                Typed::Int(ms) => Some(ms),
                _ => None,
            },
            Values::Dictionary(keys, values) => values.moment(keys.key(row)?),
            _ => None,
        }
    }

    /// The value in this row.
    pub(crate) fn value(&self, row: usize) -> Typed<'_> {
        if self.is_null(row) {
            return Typed::Missing;
        }
        match &self.values {
            Values::Missing => Typed::Missing,
            Values::Bool(a) => Typed::Bool(a.value(row)),
            Values::I8(v) => Typed::Int(v[row].into()),
            Values::I16(v) => Typed::Int(v[row].into()),
            Values::I32(v) => Typed::Int(v[row].into()),
            Values::I64(v) => Typed::Int(v[row]),
            Values::U8(v) => Typed::Int(v[row].into()),
            Values::U16(v) => Typed::Int(v[row].into()),
            Values::U32(v) => Typed::Int(v[row].into()),
            Values::U64(v) => i64::try_from(v[row]).map_or_else(|_| Typed::Float(v[row] as f64), Typed::Int),
            Values::F16(a) => float(a.value(row).to_f64()),
            Values::F32(v) => float(v[row].into()),
            Values::F64(v) => float(v[row]),
            Values::Time32(v, scale) => ms(v[row].into(), *scale),
            Values::Time64(v, scale) => ms(v[row], *scale),
            Values::Decimal(decimals, scale) => decimal(decimals.as_ref(), row, *scale),
            Values::List(offsets, values) => values.list(offsets[row] as usize..offsets[row + 1] as usize),
            Values::LargeList(offsets, values) => {
                values.list(offsets[row] as usize..offsets[row + 1] as usize)
            }
            Values::ListView(offsets, sizes, values) => {
                let first = offsets[row] as usize;
                values.list(first..first + sizes[row] as usize)
            }
            Values::LargeListView(offsets, sizes, values) => {
                let first = offsets[row] as usize;
                values.list(first..first + sizes[row] as usize)
            }
            Values::FixedList(list, values) => {
                let first = list.value_offset_at(row);
                values.list(first..first + list.value_length() as usize)
            }
            Values::Entry { map, key, keys, values } => {
                let offsets = map.value_offsets();
                let (first, end) = (offsets[row] as usize, offsets[row + 1] as usize);
                let place = (first..end).rev().find(|at| keys.text(*at) == Some(key));
                place.map_or(Typed::Missing, |at| values.value(at))
            }
            Values::Dictionary(keys, values) => keys.key(row).map_or(Typed::Missing, |key| values.value(key)),
            Values::Object => Typed::Object,
            _ => self.text(row).map_or(Typed::Missing, |text| Typed::Text(Cow::Borrowed(text))),
        }
    }

    fn list(&self, places: std::ops::Range<usize>) -> Typed<'_> {
        Typed::List(places.map(|at| self.value(at)).collect())
    }
}

fn entry(map: &MapArray, name: &str, rest: &[String]) -> Result<Values, String> {
    Ok(Values::Entry {
        map: map.clone(),
        key: name.into(),
        keys: Box::new(Column::of(map.keys())?),
        values: Box::new(Column::resolve(map.values(), rest)?),
    })
}

/// What is not finite has no value.
fn float(f: f64) -> Typed<'static> {
    if f.is_finite() { Typed::Float(f) } else { Typed::Missing }
}

/// Cut to ms, towards the past.
fn ms(value: i64, scale: Scale) -> Typed<'static> {
    match scale {
        Scale::Times(n) => value.checked_mul(n).map_or(Typed::Missing, Typed::Int),
        Scale::Over(n) => Typed::Int(value.div_euclid(n)),
    }
}

/// As JSON would write it: without a point an integer, with one a float by its digits.
fn decimal(decimals: &dyn Decimals, row: usize, scale: i8) -> Typed<'static> {
    /// Up to 10^22 a power of ten is exact, and so is the quotient's rounding.
    const EXACT: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    let small = decimals.small(row);
    if scale <= 0 {
        let whole = small.and_then(|v| v.checked_mul(10i128.checked_pow(u32::from(scale.unsigned_abs()))?));
        if let Some(whole) = whole.and_then(|v| i64::try_from(v).ok()) {
            return Typed::Int(whole);
        }
    } else if let (Some(v), Some(power)) = (small, EXACT.get(scale as usize))
        && v.unsigned_abs() < 1 << 53
    {
        return Typed::Float(v as f64 / power);
    }
    decimals.text(row).parse().map_or(Typed::Missing, float)
}

fn scale(unit: &TimeUnit) -> Scale {
    match unit {
        TimeUnit::Second => Scale::Times(1000),
        TimeUnit::Millisecond => Scale::Times(1),
        TimeUnit::Microsecond => Scale::Over(1000),
        TimeUnit::Nanosecond => Scale::Over(1_000_000),
    }
}

fn numbers<T: ArrowPrimitiveType>(array: &ArrayRef) -> ScalarBuffer<T::Native> {
    array.as_primitive::<T>().values().clone()
}

/// 64-bit times of a unit.
fn times(array: &ArrayRef, unit: &TimeUnit) -> Values {
    let values = match (array.data_type(), unit) {
        (DataType::Timestamp(..), TimeUnit::Second) => numbers::<TimestampSecondType>(array),
        (DataType::Timestamp(..), TimeUnit::Millisecond) => numbers::<TimestampMillisecondType>(array),
        (DataType::Timestamp(..), TimeUnit::Microsecond) => numbers::<TimestampMicrosecondType>(array),
        (DataType::Timestamp(..), TimeUnit::Nanosecond) => numbers::<TimestampNanosecondType>(array),
        (DataType::Duration(_), TimeUnit::Second) => numbers::<DurationSecondType>(array),
        (DataType::Duration(_), TimeUnit::Millisecond) => numbers::<DurationMillisecondType>(array),
        (DataType::Duration(_), TimeUnit::Microsecond) => numbers::<DurationMicrosecondType>(array),
        (DataType::Duration(_), TimeUnit::Nanosecond) => numbers::<DurationNanosecondType>(array),
        (_, TimeUnit::Microsecond) => numbers::<Time64MicrosecondType>(array),
        _ => numbers::<Time64NanosecondType>(array),
    };
    Values::Time64(values, scale(unit))
}

fn values(array: &ArrayRef) -> Result<Values, String> {
    const DAY: i64 = 86_400_000;
    Ok(match array.data_type() {
        DataType::Null => Values::Missing,
        DataType::Boolean => Values::Bool(array.as_boolean().clone()),
        DataType::Int8 => Values::I8(numbers::<Int8Type>(array)),
        DataType::Int16 => Values::I16(numbers::<Int16Type>(array)),
        DataType::Int32 => Values::I32(numbers::<Int32Type>(array)),
        DataType::Int64 => Values::I64(numbers::<Int64Type>(array)),
        DataType::UInt8 => Values::U8(numbers::<UInt8Type>(array)),
        DataType::UInt16 => Values::U16(numbers::<UInt16Type>(array)),
        DataType::UInt32 => Values::U32(numbers::<UInt32Type>(array)),
        DataType::UInt64 => Values::U64(numbers::<UInt64Type>(array)),
        DataType::Float16 => Values::F16(array.as_primitive().clone()),
        DataType::Float32 => Values::F32(numbers::<Float32Type>(array)),
        DataType::Float64 => Values::F64(numbers::<Float64Type>(array)),
        DataType::Utf8 => Values::Utf8(array.as_string().clone()),
        DataType::LargeUtf8 => Values::LargeUtf8(array.as_string().clone()),
        DataType::Utf8View => Values::Utf8View(array.as_string_view().clone()),
        DataType::Binary => Values::Binary(array.as_binary().clone()),
        DataType::LargeBinary => Values::LargeBinary(array.as_binary().clone()),
        DataType::BinaryView => Values::BinaryView(array.as_binary_view().clone()),
        DataType::FixedSizeBinary(_) => Values::FixedBinary(array.as_fixed_size_binary().clone()),
        DataType::Timestamp(unit, _) | DataType::Duration(unit) | DataType::Time64(unit) => {
            times(array, unit)
        }
        DataType::Date32 => Values::Time32(numbers::<Date32Type>(array), Scale::Times(DAY)),
        DataType::Date64 => Values::Time64(numbers::<Date64Type>(array), Scale::Times(1)),
        DataType::Time32(TimeUnit::Second) => {
            Values::Time32(numbers::<Time32SecondType>(array), Scale::Times(1000))
        }
        DataType::Time32(_) => Values::Time32(numbers::<Time32MillisecondType>(array), Scale::Times(1)),
        DataType::Decimal32(_, scale) => {
            Values::Decimal(Box::new(array.as_primitive::<Decimal32Type>().clone()), *scale)
        }
        DataType::Decimal64(_, scale) => {
            Values::Decimal(Box::new(array.as_primitive::<Decimal64Type>().clone()), *scale)
        }
        DataType::Decimal128(_, scale) => {
            Values::Decimal(Box::new(array.as_primitive::<Decimal128Type>().clone()), *scale)
        }
        DataType::Decimal256(_, scale) => {
            Values::Decimal(Box::new(array.as_primitive::<Decimal256Type>().clone()), *scale)
        }
        DataType::Dictionary(..) => {
            let values = Column::of(array.as_any_dictionary().values())?;
            Values::Dictionary(Box::new(Coded(ArrayRef::clone(array))), Arc::new(values))
        }
        DataType::RunEndEncoded(..) => {
            Values::Dictionary(Box::new(Runs(ArrayRef::clone(array))), runs(array)?)
        }
        DataType::Struct(_) | DataType::Map(..) => Values::Object,
        other => return lists(array, other),
    })
}

fn runs(array: &ArrayRef) -> Result<Arc<Column>, String> {
    let values = array.as_run_opt::<Int32Type>().map(|runs| runs.values());
    let values = values.or_else(|| array.as_run_opt::<Int64Type>().map(|runs| runs.values()));
    let values = values.or_else(|| array.as_run_opt::<Int16Type>().map(|runs| runs.values()));
    Ok(Arc::new(values.map_or_else(|| Ok(Column::missing()), Column::of)?))
}

fn lists(array: &ArrayRef, kind: &DataType) -> Result<Values, String> {
    let of = |values: &ArrayRef| Column::of(values).map(Box::new);
    Ok(match kind {
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            Values::List(list.offsets().clone(), of(list.values())?)
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            Values::LargeList(list.offsets().clone(), of(list.values())?)
        }
        DataType::ListView(_) => {
            let list = array.as_list_view::<i32>();
            Values::ListView(list.offsets().clone(), list.sizes().clone(), of(list.values())?)
        }
        DataType::LargeListView(_) => {
            let list = array.as_list_view::<i64>();
            Values::LargeListView(list.offsets().clone(), list.sizes().clone(), of(list.values())?)
        }
        DataType::FixedSizeList(..) => {
            let list = array.as_fixed_size_list();
            Values::FixedList(list.clone(), of(list.values())?)
        }
        other => return Err(other.to_string()),
    })
}
