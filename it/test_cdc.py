"""Rules by change capture: a real MariaDB's outbox, a real Debezium and a real Canal, jobs that run."""

import itertools
import json
import time
import unittest

from harness import shared
from harness.capture import Canal, Database, Debezium
from harness.case import RealTest
from harness.flink import Cluster
from harness.kafka import Broker
from harness.places import SCRATCH
from harness.processes import wait_for

TOOLS = ("debezium", "canal")
# Debezium keys by rule id. Canal gives no keys, which a compacted topic refuses: its keeps everything.
RULES_TOPICS = {"debezium": {"cleanup.policy": "compact"}, "canal": {"retention.ms": "-1"}}

broker: Broker
database: Database
cluster: Cluster
numbers = itertools.count(1)


def setUpModule() -> None:
    global broker, database, cluster  # noqa: PLW0603 (started once, for all tests)
    cluster = shared.cluster("flink-2.3")
    broker = shared.broker()
    database = Database(SCRATCH / "mariadb")
    unittest.addModuleCleanup(database.stop)
    database.wait_until_ready()
    broker.create_topic("events", 1)
    for tool in TOOLS:
        broker.create_topic(f"rules-{tool}", 1, **RULES_TOPICS[tool])
        broker.create_topic(f"matches-{tool}", 1)
        broker.create_topic(f"status-{tool}", 1)


