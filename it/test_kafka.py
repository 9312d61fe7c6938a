"""From Kafka into Kafka, exactly once, though TaskManagers, the JobManager and the broker are killed."""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from harness import shared
from harness.case import RealTest
from harness.extent import EXTENT, time_is_up
from harness.flink import Cluster
from harness.held import resident
from harness.kafka import Broker
from harness.processes import wait_for
from harness.progress import proven, tell
from harness.shop import Shop, the_shop
from harness.topic import PARTITIONS, Feeder, Topic

EVENTS, GROUP = "shop-events", "alcedo-it"
# Records a second at most, and seconds from one fault to the next at least: each finds records on their way.
FED, APART = 20_000, 4
# Seconds for which a killed broker stays away, and what a TaskManager that waits for it may grow by.
BROKER_AWAY, WAITING_GROWTH = 4, 64 << 20

shop: Shop
broker: Broker
cluster: Cluster


def setUpModule() -> None:
    global shop, broker, cluster  # noqa: PLW0603 (started once, for all tests)
    shop = the_shop()
    cluster = shared.cluster("flink-2.3")
    broker = shared.broker()
    cluster.wait_until_ready()


def plan(kills: int) -> list[str]:
    """What is killed, in order: among `kills` TaskManagers the JobManager and the broker now and then."""
    faults = []
    for number in range(kills):
        faults.append("TaskManager")
        faults += ["JobManager"] if number % 10 == 0 else []
        faults += ["broker"] if number % 20 == 1 else []
    return faults


