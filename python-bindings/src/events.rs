//! Events that Python gives: a path, JSON lines, or anything with an Arrow stream.
//!
//! Raw memory is spoken of here alone: the C stream interface of Arrow is two pointers that must be moved out of their
//! capsule, and into one.

#![allow(unsafe_code, reason = "the Arrow C stream interface is made of pointers")]

use std::ffi::CStr;
use std::path::{Path, PathBuf};

use alcedo_backtest::{Batches, Error, FileSource, Opened, Separated, Source, Watch};
use arrow_array::RecordBatchReader;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// How Arrow names the capsule of a stream.
const STREAM: &CStr = c"arrow_array_stream";

/// A path, JSON lines, or an object with `__arrow_c_stream__` and whether it can be asked again.
pub(crate) type Gift = (Option<PathBuf>, Option<Vec<u8>>, Option<(Py<PyAny>, bool)>);

/// What Python gave.
pub(crate) enum Given {
    /// A path, as a text.
    Path(PathBuf),
    /// JSON lines in memory.
    Lines(Vec<u8>),
    /// An object with `__arrow_c_stream__`, and whether it can be asked again.
    Stream(Py<PyAny>, bool),
}

/// Given events as an input.
pub(crate) enum Events<'a> {
    File(FileSource<'a>),
    Lines(&'a [u8]),
    Stream(&'a Py<PyAny>, bool),
}

impl Given {
    /// What Python gave, of three things one.
    pub(crate) fn new((path, lines, stream): Gift) -> Option<Given> {
        match (path, lines, stream) {
            (Some(path), ..) => Some(Given::Path(path)),
            (_, Some(lines), _) => Some(Given::Lines(lines)),
            (_, _, Some((object, again))) => Some(Given::Stream(object, again)),
            _ => None,
        }
    }

    pub(crate) fn source<'a>(&'a self, separated: Separated, watch: Watch<'a>) -> Events<'a> {
        match self {
            Given::Path(path) => Events::File(FileSource::new(path).separated(separated).watched(watch)),
            Given::Lines(bytes) => Events::Lines(bytes),
            Given::Stream(object, again) => Events::Stream(object, *again),
        }
    }
}

impl Source for Events<'_> {
    fn name(&self) -> &Path {
        match self {
            Events::File(file) => file.name(),
            Events::Lines(_) | Events::Stream(..) => Path::new("events"),
        }
    }

    fn open(&self) -> Result<Opened, Error> {
        match self {
            Events::File(file) => file.open(),
            Events::Lines(bytes) => Ok(Opened::Lines(Box::new(std::io::Cursor::new(bytes.to_vec())))),
            Events::Stream(object, _) => batches(object).map(Opened::Batches).map_err(|error| Error::Input {
                name: PathBuf::from("events"),
                reason: error.to_string(),
                cure: "give a table, or an object whose __arrow_c_stream__ can be called".to_owned(),
            }),
        }
    }

    fn reopens(&self) -> bool {
        match self {
            Events::File(file) => file.reopens(),
            Events::Lines(_) => true,
            Events::Stream(_, again) => *again,
        }
    }
}

/// Asks the object for its stream.
fn batches(object: &Py<PyAny>) -> PyResult<Batches> {
    Python::attach(|py| {
        let capsule = object.bind(py).call_method0("__arrow_c_stream__")?;
        let capsule = capsule.cast_into::<PyCapsule>()?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: a capsule of this name holds a valid stream (the Arrow PyCapsule interface says so). It is moved out
        // and left released, so that the capsule's destructor does nothing; the lock is held meanwhile.
        let reader = unsafe { RecordBatchStreamReader::from_raw(pointer.as_ptr()) };
        let reader = reader.map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Box::new(reader.map(|batch| batch.map_err(|error| error.to_string()))) as Batches)
    })
}

/// Batches on their way out.
pub(crate) fn capsule<'py>(
    py: Python<'py>,
    reader: Box<dyn RecordBatchReader + Send>,
) -> PyResult<Bound<'py, PyCapsule>> {
    // The capsule owns the stream and releases it, unless somebody moved it out.
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), STREAM)
}
