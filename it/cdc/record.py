"""Writes testdata/capture: what real Debezium and real Canal tell of the outbox of rules, message by message.

Run where Maven and MariaDB are, after `make it` did once:
.tools/venv/bin/python it/cdc/record.py
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from harness.capture import Canal, Database, Debezium
from harness.kafka import Broker
from harness.places import ROOT, SCRATCH
from harness.processes import wait_for

TO = ROOT / "testdata" / "capture"
# Everything that the tools can tell, also what deploy/change-capture keeps out of the topic.
ALL = {"skipped.operations": "none", "tombstones.on.delete": "true"}
FLAT = {
    **ALL,
    "transforms": "topic,key,flat",
    "transforms.flat.type": "io.debezium.transforms.ExtractNewRecordState",
}
DEBEZIUM = {
    "debezium": ALL,
    "debezium-schema": {**ALL, "value.converter.schemas.enable": "true"},
    "debezium-flat": FLAT,
}
UNFILTERED = (
    *("canal.instance.filter.dml.delete", "canal.instance.filter.query.dml"),
    *("canal.instance.filter.query.dcl", "canal.instance.filter.query.ddl"),
)


def rule(rule_id: str, revision: int, status: str, /, **more: object) -> dict:
    return {"id": rule_id, "revision": revision, "status": status, **more}


def change(database: Database) -> None:
    """The life of three rules, and what else happens to their table."""
    view = {"trigger": {"on": {"event": "view"}}}
    text = {"name": '\u52a0\u8d2d\u672a\u4ed8\u6b3e "a\\b"\n\U0001f600', **view}
    database.publish(rule("cart", 1, "live", **text))
    database.publish(rule("cart", 2, "paused", **text))
    database.publish(rule("vips", 1, "live", audience={"id": "gold"}, **view))
    database.publish(rule("gone", 1, "live", **view))
    database.execute("ALTER TABLE rule_outbox ADD COLUMN note TEXT NULL")
    database.publish(rule("gone", 2, "stopped", **view))
    database.execute("UPDATE rule_outbox SET sends = sends + 1 WHERE rule_id = 'cart' AND revision = 2")
    database.execute("DELETE FROM rule_outbox WHERE rule_id = 'cart' AND revision = 1")
    database.execute("UPDATE rule_outbox SET status = 'live' WHERE rule_id = 'gone' AND revision = 2")
    database.publish(rule("last", 1, "live", **view))


def record(broker: Broker, topic: str) -> None:
    """All messages of a topic, a line each; `null` is a message without a value."""
    wait_for(
        f"{topic}: the last change", lambda: any(b'"last' in value for value in texts(broker, topic)), 60
    )
    time.sleep(1)  # a tombstone comes behind its deletion
    with (TO / f"{topic}.jsonl").open("wb") as out:
        out.writelines(value + b"\n" for value in texts(broker, topic))


def texts(broker: Broker, topic: str) -> list[bytes]:
    return [value or b"null" for value in broker.read_committed(topic)]


def main() -> None:
    TO.mkdir(exist_ok=True)
    SCRATCH.mkdir(parents=True, exist_ok=True)
    broker = Broker(SCRATCH / "kafka")
    database = Database(SCRATCH / "mariadb")
    broker.wait_until_ready()
    database.wait_until_ready()
    database.publish(rule("first", 1, "live", trigger={"on": {"event": "view"}}))
    for topic in ("canal", *DEBEZIUM):
        broker.create_topic(topic, 1)
    canal = Canal(SCRATCH / "canal", database, broker.address, "canal", **dict.fromkeys(UNFILTERED, "false"))
    worker = Debezium(SCRATCH / "debezium", database, broker.address)
    worker.wait_until_ready()
    for number, (topic, settings) in enumerate(DEBEZIUM.items()):
        prefix = {"topic.prefix": f"p{number}", "transforms.topic.regex": ".*rule_outbox"}
        worker.connect(topic, **prefix, **{"database.server.id": str(7100 + number)}, **settings)
    wait_for("snapshots", lambda: all(broker.read_committed(topic) for topic in DEBEZIUM), 60)
    canal.wait_until_ready()
    time.sleep(2)  # the connectors go on from their snapshots
    change(database)
    for topic in ("canal", *DEBEZIUM):
        record(broker, topic)
        print(f"{topic}: {len(texts(broker, topic))} messages")


if __name__ == "__main__":
    main()
