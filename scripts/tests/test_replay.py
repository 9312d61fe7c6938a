"""The replay's proof can fail: each way in which a job could be wrong is told from being right."""

import contextlib
import io
import json
import unittest

from replay import prove, unchanged_rules


def match(number: int, rule: str = "r", **fields: object) -> str:
    return json.dumps({"match_id": f"{number:032x}", "rule": rule, **fields})


class Proof(unittest.TestCase):
    def judged(self, job: list[str], expected: list[str]) -> tuple[bool, str]:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            well = prove(job, expected, {"r"})
        return well, out.getvalue().splitlines()[-1].strip()

    def test_the_same_in_another_order(self) -> None:
        self.assertEqual(
            self.judged([match(2), match(1)], [match(1), match(2)]),
            (True, "2 of 2 equal, 0 missing, 0 extra, 0 given twice"),
        )

    def test_missing(self) -> None:
        self.assertEqual(
            self.judged([match(1)], [match(1), match(2)]),
            (False, "1 of 2 equal, 1 missing, 0 extra, 0 given twice"),
        )

    def test_extra(self) -> None:
        self.assertEqual(
            self.judged([match(1), match(2)], [match(1)]),
            (False, "1 of 1 equal, 0 missing, 1 extra, 0 given twice"),
        )

    def test_twice(self) -> None:
        self.assertEqual(
            self.judged([match(1), match(1)], [match(1)]),
            (False, "1 of 1 equal, 0 missing, 0 extra, 1 given twice"),
        )

    def test_same_id_other_evidence(self) -> None:
        self.assertEqual(
            self.judged([match(1, evidence=1)], [match(1, evidence=2)]),
            (False, "0 of 1 equal, 0 missing, 0 extra, 0 given twice"),
        )

    def test_nothing_proves_nothing(self) -> None:
        self.assertFalse(self.judged([], [])[0])

    def test_rules_that_changed_are_left_out(self) -> None:
        self.assertTrue(self.judged([match(1), match(2, "changed")], [match(1)])[0])


RULES = {"r": {"revision": 1}, "s": {"revision": 1}}


class ChangedRules(unittest.TestCase):
    def unchanged(self, *statuses: tuple[str, int, str]) -> set[str]:
        keys = ("rule", "revision", "state")
        return unchanged_rules(RULES, [json.dumps(dict(zip(keys, one, strict=True))) for one in statuses])

    def test_as_they_are(self) -> None:
        self.assertEqual(self.unchanged(("r", 1, "live"), ("s", 1, "live")), {"r", "s"})

    def test_a_new_revision_a_stop_and_another_rule(self) -> None:
        self.assertEqual(self.unchanged(("r", 2, "live"), ("new", 1, "live")), {"s"})
        self.assertEqual(self.unchanged(("r", 1, "stopped"), ("r", 1, "live")), {"s"})

    def test_a_refused_change_is_none(self) -> None:
        self.assertEqual(
            self.unchanged(("r", 1, "refused"), ("s", 0, "ignored"), (None, None, "refused")), {"r", "s"}
        )
