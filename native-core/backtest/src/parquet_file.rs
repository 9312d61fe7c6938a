//! Parquet: a file's row groups, each decoded by the thread that takes it, and of its columns only those that are read.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use crate::Error;
use crate::table::Reads;

/// Rows decoded at once: large enough to be fast, small enough that 32-bit offsets of texts hold.
pub(crate) const ROWS: usize = 1 << 16;

/// The row groups of a file.
pub(crate) struct Groups {
    file: Arc<File>,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    next: usize,
    position: i64,
}

/// One row group that is still to be read.
pub(crate) struct RowGroup {
    file: Arc<File>,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    number: usize,
    /// Position of its first row.
    pub(crate) first: i64,
    pub(crate) rows: u64,
    /// Bytes of its columns when they are unpacked.
    pub(crate) bytes: usize,
}

impl Groups {
    pub(crate) fn open(file: File, reads: &Reads, name: &Path) -> Result<Groups, Error> {
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|error| damaged(name, &error))?;
        reads.check(metadata.schema(), name)?;
        let read = reads.columns();
        let fields = metadata.schema().fields().iter().enumerate();
        let roots: Vec<usize> =
            fields.filter(|(_, field)| read.contains(&field.name().as_str())).map(|(at, _)| at).collect();
        let mask = ProjectionMask::roots(metadata.parquet_schema(), roots);
        Ok(Groups { file: Arc::new(file), metadata, mask, next: 0, position: 0 })
    }
}

impl Iterator for Groups {
    type Item = RowGroup;

    fn next(&mut self) -> Option<RowGroup> {
        let number = self.next;
        let group = self.metadata.metadata().row_groups().get(number)?;
        let columns = group.columns().iter().enumerate();
        let read = columns.filter(|(leaf, _)| self.mask.leaf_included(*leaf));
        let bytes = read.map(|(_, column)| usize::try_from(column.uncompressed_size()).unwrap_or(0)).sum();
        let first = self.position;
        self.next += 1;
        self.position += group.num_rows();
        Some(RowGroup {
            file: Arc::clone(&self.file),
            metadata: self.metadata.clone(),
            mask: self.mask.clone(),
            number,
            first,
            rows: u64::try_from(group.num_rows()).unwrap_or(0),
            bytes,
        })
    }
}

impl RowGroup {
    /// Reads it.
    pub(crate) fn read(self, name: &Path) -> Result<Vec<RecordBatch>, Error> {
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(At(self.file), self.metadata)
            .with_row_groups(vec![self.number])
            .with_projection(self.mask)
            .with_batch_size(ROWS)
            .build()
            .map_err(|error| damaged(name, &error))?;
        reader.map(|batch| batch.map_err(|error| damaged(name, &ParquetError::from(error)))).collect()
    }
}

/// A file that several threads read at once. Copies of a handle share one place in the file, so each read says where.
struct At(Arc<File>);

impl Length for At {
    fn len(&self) -> u64 {
        self.0.metadata().map_or(0, |data| data.len())
    }
}

impl ChunkReader for At {
    type T = BufReader<Onward>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::new(Onward { file: Arc::clone(&self.0), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        if start.saturating_add(length as u64) > self.len() {
            return Err(ParquetError::EOF(format!("{length} bytes at {start} lie beyond the end")));
        }
        let mut bytes = vec![0; length];
        self.0.read_exact_at(&mut bytes, start)?;
        Ok(bytes.into())
    }
}

/// Reads on from a place.
struct Onward {
    file: Arc<File>,
    at: u64,
}

impl Read for Onward {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

fn damaged(name: &Path, error: &ParquetError) -> Error {
    Error::Input {
        name: name.to_owned(),
        reason: error.to_string(),
        cure: "the file is damaged, was cut off, or uses what is not read here (brotli, encryption): write it anew"
            .to_owned(),
    }
}
