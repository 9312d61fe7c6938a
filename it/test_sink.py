"""Nobody takes matches for a while: nothing is lost, and the job waits in bounded memory."""

import time
import unittest

from harness import shared
from harness.case import RealTest
from harness.extent import EXTENT
from harness.flink import RULES_OPERATOR, Cluster
from harness.held import resident
from harness.places import SCRATCH
from harness.processes import wait_for
from harness.progress import proven, tell
from harness.receiver import Receiver
from harness.shop import Shop, finished_lines, largest_before, the_shop

# What the TaskManager may grow by while it waits.
GROWTH = 48 << 20
# Seconds without any progress: buffers are full, and all has come to a stand.
STILL = 3

shop: Shop
cluster: Cluster


def setUpModule() -> None:
    global shop, cluster  # noqa: PLW0603 (made once, for all tests)
    shop = the_shop()
    cluster = shared.cluster("flink-2.3")
    cluster.wait_until_ready()


class Away(RealTest):
    def test_receiver_stopped_in_the_middle(self) -> None:
        receiver, out = Receiver(), SCRATCH / "output" / "sink"
        self.addCleanup(receiver.go)
        job = cluster.submit(
            *("--events", shop.events, "--speed", EXTENT.events // 8, *shop.judging()),
            *("--output", receiver.url, "--late-output", out / "late", "--bad-output", "none"),
            parallelism=2,
        )
        wait_for("a part of the matches", lambda: len(receiver.lines) > 2000, 60, cluster.programs)
        receiver.go()
        taken = len(receiver.lines)
        before = wait_for("a stand", lambda: self.stands(job), 60, cluster.programs)
        sizes = self.wait_away()
        self.assertEqual(cluster.state(job), "RUNNING")
        self.assertEqual(cluster.records_into(job, RULES_OPERATOR), before, "the job did not wait")
        self.assertEqual(len(receiver.lines), taken, "somebody took matches")
        self.assertLess(max(sizes) - sizes[0], GROWTH, f"it grew while it waited: {sizes}")
        receiver.come()
        cluster.wait_for_state(job, "FINISHED", 180)

        distinct = list(dict.fromkeys(receiver.lines))
        late = finished_lines(out / "late")
        self.assert_late(late, [largest_before(shop.times)])
        expected, _ = shop.backtest(late, out)
        self.assert_same_matches(distinct, expected)
        self.assertEqual(sorted(distinct), sorted(expected))
        proven(
            f"sink: HTTP, nobody took matches for {EXTENT.away} s after {taken}: {len(expected)} matches, "
            f"0 lost, 0 different, {len(receiver.lines) - len(distinct)} came again; RSS of the TaskManager "
            f"meanwhile {min(sizes) >> 20} to {max(sizes) >> 20} MiB"
        )

    @staticmethod
    def stands(job: str) -> int:
        """How many records the job has judged once that grows no more; else 0."""
        before = cluster.records_into(job, RULES_OPERATOR)
        time.sleep(STILL)
        return before if before == cluster.records_into(job, RULES_OPERATOR) else 0

    @staticmethod
    def wait_away() -> list[int]:
        """RSS of the TaskManager, again and again until the receiver may come back."""
        end, sizes = time.monotonic() + EXTENT.away, []
        while time.monotonic() < end:
            sizes.append(resident(cluster.taskmanager.pid))
            time.sleep(1)
        tell(f"nobody took matches for {EXTENT.away} s: RSS {sizes[0] >> 20} to {sizes[-1] >> 20} MiB")
        return sizes


if __name__ == "__main__":
    unittest.main()
