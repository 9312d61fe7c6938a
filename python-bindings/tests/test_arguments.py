"""What people write without a checker: an AlcedoError that says what to write, whatever the argument."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

import alcedo
from alcedo import count, event, rule

HUGE = 2**70
HALF = "\ud800"
"""Half of a surrogate pair: a text that is none in UTF-8."""
RULE = rule("again").when(count("view") >= 2).build()
LOG = [{"user": "u1", "type": "view", "time": n} for n in range(4)]


def run(events: Any = LOG, **more: Any) -> alcedo.Backtest:
    return alcedo.backtest(RULE, events, progress=False, **more)


def deep() -> Any:
    whole: Any = {}
    for _ in range(100_000):
        whole = {"not": whole}
    return whole


RESULT = run()
ENGINE = alcedo.Engine(RULE)
FAR = [*LOG, *({"user": "u2", "type": "view", "time": 10**12 + n} for n in range(2))]
# Of types that a checker refuses.
FIVE: Any = 5
TEXT: Any = "x"
EVENT: Any = event("view")
WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "a user as a number": (lambda: RESULT.explain(FIVE), 'give a text, such as "5"'),
    "a user of a picture": (lambda: RESULT.plot_user(FIVE), "give a text"),
    "a user of an engine": (lambda: ENGINE.explain(FIVE), "give a text"),
    "half a letter in a user": (lambda: RESULT.explain(HALF), "surrogates not allowed"),
    "a moment beyond all years": (lambda: RESULT.explain("u1", at=HUGE), "years 1 to 9999"),
    "a moment far back": (lambda: ENGINE.explain("u1", at=-HUGE), "years 1 to 9999"),
    "time until then": (lambda: ENGINE.advance(HUGE), "years 1 to 9999"),
    "an end beyond all years": (lambda: run(until=HUGE), "years 1 to 9999"),
    "an end that is no time": (lambda: run(until=math.nan), "float is no time"),
    "ids to keep, fewer than none": (lambda: alcedo.Engine(RULE, dedupe=-1), "an integer of at least 0"),
    "ids to keep, a text": (lambda: alcedo.Engine(RULE, dedupe=TEXT), "an integer of at least 0"),
    "pieces of time, a number": (lambda: RESULT.rate(every=FIVE), '"5" is not a duration'),
    "pieces of time, endless digits": (lambda: RESULT.rate(every="9" * 5000 + "h"), "is not a duration"),
    "pieces of time, too many": (lambda: run(FAR).rate(every="1ms"), "above the limit of 1,000,000"),
    "a comparison with a text": (lambda: RESULT.compare(TEXT), "str is no result of a backtest"),
    "reasons, a text": (lambda: RESULT.compare(RESULT, TEXT), "an integer of at least 0"),
    "moved, a number": (lambda: RESULT.compare(RESULT, moved_within=FIVE), "is not a duration"),
    "near misses, fewer than none": (lambda: RESULT.near_misses(limit=-1), "an integer of at least 0"),
    "a mapping with a set": (lambda: run(mapping={"user": {1}}), "set is not JSON"),
    "a member that is no text": (lambda: run(audiences={FIVE: ["u1"]}), "check the types"),
    "half a letter in a member": (lambda: run(audiences={"a": [HALF]}), "surrogates not allowed"),
    "half a letter in tags": (lambda: run(tags=[{"user": HALF}]), "surrogates not allowed"),
    "half a letter in an event": (lambda: run([{"user": HALF}]), "event 0: .*surrogates not allowed"),
    "an event without end": (lambda: run([{"user": "u1", "x": deep()}]), "event 0: "),
    "a rule without end": (lambda: alcedo.Rule.from_dict(deep()), "the rule is no JSON"),
    "a rule as a number": (lambda: alcedo.Rule.from_json(FIVE), "check the types"),
    "half a letter in a rule": (lambda: alcedo.Rule.from_json(HALF), "surrogates not allowed"),
    "a path with a zero": (lambda: alcedo.Rule.from_file("a\0b"), "check the path"),
    "tags at a path with a zero": (lambda: run(tags="a\0b"), "give a file of JSON lines"),
    "events as a number": (lambda: count(FIVE), "5 picks no events"),
    "a trigger as a number": (lambda: rule("a").on(FIVE), "5 picks no events"),
    "a window as a number": (lambda: count("view", last=FIVE), "5 is no length of time"),
    "a moment as a number": (lambda: rule("a").published(FIVE), "5 is no moment"),
    "a condition as a number": (lambda: rule("a").when(FIVE), "5 is no condition"),
    "a condition as an event": (lambda: rule("a").when(EVENT), "is no condition"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_an_error_that_says_what_to_write(name: str) -> None:
    wrong, told = WRONG[name]
    with pytest.raises(alcedo.AlcedoError, match=told):
        wrong()
