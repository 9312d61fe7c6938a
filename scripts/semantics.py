#!/usr/bin/env python3
"""Checks the pages of docs/semantics, and that of the reference conditions, against the golden vectors.

Fails where a sentence, or a reason for a bad record, has neither a vector nor (a sentence only) a test that
shows it, where a page names a vector or a test that does not exist, where no sentence names a vector or a
vector's law is not sentences that name it, where two sentences have one number, and where a reference
condition, or its part of a rule, is in none of the vectors of its row.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONDITIONS = "docs/rules/reference-conditions.md"
# What every release must be able to express.
REFERENCE = tuple(
    f"{kind}{n}" for kind, last in (("R", 6), ("P", 11), ("C", 7), ("T", 3)) for n in range(1, last + 1)
)

NOT_RUN_YET = "*(not run yet)*"

_NUMBERS = r"\d{2,3}(?: \d{2,3})*"
_SENTENCE = re.compile(r"^- \*\*([A-Z]\d+)\*\* (.+)$")
_SHOWN = re.compile(rf"^(.+) \[(-|{_NUMBERS}|test: [^\]]+)\]$")
_VECTORS = re.compile(rf"\[({_NUMBERS})\](?!\()")
_REASON = re.compile(r"^\| Reason \|")
_CELLS = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Sentence:
    """One numbered sentence: its number, where it stands, and the vectors and tests that show it."""

    number: str
    place: str
    text: str
    vectors: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        return not self.vectors and not self.tests and not self.text.startswith(NOT_RUN_YET)


def sentences_of(name: str, page: str) -> list[Sentence]:
    found = []
    for at, line in enumerate(page.splitlines(), 1):
        if not (match := _SENTENCE.match(line)):
            continue
        number, text = match.groups()
        vectors: list[str] = []
        tests: list[str] = []
        while shown := _SHOWN.match(text):
            text, by = shown.groups()
            if by.startswith("test: "):
                tests.append(by.removeprefix("test: "))
            elif by != "-":
                vectors.extend(by.split())
        found.append(Sentence(number, f"{name}:{at}", text, tuple(vectors), tuple(tests)))
    return found


def vectors_named(name: str, page: str) -> list[tuple[str, str]]:
    """Every vector number of the page with its place: in sentences, and in tables too."""
    return [
        (number, f"{name}:{at}")
        for at, line in enumerate(page.splitlines(), 1)
        for numbers in _VECTORS.findall(line)
        for number in numbers.split()
    ]


def bare_reasons(name: str, page: str) -> list[str]:
    """The rows of a table of reasons that name no vector."""
    report = []
    inside = False
    for at, line in enumerate(page.splitlines(), 1):
        header = bool(_REASON.match(line))
        if inside and line.startswith("|") and not line.startswith("| ---") and not _VECTORS.search(line):
            report.append(f"{name}:{at}: no vector shows this reason")
        inside = header or (inside and line.startswith("|"))
    return report


def vector_numbers(files: Iterable[Path]) -> set[str]:
    """The numbers that the names of vectors begin with: two digits, or three from 100 on."""
    return {match[1] for file in files if (match := re.match(r"(\d{2,3})-", file.name))}


def problems(pages: dict[str, str], vectors: set[str], has_test: Callable[[str], bool]) -> list[str]:
    """What is wrong with the pages of the law, one line each."""
    report = []
    first: dict[str, str] = {}
    named = set()
    for name, page in pages.items():
        report.extend(bare_reasons(name, page))
        for number, place in vectors_named(name, page):
            named.add(number)
            if number not in vectors:
                report.append(f"{place}: there is no vector {number}")
        for sentence in sentences_of(name, page):
            if sentence.bare:
                report.append(f"{sentence.place}: nothing shows {sentence.number}: {sentence.text}")
            report.extend(
                f"{sentence.place}: there is no test {test}" for test in sentence.tests if not has_test(test)
            )
            if before := first.get(sentence.number):
                report.append(f"{sentence.place}: {sentence.number} is the number of {before} too")
            first.setdefault(sentence.number, sentence.place)
    report.extend(f"no sentence names vector {number}" for number in sorted(vectors - named, key=int))
    return report


def law_problems(laws: dict[str, str], sentences: Iterable[Sentence]) -> list[str]:
    """Where a vector's `law` is not numbers of sentences that name it. `laws`: that of each vector."""
    shown_by = {sentence.number: sentence.vectors for sentence in sentences}
    report = []
    for vector, law in sorted(laws.items(), key=lambda one: int(one[0])):
        if not law.split():
            report.append(f"vector {vector}: its law names no sentence")
        report.extend(
            f"vector {vector}: its law names {number}, and that sentence does not name the vector"
            for number in law.split()
            if vector not in shown_by.get(number, ())
        )
    return report


