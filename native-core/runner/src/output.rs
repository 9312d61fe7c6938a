//! Where results go: standard output, a device or pipe, or a file that is there only when it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A sink that must be finished. Dropped without [`Output::finish`], a file leaves nothing behind.
pub(crate) struct Output {
    place: Place,
    shown: PathBuf,
}

enum Place {
    Stdout(BufWriter<io::Stdout>),
    /// What is no file is written into, never replaced: /dev/null stays what it is.
    Device(BufWriter<File>),
    /// Written beside its place, renamed at the end.
    File {
        writer: Option<BufWriter<File>>,
        part: PathBuf,
    },
}

impl Output {
    /// Opens `path`; `-` is standard output.
    pub(crate) fn open(path: &Path) -> Result<Output, Failure> {
        let shown = path.to_owned();
        if path.as_os_str() == "-" {
            let writer = BufWriter::with_capacity(1 << 16, io::stdout());
            return Ok(Output { place: Place::Stdout(writer), shown: PathBuf::from("standard output") });
        }
        let Some(name) = path.file_name() else {
            return Err(Failure::at(path.display(), "this is not a file name", "name a file to write, or -"));
        };
        if path.is_dir() {
            return Err(Failure::at(path.display(), "this is a folder", "name a file in it"));
        }
        if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
            let file = File::options().write(true).open(path).map_err(|error| Failure::io(path, &error))?;
            return Ok(Output { place: Place::Device(BufWriter::with_capacity(1 << 16, file)), shown });
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(hidden);
        let file = File::create(&part).map_err(|error| Failure::io(path, &error))?;
        let writer = Some(BufWriter::with_capacity(1 << 16, file));
        Ok(Output { place: Place::File { writer, part }, shown })
    }

    /// Writes out what is left and puts the file in its place.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let done = match &mut self.place {
            Place::Stdout(writer) => unless_left(writer.flush()),
            Place::Device(writer) => unless_left(writer.flush()),
            Place::File { writer, part } => match writer.take() {
                Some(writer) => put_in_place(writer, part, &self.shown),
                None => Ok(()),
            },
        };
        done.map_err(|error| Failure::io(&self.shown, &error))
    }

    /// Writes one line.
    pub(crate) fn line(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let wrote = self.write_all(bytes).and_then(|()| self.write_all(b"\n"));
        wrote.map_err(|error| Failure::io(&self.shown, &error))
    }

    /// What messages call this place.
    pub(crate) fn shown(&self) -> &Path {
        &self.shown
    }
}

/// A reader that left early wanted no more: that is no failure.
fn unless_left(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// The rest has no reader: `alcedo ... | head` is done, not broken.
fn unless_unread(wrote: io::Result<usize>, bytes: &[u8]) -> io::Result<usize> {
    match wrote {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
        wrote => wrote,
    }
}

fn put_in_place(writer: BufWriter<File>, part: &Path, path: &Path) -> io::Result<()> {
    let file = writer.into_inner().map_err(|failed| failed.into_error())?;
    file.sync_all()?;
    drop(file);
    fs::rename(part, path)
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.place {
            Place::Stdout(writer) => unless_unread(writer.write(bytes), bytes),
            Place::Device(writer) => unless_unread(writer.write(bytes), bytes),
            Place::File { writer: Some(writer), .. } => writer.write(bytes),
            Place::File { writer: None, .. } => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.place {
            Place::Stdout(writer) => unless_left(writer.flush()),
            Place::Device(writer) => unless_left(writer.flush()),
            Place::File { writer: Some(writer), .. } => writer.flush(),
            Place::File { writer: None, .. } => Ok(()),
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Place::File { part, .. } = &self.place {
            // After a rename there is nothing to remove; before it, a half-written file must not stay.
            let _ = fs::remove_file(part);
        }
    }
}

/// Reports to the person at the terminal, on standard error. A closed terminal is no reason to stop.
pub(crate) fn say(line: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
