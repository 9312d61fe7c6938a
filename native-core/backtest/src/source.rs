//! Where events come from: lines, batches of columns, or files of either.

use std::fs::File;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;

use crate::blocks::{Block, Blocks};
use crate::comma::{CsvReader, Separated};
use crate::parquet_file::{Groups, ROWS, RowGroup};
use crate::table::{Reads, Table};
use crate::{Error, Log};

/// Batches of columns one after the other; an error is told as it is.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, String>> + Send>;

/// An input that is open.
pub enum Opened {
    /// JSON lines.
    Lines(Box<dyn BufRead + Send>),
    /// Separated values: a first line of names, then values.
    Separated(Box<dyn BufRead + Send>, Separated),
    /// Batches of columns, all with one schema.
    Batches(Batches),
    /// A Parquet file.
    Parquet(File),
}

/// An input that can be opened: again and again, where it is not a stream that passes once.
pub trait Source: Sync {
    /// What errors call it.
    fn name(&self) -> &Path;
    /// Opens it at its beginning.
    ///
    /// # Errors
    /// It cannot be read.
    fn open(&self) -> Result<Opened, Error>;
    /// Whether it can be opened a second time.
    fn reopens(&self) -> bool {
        true
    }
}

/// How the bytes of a file are watched while they are read.
pub type Watch<'a> = &'a (dyn Fn(Box<dyn Read + Send>) -> Box<dyn Read + Send> + Sync);

/// A file of JSON lines, comma-separated values or Parquet. Parquet and gzip are known by their first bytes, separated
/// values by their name: `.csv`, `.tsv`, either with `.gz` behind it.
pub struct FileSource<'a> {
    path: PathBuf,
    separated: Separated,
    watch: Watch<'a>,
}

impl<'a> FileSource<'a> {
    /// The file at `path`; `-` is standard input, which passes once.
    pub fn new(path: &Path) -> FileSource<'a> {
        FileSource { path: path.to_owned(), separated: Separated::default(), watch: &|raw| raw }
    }

    /// How separated values are read.
    pub fn separated(mut self, separated: Separated) -> FileSource<'a> {
        self.separated = separated;
        self
    }

    /// Sees the bytes as they are read, so that progress goes by the file's length. Parquet is not read in one go and
    /// is not watched.
    pub fn watched(mut self, watch: Watch<'a>) -> FileSource<'a> {
        self.watch = watch;
        self
    }

    fn is_parquet(&self) -> bool {
        let mut head = [0; 4];
        let read = File::open(&self.path).and_then(|mut file| file.read_exact(&mut head));
        self.reopens() && read.is_ok() && &head == b"PAR1"
    }

    fn is_named(&self, ends: &[&str]) -> bool {
        let name = self.path.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        ends.iter().any(|end| name.ends_with(end))
    }
}

impl Source for FileSource<'_> {
    fn name(&self) -> &Path {
        &self.path
    }

    fn open(&self) -> Result<Opened, Error> {
        if self.is_parquet() {
            return File::open(&self.path).map(Opened::Parquet).map_err(|error| Error::io(&self.path, error));
        }
        if self.is_named(&[".parquet"]) {
            return Err(Error::Input {
                name: self.path.clone(),
                reason: "by its name it is Parquet, and it does not begin as Parquet does".to_owned(),
                cure: "write it anew, or give it the name of what it is: .jsonl, .csv or .tsv".to_owned(),
            });
        }
        let reader = crate::open(&self.path, |raw| (self.watch)(raw))?;
        Ok(if self.is_named(&[".csv", ".tsv"]) {
            Opened::Separated(reader, self.separated.clone())
        } else {
            Opened::Lines(reader)
        })
    }

    fn reopens(&self) -> bool {
        // A pipe passes once, too.
        self.path.as_os_str() != "-" && std::fs::metadata(&self.path).is_ok_and(|data| data.is_file())
    }
}

/// A part of an input, as it is handed to a thread.
pub(crate) enum Piece {
    Lines(Block),
    Batch(RecordBatch, i64),
    Group(RowGroup),
}

impl Piece {
    /// Lines or rows in it.
    pub(crate) fn records(&self) -> u64 {
        match self {
            Piece::Lines(block) => block.lines as u64,
            Piece::Batch(batch, _) => batch.num_rows() as u64,
            Piece::Group(group) => group.rows,
        }
    }