class ThroughKafka(RealTest):
    def test_1_listen_on_loopback_only(self) -> None:
        self.assert_loopback_only((broker.program, shared.zookeeper().program))

    def test_2_exactly_once_through_kills(self) -> None:
        for name, partitions in ((EVENTS, PARTITIONS), ("matches", PARTITIONS), ("late", 1)):
            broker.create_topic(name, partitions)
        broker.create_topic("rules", PARTITIONS, **{"cleanup.policy": "compact"})
        broker.produce_keyed("rules", messages_of_rules(shop.rules))
        topic = Topic(shop.lines())
        faults = plan(EXTENT.kills)
        pace = min(FED, max(1, EXTENT.events // (len(faults) + 1) // APART))
        feeder = Feeder(broker, EVENTS, topic.records, pace)
        self.addCleanup(feeder.stop)
        job = self.submit()
        programs = (*cluster.programs, broker.program)
        wait_for("a checkpoint", lambda: cluster.checkpoints(job)["completed"] > 0, 120, programs)
        unfinished = self.break_on_the_way(job, feeder, faults)
        feeder.finish(FED)
        self.assertEqual(broker.written(EVENTS), len(topic.records), "the feeder lost or doubled some")
        self.wait_until_all_is_committed(job)
        cluster.cancel(job)
        matches, late = self.assert_equals_backtest(topic)
        self.assert_extracted_by_polls()
        done = faults[: len(unfinished)]
        killed = ", ".join(f"{done.count(kind)} {kind}" for kind in dict.fromkeys(done))
        proven(
            f"kills: {killed}; {len(topic.records)} events, Kafka to Kafka exactly once, read committed: "
            f"{matches} matches, 0 lost, 0 doubled, 0 different; {late} late; not yet committed at a kill: "
            f"{min(unfinished)} to {max(unfinished)} events, none at {unfinished.count(0)} kills"
        )

    def assert_extracted_by_polls(self) -> None:
        """Kafka found the job's interceptor by its name, in the class loader of a real cluster."""
        logs = list(cluster.folder.rglob("taskmanager*.log"))
        self.assertTrue(logs)
        for log in logs:
            self.assertNotIn("extracted one by one", log.read_text(encoding="utf-8", errors="replace"), log)

    def break_on_the_way(self, job: str, feeder: Feeder, faults: list[str]) -> list[int]:
        """Each fault once the job has committed a point of the log; what was written, not committed, then."""
        chance, unfinished = random.Random(EXTENT.seed), []
        records = EXTENT.events
        for number, fault in enumerate(faults):
            if time_is_up():
                break
            begin, end = (records * part // (len(faults) + 1) for part in (number, number + 1))
            # Records come first: of a topic that is quiet the connector commits offsets up to 10 s later.
            feeder.allow(end)
            self.wait_for_committed(begin)
            point = begin + int((end - begin) * chance.uniform(0.05, 0.5))
            self.wait_for_committed(point)
            unfinished.append(feeder.sent - broker.taken(EVENTS, GROUP))
            tell(f"{number + 1}/{len(faults)}: {fault} killed at {point} events, {unfinished[-1]} on the way")
            self.FAULTS[fault](self, job)
            self.wait_until_over(job)
        self.assertLess(unfinished.count(0), len(unfinished) / 2, "most faults had nothing to break")
        return unfinished

    @staticmethod
    def wait_for_committed(point: int) -> None:
        programs = (*cluster.programs, broker.program)
        what = f"{point} events committed"
        wait_for(what, lambda: broker.taken(EVENTS, GROUP) >= point, 300, programs)

    @staticmethod
    def wait_until_over(job: str) -> None:
        """A fault is over when a checkpoint begins and completes after it."""
        over = time.time()
        programs = (*cluster.programs, broker.program)
        wait_for("a checkpoint after it", lambda: cluster.checkpointed_at(job) > over, 240, programs)

    def kill_taskmanager(self, job: str) -> None:
        killed = time.time()
        cluster.replace_taskmanager()
        wait_for("a restored job", lambda: cluster.restored_at(job) > killed, 240, cluster.programs)

    def kill_jobmanager(self, job: str) -> None:
        """ZooKeeper knows the job and its last checkpoint; the TaskManager lives on."""
        killed = time.time()
        cluster.replace_jobmanager()
        what = "the job in a new JobManager"
        wait_for(what, lambda: cluster.restored_at(job) > killed, 240, cluster.programs)

    def kill_broker(self, job: str) -> None:
        """It comes back with what it had written; what waits for it meanwhile waits in bounded memory."""
        broker.program.kill()
        pid = cluster.taskmanager.pid
        sizes = watched(lambda: resident(pid), BROKER_AWAY)
        broker.start()
        broker.wait_until_ready()
        self.assertLess(max(sizes) - sizes[0], WAITING_GROWTH, f"it grew while it waited: {sizes}")
        tell(f"the broker was away for {BROKER_AWAY} s: RSS {sizes[0] >> 20} to {max(sizes) >> 20} MiB")

    FAULTS = MappingProxyType(
        {"TaskManager": kill_taskmanager, "JobManager": kill_jobmanager, "broker": kill_broker}
    )

    @staticmethod
    def submit() -> str:
        return cluster.submit(
            *("--kafka-bootstrap", broker.address, "--events-topic", EVENTS, "--kafka-group", GROUP),
            *shop.judging(rules=("--rules-topic", "rules")),
            *("--output", "kafka:matches", "--late-output", "kafka:late", "--delivery", "exactly-once"),
            *("--kafka-property", "transaction.timeout.ms=600000"),
            parallelism=2,
        )

    @staticmethod
    def wait_until_all_is_committed(job: str) -> None:
        """Until all records are behind a checkpoint, and one that began after their time has passed."""
        programs = (*cluster.programs, broker.program)
        wait_for("all events read", lambda: broker.lag(EVENTS, GROUP) == 0, 180, programs)
        # The one after next began when the closing records' watermark had long been sent.
        wanted = cluster.checkpoints(job)["completed"] + 3
        wait_for("a checkpoint", lambda: cluster.checkpoints(job)["completed"] >= wanted, 60, programs)

    def assert_equals_backtest(self, topic: Topic) -> tuple[int, int]:
        """Every match once and no other, the same but for positions; how many, and how many late events."""
        late_records = [value.decode() for value in broker.read_committed("late")]
        self.assert_late(late_records, topic.largest_before())
        late = [topic.as_line(record) for record in late_records]
        matches = [value.decode() for value in broker.read_committed("matches")]
        expected, _ = shop.backtest(late, cluster.folder)
        self.assert_same_matches(matches, expected)
        self.assertEqual(without_positions(matches), without_positions(expected))
        return len(matches), len(late)


def watched(measure: Callable[[], int], seconds: float) -> list[int]:
    """What it measured, again and again for so long."""
    end, found = time.monotonic() + seconds, []
    while time.monotonic() < end:
        found.append(measure())
        time.sleep(0.2)
    return found


def messages_of_rules(folder: Path) -> list[tuple[int, bytes, bytes | None]]:
    """The shop's rules as a topic has them: plain and as Debezium and Canal tell of a table, and no rules."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.json"))]
    messages: list[tuple[int, bytes, bytes | None]] = []
    for number, text in enumerate(texts):
        rule = json.loads(text)
        key, partition = rule["id"].encode(), number % PARTITIONS
        older = json.dumps({**rule, "status": "stopped"}).encode()  # the same key: it counts no more
        row = {"seq": number, "rule_id": rule["id"], "rule": text}
        debezium = {"schema": {}, "payload": {"op": "c", "before": None, "after": row}}
        canal = {"data": [{**row, "seq": str(number)}], "type": "INSERT", "isDdl": False, "table": "outbox"}
        newest = (text.encode(), json.dumps(debezium).encode(), json.dumps(canal).encode())[number % 3]
        messages += [(partition, key, older), (partition, key, newest)]
    # Taken back before the job starts: it would match every event.
    loud = json.dumps({"id": "loud", "revision": 1, "trigger": {"on": {}}}).encode()
    messages += [(0, b"loud", loud), (0, b"loud", None)]
    deletion = {"payload": {"op": "d", "before": {"rule": loud.decode()}, "after": None}}
    return [*messages, (1, b"deleted", json.dumps(deletion).encode())]


def without_positions(matches: list[str]) -> list[dict]:
    """Matches in order of their ids. A file and a topic number their records differently."""
    found = sorted(map(json.loads, matches), key=lambda match: match["match_id"])
    for match in found:
        match["cause"].get("event", {}).pop("position", None)
    return found
