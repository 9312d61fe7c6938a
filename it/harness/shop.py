"""A simulated shop's log with its rules, and what the stand-alone program says about it."""

import functools
import itertools
import json
from collections.abc import Iterable
from pathlib import Path

from .extent import EXTENT
from .places import ALCEDO, SCRATCH
from .processes import run

USERS = 3000
# Inside the log: events and deadlines after it never happen, in the job and in the backtest.
UNTIL = "2022-08-14T00:00:00Z"
# How far behind the largest time an event may still come, ms: the job's default.
OUT_OF_ORDERNESS = 2000


def _alcedo(*words: object) -> None:
    run([str(ALCEDO), *(str(word) for word in words)])


class Shop:
    """Events with stragglers and broken lines, tags, rules and audiences, all in `folder`."""

    def __init__(self, folder: Path):
        self.events = folder / "events.jsonl"
        self.rules = folder / "rules"
        self.tags = folder / "tags.jsonl"
        self.audiences = folder / "audiences"
        self.audiences.mkdir(parents=True)
        size = ("--users", USERS, "--events", EXTENT.events)
        _alcedo("simulate", *size, "--seed", EXTENT.seed, "--output", folder)
        _alcedo("audience", "--rule", self.rules, "--tags", self.tags, "--output", self.audiences)

    def lines(self) -> list[bytes]:
        """The log's lines as bytes, without line ends."""
        return self.events.read_bytes().removesuffix(b"\n").split(b"\n")

    @functools.cached_property
    def times(self) -> list[int]:
        """Time of each line, Unix ms; of a broken one the least there is."""
        return [time_of(line) for line in self.lines()]

    def judging(self, rules: tuple[object, ...] = ()) -> tuple[object, ...]:
        """What a job judges by, its cache too small, its bundles odd. `rules`: where else they are."""
        return (
            *(rules or ("--rules", self.rules)),
            *("--audiences", self.audiences, "--order", "ordered", "--until", UNTIL),
            *("--watermark-interval", "1ms", "--checkpoint-interval", "300ms"),
            *("--cache-users", 300, "--cache-dirty-users", 100, "--bundle-records", 777),
        )

    def backtest(
        self, late: list[str], folder: Path, rules: Path | None = None
    ) -> tuple[list[str], list[str]]:
        """Matches and bad records of the log up to UNTIL, without the records that a job found late.

        `rules`: others than the shop's own.
        """
        excluded, output, bad = (
            folder / f"{name}.jsonl" for name in ("excluded", "backtest", "expected-bad")
        )
        excluded.write_text("".join(f"{line}\n" for line in late), encoding="utf-8")
        _alcedo(
            *("backtest", "--quiet", "--rules", rules or self.rules, "--tags", self.tags),
            *("--events", self.events, "--until", UNTIL, "--exclude", excluded),
            *("--output", output, "--bad-output", bad),
        )
        return read_lines(output), read_lines(bad)


@functools.cache
def the_shop() -> Shop:
    """The one of this run: it is only read."""
    return Shop(SCRATCH / "shop")


def time_of(line: bytes) -> int:
    """An event's time, Unix ms; of what cannot be read the least there is: it moves no watermark."""
    try:
        return int(json.loads(line)["time"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return -(2**63)


def largest_before(times: Iterable[int]) -> list[int]:
    """For each record of a partition the largest time of those before it."""
    return list(itertools.accumulate(times, max, initial=-(2**63)))


def read_lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def finished_lines(folder: Path) -> list[str]:
    """The lines of all files that a job has finished (no leading dot) in a folder."""
    files = (file for file in sorted(folder.glob("*.jsonl")) if not file.name.startswith("."))
    return [line for file in files for line in read_lines(file) if line]


def match_ids(matches: list[str]) -> list[str]:
    """In order; one that comes twice is there twice."""
    return sorted(json.loads(line)["match_id"] for line in matches)
