"""The shop's log as a topic, and who writes it there while things break."""

import json
import threading
import time
import zlib

from .kafka import Broker
from .shop import largest_before, time_of

PARTITIONS = 2
# Moves time past the end of the log; it lies beyond --until, so it never happens itself.
_CLOSING = json.dumps({"user": "nobody", "type": "app_open", "time": 1_661_000_000_000}).encode()
_LONGEST = 1_000_000  # bytes; no broker takes more


class Topic:
    """The log as the records of a topic: a user always in one partition, so that events keep their order."""

    def __init__(self, lines: list[bytes]):
        self.records: list[tuple[int, bytes]] = []
        # The line of the log that each record was, by partition and offset.
        self._lines: list[list[int]] = [[] for _ in range(PARTITIONS)]
        for number, line in enumerate(lines):
            if len(line) > _LONGEST:
                continue  # read from a file it is a bad record
            partition = zlib.crc32(_user(line)) % PARTITIONS
            self.records.append((partition, line))
            self._lines[partition].append(number)
        self.records += [(partition, _CLOSING) for partition in range(PARTITIONS)]

    def largest_before(self) -> list[list[int]]:
        """Of each partition, the largest time before each record."""
        times: list[list[int]] = [[] for _ in range(PARTITIONS)]
        for partition, line in self.records:
            times[partition].append(time_of(line))
        return [largest_before(each) for each in times]

    def as_line(self, late: str) -> str:
        """A late record of the job, with its place in the log instead of the topic."""
        record = json.loads(late)
        record["position"] = self._lines[record["partition"]][record["position"]]
        record["partition"] = 0
        return json.dumps(record)


def _user(line: bytes) -> bytes:
    """The user as text; a broken line may go anywhere."""
    try:
        return str(json.loads(line)["user"]).encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        return b""


class Feeder:
    """Writes records to a topic in a thread, so many a second, as far as it is told; the broker may go."""

    def __init__(self, broker: Broker, topic: str, records: list[tuple[int, bytes]], a_second: int):
        self._broker, self._topic, self._records, self._a_second = broker, topic, records, a_second
        self._allowed, self._ended = 0, False
        self._changed = threading.Condition()
        # Given to the producer so far; the broker may still lack the last of them.
        self.sent = 0
        self._failures: list[str] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def allow(self, number: int) -> None:
        """Records up to this number may be written."""
        self.check()
        with self._changed:
            self._allowed = max(self._allowed, min(number, len(self._records)))
            self._changed.notify()

    def finish(self, a_second: int, seconds: float = 120) -> None:
        """Writes the rest, so many a second, and waits until the broker has all."""
        self._a_second = a_second
        self.allow(len(self._records))
        self.stop(seconds)
        self.check()
        if self.sent < len(self._records):
            raise AssertionError(f"{self.sent} of {len(self._records)} records written in {seconds:.0f} s")

    def stop(self, seconds: float = 30) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join(seconds)

    def check(self) -> None:
        if self._failures:
            raise AssertionError(f"{len(self._failures)} records refused, the first: {self._failures[0]}")

    def _run(self) -> None:
        producer = self._broker.producer()
        while self._may_go_on():
            begun = time.monotonic()
            until = min(self._allowed, self.sent + max(1, self._a_second // 20))
            for partition, value in self._records[self.sent : until]:
                self._give(producer, partition, value)
            number, self.sent = until - self.sent, until
            time.sleep(max(0.0, number / self._a_second - (time.monotonic() - begun)))
        left = producer.flush(60)
        if left:
            self._failures.append(f"{left} were not taken within 60 s")

    def _may_go_on(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self.sent < self._allowed)
            return self.sent < self._allowed

    def _give(self, producer, partition: int, value: bytes) -> None:
        while True:
            try:
                producer.produce(self._topic, value, partition=partition, on_delivery=self._delivered)
                producer.poll(0)
                return
            except BufferError:
                producer.poll(0.1)

    def _delivered(self, error, _message) -> None:
        if error:
            self._failures.append(str(error))