def holds(value, part) -> bool:
    """Whether the JSON value is the part, or holds it somewhere inside."""
    if value == part:
        return True
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(holds(one, part) for one in inside)


def condition_problems(page: str, rules: dict[str, list]) -> list[str]:
    """What is wrong with the rows `| id | words | fragments | [vectors] |`. `rules`: those of each vector."""
    report = []
    rows: dict[str, int] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in _CELLS.split(line)[1:-1]]
        if len(cells) != 4 or cells[0] not in REFERENCE:
            continue
        condition = cells[0]
        rows[condition] = rows.get(condition, 0) + 1
        vectors = [number for numbers in _VECTORS.findall(cells[3]) for number in numbers.split()]
        fragments = [text.replace("\\|", "|") for text in _CODE.findall(cells[2])]
        report.extend(
            f"{condition}: there is no vector {number}" for number in vectors if number not in rules
        )
        if not vectors or not fragments:
            report.append(f"{condition}: a row names a fragment of a rule and a vector")
        for fragment in fragments:
            try:
                part = json.loads(fragment)
            except ValueError:
                report.append(f"{condition}: {fragment} is no JSON")
                continue
            if not any(holds(rules[number], part) for number in vectors if number in rules):
                report.append(f"{condition}: none of its vectors has {fragment}")
    return report + [
        f"{one}: {rows.get(one, 0)} rows instead of 1" for one in REFERENCE if rows.get(one) != 1
    ]


def has_test(name: str) -> bool:
    """Whether a tracked file whose path ends so has the test: `File.java#method` or `a/b.rs#function`."""
    path, _, test = name.partition("#")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / file for file in tracked.splitlines() if f"/{file}".endswith(f"/{path}")]
    declared = re.compile(rf"(@Test\s+(public )?void|#\[test\]\s+fn) {re.escape(test)}\(")
    return any(declared.search(file.read_text(encoding="utf-8")) for file in files)


def main() -> int:
    folder = ROOT / "docs" / "semantics"
    pages = {
        str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in sorted(folder.glob("*.md"))
    }
    files = sorted((ROOT / "testdata" / "vectors").glob("*.json"))
    vectors = vector_numbers(files)
    sentences = [sentence for name, page in pages.items() for sentence in sentences_of(name, page)]
    if not sentences or not vectors:
        print("docs/semantics has no numbered sentence, or testdata/vectors no case: is this the project?")
        return 1

    report = problems(pages, vectors, has_test)
    if len(vectors) != len(files):
        report.append(f"{len(files)} files have {len(vectors)} numbers: each vector has one of its own")
    cases = {file.name.split("-")[0]: json.loads(file.read_text(encoding="utf-8")) for file in files}
    report.extend(law_problems({number: case["law"] for number, case in cases.items()}, sentences))
    rules = {number: [case["rules"], case["steps"]] for number, case in cases.items()}
    page = (ROOT / CONDITIONS).read_text(encoding="utf-8")
    report.extend(f"{CONDITIONS}: {problem}" for problem in condition_problems(page, rules))
    print(f"{len(sentences)} sentences, {len(vectors)} vectors, {len(REFERENCE)} reference conditions")
    print("\n".join(report), end="\n" if report else "")
    return 1 if report else 0


if __name__ == "__main__":
    sys.exit(main())
