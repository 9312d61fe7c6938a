"""What the tests of real programs have in common."""

import itertools
import json
import unittest

from . import shared
from .listeners import is_loopback, listening
from .processes import Program, ProgramError, logs
from .shop import OUT_OF_ORDERNESS, match_ids

SHOWN = 5  # ids of each kind


class RealTest(unittest.TestCase):
    """A failed test shows the logs of the programs that ran then."""

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        finished = super().run(result)
        for _, why in (result.failures + result.errors)[before:]:
            if ProgramError.__name__ not in why:  # those brought their logs
                print(f"{self.id()} failed; the logs:\n{logs()}")
            shared.cancel_jobs()
        return finished

    def assert_same_matches(self, found: list[str], expected: list[str]) -> None:
        """Every expected match_id once, and no other."""
        self.assertGreater(len(expected), 1000, "too few matches to show anything")
        ids, wanted = match_ids(found), match_ids(expected)
        twice = [one for one, next_one in itertools.pairwise(ids) if one == next_one]
        missing, surplus = sorted(set(wanted) - set(ids)), sorted(set(ids) - set(wanted))
        self.assertEqual(
            (len(missing), len(surplus), len(twice)),
            (0, 0, 0),
            f"missing {missing[:SHOWN]}, surplus {surplus[:SHOWN]}, twice {twice[:SHOWN]}",
        )

    def assert_late(self, late: list[str], before: list[list[int]]) -> None:
        """Late is only what comes after an event of its partition whose time lies beyond the bound.

        What a job calls late is left out of the backtest: nothing else would see an event that it lost so.
        `before`: of each partition, the largest time before each record.
        """
        self.assertTrue(late, "stragglers beyond the bound were to be late")
        records = [json.loads(line) for line in late]
        wrong = [
            (one["partition"], one["position"])
            for one in records
            if before[one["partition"]][one["position"]] - OUT_OF_ORDERNESS <= one["time"]
        ]
        self.assertEqual(wrong[:SHOWN], [], f"{len(wrong)} of {len(late)} were in time (partition, position)")

    def assert_loopback_only(self, programs: tuple[Program, ...]) -> None:
        for program in programs:
            addresses = listening(program.pid)
            self.assertTrue(addresses, f"{program.name} listens nowhere: nothing was looked at")
            others = {address for address in addresses if not is_loopback(address)}
            self.assertEqual(others, set(), f"{program.name} listens beyond loopback")
