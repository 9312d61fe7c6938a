//! A log cut into blocks of whole lines, each line with its position.
//!
//! Invariants: a position is the line's number from 0 and counts every line, blank ones too; a line above the limit
//! is cut one byte above it, so that who judges lines sees that it is too large and memory stays bounded; a last line
//! without an end is a line; an input that ends in a line end has no further line.

use std::io::{self, BufRead};

/// The largest line that is read, in bytes without its end.
pub const LINE_LIMIT: usize = alcedo_engine::MAX_RECORD;
/// A block is handed on when it holds so many bytes.
const BLOCK: usize = 4 << 20;

/// Some lines of the log, the bytes as they came.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Whole lines, each ended by a line feed but perhaps the last.
    pub(crate) bytes: Vec<u8>,
    /// Position of the first line.
    pub(crate) first: i64,
    /// Number of lines.
    pub(crate) lines: i64,
}

impl Block {
    /// The lines with their places in `bytes`, without their ends.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (i64, std::ops::Range<usize>)> + '_ {
        let mut start = 0;
        (0..self.lines).map(move |nth| {
            let rest = &self.bytes[start.min(self.bytes.len())..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let range = start..start + length;
            start += length + 1;
            (self.first + nth, range)
        })
    }
}

/// Cuts a reader into blocks.
pub(crate) struct Blocks<R> {
    reader: R,
    block: usize,
    limit: usize,
    next: i64,
    done: bool,
}

impl<R: BufRead> Blocks<R> {
    pub(crate) fn new(reader: R) -> Blocks<R> {
        Blocks { reader, block: BLOCK, limit: LINE_LIMIT, next: 0, done: false }
    }

    /// The next block, none at the end.
    pub(crate) fn next_block(&mut self) -> io::Result<Option<Block>> {
        // A little more than a block, so that the line that ends it seldom makes it grow.
        let mut bytes = Vec::with_capacity(self.block + self.block / 64);
        let mut lines = 0;
        while bytes.len() < self.block && !self.done {
            if self.line_into(&mut bytes)? {
                lines += 1;
            }
        }
        if lines == 0 {
            return Ok(None);
        }
        let first = self.next;
        self.next += lines;
        Ok(Some(Block { bytes, first, lines }))
    }

    /// Appends one line with its end; false if there was none.
    fn line_into(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        let start = bytes.len();
        let mut any = false;
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                self.done = true;
                return Ok(any);
            }
            any = true;
            let end = memchr::memchr(b'\n', available);
            let piece = &available[..end.unwrap_or(available.len())];
            let room = (self.limit + 1).saturating_sub(bytes.len() - start);
            bytes.extend_from_slice(&piece[..piece.len().min(room)]);
            let used = piece.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                bytes.push(b'\n');
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn cut(text: &str, block: usize, limit: usize, buffer: usize) -> Vec<(i64, String)> {
        let reader = BufReader::with_capacity(buffer, text.as_bytes());
        let mut blocks = Blocks { reader, block, limit, next: 0, done: false };
        let mut lines = Vec::new();
        while let Some(block) = blocks.next_block().unwrap() {
            let text =
                |range: std::ops::Range<usize>| String::from_utf8(block.bytes[range].to_vec()).unwrap();
            lines.extend(block.lines().map(|(position, range)| (position, text(range))));
        }
        lines
    }

    fn numbered(lines: &[&str]) -> Vec<(i64, String)> {
        lines.iter().enumerate().map(|(nth, line)| (nth as i64, (*line).to_owned())).collect()
    }

    #[test]
    fn all_lines_count_whatever_the_sizes() {
        for block in [1, 2, 3, 7, 100] {
            for buffer in [1, 2, 5, 64] {
                assert_eq!(cut("a\n\n bb\r\nccc", block, 9, buffer), numbered(&["a", "", " bb\r", "ccc"]));
                assert_eq!(cut("a\n\n", block, 9, buffer), numbered(&["a", ""]));
                assert_eq!(cut("\n", block, 9, buffer), numbered(&[""]));
                assert_eq!(cut("", block, 9, buffer), numbered(&[]));
            }
        }
    }

    #[test]
    fn a_line_above_the_limit_is_cut_one_byte_above_it() {
        let lines = cut("12345\n123456789\n1234", 100, 4, 3);
        assert_eq!(lines, numbered(&["12345", "12345", "1234"]));
    }
}
