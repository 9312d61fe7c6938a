"""Rules that change all the time under load: each event is judged by one whole set, the same everywhere."""

import json
import unittest
from collections import Counter, defaultdict
from pathlib import Path

from harness import shared
from harness.case import RealTest
from harness.extent import EXTENT
from harness.flink import RULES_OPERATOR, Cluster
from harness.places import SCRATCH
from harness.processes import wait_for
from harness.progress import proven, tell
from harness.revisions import EVENT, VIEWS, Revisions, band
from harness.shop import UNTIL, Shop, finished_lines, largest_before, the_shop

SUBTASKS = 4
# Sets between two lines of progress.
SHOWN_SETS = 50
# The part of the log that nobody has judged yet when all subtasks have told of the last set.
REST = 0.1
# Events that may lie between the source and the subtasks.
BUFFERED = 20_000

shop: Shop
cluster: Cluster


def setUpModule() -> None:
    global shop, cluster  # noqa: PLW0603 (made once, for all tests)
    shop = the_shop()
    cluster = shared.cluster("flink-2.3")
    cluster.wait_until_ready()


class Changes(RealTest):
    """The rule `witness` fires at every event and says by which set; `band` must have judged by the same."""

    def test_under_load(self) -> None:
        admin = Revisions(EXTENT.changes)
        self.addCleanup(admin.stop)
        out = SCRATCH / "output" / "changes"
        job = self.submit(admin, out)
        begun = "the first matches, before any change"
        wait_for(begun, lambda: len(finished_lines(out / "matches")) > 10, 60, cluster.programs)
        admin.begin()
        wait_for(f"{EXTENT.changes} sets", lambda: self.given(admin, job), 300, cluster.programs)
        wait_for("the last set everywhere", lambda: self.lives(out), 60, cluster.programs)
        judged = cluster.records_into(job, RULES_OPERATOR) + BUFFERED
        self.assertLess(judged, EXTENT.events * (1 - REST), "the last set came too late in the log")
        cluster.wait_for_state(job, "FINISHED", 300)

        matches = [json.loads(line) for line in finished_lines(out / "matches")]
        of = {name: [match for match in matches if match["rule"] == name] for name in ("witness", "band")}
        judged_by = self.one_revision_each(of["witness"])
        counts = self.counts(out)
        self.assertEqual(judged_by.keys(), counts.keys(), "witness: events without a match, or none expected")
        self.assert_bands(of["band"], judged_by, counts)
        self.assert_never_back(of["witness"])
        self.assert_last_set_in_force(judged_by)
        used = len(set(judged_by.values()))
        self.assertGreater(used, EXTENT.changes // 4, "too few of the sets were under load")
        rules_hash = self.assert_same_hashes(finished_lines(out / "status"))
        proven(
            f"changes: {EXTENT.changes} sets of 2 rules over HTTP under load, {used} of them judged events, "
            f"{SUBTASKS} subtasks: {len(judged_by)} events judged by one set each, {len(of['band'])} matches "
            f"of the rule that changes, 0 torn, 0 lost, 0 doubled; all subtasks end on hash {rules_hash[:16]}"
        )

    shown = 0

    def given(self, admin: Revisions, job: str) -> bool:
        """Whether the last set was given out."""
        if admin.revision >= self.shown + SHOWN_SETS:
            self.shown = admin.revision
            tell(f"set {admin.revision}, {cluster.records_into(job, RULES_OPERATOR)} records")
        if admin.revision < EXTENT.changes and cluster.state(job) != "RUNNING":
            raise AssertionError(f"the log was over at set {admin.revision} of {EXTENT.changes}")
        return admin.revision == EXTENT.changes

    @staticmethod
    def lives(out: Path) -> bool:
        """Whether every subtask has told of the last set."""
        told = map(json.loads, finished_lines(out / "status"))
        return len({one["subtask"] for one in told if one["revision"] == EXTENT.changes}) == SUBTASKS

    @staticmethod
    def submit(admin: Revisions, out: Path) -> str:
        return cluster.submit(
            *("--events", shop.events, "--speed", EXTENT.events / (10 + EXTENT.changes * 0.06)),
            *("--rules", admin.url, "--rules-interval", "10ms", "--checkpoint-interval", "500ms"),
            *("--output", out / "matches", "--late-output", out / "late", "--bad-output", "none"),
            *("--status-output", out / "status", "--watermark-interval", "1ms", "--until", UNTIL),
            parallelism=SUBTASKS,
        )

    def one_revision_each(self, witnesses: list[dict]) -> dict[int, int]:
        """Position of an event -> the revision that judged it; each one once."""
        twice = [place for place, times in Counter(map(position, witnesses)).items() if times > 1]
        self.assertEqual(twice, [], "judged twice")
        torn = [match for match in witnesses if match["action"] != {"revision": match["revision"]}]
        self.assertEqual(torn, [], "a match with another revision's action")
        return {position(match): match["revision"] for match in witnesses}

    def counts(self, out: Path) -> dict[int, int]:
        """Position of an event -> the views of its user up to it, as a backtest counts."""
        late = finished_lines(out / "late")
        self.assert_late(late, [largest_before(shop.times)])
        rule = {"id": "counts", "revision": 1, "measures": {"views": VIEWS}}
        rule |= {"when": {"ge": [{"measure": "views"}, 0]}, "trigger": {"on": {"event": EVENT}}}
        file = out / "counts.json"
        file.write_text(json.dumps(rule), encoding="utf-8")
        matches, _ = shop.backtest(late, out, file)
        found = map(json.loads, matches)
        return {position(match): match["evidence"]["views"] for match in found}

    def assert_bands(self, bands: list[dict], judged_by: dict[int, int], counts: dict[int, int]) -> None:
        """`band` fired exactly at the events whose count lies within the judging revision's limits."""
        expected = {}
        for place, revision in judged_by.items():
            low, high = band(revision)
            if low <= counts[place] <= high:
                action = {"revision": revision, "low": low, "high": high}
                expected[place] = (revision, action, {"views": counts[place]})
        self.assertGreater(len(expected), 1000, "too few matches to show anything")
        found = {position(one): (one["revision"], one["action"], one["evidence"]) for one in bands}
        self.assertEqual(len(found), len(bands), "judged twice")
        places = sorted(found.keys() | expected.keys())
        differ = [place for place in places if found.get(place) != expected.get(place)]
        shown = [(place, found.get(place), expected.get(place)) for place in differ[:5]]
        self.assertEqual(len(differ), 0, f"torn, lost or not asked for (position, found, expected): {shown}")

    def assert_never_back(self, witnesses: list[dict]) -> None:
        """No user is judged by an older set again."""
        of_user = defaultdict(list)
        for match in witnesses:
            of_user[match["user"]].append((match["time"], position(match), match["revision"]))
        for user, judged in of_user.items():
            revisions = [revision for _, _, revision in sorted(judged)]
            self.assertEqual(revisions, sorted(revisions), f"{user} went back to an older set")

    def assert_last_set_in_force(self, judged_by: dict[int, int]) -> None:
        """At the end of the log all judge by what they told of: by the last set."""
        end = {place: revision for place, revision in judged_by.items() if place > EXTENT.events * (1 - REST)}
        self.assertGreater(len(end), 100, "too few events to show anything")
        older = Counter(revision for revision in end.values() if revision < EXTENT.changes)
        self.assertEqual(older, {}, "some tell of the last set and judge by an older one (revision: events)")

    def assert_same_hashes(self, lines: list[str]) -> str:
        """Every subtask told of every set, with the same hash as the others; the last one's hash."""
        hashes, told = defaultdict(set), defaultdict(list)
        for status in map(json.loads, lines):
            self.assertEqual(status["state"], "live", status)
            if status["rule"] == "band":
                hashes[status["revision"]].add(status["rules_hash"])
                told[status["subtask"]].append(status["revision"])
        self.assertEqual(sorted(told), list(range(SUBTASKS)))
        for subtask, revisions in told.items():
            self.assertEqual(sorted(revisions), list(range(1, EXTENT.changes + 1)), f"subtask {subtask}")
        differ = {revision: found for revision, found in hashes.items() if len(found) > 1}
        self.assertEqual(differ, {}, "subtasks that judge by different rules")
        (last,) = hashes[EXTENT.changes]
        self.assertEqual(len(set.union(*hashes.values())), EXTENT.changes, "sets that differ have one hash")
        return last


def position(match: dict) -> int:
    return match["cause"]["event"]["position"]


if __name__ == "__main__":
    unittest.main()
