"""The users' jar on real clusters of both Flink lines: whatever happens, it writes what a backtest says."""

import json
import re
from pathlib import Path

from harness import shared
from harness.case import RealTest
from harness.extent import EXTENT
from harness.flink import RULES_OPERATOR, Cluster
from harness.held import libraries
from harness.places import ROOT, SCRATCH
from harness.processes import wait_for
from harness.progress import proven, tell
from harness.pushed import PushGateway
from harness.shop import Shop, finished_lines, largest_before, the_shop

# Lines a second: slow enough for many checkpoints in the middle of the log.
SLOW = EXTENT.events // 6
LINES = ("flink-1.20", "flink-2.3")

shop: Shop


def setUpModule() -> None:
    global shop  # noqa: PLW0603 (made once, for all tests)
    shop = the_shop()
    # Both start at once, and serve all tests of their line.
    for cluster in [shared.cluster(line) for line in LINES]:
        cluster.wait_until_ready()


def submit(cluster: Cluster, out: Path, speed: int = 0, **how: object) -> str:
    """The job over the shop's file; all its outputs go to folders of `out`."""
    return cluster.submit(
        *("--events", shop.events, "--speed", speed, *shop.judging()),
        *("--output", out / "matches", "--late-output", out / "late", "--bad-output", out / "bad"),
        **how,
    )


def wait_for_middle(cluster: Cluster, job: str, out: Path) -> None:
    """Until checkpoints hold a part of the events and some matches are committed, but not all."""

    def reached() -> bool:
        return (
            cluster.records_into(job, RULES_OPERATOR) > EXTENT.events // 7
            and cluster.checkpoints(job)["completed"] >= 2
            and len(finished_lines(out / "matches")) > 10
        )

    wait_for(f"{cluster.line}: the middle of the log", reached, 60, cluster.programs)
    if cluster.state(job) != "RUNNING":
        raise AssertionError("the log was over before its middle was seen")


def wait_for_lines(cluster: Cluster, job: str, part: float) -> None:
    """Until this job has judged so much of the log, though not its end."""
    wanted = int(part * EXTENT.events)
    what = f"{cluster.line}: {wanted} events of this job"
    wait_for(what, lambda: cluster.records_into(job, RULES_OPERATOR) > wanted, 120, cluster.programs)
    if cluster.state(job) != "RUNNING":
        raise AssertionError("the log was over before a savepoint could be taken")


DAY = 24 * 60 * 60 * 1000
# A name of Flink's reporter, in a query.
SERIES = re.compile(r"\bflink_\w+")
LABEL = re.compile(r"[{,](\w+)=~?\"|\bby \((\w+)\)")
QUERIES = ("deploy/grafana/alcedo.json", "deploy/prometheus/alerts.yml")


class LineTest(RealTest):
    """The checks that one line's tests share."""

    line = ""

    def setUp(self) -> None:
        self.cluster = shared.cluster(self.line) if self.line in LINES else None
        self.out = SCRATCH / "output" / self.line / self._testMethodName
        self.out.mkdir(parents=True)

    def assert_equals_backtest(self, job: str, cluster: Cluster | None = None) -> None:
        """Once the job is finished: every match of the backtest once, byte for byte, and no other."""
        (cluster or self.cluster).wait_for_state(job, "FINISHED")
        late = finished_lines(self.out / "late")
        self.assert_late(late, [largest_before(shop.times)])
        expected, expected_bad = shop.backtest(late, self.out)
        matches = finished_lines(self.out / "matches")
        self.assert_same_matches(matches, expected)
        self.assertEqual(sorted(matches), sorted(expected))
        self.assertGreater(len(expected_bad), 100, "the log has broken lines")
        self.assertEqual(by_position(finished_lines(self.out / "bad")), by_position(expected_bad))
        tell(f"{self.id()}: {len(matches)} matches of {EXTENT.events} events equal a backtest's")

    def assert_reported(self, gateway: PushGateway) -> None:
        """The reporter of the cluster's processes gives each name and label that dashboard and alarms use."""
        queries = "".join((ROOT / file).read_text(encoding="utf-8") for file in QUERIES).replace('\\"', '"')
        asked = set(SERIES.findall(queries))
        self.assertGreater(len(asked), 20)
        running = self.cluster.programs
        wait_for("a push of the job's metrics", lambda: "alcedo_recordsIn" in gateway.text(), 20, running)
        self.assertEqual(asked - gateway.names(), set(), "no reporter gives these names")
        labels = {name for pair in LABEL.findall(queries) for name in pair if name}
        self.assertGreater(len(labels), 3)
        self.assertEqual(labels - gateway.labels(), set(), "no reporter gives these labels")

    def assert_survives_savepoints(
        self, legs: list[tuple[Cluster, int]], state_backend: str = "hashmap"
    ) -> None:
        """One log through jobs on these clusters in so many subtasks, each resumed from the last savepoint.

        At the savepoints deadlines were pending and sequences half-way, too. The log's sequences take a day
        and begin in its last third: that is where the savepoints are. Few deadlines are pending at one moment
        (5 to 12 of those that fire later), and now and then none; at all savepoints together there are many.
        """
        savepoint, before = None, []
        for number, (cluster, parallelism) in enumerate(legs):
            last = number == len(legs) - 1
            speed = 0 if last else EXTENT.events // (25 if savepoint else 9)
            how = {"parallelism": parallelism, "savepoint": savepoint, "state_backend": state_backend}
            job = submit(cluster, self.out, speed, **how)
            if not last:
                wait_for_lines(cluster, job, 0.04 if savepoint else 0.70)
                savepoint = cluster.stop_with_savepoint(job)
                before.append(set(finished_lines(self.out / "matches")))
                tell(f"{self.id()}: savepoint {number + 1} after {len(before[-1])} matches")
        self.assert_equals_backtest(job, cluster)
        after = set(finished_lines(self.out / "matches"))
        open_at = [self.open_at_savepoint(earlier, after - earlier) for earlier in before]
        self.assertTrue(sum(deadlines for deadlines, _ in open_at), "no deadline was pending at a savepoint")
        self.assertTrue(sum(sequences for _, sequences in open_at), "no sequence was half-way at a savepoint")
        path = " -> ".join(f"{parallelism} on {cluster.line}" for cluster, parallelism in legs)
        proven(
            f"rescale: {path}, {state_backend}, {EXTENT.events} events, {len(after)} matches equal a "
            f"backtest's; open at the savepoints (deadlines, sequences): {open_at}"
        )

    def open_at_savepoint(self, earlier: set[str], later: set[str]) -> tuple[int, int]:
        """How many deadlines and sequences had begun before a savepoint, and led to matches after it."""
        reached = max(json.loads(match)["time"] for match in earlier)
        matches = [json.loads(match) for match in later]
        deadlines = [m for m in matches if m["cause"].get("deadline", {}).get("after", reached) < reached]
        # Its second step comes a day or more after its first.
        sequences = [m for m in matches if m["rule"] == "r3-second-thoughts" and m["time"] - DAY < reached]
        return len(deadlines), len(sequences)

    def submit_until_middle(self, parallelism: int) -> str:
        job = submit(self.cluster, self.out, SLOW, parallelism=parallelism)
        wait_for_middle(self.cluster, job, self.out)
        return job


