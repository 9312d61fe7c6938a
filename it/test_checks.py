"""The checks of the other tests can fail: a match lost or given twice, a loss called late, a dead program."""

import json
import socket
import unittest
from types import SimpleNamespace
from unittest import mock

from harness import case
from harness.case import RealTest
from harness.listeners import is_loopback, listening
from harness.places import SCRATCH
from harness.processes import Program, ProgramError, wait_for
from harness.shop import largest_before

EXPECTED = [f'{{"match_id":"{number:032x}"}}' for number in range(1001)]


class Matches(RealTest):
    def test_the_same_in_another_order_are_well(self) -> None:
        self.assert_same_matches(EXPECTED[::-1], EXPECTED)

    def test_one_lost(self) -> None:
        self.assert_breaks("missing", EXPECTED[1:])

    def test_one_twice(self) -> None:
        self.assert_breaks("twice", EXPECTED + EXPECTED[7:8])

    def test_one_nobody_expected(self) -> None:
        self.assert_breaks("surplus", [*EXPECTED, '{"match_id":"f"}'])

    def test_hardly_any(self) -> None:
        with self.assertRaisesRegex(AssertionError, "too few"):
            self.assert_same_matches(EXPECTED[:5], EXPECTED[:5])

    def assert_breaks(self, why: str, found: list[str]) -> None:
        with self.assertRaisesRegex(AssertionError, rf"{why} \['"):
            self.assert_same_matches(found, EXPECTED)


class Late(RealTest):
    """An event that a job lost as late would be left out of the backtest, too."""

    TIMES = (10_000, 20_000, 18_001, 18_000, 17_999)

    def test_beyond_the_bound(self) -> None:
        self.assert_late([self.record(4)], [largest_before(self.TIMES)])

    def test_none_at_all(self) -> None:
        with self.assertRaisesRegex(AssertionError, "were to be late"):
            self.assert_late([], [largest_before(self.TIMES)])

    def test_one_in_time(self) -> None:
        for position in range(4):
            with self.subTest(position), self.assertRaisesRegex(AssertionError, "1 of 2 were in time"):
                self.assert_late([self.record(4), self.record(position)], [largest_before(self.TIMES)])

    def record(self, position: int) -> str:
        return json.dumps({"partition": 0, "position": position, "time": self.TIMES[position]})


class Listeners(RealTest):
    def test_a_socket_of_this_process_is_seen(self) -> None:
        pid = SimpleNamespace(pid="self", name="this test")
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::ffff:127.0.0.1")):
            with self.subTest(address), socket.socket(family) as server:
                server.bind((address, 0))
                server.listen()
                self.assertTrue(listening(pid.pid))
                self.assert_loopback_only((pid,))

    def test_nothing_open_proves_nothing(self) -> None:
        self.assert_refuses(set(), "nothing was looked at")

    def test_other_addresses(self) -> None:
        for address in ("0.0.0.0", "::", "10.1.2.3", "::ffff:10.1.2.3"):
            with self.subTest(address):
                self.assertFalse(is_loopback(address))
                self.assert_refuses({"127.0.0.1", address}, "beyond loopback")

    def assert_refuses(self, addresses: set[str], why: str) -> None:
        with (
            mock.patch.object(case, "listening", return_value=addresses),
            self.assertRaisesRegex(AssertionError, why),
        ):
            self.assert_loopback_only((SimpleNamespace(pid=0, name="it"),))


class Programs(unittest.TestCase):
    def test_one_that_dies_shows_its_log(self) -> None:
        SCRATCH.mkdir(parents=True, exist_ok=True)
        program = Program("short", ["sh", "-c", "echo its last words; exit 3"], SCRATCH / "short.log")
        self.addCleanup(program.stop)
        with self.assertRaisesRegex(ProgramError, "(?s)ended with 3.*its last words"):
            wait_for("never", lambda: False, 20, (program,))

    def test_one_that_never_answers_shows_its_log(self) -> None:
        SCRATCH.mkdir(parents=True, exist_ok=True)
        program = Program("mute", ["sh", "-c", "echo here; exec sleep 60"], SCRATCH / "mute.log")
        self.addCleanup(program.stop)
        wait_for("its first words", lambda: "here" in program.tail(), 20, (program,))
        with self.assertRaisesRegex(ProgramError, "(?s)did not come.*here"):
            wait_for("an answer", lambda: False, 0, (program,))
