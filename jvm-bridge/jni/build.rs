//! The build stamp: the version and a hash of every source that decides what the library does.
//!
//! The jar carries the same text, so that a library and a jar of different builds find out before they talk. It needs
//! neither git nor a clock: the same sources give the same stamp on any machine. It is handed to the crate as
//! `ALCEDO_STAMP`; Maven reads it out of the library that it packs.
#![allow(clippy::print_stdout, reason = "a build script speaks to cargo by printing")]

use std::io;
use std::path::{Path, PathBuf};

/// What goes into the hash, from the workspace's root.
const SOURCES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "jvm-bridge/jni/Cargo.toml",
    "jvm-bridge/jni/build.rs",
    "jvm-bridge/jni/src",
    "native-core/engine/Cargo.toml",
    "native-core/engine/src",
    "native-core/model/Cargo.toml",
    "native-core/model/src",
];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut hash = xxhash_rust::xxh3::Xxh3::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join(source).display());
        let mut files = Vec::new();
        collect(&root.join(source), &mut files)?;
        files.sort();
        for file in files {
            // The name counts too, from the root on: where the sources lie does not.
            hash.update(file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().as_bytes());
            hash.update(&[0]);
            hash.update(&std::fs::read(&file)?);
            hash.update(&[0]);
        }
    }
    let stamp = format!("{}+{:016x}", env!("CARGO_PKG_VERSION"), hash.digest());
    println!("cargo:rustc-env=ALCEDO_STAMP={stamp}");
    // Ten times smaller inside the jar. A panic still says where: its place is data, not debug information.
    println!("cargo:rustc-link-arg-cdylib=-Wl,--strip-debug");
    Ok(())
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        into.push(path.to_path_buf());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        collect(&entry?.path(), into)?;
    }
    Ok(())
}