    /// Bytes that it will take in memory, nearly.
    pub(crate) fn bytes(&self, reads: &Reads) -> usize {
        match self {
            Piece::Lines(block) => block.bytes.len(),
            Piece::Batch(batch, _) => {
                let read = reads.columns();
                let fields = batch.schema_ref().fields().iter().zip(batch.columns());
                let read = fields.filter(|(field, _)| read.contains(&field.name().as_str()));
                // A slice counts as the slice, not as all that it was cut from.
                read.map(|(_, array)| array.to_data().get_slice_memory_size().unwrap_or(0)).sum()
            }
            Piece::Group(group) => group.bytes,
        }
    }

    /// What is in it, decoded.
    pub(crate) fn taken(self, reads: &Reads, name: &Path) -> Result<Vec<Taken>, Error> {
        let rows = |batch: &RecordBatch, first| {
            let table = Table::new(batch, first, reads, name)?;
            Ok(Taken::Rows(Box::new(table)))
        };
        match self {
            Piece::Lines(block) => Ok(vec![Taken::Lines(block)]),
            Piece::Batch(batch, first) => Ok(vec![rows(&batch, first)?]),
            Piece::Group(group) => {
                let mut first = group.first;
                let mut all = Vec::new();
                for batch in group.read(name)? {
                    all.push(rows(&batch, first)?);
                    first += batch.num_rows() as i64;
                }
                Ok(all)
            }
        }
    }
}

/// Records before it is known which of them matter.
pub(crate) enum Taken {
    Lines(Block),
    Rows(Box<Table>),
}

/// An open input, cut into pieces.
pub(crate) enum Pieces {
    Lines(Blocks<Box<dyn BufRead + Send>>),
    Separated(Box<CsvReader>),
    Batches { batches: Batches, rest: Option<RecordBatch>, next: i64, checked: bool },
    Groups(Groups),
}

impl Pieces {
    pub(crate) fn open(source: &dyn Source, reads: &Reads) -> Result<Pieces, Error> {
        Ok(match source.open()? {
            Opened::Lines(reader) => Pieces::Lines(Blocks::new(reader)),
            Opened::Separated(reader, how) => {
                Pieces::Separated(Box::new(CsvReader::open(reader, how, reads, source.name())?))
            }
            Opened::Batches(batches) => Pieces::Batches { batches, rest: None, next: 0, checked: false },
            Opened::Parquet(file) => Pieces::Groups(Groups::open(file, reads, source.name())?),
        })
    }

    /// The next piece, none at the end.
    pub(crate) fn next(&mut self, reads: &Reads, name: &Path) -> Result<Option<Piece>, Error> {
        match self {
            Pieces::Lines(blocks) => {
                let block = blocks.next_block().map_err(|error| Error::io(name, error))?;
                Ok(block.map(Piece::Lines))
            }
            Pieces::Separated(reader) => {
                Ok(reader.next_batch(name)?.map(|(batch, first)| Piece::Batch(batch, first)))
            }
            Pieces::Batches { batches, rest, next, checked } => {
                let Some(batch) = rest.take().map(Ok).or_else(|| batches.next()) else { return Ok(None) };
                let mut batch = batch.map_err(|reason| Error::Input {
                    name: name.to_owned(),
                    reason,
                    cure: "see what the library that gives these batches says".to_owned(),
                })?;
                if !*checked {
                    reads.check(batch.schema_ref(), name)?;
                    *checked = true;
                }
                // A table may come as one batch: it is cut, so that every thread has work and a round has an end.
                if batch.num_rows() > ROWS {
                    *rest = Some(batch.slice(ROWS, batch.num_rows() - ROWS));
                    batch = batch.slice(0, ROWS);
                }
                let first = *next;
                *next += batch.num_rows() as i64;
                Ok(Some(Piece::Batch(batch, first)))
            }
            Pieces::Groups(groups) => Ok(groups.next().map(Piece::Group)),
        }
    }
}

/// One log of JSON lines that passes once.
pub(crate) struct Once<R> {
    name: PathBuf,
    reader: std::sync::Mutex<Option<R>>,
}

impl<R> Once<R> {
    pub(crate) fn new(log: Log<R>) -> Once<R> {
        Once { name: log.name, reader: std::sync::Mutex::new(Some(log.reader)) }
    }
}

impl<R: BufRead + Send + 'static> Source for Once<R> {
    fn name(&self) -> &Path {
        &self.name
    }
    fn open(&self) -> Result<Opened, Error> {
        let reader = self.reader.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        reader.map(|reader| Opened::Lines(Box::new(reader))).ok_or_else(|| Error::passed(&self.name))
    }
    fn reopens(&self) -> bool {
        false
    }
}
