//! Memory that Java owns, as slices. The only file that turns addresses into references.
//!
//! Invariants: a slice never reaches beyond the buffer's capacity; it lives no longer than the call, during which the
//! buffer's argument keeps it from being collected; two slices of one call never overlap.
#![allow(unsafe_code, reason = "a direct buffer is an address and a capacity; here they become slices")]

use jni::Env;
use jni::objects::{JByteArray, JByteBuffer};
use jni::sys::jint;

use crate::guard::Fault;
use crate::wire::HARD_CAP;

/// The first `len` bytes of a direct buffer, its position and limit aside.
pub(crate) fn input<'a>(env: &Env<'_>, buffer: &'a JByteBuffer<'_>, len: jint) -> Result<&'a [u8], Fault> {
    let (address, capacity) = place(env, "input", buffer)?;
    let len = usize::try_from(len)
        .map_err(|_| Fault::Refused(format!("the input buffer's length is {len}: it cannot be negative")))?;
    if len > capacity {
        return Err(Fault::Refused(format!("the input buffer holds {capacity} bytes, not {len}")));
    }
    // SAFETY: the JVM says that `capacity` bytes at `address` are this buffer's, initialised and never moved; `len` is
    // within them; `buffer` is a local reference that keeps them alive for 'a. The Java classes that own these
    // buffers hand them to nobody and write to them only between calls.
    Ok(unsafe { std::slice::from_raw_parts(address, len) })
}

/// All bytes of a direct buffer, to be written.
pub(crate) fn output<'a>(env: &Env<'_>, buffer: &'a mut JByteBuffer<'_>) -> Result<&'a mut [u8], Fault> {
    let (address, capacity) = place(env, "output", buffer)?;
    // SAFETY: as in `input`; the exclusive borrow of the reference stands for the memory, and `apart` has
    // refused a call that also reads it.
    Ok(unsafe { std::slice::from_raw_parts_mut(address, capacity) })
}

/// Refuses two buffers that share memory: one is read while the other is written.
pub(crate) fn apart(env: &Env<'_>, input: &JByteBuffer<'_>, output: &JByteBuffer<'_>) -> Result<(), Fault> {
    let (a, a_len) = place(env, "input", input)?;
    let (b, b_len) = place(env, "output", output)?;
    let (a, b) = (a.addr(), b.addr());
    if a < b + b_len && b < a + a_len {
        return Err(Fault::Refused("input and output buffer share memory: use two buffers".into()));
    }
    Ok(())
}

fn place(env: &Env<'_>, which: &str, buffer: &JByteBuffer<'_>) -> Result<(*mut u8, usize), Fault> {
    if buffer.is_null() {
        return Err(Fault::Refused(format!("the {which} buffer is null")));
    }
    let heap = |_| {
        Fault::Refused(format!("the {which} buffer is not direct or is empty: use ByteBuffer.allocateDirect"))
    };
    let address = env.get_direct_buffer_address(buffer).map_err(heap)?;
    let capacity = env.get_direct_buffer_capacity(buffer).map_err(heap)?;
    if capacity > isize::MAX as usize {
        return Err(Fault::Refused(format!("the {which} buffer says it holds {capacity} bytes")));
    }
    Ok((address, capacity))
}

/// A copy of a byte array.
pub(crate) fn bytes(env: &Env<'_>, what: &str, array: &JByteArray<'_>) -> Result<Vec<u8>, Fault> {
    if array.is_null() {
        return Err(Fault::Refused(format!("{what} is null")));
    }
    let len = array.len(env)?;
    if len > HARD_CAP {
        return Err(Fault::Refused(format!("{what} has {len} bytes, above the cap of {HARD_CAP}")));
    }
    Ok(env.convert_byte_array(array)?)
}

/// A copy of a byte array that is text.
pub(crate) fn text(env: &Env<'_>, what: &str, array: &JByteArray<'_>) -> Result<String, Fault> {
    String::from_utf8(bytes(env, what, array)?).map_err(|e| Fault::unreadable(what, e))
}