class Tools:
    """Both at once, each with its topic. Their positions outlive them."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.canal = Canal(SCRATCH / "canal", database, broker.address, "rules-canal")
        self.debezium = Debezium(SCRATCH / "debezium", database, broker.address)
        self.canal.wait_until_ready()
        self.debezium.wait_until_ready()
        self.debezium.connect("rules-debezium")

    @property
    def programs(self):
        return self.canal.program, self.debezium.program

    def kill(self) -> None:
        for program in self.programs:
            program.kill()


class Jobs:
    """A job for each tool, all over the same events."""

    def __init__(self) -> None:
        self.ids = {tool: self.submit(tool) for tool in TOOLS}

    @staticmethod
    def submit(tool: str, savepoint: str | None = None) -> str:
        return cluster.submit(
            *("--name", tool, "--kafka-bootstrap", broker.address, "--events-topic", "events"),
            *("--kafka-group", tool, "--kafka-start", "earliest", "--order", "arrival"),
            *("--rules-topic", f"rules-{tool}", "--rules-interval", "200ms", "--bundle-time", "10ms"),
            *("--output", f"kafka:matches-{tool}", "--status-output", f"kafka:status-{tool}"),
            savepoint=savepoint,
        )

    def stop_all(self) -> dict[str, str]:
        """Where the savepoint of each lies."""
        return {tool: cluster.stop_with_savepoint(job) for tool, job in self.ids.items()}

    def cancel_all(self) -> None:
        for job in self.ids.values():
            cluster.cancel(job)

    def resume_all(self, savepoints: dict[str, str]) -> None:
        self.ids = {tool: self.submit(tool, savepoint) for tool, savepoint in savepoints.items()}


def rule(rule_id: str, revision: int, status: str = "live", event: str = "view") -> dict:
    """Every event of the type is a match."""
    trigger = {"on": {"event": event}}
    return {
        "id": rule_id,
        "revision": revision,
        "status": status,
        "name": "加购未付款 😀",
        "trigger": trigger,
    }


def told(tool: str) -> list[tuple[str, int, str]]:
    """What became of rules, as the job told it."""
    lines = map(json.loads, broker.read_committed(f"status-{tool}"))
    return [(line["rule"], line["revision"], line["state"]) for line in lines]


class ChangeCapture(RealTest):
    def wait_until_told(self, *wanted: tuple[str, int, str]) -> None:
        for tool in TOOLS:
            wait_for(
                f"{tool}: {wanted} told",
                lambda tool=tool: set(wanted) <= set(told(tool)),
                60,
                (*cluster.programs, broker.program),
            )

    def assert_matches(self, events: list[str], expected: list[tuple[str, int]]) -> None:
        """Sends events of these types, and sees which revisions of which rules they match, in both jobs."""
        batch = f"b{next(numbers)}"
        now = int(time.time() * 1000)
        lines = [
            json.dumps({"user": "u", "type": kind, "id": batch, "time": now}).encode()
            for kind in (*events, "mark")
        ]
        broker.produce("events", [(0, line) for line in lines])
        for tool in TOOLS:
            (found,) = wait_for(
                f"{tool}: the mark behind {events}",
                lambda tool=tool: self.matches_of(tool, batch),
                60,
                (*cluster.programs, broker.program),
            )
            self.assertEqual(found, expected, tool)

    @staticmethod
    def matches_of(tool: str, batch: str) -> tuple[list[tuple[str, int]]] | None:
        """None until the last event's is there: one user's events are judged in their order."""
        all_matches = map(json.loads, broker.read_committed(f"matches-{tool}"))
        own = [match for match in all_matches if match["cause"]["event"]["id"] == batch]
        if not own or own[-1]["rule"] != "mark":
            return None
        return ([(match["rule"], match["revision"]) for match in own[:-1]],)

    def test_rules_live_change_and_end_as_their_rows_say(self) -> None:
        # Debezium copies what is there before it starts; Canal tells what comes after it.
        tools = Tools()
        self.addCleanup(lambda: [program.stop() for program in tools.programs])
        self.assert_loopback_only((tools.debezium.program, database.program))
        for published in (rule("mark", 1, event="mark"), rule("views", 1), rule("second", 1)):
            database.publish(published)
        for tool in TOOLS:
            wait_for(f"{tool}: rows", lambda tool=tool: len(broker.read_committed(f"rules-{tool}")) >= 3, 60)
        cluster.wait_until_ready()
        jobs = Jobs()
        with self.subTest("the rows that are there are the first set"):
            self.wait_until_told(("views", 1, "live"), ("second", 1, "live"))
            self.assert_matches(["view"], [("second", 1), ("views", 1)])
        with self.subTest("a revision"):
            database.publish(rule("views", 2, event="buy"))
            self.wait_until_told(("views", 2, "live"))
            self.assert_matches(["view", "buy"], [("second", 1), ("views", 2)])
        with self.subTest("paused"):
            database.publish(rule("views", 3, "paused", event="buy"))
            self.wait_until_told(("views", 3, "paused"))
            self.assert_matches(["view", "buy"], [("second", 1)])
        with self.subTest("stopped"):
            database.publish(rule("second", 2, "stopped"))
            self.wait_until_told(("second", 2, "stopped"))
            self.assert_matches(["view"], [])
        with self.subTest("rows are removed or sent again, the table changes: rules do not"):
            before = {tool: told(tool) for tool in TOOLS}
            database.execute("DELETE FROM rule_outbox WHERE rule_id = 'views' AND revision < 3")
            database.execute("UPDATE rule_outbox SET sends = sends + 1 WHERE rule_id = 'views'")
            database.execute("DELETE FROM rule_outbox WHERE rule_id = 'second'")
            database.execute("ALTER TABLE rule_outbox ADD COLUMN note TEXT NULL")
            database.publish(rule("third", 1))
            self.wait_until_told(("third", 1, "live"))
            self.assert_matches(["view", "buy"], [("third", 1)])
            self.assertEqual({tool: told(tool)[len(before[tool]) :] for tool in TOOLS}, after_all("third"))
        with self.subTest("what happens while the jobs and the tools are down"):
            savepoints = jobs.stop_all()
            tools.kill()
            database.publish(rule("third", 2, "stopped"))
            database.publish(rule("fourth", 1))
            tools.start()
            for tool in TOOLS:
                wait_for(
                    f"{tool}: the row", lambda tool=tool: self.published(tool, "fourth"), 60, tools.programs
                )
            jobs.resume_all(savepoints)
            self.wait_until_told(("third", 2, "stopped"), ("fourth", 1, "live"))
            self.assert_matches(["view", "buy"], [("fourth", 1)])
        jobs.cancel_all()

    @staticmethod
    def published(tool: str, rule_id: str) -> bool:
        return any(rule_id.encode() in (value or b"") for value in broker.read_committed(f"rules-{tool}"))


def after_all(rule_id: str) -> dict[str, list[tuple[str, int, str]]]:
    """Only this rule's first revision was told of, in every job."""
    return {tool: [(rule_id, 1, "live")] for tool in TOOLS}
