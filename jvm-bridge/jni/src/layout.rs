//! `Layout.java`: the numbers of the wire, written for Java.

use std::fmt::Write;

use crate::wire::NUMBERS;

/// The text of `Layout.java`, byte for byte.
pub fn java() -> String {
    let mut fields = String::new();
    let mut names = String::new();
    for (name, value, what) in NUMBERS {
        // Writing to a String cannot fail.
        let _ = write!(fields, "    /** {what} */\n    static final int {name} = {value};\n\n");
        let _ = writeln!(names, "            {name},");
    }
    format!(
        "package io.alcedo.natives;\n\n\
         /**\n * The numbers of the boundary, generated from the Rust side. Do not edit:\n \
         * {{@code cargo run --release -p alcedo-jni --example layout > jvm-bridge/alcedo-native/src/main/java/io/alcedo/natives/Layout.java}}.\n \
         */\nfinal class Layout {{\n\n{fields}    private Layout() {{}}\n\n    \
         /** All of the above in order: the library must return the same. */\n    \
         static int[] numbers() {{\n        return new int[] {{\n{names}        }};\n    }}\n}}\n"
    )
}

/// The values alone, in order.
pub fn values() -> Vec<i32> {
    NUMBERS.iter().map(|(_, value, _)| *value).collect()
}

#[cfg(test)]
mod tests {
    /// The checked-in file is this text: Maven needs no cargo.
    #[test]
    fn the_java_file_has_not_drifted() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../alcedo-native/src/main/java/io/alcedo/natives/Layout.java"
        );
        let found = std::fs::read_to_string(path).unwrap();
        assert!(found == super::java(), "Layout.java is old: run the command in its header");
    }
}
