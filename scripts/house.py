#!/usr/bin/env python3
"""Holds the house rules that a search can see in tracked files. Prints each breach with its cure.

A rule belongs here only if a breach is always wrong; what needs judgement belongs to review.
"""

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ITSELF = "scripts/house.py"

# What a build reads: an address here decides where code comes from.
BUILD_FILES = (
    r"(^|/)(pom\.xml|Makefile|package(-lock)?\.json|requirements[\w.-]*\.txt|\.npmrc)$"
    r"|\.(toml|lock|sh)$|^\.ci/"
)
# XML's names of itself, Cargo's name for its index, where a person finds rustup: no build fetches them.
NAMES_ONLY = (
    "http://maven.apache.org/POM/",
    "http://maven.apache.org/xsd/",
    "https://maven.apache.org/xsd/",
    "http://www.w3.org/",
    "https://github.com/rust-lang/crates.io-index",
    "https://rustup.rs",
)


@dataclass(frozen=True)
class HouseRule:
    """What must not stand in files whose path matches `files`."""

    name: str
    pattern: re.Pattern
    cure: str
    files: re.Pattern = field(default=re.compile(""))
    unless: tuple[str, ...] = ()

    def breaches(self, path: str, line: str) -> bool:
        if not self.files.search(path):
            return False
        found = self.pattern.search(line)
        return bool(found) and not any(line[found.start() :].startswith(name) for name in self.unless)


SOURCES = re.compile(r"\.(rs|java|py|sh|ts|tsx)$|(^|/)Makefile$")

RULES = (
    HouseRule(
        "an address in a build file",
        re.compile(r"https?://(?!127\.0\.0\.1|localhost)"),
        "clients know their registries; an address belongs to the machine's own settings",
        re.compile(BUILD_FILES),
        NAMES_ONLY,
    ),
    HouseRule(
        "a registry chosen by the project",
        re.compile(
            r"<(repository|pluginRepository|mirror)>|--(extra-)?index-url|--registry\b|\[source\.|find-links"
        ),
        "leave the choice to the machine's own settings",
        re.compile(BUILD_FILES),
    ),
    HouseRule(
        "a path of one machine",
        re.compile(r"(?<![\w.$}])/(work|root|home/\w+|Users/\w+)/"),
        "name it relative to the project, or make a scratch folder",
    ),
    HouseRule(
        "a server on all addresses",
        re.compile(r"(bind|host|listen|address)[^=:]{0,20}[=:] *\"?0\.0\.0\.0", re.I),
        "bind 127.0.0.1",
    ),
    HouseRule(
        "a test that is skipped",
        re.compile(
            r"^\s*(#\[ignore|@Disabled|@Ignore\b|@(unittest|pytest\.mark)\.skip)|\b(it|test|describe)\.skip\("
        ),
        "mend it or delete it",
        SOURCES,
    ),
    HouseRule(
        "a promise of later work",
        re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"),
        "finish it, or leave the word out",
        SOURCES,
    ),
)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.split("\0") if name]


def breaches_of(path: str, text: str) -> list[str]:
    """One line of report for each breach in a file's text."""
    return [
        f"{path}:{number}: {rule.name}: {rule.cure}"
        for number, line in enumerate(text.splitlines(), 1)
        for rule in RULES
        if rule.breaches(path, line)
    ]


def decisions_of_one_number(paths: list[str]) -> list[str]:
    """One line of report for each decision whose number an earlier one has."""
    found, first = [], {}
    for path in sorted(paths):
        numbered = re.fullmatch(r"docs/adr/([0-9]{4})-.*\.md", path)
        if numbered and first.setdefault(numbered[1], path) != path:
            found.append(f"{path}: {first[numbered[1]]} has this number: take the next free one")
    return found


def main() -> int:
    paths = tracked()
    found = decisions_of_one_number(paths)
    for path in paths:
        file = ROOT / path
        if path == ITSELF or path.startswith("scripts/tests/") or not file.is_file():
            continue
        try:
            found += breaches_of(path, file.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # pictures and state bytes: nothing to read
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
