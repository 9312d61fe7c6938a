#!/usr/bin/env python3
"""Checks the pages of docs/semantics against the golden vectors.

Fails where a page names a vector that does not exist, or where two sentences have one number. Lists, without
failing, the sentences that no vector shows and the vectors that no sentence names.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_NUMBERS = r"\d{2,3}(?: \d{2,3})*"
_SENTENCE = re.compile(rf"^- \*\*([A-Z]\d+)\*\* (.+?)(?: \[(-|{_NUMBERS})\])?$")
_VECTORS = re.compile(rf"\[({_NUMBERS})\](?!\()")


@dataclass(frozen=True)
class Sentence:
    """One numbered sentence: its number, where it stands, and the vectors that show it."""

    number: str
    place: str
    text: str
    vectors: tuple[str, ...]


def sentences_of(name: str, page: str) -> list[Sentence]:
    found = []
    for at, line in enumerate(page.splitlines(), 1):
        if match := _SENTENCE.match(line):
            number, text, vectors = match.groups()
            shown = () if vectors in (None, "-") else tuple(vectors.split())
            found.append(Sentence(number, f"{name}:{at}", text, shown))
    return found


def vectors_named(name: str, page: str) -> list[tuple[str, str]]:
    """Every vector number of the page with its place: in sentences, and in tables too."""
    return [
        (number, f"{name}:{at}")
        for at, line in enumerate(page.splitlines(), 1)
        for numbers in _VECTORS.findall(line)
        for number in numbers.split()
    ]


def vector_numbers(files: Iterable[Path]) -> set[str]:
    """The numbers that the names of vectors begin with: two digits, or three from 100 on."""
    return {match[1] for file in files if (match := re.match(r"(\d{2,3})-", file.name))}


def problems(pages: dict[str, str], vectors: set[str]) -> list[str]:
    """What is wrong, one line each."""
    report = []
    first: dict[str, str] = {}
    for name, page in pages.items():
        for number, place in vectors_named(name, page):
            if number not in vectors:
                report.append(f"{place}: there is no vector {number}")
        for sentence in sentences_of(name, page):
            if before := first.get(sentence.number):
                report.append(f"{sentence.place}: {sentence.number} is the number of {before} too")
            first.setdefault(sentence.number, sentence.place)
    return report


def main() -> int:
    folder = ROOT / "docs" / "semantics"
    pages = {
        str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in sorted(folder.glob("*.md"))
    }
    vectors = vector_numbers((ROOT / "testdata" / "vectors").glob("*.json"))
    sentences = [sentence for name, page in pages.items() for sentence in sentences_of(name, page)]
    if not sentences or not vectors:
        print("docs/semantics has no numbered sentence, or testdata/vectors no case: is this the project?")
        return 1

    bare = [sentence for sentence in sentences if not sentence.vectors]
    named = {number for name, page in pages.items() for number, _ in vectors_named(name, page)}
    print(f"{len(sentences)} sentences, {len(bare)} of them without a vector:")
    for sentence in bare:
        print(f"  {sentence.place}: {sentence.number}: {sentence.text}")
    if unnamed := sorted(vectors - named, key=int):
        print(f"vectors that no sentence names: {' '.join(unnamed)}")

    report = problems(pages, vectors)
    print("\n".join(report))
    return 1 if report else 0


if __name__ == "__main__":
    sys.exit(main())
