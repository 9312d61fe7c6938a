"""A real Kafka broker (KRaft, one node), and the few client calls that the tests need."""

import shutil
import string
from collections.abc import Iterable
from pathlib import Path

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from .java import class_path
from .places import ROOT
from .processes import Program, accepts, free_ports, run, wait_for

_CONFIG = ROOT / "it" / "kafka"
_CLUSTER_ID = "AAAAAAAAQACAAAAAAAAAAQ"


class Broker:
    """Everything it writes lies in `folder`."""

    def __init__(self, folder: Path):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._port, controller = free_ports(2)
        self.address = f"127.0.0.1:{self._port}"
        template = string.Template((_CONFIG / "server.properties").read_text(encoding="utf-8"))
        settings = {"BROKER_PORT": self._port, "CONTROLLER_PORT": controller, "DATA": folder / "data"}
        properties = folder / "server.properties"
        properties.write_text(template.substitute(settings), encoding="utf-8")
        java = ["java", "-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        java += [f"-Dlog4j2.configurationFile={_CONFIG / 'log4j2.properties'}", "-cp", class_path("kafka")]
        run(
            [
                *java,
                "kafka.tools.StorageTool",
                "format",
                "-t",
                _CLUSTER_ID,
                "-c",
                str(properties),
                "--standalone",
            ]
        )
        self.program = Program("kafka", [*java, "kafka.Kafka", str(properties)], folder / "kafka.log")

    def wait_until_ready(self) -> None:
        wait_for("kafka: its port", lambda: accepts(self._port), 30, (self.program,))

    def create_topic(self, name: str, partitions: int) -> None:
        admin = AdminClient({"bootstrap.servers": self.address})
        for answer in admin.create_topics([NewTopic(name, partitions, 1)]).values():
            answer.result(30)

    def produce(self, topic: str, records: Iterable[tuple[int, bytes]]) -> None:
        """Writes (partition, value) records in this order, and waits until all are acknowledged."""
        producer = Producer({"bootstrap.servers": self.address, "enable.idempotence": True, "linger.ms": 20})
        failures = []

        def delivered(error, _message) -> None:
            if error:
                failures.append(str(error))

        for partition, value in records:
            while True:
                try:
                    producer.produce(topic, value, partition=partition, on_delivery=delivered)
                    break
                except BufferError:
                    producer.poll(0.1)
        producer.flush(60)
        if failures:
            raise AssertionError(f"{len(failures)} records were refused, the first: {failures[0]}")

    def read_committed(self, topic: str) -> list[bytes]:
        """All committed values of a topic, as a downstream system sees them."""
        consumer = Consumer(
            {
                "bootstrap.servers": self.address,
                "group.id": "reader",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
            }
        )
        try:
            partitions = consumer.list_topics(topic, 30).topics[topic].partitions
            consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
            values, open_partitions = [], set(partitions)
            while open_partitions:
                message = consumer.poll(30)
                if message is None:
                    raise AssertionError(f"the broker fell silent while {topic} was read")
                if message.error():
                    open_partitions.discard(message.partition())  # its end
                else:
                    values.append(message.value())
            return values
        finally:
            consumer.close()

    def stop(self) -> None:
        self.program.stop()
