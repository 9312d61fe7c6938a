//! Opening a log: a file or standard input, packed or not.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::Error;

/// Bytes read at once from a file.
const BUFFER: usize = 1 << 18;
/// How a gzip stream begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Opens `path` for reading (`-` is standard input). A gzip stream is known by its first bytes, never by a name, and
/// may be several streams one after the other.
///
/// `watch` sees the bytes as they are read from the file, so that progress goes by the file's length.
pub fn open(
    path: &Path,
    watch: impl FnOnce(Box<dyn Read + Send>) -> Box<dyn Read + Send>,
) -> Result<Box<dyn BufRead + Send>, Error> {
    let raw: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        let file = File::open(path).map_err(|error| Error::io(path, error))?;
        if file.metadata().is_ok_and(|data| data.is_dir()) {
            return Err(Error::io(path, io::Error::new(io::ErrorKind::IsADirectory, "this is a folder")));
        }
        Box::new(file)
    };
    unpacked(watch(raw)).map_err(|error| Error::io(path, error))
}

/// The bytes of a stream, unpacked if they are gzip.
pub fn unpacked(raw: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut reader = BufReader::with_capacity(BUFFER, raw);
    // One read may give a single byte; two are needed to know.
    let mut head = Vec::with_capacity(2);
    (&mut reader).take(2).read_to_end(&mut head)?;
    let packed = head == GZIP;
    let whole = BufReader::with_capacity(BUFFER, io::Cursor::new(head).chain(reader));
    Ok(if packed {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(whole)))
    } else {
        Box::new(whole)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn all(bytes: Vec<u8>) -> String {
        let mut text = String::new();
        unpacked(io::Cursor::new(bytes)).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_packed_stream_is_known_by_its_bytes() {
        assert_eq!(all(packed("a\nb\n")), "a\nb\n");
        assert_eq!(all(b"a\nb\n".to_vec()), "a\nb\n");
        assert_eq!(all(Vec::new()), "");
        assert_eq!(all(b"{".to_vec()), "{");
    }

    #[test]
    fn streams_one_after_the_other_are_one_log() {
        assert_eq!(all([packed("a\n"), packed("b\n")].concat()), "a\nb\n");
    }

    #[test]
    fn a_stream_that_was_cut_off_is_an_error() {
        let mut bytes = packed("a line of some length\n");
        bytes.truncate(bytes.len() - 6);
        let mut text = String::new();
        assert!(unpacked(io::Cursor::new(bytes)).unwrap().read_to_string(&mut text).is_err());
    }
}
