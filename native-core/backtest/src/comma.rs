//! Separated values: lines of text whose first names the columns, read into typed columns.
//!
//! What a column holds is told, or found from the first rows; a later cell that does not fit is an error, never
//! another value. An empty cell is a missing value.

use std::collections::BTreeMap;
use std::io::{BufRead, Cursor, Read};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use csv::StringRecord;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::Error;
use crate::table::Reads;

/// Rows of a batch; those of the first tell the types.
const ROWS: usize = 10_000;

/// Bytes of the first line that are looked at for the delimiter.
const HEAD: u64 = 1 << 16;

/// How separated values are read.
#[derive(Debug, Clone, Default)]
pub struct Separated {
    /// The character between values; none = the one of `,`, `;`, tab and `|` that is most often in the first line.
    pub delimiter: Option<u8>,
    /// Types of columns; of others it is found from the first 10,000 rows.
    pub types: BTreeMap<String, CellType>,
}

/// What a column of separated values holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    /// `true` or `false`.
    Bool,
    /// An integer of 64 bits.
    Int,
    /// Any number.
    Float,
    /// A moment: RFC 3339, or a date with or without a time of day, which is then UTC.
    Time,
    /// Text.
    Text,
}

impl FromStr for CellType {
    type Err = String;
    fn from_str(word: &str) -> Result<CellType, String> {
        Ok(match word {
            "bool" => CellType::Bool,
            "int" => CellType::Int,
            "float" => CellType::Float,
            "time" => CellType::Time,
            "text" => CellType::Text,
            other => {
                return Err(format!(
                    "\"{other}\" is no type of a column; write bool, int, float, time or text"
                ));
            }
        })
    }
}

impl std::fmt::Display for CellType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            CellType::Bool => "bool",
            CellType::Int => "int",
            CellType::Float => "float",
            CellType::Time => "time",
            CellType::Text => "text",
        })
    }
}

/// Reads batches of typed columns.
pub(crate) struct CsvReader {
    reader: csv::Reader<Box<dyn BufRead + Send>>,
    /// Those that somebody reads: their places and types.
    columns: Vec<(usize, String, CellType)>,
    /// Rows that told the types and are not yet given.
    sample: Vec<StringRecord>,
    next: i64,
}

impl CsvReader {
    pub(crate) fn open(
        input: Box<dyn BufRead + Send>,
        how: Separated,
        reads: &Reads,
        name: &Path,
    ) -> Result<CsvReader, Error> {
        let (first, input) = first_line(input).map_err(|error| Error::io(name, error))?;
        let delimiter = how.delimiter.unwrap_or_else(|| most_frequent(&first));
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(input);
        let headers = reader.headers().map_err(|error| unreadable(name, &error))?.clone();
        let sample = records(&mut reader, name)?;
        let (read, named) = (reads.columns(), reads.names());
        let typed = |(at, column): (usize, &str)| {
            let told = how.types.get(column).copied();
            let text = named.contains(&column).then_some(CellType::Text);
            (at, column.to_owned(), told.or(text).unwrap_or_else(|| found(&sample, at)))
        };
        let columns: Vec<_> =
            headers.iter().enumerate().filter(|(_, column)| read.contains(column)).map(typed).collect();
        // Without a row nothing is known of a column but its name.
        let is_text =
            |at: usize| columns.iter().any(|(place, _, kind)| *place == at && *kind == CellType::Text);
        let kind = |at| if !sample.is_empty() && is_text(at) { DataType::Utf8 } else { DataType::Null };
        let fields = headers.iter().enumerate().map(|(at, column)| Field::new(column, kind(at), true));
        reads.check(&Schema::new(fields.collect::<Vec<_>>()), name)?;
        Ok(CsvReader { reader, columns, sample, next: 0 })
    }

    /// The next rows with the position of the first; none at the end.
    pub(crate) fn next_batch(&mut self, name: &Path) -> Result<Option<(RecordBatch, i64)>, Error> {
        let rows = match std::mem::take(&mut self.sample) {
            rows if rows.is_empty() => records(&mut self.reader, name)?,
            rows => rows,
        };
        if rows.is_empty() {
            return Ok(None);
        }
        let mut fields = Vec::with_capacity(self.columns.len());
        let mut arrays = Vec::with_capacity(self.columns.len());
        for (at, column, kind) in &self.columns {
            let array = array(&rows, *at, *kind)
                .map_err(|wrong| misfit(name, column, *kind, rows.get(wrong), *at))?;
            fields.push(Field::new(column, array.data_type().clone(), true));
            arrays.push(array);
        }
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays);
        let batch = batch.map_err(|error| Error::Input {
            name: name.to_owned(),
            reason: error.to_string(),
            cure: "report it with the file".to_owned(),
        })?;
        let first = self.next;
        self.next += rows.len() as i64;
        Ok(Some((batch, first)))
    }
}

