//! JSON records as columns, for tests only: what types they have there is told by their values.

use std::sync::Arc;

use alcedo_model::Mapping;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, LargeListArray, NullArray, RecordBatch, StringArray,
    StructArray, UInt64Array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Fields, Schema};
use serde_json::Value;

/// One record as a batch of one row; none where it is no table.
pub(crate) fn batch(record: &Value, mapping: &Mapping) -> Option<RecordBatch> {
    table(std::slice::from_ref(record), mapping)
}

/// Records as one batch; a column is of one type, or there is none.
pub(crate) fn table(records: &[Value], mapping: &Mapping) -> Option<RecordBatch> {
    let objects: Vec<Option<&Value>> = records.iter().map(Some).collect();
    records.iter().all(Value::is_object).then_some(())?;
    let (mut fields, mut arrays) = columns(&objects)?;
    for path in [&mapping.user, &mapping.event_type, &mapping.time] {
        if fields.iter().all(|field| field.name() != &path.0[0]) {
            fields.push(Field::new(&path.0[0], DataType::Null, true));
            arrays.push(Arc::new(NullArray::new(records.len())));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).ok()
}

fn columns(objects: &[Option<&Value>]) -> Option<(Vec<Field>, Vec<ArrayRef>)> {
    let mut names: Vec<&String> =
        objects.iter().flatten().filter_map(|o| o.as_object()).flat_map(|o| o.keys()).collect();
    names.sort();
    names.dedup();
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for name in names {
        let cells: Vec<Option<&Value>> = objects.iter().map(|o| o.and_then(|o| o.get(name))).collect();
        let array = array(&cells)?;
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    Some((fields, arrays))
}

fn array(cells: &[Option<&Value>]) -> Option<ArrayRef> {
    let cells: Vec<Option<&Value>> = cells.iter().map(|cell| cell.filter(|cell| !cell.is_null())).collect();
    let all = |fits: fn(&Value) -> bool| cells.iter().flatten().all(|cell| fits(cell));
    if cells.iter().all(Option::is_none) {
        return Some(Arc::new(NullArray::new(cells.len())));
    }
    let each = cells.iter();
    Some(if all(Value::is_boolean) {
        Arc::new(each.map(|cell| (*cell)?.as_bool()).collect::<BooleanArray>())
    } else if all(Value::is_i64) {
        Arc::new(each.map(|cell| (*cell)?.as_i64()).collect::<Int64Array>())
    } else if all(Value::is_u64) {
        Arc::new(each.map(|cell| (*cell)?.as_u64()).collect::<UInt64Array>())
    } else if all(Value::is_f64) {
        Arc::new(each.map(|cell| (*cell)?.as_f64()).collect::<Float64Array>())
    } else if all(Value::is_string) {
        Arc::new(each.map(|cell| (*cell)?.as_str()).collect::<StringArray>())
    } else if all(Value::is_array) {
        list(&cells)?
    } else if all(Value::is_object) {
        object(&cells)?
    } else {
        return None;
    })
}

fn list(cells: &[Option<&Value>]) -> Option<ArrayRef> {
    let lists: Vec<&[Value]> =
        cells.iter().map(|cell| cell.and_then(Value::as_array).map_or(&[][..], Vec::as_slice)).collect();
    let values: Vec<Option<&Value>> = lists.iter().flat_map(|list| list.iter().map(Some)).collect();
    let values = array(&values)?;
    let offsets = OffsetBuffer::from_lengths(lists.iter().map(|list| list.len()));
    let nulls = NullBuffer::from_iter(cells.iter().map(Option::is_some));
    let field = Arc::new(Field::new("item", values.data_type().clone(), true));
    Some(Arc::new(LargeListArray::try_new(field, offsets, values, Some(nulls)).ok()?))
}

fn object(cells: &[Option<&Value>]) -> Option<ArrayRef> {
    let (fields, arrays) = columns(cells)?;
    let nulls = NullBuffer::from_iter(cells.iter().map(Option::is_some));
    if fields.is_empty() {
        return Some(Arc::new(StructArray::new_empty_fields(cells.len(), Some(nulls))));
    }
    Some(Arc::new(StructArray::try_new(Fields::from(fields), arrays, Some(nulls)).ok()?))
}
