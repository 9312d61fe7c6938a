"""Measures contenders in turns: A B A B, in processes that stay warm.

The machine is noisy, so no figure here stands alone: a round runs both, its ratio is what counts, and what
is reported is the median of the rounds with their extremes.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from log import TiledLog

ROOT = Path(__file__).resolve().parent.parent
JVM = ROOT / "jvm-bridge"
JARS = (ROOT / "benches/peers/target/alcedo-peers-0.1.0.jar", JVM / "alcedo-job/target/alcedo-job-0.1.0.jar")


class BenchError(Exception):
    """Why there is no figure."""


@dataclass(frozen=True)
class Sample:
    """One run: how many events in how much time, and what it found."""

    events: int
    millis: float
    cpu_millis: float
    matches: int
    digest: str

    @property
    def rate(self) -> float:
        """Events a second by the clock."""
        return self.events / max(self.millis, 1) * 1000

    @property
    def cpu_rate(self) -> float:
        """Events a second of processor time, over all threads."""
        return self.events / max(self.cpu_millis, 1) * 1000


@dataclass(frozen=True)
class Spread:
    """The median of several rounds, and their extremes."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: Sequence[float]) -> "Spread":
        """Of at least one value."""
        return Spread(statistics.median(values), min(values), max(values))


@dataclass(frozen=True)
class Contender:
    """A program to be run: a contender of the peers' jar, and its settings."""

    name: str
    java: str
    settings: dict[str, str] = field(default_factory=dict)


class Host:
    """A contender's JVM, warm between its runs."""

    def __init__(self, contender: Contender, classpath: str, scratch: Path):
        self.contender = contender
        self.scratch = scratch / contender.name
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        command = ["java", "-Xmx2g", f"@{JVM / 'alcedo-flink' / 'flink-jvm.args'}"]
        command += [f"-Dbench.log={self.scratch / 'flink.log'}"]
        command += [f"-Dlog4j2.configurationFile={ROOT / 'benches' / 'log4j2.properties'}"]
        command += [
            "-cp",
            os.pathsep.join([*map(str, JARS), classpath]),
            "io.alcedo.bench.Host",
            contender.java,
        ]
        command += [f"{name}={value}" for name, value in contender.settings.items()]
        command += [f"scratch={self.scratch}"]
        with (self.scratch / "stderr").open("wb") as stderr:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
            )
        self.answer()

    def answer(self) -> dict:
        """What it says next; an end in place of it is an error with its last words."""
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            words = (self.scratch / "stderr").read_text(encoding="utf-8", errors="replace")
            raise BenchError(f"{self.contender.name} ended (see {self.scratch}/flink.log):\n{words[-3000:]}")
        return json.loads(line)

    def ask(self, log: TiledLog, until: int) -> dict:
        """Runs it over the log; what it says of the run."""
        self.process.stdin.write(f"{log.path} {until}\n")
        self.process.stdin.flush()
        return self.answer()

    def run(self, log: TiledLog, until: int) -> Sample:
        """Runs it over the log."""
        said = self.ask(log, until)
        return Sample(log.events, said["millis"], said["cpu_millis"], said["matches"], said["digest"])

    def stop(self) -> None:
        """Ends it."""
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@dataclass(frozen=True)
class Comparison:
    """What several rounds of two contenders came to."""

    ours: Sequence[Sample]
    theirs: Sequence[Sample]

    @property
    def ratio(self) -> Spread:
        """How many times as fast ours is, by the clock."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return Spread.of([ours.rate / theirs.rate for ours, theirs in pairs])

    @property
    def cpu_ratio(self) -> Spread:
        """The same by processor time."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return Spread.of([ours.cpu_rate / theirs.cpu_rate for ours, theirs in pairs])


def in_turns(hosts: Sequence[Host], logs: Sequence[TiledLog], rounds: int) -> list[list[Sample]]:
    """Each host over its log, in turns; a first turn that warms them is not counted. Samples by host."""
    samples: list[list[Sample]] = [[] for _ in hosts]
    for turn in range(rounds + 1):
        for host, log, kept in zip(hosts, logs, samples, strict=True):
            sample = host.run(log, log.until)
            note(f"  {host.contender.name:<28} {sample.rate:>10.0f}/s {sample.cpu_rate:>10.0f}/cpu-s")
            if turn:
                kept.append(sample)
    return samples


def require_equal(samples: Sequence[Sample], names: Sequence[str]) -> None:
    """No ratio without equal matches."""
    found = {(sample.matches, sample.digest) for sample in samples}
    if len(found) > 1:
        told = ", ".join(f"{name}: {sample.matches}" for name, sample in zip(names, samples, strict=True))
        raise BenchError(f"the matches differ ({told})")


def note(line: str) -> None:
    """Progress, for those who wait."""
    print(line, file=sys.stderr, flush=True)
