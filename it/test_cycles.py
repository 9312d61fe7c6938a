"""Jobs submitted and cancelled in one TaskManager again and again: it gives everything back."""

import unittest

from harness import shared
from harness.case import RealTest
from harness.extent import EXTENT, time_is_up
from harness.flink import RULES_OPERATOR, Cluster
from harness.held import Held, held
from harness.kafka import Broker
from harness.processes import wait_for
from harness.progress import proven, tell
from harness.shop import Shop, the_shop
from harness.topic import PARTITIONS, Topic

# Cycles until all classes are loaded, and caches full.
WARM = 4
# Records that each job finds, and how many it judges before it is cancelled.
RECORDS, ENOUGH = 30_000, 5_000
# The part of MINUTES that is theirs; the rest is for the kills.
SHARE = 0.5
# What may differ between the first cycles and the last: the freedom of a collector and an allocator. One
# class loader that stays is some 10 MiB of metaspace.
METASPACE, HEAP, RESIDENT = 4 << 20, 12 << 20, 64 << 20

shop: Shop
broker: Broker
cluster: Cluster


def setUpModule() -> None:
    global shop, broker, cluster  # noqa: PLW0603 (started once, for all tests)
    shop = the_shop()
    cluster = shared.cluster("flink-2.3")
    broker = shared.broker()
    cluster.wait_until_ready()


class Cycles(RealTest):
    def test_submitted_and_cancelled(self) -> None:
        """Kafka to Kafka, exactly once: the connector's producers and its class loader go along."""
        broker.create_topic("cycle-events", PARTITIONS)
        broker.produce("cycle-events", Topic(shop.lines()[:RECORDS]).records)
        cluster.replace_taskmanager(whole_heap=True)  # a young one: what earlier tests left is not looked at
        found = []
        for number in range(WARM + EXTENT.cycles):
            self.run_job(number)
            found.append(held(cluster.taskmanager.pid))
            tell(f"cycle {number + 1}/{WARM + EXTENT.cycles}: {found[-1]}")
            if time_is_up(SHARE) and number > 2 * WARM:
                break
        self.assert_flat(found[WARM:])
        proven(
            f"cycles: {WARM} and then {len(found) - WARM} jobs submitted and cancelled in one TaskManager, "
            f"Kafka to Kafka: after the first ones {found[WARM]}; at the end {found[-1]}"
        )

    @staticmethod
    def run_job(number: int) -> None:
        group, topic = f"cycle-{number}", f"cycle-matches-{number}"
        broker.create_topic(topic, 1)
        job = cluster.submit(
            *("--kafka-bootstrap", broker.address, "--events-topic", "cycle-events", "--kafka-group", group),
            *shop.judging(),
            *("--output", f"kafka:{topic}", "--delivery", "exactly-once", "--late-output", "none"),
            *("--kafka-property", "transaction.timeout.ms=600000", "--transaction-prefix", group),
            parallelism=2,
        )

        def reached() -> bool:
            # Not by the offsets of its group: of a topic that is quiet the connector commits them 10 s later.
            completed = cluster.checkpoints(job)["completed"]
            return completed >= 2 and cluster.records_into(job, RULES_OPERATOR) >= ENOUGH

        wait_for("its events", reached, 60, (*cluster.programs, broker.program))
        cluster.cancel(job)

    def assert_flat(self, found: list[Held]) -> None:
        """The last third holds no more than the first."""
        third = max(2, len(found) // 3)
        first, last = found[:third], found[-third:]

        def growth(what: str) -> int:
            return min(getattr(one, what) for one in last) - max(getattr(one, what) for one in first)

        # Flink's pools start a thread now and then; one that a job leaves would be one for each job between.
        between = len(found) - 2 * third
        for what, most in (("descriptors", 0), ("libraries", 0), ("class_loaders", 0), ("threads", between)):
            self.assertLessEqual(growth(what), most, f"{what} grow: {[getattr(one, what) for one in found]}")
        for what, most in (("metaspace", METASPACE), ("heap", HEAP), ("resident", RESIDENT)):
            self.assertLess(growth(what), most, f"{what} grows: {[getattr(one, what) for one in found]}")
        self.assertLessEqual(max(one.libraries for one in found), 2, "copies of the library that nobody uses")


if __name__ == "__main__":
    unittest.main()
