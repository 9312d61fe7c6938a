"""A real Kafka broker (KRaft, one node), and the few client calls that the tests need."""

import shutil
import string
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from .java import class_path
from .places import ROOT
from .processes import Program, accepts, free_ports, run, wait_for

_CONFIG = ROOT / "it" / "kafka"
_CLUSTER_ID = "AAAAAAAAQACAAAAAAAAAAQ"


def _patiently(ask: Callable[[], int], seconds: float = 60) -> int:
    """The answer of a broker that may have just come back, and not know yet what it is."""
    end = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except KafkaException:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


class Broker:
    """Everything it writes lies in `folder`."""

    def __init__(self, folder: Path):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._port, controller = free_ports(2)
        self.address = f"127.0.0.1:{self._port}"
        # Nothing of its log: that a broker starts or is away is no news, and what fails is an error here.
        self._client = {"bootstrap.servers": self.address, "log_level": 2, "reconnect.backoff.max.ms": 1000}
        template = string.Template((_CONFIG / "server.properties").read_text(encoding="utf-8"))
        settings = {"BROKER_PORT": self._port, "CONTROLLER_PORT": controller, "DATA": folder / "data"}
        properties = folder / "server.properties"
        properties.write_text(template.substitute(settings), encoding="utf-8")
        self._java = ["java", "-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        self._java += [f"-Dlog4j2.configurationFile={_CONFIG / 'log4j2.properties'}"]
        self._java += ["-cp", class_path("kafka")]
        self._properties, self._log = properties, folder / "kafka.log"
        storage = ["format", "-t", _CLUSTER_ID, "-c", str(properties), "--standalone"]
        run([*self._java, "kafka.tools.StorageTool", *storage])
        self._groups: dict[str, Consumer] = {}
        self.start()

    def start(self) -> None:
        """Also after it was killed: on the same port, with what it had written."""
        command = [*self._java, "kafka.Kafka", str(self._properties)]
        self.program = Program("kafka", command, self._log)

    def wait_until_ready(self) -> None:
        wait_for("kafka: its port", lambda: accepts(self._port), 90, (self.program,))

    def create_topic(self, name: str, partitions: int, **settings: str) -> None:
        admin = AdminClient(self._client)
        topic = NewTopic(name, partitions, 1, config=settings)
        for answer in admin.create_topics([topic]).values():
            answer.result(30)

    def producer(self, **settings: object) -> Producer:
        """One that writes each record once and in order, also to a broker that was away for a while."""
        return Producer({**self._client, "enable.idempotence": True, "linger.ms": 20, **settings})

    def produce(self, topic: str, records: Iterable[tuple[int, bytes]]) -> None:
        """Writes (partition, value) records in this order, and waits until all are acknowledged."""
        self.produce_keyed(topic, ((partition, None, value) for partition, value in records))

    def produce_keyed(self, topic: str, records: Iterable[tuple[int, bytes | None, bytes | None]]) -> None:
        """The same with (partition, key, value); a value of None is a tombstone."""
        producer = self.producer()
        failures = []

        def delivered(error, _message) -> None:
            if error:
                failures.append(str(error))

        for partition, key, value in records:
            while True:
                try:
                    producer.produce(topic, value, key, partition=partition, on_delivery=delivered)
                    break
                except BufferError:
                    producer.poll(0.1)
        producer.flush(60)
        if failures:
            raise AssertionError(f"{len(failures)} records were refused, the first: {failures[0]}")

    def lag(self, topic: str, group: str) -> int:
        """How many records lie behind the offsets that this group has committed."""
        return self.written(topic) - self.taken(topic, group)

    def written(self, topic: str) -> int:
        """How many records a topic has."""
        consumer = self._group("")

        def ask() -> int:
            return sum(
                consumer.get_watermark_offsets(each, 30)[1] for each in self._partitions(consumer, topic)
            )

        return _patiently(ask)

    def taken(self, topic: str, group: str) -> int:
        """How many records lie before the offsets that this group has committed."""
        consumer = self._group(group)

        def ask() -> int:
            committed = consumer.committed(self._partitions(consumer, topic), 30)
            return sum(max(partition.offset, 0) for partition in committed)

        return _patiently(ask)

    def _group(self, group: str) -> Consumer:
        """One that reads nothing, and asks for this group's offsets; kept, because it is asked often."""
        if group not in self._groups:
            self._groups[group] = Consumer({**self._client, "group.id": group or "nobody"})
        return self._groups[group]

    @staticmethod
    def _partitions(consumer: Consumer, topic: str) -> list[TopicPartition]:
        numbers = consumer.list_topics(topic, 30).topics[topic].partitions
        return [TopicPartition(topic, number) for number in numbers]

    def read_committed(self, topic: str) -> list[bytes]:
        """All committed values of a topic, as a downstream system sees them."""
        consumer = Consumer(
            {
                **self._client,
                "group.id": "reader",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
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
                if not message.error():
                    values.append(message.value())
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    open_partitions.discard(message.partition())
                else:
                    raise AssertionError(f"{topic} cannot be read: {message.error()}")
            return values
        finally:
            consumer.close()

    def stop(self) -> None:
        for consumer in self._groups.values():
            consumer.close()
        self._groups.clear()
        self.program.stop()
