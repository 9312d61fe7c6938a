//! Operands (P16-P19). What stands for itself has its value here; everything else is asked of a reader.

use alcedo_model::Operand;

use crate::event::Event;
use crate::number;
use crate::value::Value;

/// Answers what an operand reads: a property, a tag, a measure, the clock.
pub(crate) type Reader<'r> = &'r dyn Fn(&Operand) -> Option<Value>;

pub(crate) fn value(operand: &Operand, read: Reader<'_>) -> Option<Value> {
    match operand {
        Operand::Constant(constant) => Some(Value::of_constant(constant)),
        Operand::Duration(length) => Some(Value::Int(i128::from(length.ms))),
        Operand::Time(at) => Some(Value::Int(i128::from(at.ms))),
        Operand::Arithmetic(operator, sides) => {
            let [x, y] = sides.as_ref();
            number::compute(*operator, &value(x, read)?, &value(y, read)?)
        }
        read_from => read(read_from),
    }
}

/// What patterns and their values read: the event's properties.
pub(crate) fn of_event(operand: &Operand, event: &Event) -> Option<Value> {
    value(operand, &|leaf| match leaf {
        Operand::Prop(path) => event.property(path),
        _ => None,
    })
}
