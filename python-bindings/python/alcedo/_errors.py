"""What can go wrong: one base, and what belongs to each."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NamedTuple

from alcedo._native import Failure


class AlcedoError(Exception):
    """The base of every error of this package."""


class Problem(NamedTuple):
    """One thing that is wrong with a rule."""

    rule: str | None
    """The rule's id, where it has one that can be read."""
    path: str
    """JSON pointer into the rule."""
    reason: str
    """What is wrong."""
    cure: str
    """What to do."""
    said: dict[str, Any]
    """`reason` and `cure` as phrases, for other languages: each a `text` with gaps, `{name} is missing`,
    which is its key, and the `values` that stand in them; a value is a text or a phrase.
    """

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.reason} ({self.cure})"

    def __repr__(self) -> str:
        # Without the phrases, which say the same once more.
        return f"Problem(rule={self.rule!r}, path={self.path!r}, reason={self.reason!r}, cure={self.cure!r})"

    def __hash__(self) -> int:
        # Phrases are dicts; they follow from the rest.
        return hash(self[:4])


def problem_of(rule: str | None, told: dict[str, Any]) -> Problem:
    """As the extension tells it."""
    return Problem(rule, told["path"], told["reason"], told["cure"], told["said"])


class RuleError(AlcedoError):
    """Rules that cannot run, with everything that is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(problems)

    def __str__(self) -> str:
        lines = []
        for problem in self.problems:
            name = f"rule {problem.rule}" if problem.rule else "a rule"
            lines.append(f"{name} {problem.path or '/'}: {problem.reason}\n    {problem.cure}")
        return "\n".join(lines)


class InputError(AlcedoError):
    """Events, tags, audiences or settings that cannot be read."""


class UnsortedError(InputError):
    """Events that are not in the order of their times, where they had to be."""


class AlcedoWarning(UserWarning):
    """Events that were read, and are likely not what was meant."""


@contextmanager
def failures() -> Generator[None, None, None]:
    """Turns the extension's exception into those of this package."""
    try:
        yield
    except Failure as failure:
        kind, message, detail = failure.args
        if kind == "rules":
            told = [
                problem_of(one["rule"], problem) for one in json.loads(detail) for problem in one["problems"]
            ]
            raise RuleError(told) from None
        kinds = {"unsorted": UnsortedError, "input": InputError, "audience": InputError}
        raise kinds.get(kind, AlcedoError)(message) from None
    except (TypeError, ValueError, OverflowError) as error:
        # What the extension's signature refuses: a number where a text belongs, half of a surrogate pair.
        raise InputError(f"{error} (check the types of what was given)") from error