def by_position(bad: list[str]) -> list[dict]:
    """Bad records as objects; one that comes twice is there twice."""
    return sorted(map(json.loads, bad), key=lambda record: record["position"])


class OnEveryLine:
    """What must hold on each line. No test case by itself: the classes below say on which line."""

    def test_1_listens_on_loopback_only(self) -> None:
        self.assert_loopback_only(self.cluster.programs)

    def test_2_one_subtask(self) -> None:
        self.assert_equals_backtest(submit(self.cluster, self.out, parallelism=1))

    def test_3_two_subtasks(self) -> None:
        self.assert_equals_backtest(submit(self.cluster, self.out, parallelism=2))

    def test_4_cancelled_and_submitted_again(self) -> None:
        self.cluster.cancel(self.submit_until_middle(parallelism=2))
        # The same jar in a new class loader, in a JVM that may still hold the library of the old one.
        self.out = self.out / "again"
        self.out.mkdir()
        self.assert_equals_backtest(submit(self.cluster, self.out, parallelism=2))

    def test_5_taskmanager_killed(self) -> None:
        job = self.submit_until_middle(parallelism=2)
        committed = len(finished_lines(self.out / "matches"))
        self.cluster.replace_taskmanager()
        self.assert_equals_backtest(job)
        self.assertGreaterEqual(self.cluster.checkpoints(job)["restored"], 1)
        self.assertGreater(
            len(finished_lines(self.out / "matches")), committed, "nothing came after the kill"
        )
        self.assert_loopback_only(self.cluster.programs)

    def test_8_metrics(self) -> None:
        """Flink's web page shows them, and dashboard and alarms ask for names that its reporter gives."""
        job = self.submit_until_middle(parallelism=1)
        metrics = self.cluster.metrics_of(job, RULES_OPERATOR)
        for name in ("alcedo.recordsIn", "alcedo.matches", "alcedo.nativeNanos", "alcedo.bundleNanos_p99"):
            self.assertGreater(metrics[name], 0, name)
        self.assertEqual(metrics["alcedo.rulesLive"], 7)
        self.assertIn("numLateRecordsDropped", metrics)
        by_rule = [name for name in metrics if re.fullmatch(r"alcedo\.rule\..+\.matches", name)]
        self.assertEqual(len(by_rule), 7 + 1, by_rule)

        self.assert_reported(shared.gateway(self.line))
        self.cluster.cancel(job)


class OnFlink120(OnEveryLine, LineTest):
    line = "flink-1.20"

    def test_6_rescaled_and_moved_to_the_next_line(self) -> None:
        """Stopped with a savepoint in 1 subtask, in 2, and resumed in 4 on 2.3."""
        following = shared.cluster("flink-2.3")
        self.assert_survives_savepoints([(self.cluster, 1), (self.cluster, 2), (following, 4)])


class OnFlink23(OnEveryLine, LineTest):
    line = "flink-2.3"

    def test_6_four_subtasks(self) -> None:
        self.assert_equals_backtest(submit(self.cluster, self.out, parallelism=4))

    def test_7_rescaled_on_heap(self) -> None:
        self.assert_survives_savepoints([(self.cluster, number) for number in (1, 2, 4, 1)])

    def test_7_rescaled_on_rocksdb(self) -> None:
        legs = [(self.cluster, number) for number in (1, 2, 4, 1)]
        self.assert_survives_savepoints(legs, state_backend="rocksdb")


class InLib(LineTest):
    """The jar in Flink's lib/: one class loader, and one copy of the library, for all jobs of a JVM."""

    line = "in lib"

    def test_two_jobs(self) -> None:
        cluster = Cluster("flink-2.3", SCRATCH / "in-lib", in_lib=True)
        self.addCleanup(cluster.stop)
        cluster.wait_until_ready()
        first, second = self.out / "first", self.out / "second"
        jobs = [submit(cluster, out, SLOW, parallelism=1) for out in (first, second)]
        for out, job in zip((first, second), jobs, strict=True):
            self.out = out
            self.assert_equals_backtest(job, cluster)
        self.assertEqual(libraries(cluster.taskmanager.pid), 1, "one library in one class loader")
