"""Reads how many tests a runner says it ran, from the runner's own output.

Invariant: a number is only ever read, never assumed: a runner whose closing lines are not found has run no
test.

    cargo       "test result: ok. 12 passed; 0 failed; 1 ignored; ..."   one line per test binary, added up
    surefire    "Tests run: 12, Failures: 0, Errors: 0, Skipped: 0"      one line per module, added up
    unittest    "Ran 12 tests in 0.1s" and "OK" or "FAILED (failures=1)"
    vitest      "Tests  1 failed | 11 passed | 2 skipped (14)"           the last such line
    pytest      "12 passed, 1 failed in 0.31s"                           the last such line
    plain       "12 passed, 0 failed, 1 skipped"                         the last such line
"""

import re
from dataclasses import dataclass

# Runners colour their words even when nobody looks.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

_CARGO = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;", re.M)
# A line that ends after "Skipped" closes a module; those that go on with a time belong to one class.
_SUREFIRE = re.compile(
    r"^(?:\[\w+\]\s+)?Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)\s*$", re.M
)
_UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.M)
_UNITTEST_FLAWS = re.compile(r"(failures|errors|skipped|unexpected successes)=(\d+)")
_VITEST = re.compile(r"^\s*Tests  (.+) \(\d+\)$", re.M)
_VITEST_PART = re.compile(r"(\d+) (passed|failed|skipped)")
_PYTEST = re.compile(r"^((?:\d+ \w+,? ?)+) in [\d.]+s(?: \([\d:]+\))?(?: =+)?$", re.M)
_PYTEST_PART = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed)")
_PLAIN = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)


@dataclass(frozen=True)
class Count:
    """Tests by how they ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    @property
    def ran(self) -> int:
        """How many were executed at all."""
        return self.passed + self.failed


def _cargo(text: str) -> Count:
    return sum((Count(*map(int, found)) for found in _CARGO.findall(text)), Count())


def _surefire(text: str) -> Count:
    total = Count()
    for found in _SUREFIRE.findall(text):
        run, failures, errors, skipped = map(int, found)
        total += Count(run - failures - errors - skipped, failures + errors, skipped)
    return total


def _unittest(text: str) -> Count:
    total = Count()
    for ran in _UNITTEST.finditer(text):
        closing = text[ran.end() :].split("\nRan ", maxsplit=1)[0]
        flaws = {name: int(number) for name, number in _UNITTEST_FLAWS.findall(closing)}
        skipped = flaws.pop("skipped", 0)
        failed = sum(flaws.values())
        # What breaks outside a test (a module's set-up) is a flaw that "Ran" does not hold.
        total += Count(max(int(ran.group(1)) - failed - skipped, 0), failed, skipped)
    return total


def _vitest(text: str) -> Count:
    found = _VITEST.findall(text)
    parts = {word: int(number) for number, word in _VITEST_PART.findall(found[-1])} if found else {}
    return Count(parts.get("passed", 0), parts.get("failed", 0), parts.get("skipped", 0))


def _plain(text: str) -> Count:
    found = _PLAIN.findall(text)
    return Count(*(int(number or 0) for number in found[-1])) if found else Count()


def _pytest(text: str) -> Count:
    closing = _PYTEST.findall(text)
    found = {word: int(number) for number, word in _PYTEST_PART.findall(closing[-1])} if closing else {}
    flaws = found.get("failed", 0) + found.get("error", 0) + found.get("errors", 0)
    return Count(found.get("passed", 0), flaws, found.get("skipped", 0) + found.get("xfailed", 0))


RUNNERS = {
    "cargo": _cargo,
    "surefire": _surefire,
    "unittest": _unittest,
    "pytest": _pytest,
    "vitest": _vitest,
    "plain": _plain,
}


def count(runner: str, output: str) -> Count:
    """The tests that `runner` reports in its `output`."""
    return RUNNERS[runner](_COLOUR.sub("", output))