/// The first line, cut where it is longer than names of columns are; and the input with it still in front.
fn first_line(mut input: Box<dyn BufRead + Send>) -> std::io::Result<(Vec<u8>, Box<dyn BufRead + Send>)> {
    // A reader may hand out less than a line at a time.
    let mut line = Vec::new();
    input.by_ref().take(HEAD).read_until(b'\n', &mut line)?;
    let whole = Box::new(Cursor::new(line.clone()).chain(input));
    Ok((line, whole))
}

fn most_frequent(line: &[u8]) -> u8 {
    let often = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    // Of several that are equally frequent the last is taken: the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(often).unwrap_or(b',')
}

fn records(
    reader: &mut csv::Reader<Box<dyn BufRead + Send>>,
    name: &Path,
) -> Result<Vec<StringRecord>, Error> {
    let mut rows = Vec::new();
    for record in reader.records().take(ROWS) {
        rows.push(record.map_err(|error| unreadable(name, &error))?);
    }
    Ok(rows)
}

/// The narrowest type that all cells of the sample have.
fn found(sample: &[StringRecord], at: usize) -> CellType {
    let cells = || sample.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
    let all = |fits: fn(&str) -> bool| cells().next().is_some() && cells().all(fits);
    if all(|cell| boolean(cell).is_some()) {
        CellType::Bool
    } else if all(|cell| is_number(cell) && cell.parse::<i64>().is_ok()) {
        CellType::Int
    } else if all(is_number) {
        CellType::Float
    } else if all(|cell| moment(cell).is_some()) {
        CellType::Time
    } else {
        CellType::Text
    }
}

/// A number as JSON writes it: `007` and `+1` are texts, because leading zeros and signs mean something there.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let leads = digits.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let padded = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    leads && !padded && cell.parse::<f64>().is_ok_and(f64::is_finite)
}

fn boolean(cell: &str) -> Option<bool> {
    match cell {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Unix ms.
fn moment(cell: &str) -> Option<i64> {
    if let Ok(moment) = cell.parse::<jiff::Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let civil = cell
        .parse::<DateTime>()
        .ok()
        .or_else(|| Some(cell.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight())));
    Some(civil?.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// The column; the error is the row whose cell does not fit.
fn array(rows: &[StringRecord], at: usize, kind: CellType) -> Result<ArrayRef, usize> {
    macro_rules! column {
        ($builder:expr, $read:expr) => {{
            let mut builder = $builder;
            for (nth, row) in rows.iter().enumerate() {
                match row.get(at).filter(|cell| !cell.is_empty()) {
                    None => builder.append_null(),
                    Some(cell) => builder.append_value($read(cell).ok_or(nth)?),
                }
            }
            Arc::new(builder.finish()) as ArrayRef
        }};
    }
    let float = |cell: &str| cell.parse::<f64>().ok().filter(|number| number.is_finite());
    Ok(match kind {
        CellType::Bool => column!(BooleanBuilder::new(), boolean),
        CellType::Int => column!(Int64Builder::new(), |cell: &str| cell.parse::<i64>().ok()),
        CellType::Float => column!(Float64Builder::new(), float),
        CellType::Time => column!(TimestampMillisecondBuilder::new().with_timezone("UTC"), moment),
        CellType::Text => {
            let mut builder = StringBuilder::new();
            for row in rows {
                builder.append_option(row.get(at).filter(|cell| !cell.is_empty()));
            }
            Arc::new(builder.finish())
        }
    })
}

fn misfit(name: &Path, column: &str, kind: CellType, row: Option<&StringRecord>, at: usize) -> Error {
    let line = row.and_then(StringRecord::position).map_or(0, csv::Position::line);
    let cell: String = row.and_then(|row| row.get(at)).unwrap_or_default().chars().take(60).collect();
    Error::Input {
        name: name.to_owned(),
        reason: format!("line {line}: column {column} holds \"{cell}\", and is of type {kind}"),
        cure: format!("give the column's type, such as {column}=text"),
    }
}

fn unreadable(name: &Path, error: &csv::Error) -> Error {
    Error::Input {
        name: name.to_owned(),
        reason: error.to_string(),
        cure: "every line has as many values as the first has names, in UTF-8".to_owned(),
    }
}
