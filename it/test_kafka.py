"""Events from a real Kafka, matches into it, exactly once, though a TaskManager dies in the middle."""

import json
import unittest
import zlib
from pathlib import Path

from harness.case import RealTest
from harness.flink import Cluster
from harness.kafka import Broker
from harness.places import SCRATCH
from harness.processes import wait_for
from harness.shop import Shop, the_shop

PARTITIONS = 2
GROUP = "alcedo-it"
# Moves time past the end of the log; it lies beyond --until, so it never happens itself.
CLOSING = json.dumps({"user": "nobody", "type": "app_open", "time": 1_661_000_000_000}).encode()

shop: Shop
broker: Broker
cluster: Cluster


def setUpModule() -> None:
    global shop, broker, cluster  # noqa: PLW0603 (started once, for all tests)
    shop = the_shop()
    broker = Broker(SCRATCH / "kafka")
    unittest.addModuleCleanup(broker.stop)
    cluster = Cluster("flink-2.3", SCRATCH / "flink-2.3")
    unittest.addModuleCleanup(cluster.stop)
    broker.wait_until_ready()
    cluster.wait_until_ready()


class Topic:
    """The log as the records of a topic: a user always in one partition, so that events keep their order."""

    def __init__(self, lines: list[bytes]):
        self.records: list[tuple[int, bytes]] = []
        # The line of the log that each record was, by partition and offset.
        self.lines: list[list[int]] = [[] for _ in range(PARTITIONS)]
        for number, line in enumerate(lines):
            if len(line) > 1_000_000:
                continue  # no broker takes it; read from a file it is a bad record
            partition = zlib.crc32(_user(line)) % PARTITIONS
            self.records.append((partition, line))
            self.lines[partition].append(number)
        self.records += [(partition, CLOSING) for partition in range(PARTITIONS)]

    def as_line(self, late: bytes) -> str:
        """A late record of the job, with its place in the log instead of the topic."""
        record = json.loads(late)
        record["position"] = self.lines[record["partition"]][record["position"]]
        record["partition"] = 0
        return json.dumps(record)


def _user(line: bytes) -> bytes:
    """The user as text; a broken line may go anywhere."""
    try:
        return str(json.loads(line)["user"]).encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        return b""


class ThroughKafka(RealTest):
    def test_1_broker_listens_on_loopback_only(self) -> None:
        self.assert_loopback_only((broker.program,))

    def test_2_exactly_once_through_a_kill(self) -> None:
        for name, partitions in (("events", PARTITIONS), ("matches", PARTITIONS), ("late", 1)):
            broker.create_topic(name, partitions)
        broker.create_topic("rules", PARTITIONS, **{"cleanup.policy": "compact"})
        broker.produce_keyed("rules", messages_of_rules(shop.rules))
        topic = Topic(shop.lines())
        half = len(topic.records) // 2
        broker.produce("events", topic.records[:half])
        job = self.submit()
        wait_for("matches of the first half", self.some_matches(job), 60, (*cluster.programs, broker.program))
        cluster.taskmanager.kill()
        broker.produce("events", topic.records[half:])
        cluster.start_taskmanager()
        self.wait_until_all_is_committed(job)
        cluster.cancel(job)

        self.assertGreaterEqual(cluster.checkpoints(job)["restored"], 1)
        late = [topic.as_line(record) for record in broker.read_committed("late")]
        self.assertTrue(late, "stragglers beyond the bound were to be late")
        matches = [value.decode() for value in broker.read_committed("matches")]
        expected, _ = shop.backtest(late, cluster.folder)
        self.assert_same_matches(matches, expected)
        self.assertEqual(without_positions(matches), without_positions(expected))

    @staticmethod
    def submit() -> str:
        return cluster.submit(
            *("--kafka-bootstrap", broker.address, "--events-topic", "events", "--kafka-group", GROUP),
            *shop.judging(rules=("--rules-topic", "rules")),
            *("--output", "kafka:matches", "--late-output", "kafka:late", "--delivery", "exactly-once"),
            *("--kafka-property", "transaction.timeout.ms=600000"),
            parallelism=2,
        )

    @staticmethod
    def some_matches(job: str):
        """Whether a checkpoint is complete and has committed matches."""
        return lambda: cluster.checkpoints(job)["completed"] >= 2 and broker.read_committed("matches")

    @staticmethod
    def wait_until_all_is_committed(job: str) -> None:
        """Until all records are behind a checkpoint, and one that began after their time has passed."""
        programs = (*cluster.programs, broker.program)
        wait_for("all events read", lambda: broker.lag("events", GROUP) == 0, 120, programs)
        # The one after next began when the closing records' watermark had long been sent.
        wanted = cluster.checkpoints(job)["completed"] + 3
        wait_for("a checkpoint", lambda: cluster.checkpoints(job)["completed"] >= wanted, 60, programs)


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
