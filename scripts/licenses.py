#!/usr/bin/env python3
"""Writes which crates are inside what is given away, and under which licences: `licenses.py [--check]`.

Of a crate under several licences to choose from, Apache-2.0 is chosen where it can be: its text is the
project's own LICENSE. The texts of all others stand in the file. A licence that is not named here stops the
build: then somebody decides.
"""

import difflib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = "x86_64-unknown-linux-gnu"

# Package -> the file that goes along with what is built from it.
OUTPUTS = {
    "alcedo-jni": (
        "the native library libalcedo_jni.so",
        ROOT / "jvm-bridge/alcedo-native/src/main/resources/META-INF/licenses/libalcedo_jni.txt",
    ),
    "alcedo": ("the program alcedo", ROOT / "native-core/runner/THIRD-PARTY.txt"),
    "alcedo-python": ("the Python extension alcedo._native", ROOT / "python-bindings/THIRD-PARTY.txt"),
}
# In the order of preference; what the licence's text says of itself, to find it among a library's files.
LICENCES = {
    "Apache-2.0": r"Apache License",
    "MIT": r"Permission is hereby granted, free of charge, to any",
    "BSD-3-Clause": r"Redistribution and use in source and binary forms[\s\S]*Neither",
    "BSD-2-Clause": r"Redistribution and use in source and binary forms(?![\s\S]*Neither)",
    "BSL-1.0": r"Boost Software License",
    "Zlib": r"provided ['\u2018]as-is['\u2019]",
    "Unicode-3.0": r"UNICODE LICENSE V3",
}


@dataclass(frozen=True)
class Library:
    """One crate."""

    name: str
    version: str
    expression: str
    folder: Path
    address: str

    @property
    def licences(self) -> list[str]:
        """One of each alternative; all that are joined by AND."""
        parts = re.split(r"\s+AND\s+", self.expression.replace("/", " OR "))
        return [self._best(part) for part in parts]

    def _best(self, part: str) -> str:
        choices = re.split(r"\s+OR\s+", part.strip("() "))
        for licence in LICENCES:
            if licence in choices:
                return licence
        sys.exit(f"{self.name} {self.version} is under {self.expression}: not one of {', '.join(LICENCES)}")

    def texts(self) -> list[str]:
        """What must go along: notices, and the licences' texts but Apache's."""
        wanted = [LICENCES[licence] for licence in self.licences if licence != "Apache-2.0"]
        files = self._files("LICEN|COPYING|UNLICENSE")
        found = []
        for pattern in wanted:
            # Parts by different authors may each have a text of their own, of the same licence.
            texts = [text for text in files if re.search(pattern, text)]
            if not texts:
                sys.exit(f"{self.name} {self.version}: no file of it holds the text of {self.expression}")
            found += texts
        return found + self._files("NOTICE")

    def _files(self, names: str) -> list[str]:
        named = (file for file in self.folder.iterdir() if re.match(names, file.name, re.IGNORECASE))
        files = sorted(file for file in named if file.is_file())
        return [_tidy(file.read_text(encoding="utf-8")) for file in files]


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _cargo(*words: str) -> str:
    return subprocess.run(["cargo", *words], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def libraries(package: str) -> list[Library]:
    """What is compiled into this package, without what is the project's own."""
    format_of_a_line = ("--prefix", "none", "--format", "{p}")
    tree = _cargo("tree", "--locked", "-p", package, "-e", "normal", "--target", TARGET, *format_of_a_line)
    inside = {tuple(line.split()[:2]) for line in tree.splitlines() if line.strip()}
    metadata = json.loads(_cargo("metadata", "--locked", "--format-version", "1"))
    found = []
    for one in metadata["packages"]:
        if (one["name"], f"v{one['version']}") in inside and one["source"]:
            folder = Path(one["manifest_path"]).parent
            address = one["repository"] or one["homepage"] or ""
            found.append(Library(one["name"], one["version"], one["license"] or "nothing", folder, address))
    return sorted(found, key=lambda one: (one.name, one.version))


def page(package: str) -> str:
    """The whole file."""
    what, _ = OUTPUTS[package]
    all_of_them = libraries(package)
    lines = [f"Libraries of others inside {what}, and their licences.", "Written by scripts/licenses.py.", ""]
    users: dict[str, list[str]] = {}
    for one in all_of_them:
        lines.append(f"{one.name} {one.version}: {' and '.join(one.licences)}. {one.address}".rstrip())
        for text in one.texts():
            users.setdefault(text, []).append(f"{one.name} {one.version}")
    lines.append("Rust's standard library: Apache-2.0. https://github.com/rust-lang/rust")
    lines += ["", "Apache-2.0: the text of the file LICENSE that goes along with this one."]
    for text, names in users.items():
        lines += ["", "-" * 80, f"For {', '.join(names)}:", "", text]
    return "\n".join(lines) + "\n"


def main(words: list[str]) -> int:
    stale = []
    for package, (_, file) in OUTPUTS.items():
        now = page(package)
        before = file.read_text(encoding="utf-8") if file.is_file() else ""
        if words == ["--check"]:
            if now != before:
                stale.append(file)
                difference = difflib.unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=0)
                print("\n".join(list(difference)[:20]))
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
    for file in stale:
        print(f"{file.relative_to(ROOT)} is not what Cargo.lock says: run scripts/licenses.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
