"""Events from several topics, each with a shape of its own, and what comes at a wrong time: a real broker."""

import json
import time
from pathlib import Path

from harness import shared
from harness.case import RealTest
from harness.flink import Cluster
from harness.kafka import Broker
from harness.places import SCRATCH
from harness.processes import wait_for

MINUTE, DAY = 60_000, 86_400_000  # ms
BUYERS = [f"buyer-{number}" for number in range(50)]
# A user's view, then his order, whichever topic tells of them.
BOUGHT = {
    "id": "bought",
    "revision": 1,
    "measures": {
        "runs": {
            "sequence": {
                "steps": [{"event": "view"}, {"event": "order", "where": {"ge": [{"prop": "amount"}, 10]}}]
            }
        }
    },
    "trigger": {"rise": "runs"},
}
ORDERS = {"user": "buyer.id", "type": "what", "time": "at", "props": "body", "time_unit": "s"}

broker: Broker
cluster: Cluster
folder: Path


def setUpModule() -> None:
    global broker, cluster, folder  # noqa: PLW0603 (started once, for all tests)
    cluster = shared.cluster("flink-2.3")
    broker = shared.broker()
    folder = SCRATCH / "topics"
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "bought.json").write_text(json.dumps(BOUGHT), encoding="utf-8")
    (folder / "orders.json").write_text(json.dumps(ORDERS), encoding="utf-8")
    # The second partition of clicks never gets a record.
    for name, partitions in (("clicks", 2), ("orders", 1), ("bought", 1), ("too-late", 1), ("unread", 1)):
        broker.create_topic(name, partitions)
    cluster.wait_until_ready()


def submit() -> str:
    return cluster.submit(
        *("--kafka-bootstrap", broker.address, "--kafka-start", "earliest", "--kafka-group", "topics"),
        *("--events-topic", "clicks", "--events-topic", f"orders={folder / 'orders.json'}"),
        *("--idleness", "2s", "--max-ahead", "1h", "--out-of-orderness", "1s"),
        *("--rules", folder / "rules", "--output", "kafka:bought"),
        *("--late-output", "kafka:too-late", "--bad-output", "kafka:unread"),
        parallelism=2,
    )


def click(user: str, at: int, kind: str = "view") -> tuple[int, bytes]:
    return 0, json.dumps({"user": user, "type": kind, "time": at}).encode()


def order(user: str, at: int, amount: int) -> tuple[int, bytes]:
    record = {"buyer": {"id": user}, "what": "order", "at": at / 1000, "body": {"amount": amount}}
    return 0, json.dumps(record).encode()


def told(topic: str, number: int) -> list[dict]:
    """What a topic holds, once there is so much of it."""
    programs = (*cluster.programs, broker.program)
    wait_for(f"{number} records in {topic}", lambda: broker.written(topic) >= number, 120, programs)
    return [json.loads(value) for value in broker.read_committed(topic)]


class SeveralTopics(RealTest):
    def test_one_history_of_all_topics_and_time_goes_on(self) -> None:
        now = int(time.time() * 1000)
        then = now - 10 * MINUTE
        # First of all one from tomorrow: if it moved time, all others would be late.
        clicks = [click("tomorrow", now + DAY)]
        clicks += [click(user, then) for user in BUYERS]
        # Without a view, of too small an amount, and before the view: none of them matches.
        orders = [
            order("hasty", then, 10),
            order(BUYERS[0], then - 1000, 10),
            order(BUYERS[1], then + 500, 9),
        ]
        orders += [order(user, then + 1000, 10) for user in BUYERS]
        broker.produce("clicks", [*clicks, click("nobody", now, "mark")])
        broker.produce("orders", [*orders, order("nobody", now, 1)])
        job = submit()
        with self.subTest("a view and an order make one history, though a partition is quiet for ever"):
            matches = told("bought", len(BUYERS))
            self.assertEqual(sorted(match["user"] for match in matches), sorted(BUYERS))
            self.assertEqual({match["time"] for match in matches}, {then + 1000})
        with self.subTest("what lies too far ahead is bad, and has moved nothing"):
            (ahead,) = told("unread", 1)
            self.assertEqual((ahead["reason"], ahead["partition"], ahead["position"]), ("ahead", 0, 0))
            self.assertEqual(broker.written("too-late"), 0)
        with self.subTest("what time has passed is late, with its place: the second topic's first partition"):
            broker.produce("orders", [order("slow", then, 10)])
            (late,) = told("too-late", 1)
            place = (late["user"], late["partition"], late["position"])
            self.assertEqual(place, ("slow", 1_000_000, len(orders) + 1))
        cluster.cancel(job)
