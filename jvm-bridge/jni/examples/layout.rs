//! Prints `Layout.java`.
#![allow(clippy::print_stdout, reason = "printing is what it is for")]

fn main() {
    print!("{}", alcedo_jni::layout::java());
}
