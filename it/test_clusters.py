"""The users' jar on real clusters of both Flink lines: whatever happens, it writes what a backtest says."""

import json
import re
import unittest
from pathlib import Path

from harness.case import RealTest
from harness.flink import Cluster
from harness.places import ROOT, SCRATCH
from harness.processes import wait_for
from harness.pushed import PushGateway
from harness.shop import Shop, finished_lines, the_shop

# Lines a second: slow enough for many checkpoints in the middle of the log.
SLOW = 40_000
# The operator that judges, as the job names it.
RULES_OPERATOR = "alcedo-rules"

shop: Shop
clusters: dict[str, Cluster] = {}
gateways: dict[str, PushGateway] = {}


def setUpModule() -> None:
    global shop  # noqa: PLW0603 (made once, for all tests)
    shop = the_shop()
    # Both start at once, and serve all tests of their line.
    for line in ("flink-1.20", "flink-2.3"):
        gateways[line] = PushGateway()
        unittest.addModuleCleanup(gateways[line].stop)
        clusters[line] = Cluster(line, SCRATCH / line, gateway=gateways[line])
        unittest.addModuleCleanup(clusters[line].stop)
    for cluster in clusters.values():
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
            cluster.records_into(job, RULES_OPERATOR) > 30_000
            and cluster.checkpoints(job)["completed"] >= 2
            and len(finished_lines(out / "matches")) > 10
        )

    wait_for(f"{cluster.line}: the middle of the log", reached, 60, cluster.programs)
    if cluster.state(job) != "RUNNING":
        raise AssertionError("the log was over before its middle was seen")


# A name of Flink's reporter, in a query.
SERIES = re.compile(r"\bflink_\w+")
LABEL = re.compile(r"[{,](\w+)=~?\"|\bby \((\w+)\)")
QUERIES = ("deploy/grafana/alcedo.json", "deploy/prometheus/alerts.yml")


class LineTest(RealTest):
    """The checks that one line's tests share."""

    line = ""

    def setUp(self) -> None:
        self.cluster = clusters.get(self.line)
        self.out = SCRATCH / "output" / self.line / self._testMethodName
        self.out.mkdir(parents=True)

    def assert_equals_backtest(self, job: str, cluster: Cluster | None = None) -> None:
        """Once the job is finished: every match of the backtest once, byte for byte, and no other."""
        (cluster or self.cluster).wait_for_state(job, "FINISHED")
        late = finished_lines(self.out / "late")
        self.assertTrue(late, "stragglers beyond the bound were to be late")
        expected, expected_bad = shop.backtest(late, self.out)
        matches = finished_lines(self.out / "matches")
        self.assert_same_matches(matches, expected)
        self.assertEqual(sorted(matches), sorted(expected))
        self.assertGreater(len(expected_bad), 100, "the log has broken lines")
        self.assertEqual(by_position(finished_lines(self.out / "bad")), by_position(expected_bad))

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

        self.assert_reported(gateways[self.line])
        self.cluster.cancel(job)


class OnFlink120(OnEveryLine, LineTest):
    line = "flink-1.20"

    def test_6_moved_to_the_next_line(self) -> None:
        """Stopped with a savepoint here, resumed on 2.3."""
        savepoint = self.cluster.stop_with_savepoint(self.submit_until_middle(parallelism=2))
        following = clusters["flink-2.3"]
        job = submit(following, self.out, parallelism=2, savepoint=savepoint)
        self.assert_equals_backtest(job, following)


class OnFlink23(OnEveryLine, LineTest):
    line = "flink-2.3"

    def test_6_four_subtasks(self) -> None:
        self.assert_equals_backtest(submit(self.cluster, self.out, parallelism=4))

    def test_7_stopped_and_rescaled(self) -> None:
        savepoint = self.cluster.stop_with_savepoint(self.submit_until_middle(parallelism=1))
        self.assert_equals_backtest(submit(self.cluster, self.out, parallelism=2, savepoint=savepoint))


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
        mapped = Path(f"/proc/{cluster.taskmanager.pid}/maps").read_text(encoding="utf-8")
        copies = {line.split()[4] for line in mapped.splitlines() if "alcedo-" in line and ".so" in line}
        self.assertEqual(len(copies), 1, "one library in one class loader")
