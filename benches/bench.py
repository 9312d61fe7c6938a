#!/usr/bin/env python3
"""Measures all contests and writes results.json, context.json, RESULTS.md and ratios.svg beside this file.

`--quick` runs small logs once, into target/bench/quick: it shows that all contenders agree and that the
frame works; its ratios mean nothing.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import alone
import backtests
import report
import rules
from contests import BACKTESTS, FLINK, LAKES, Contest, Entry, Race
from frame import ROOT, BenchError, Comparison, Contender, Host, Sample, Spread, in_turns, note, require_equal
from log import TiledLog, tile

SOURCE = ROOT / ".demo" / "log" / "events.jsonl"
BASE = 4000  # events of the demo's log that are tiled: its first 244 people
ALCEDO = ROOT / "target" / "release" / "alcedo"
FLINK_RACES = {race for contest in FLINK for race in contest.races}
# After so many seconds each contest has one turn that counts: a slow machine is to come to the end as well.
SHORT_AFTER = 15 * 60


@dataclass
class Bench:
    """One run of the benchmark."""

    folder: Path
    classpath: str
    shrink: int
    rounds: int | None
    results: list[dict]
    samples: list[dict]
    failures: list[str]
    began: float = field(default_factory=time.monotonic)

    def turns(self, usual: int) -> int:
        """Turns that count in a contest that begins now."""
        return self.rounds or (1 if time.monotonic() - self.began > SHORT_AFTER else usual)

    def log(self, copies: int) -> TiledLog:
        """The log of so many copies of its people, made once."""
        copies = max(1, copies // self.shrink)
        made = self.folder / "log" / f"tiled-{copies}.json"
        if not made.exists():
            tiled = tile(SOURCE, made.with_suffix(".jsonl"), BASE, copies)
            made.write_text(json.dumps({**asdict(tiled), "path": str(tiled.path)}), encoding="utf-8")
        kept = json.loads(made.read_text(encoding="utf-8"))
        return TiledLog(**{**kept, "path": Path(kept["path"])})

    def rule_set(self, name: str) -> Path:
        """The folder of a set of rules, made afresh."""
        kind, number = name.rsplit("-", 1)
        made = {"mixed": rules.mixed, "seq": rules.sequences, "touched": rules.touched, "first": rules.first}[
            kind
        ]
        folder = self.folder / "rules" / name
        rules.write(made(int(number)), folder)
        return folder

    def host(self, entry: Entry, redis: int) -> Host:
        """The entry's JVM."""
        settings = dict(entry.settings)
        if entry.rules:
            folder = self.rule_set(entry.rules)
            settings |= {"rules": str(folder / "rules"), "peers": str(folder / "peers.jsonl")}
        if entry.java == "redis":
            settings["port"] = str(redis)
        scratch = entry.name.replace(" ", "-").replace(",", "")
        return Host(Contender(scratch, entry.java, settings), self.classpath, self.folder / "scratch")

    def hold(self, contest: Contest, redis: int) -> None:
        """Equal matches first, then the turns, then the ratios."""
        note(f"{contest.name} (load average {os.getloadavg()[0]:.1f})")
        load = os.getloadavg()[0]
        hosts: dict[str, Host] = {}
        try:
            for entry in contest.entries:
                hosts[entry.name] = self.host(entry, redis)
            equal = {race.id: self.equal(race, contest, hosts) for race in contest.races if race.matches}
            logs = [self.log(entry.copies) for entry in contest.entries]
            samples = in_turns(list(hosts.values()), logs, self.turns(contest.rounds))
        finally:
            for host in hosts.values():
                host.stop()
        found = dict(zip(hosts, samples, strict=True))
        for entry in contest.entries:
            self.tell_entry(contest.name, entry.name, entry.rules, found[entry.name], load)
        for race in contest.races:
            self.tell_race(race, Comparison(found[race.ours], found[race.theirs]), equal.get(race.id))

    def equal(self, race: Race, contest: Contest, hosts: dict[str, Host]) -> bool:
        """Both over the peer's log; a difference is a failure of the benchmark, and no ratio is told."""
        copies = {entry.name: entry.copies for entry in contest.entries}[race.theirs]
        log = self.log(copies)
        names = (race.ours, race.theirs)
        try:
            require_equal([hosts[name].run(log, log.until) for name in names], names)
        except BenchError as error:
            note(f"  {race.id}: {error}")
            self.failures.append(f"{race.id}: {error}")
            return False
        return True

    def tell_entry(self, contest: str, name: str, rule_set: str, samples: list[Sample], load: float) -> None:
        """Takes down what an entry did."""
        self.samples.append(
            {
                "contest": contest,
                "name": name,
                "rules": rule_set,
                "events": samples[0].events,
                "matches": samples[0].matches,
                "per_second": asdict(Spread.of([sample.rate for sample in samples])),
                "cpu_micros": asdict(Spread.of([1e6 / sample.cpu_rate for sample in samples])),
                "rounds": len(samples),
                "load": round(load, 1),
            }
        )

    def ceiling(self, comparison: Comparison) -> float | None:
        """The ratio that the job which does nothing would have against this peer."""
        rates = (s["per_second"]["median"] for s in self.samples if s["name"] == "pass-through")
        fastest = next(rates, None)
        return fastest and fastest / Spread.of([sample.rate for sample in comparison.theirs]).median

    def tell_race(self, race: Race, comparison: Comparison, equal: bool | None) -> None:
        """Takes down a ratio, unless the matches differ."""
        ratio, cpu = comparison.ratio, comparison.cpu_ratio
        told = equal is not False
        self.results.append(
            {
                "id": race.id,
                "against": race.against,
                "at": race.at,
                "ratio": ratio.median if told else None,
                "spread": [ratio.least, ratio.most] if told else None,
                "cpu_ratio": cpu.median if told else None,
                "ceiling": self.ceiling(comparison) if told and race in FLINK_RACES else None,
                "goal": race.must,
                "stretch": race.stretch,
                "matches_equal": equal,
            }
        )
        if told:
            note(
                f"  {race.id}: {ratio.median:.2f} ({ratio.least:.2f} to {ratio.most:.2f}), "
                f"by cpu {cpu.median:.2f}"
            )


@contextmanager
def redis_server(folder: Path) -> Iterator[int]:
    """A Redis of this run on a free port of loopback, in memory only; its port."""
    program = shutil.which("redis-server")
    if program is None:
        raise BenchError("redis-server is missing: apt-get install redis-server (make bench does it)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder.mkdir(parents=True, exist_ok=True)
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with (folder / "redis.log").open("wb") as log:
        server = subprocess.Popen([*command, "--dir", str(folder)], stdout=log, stderr=log)
    try:
        wait_for_port(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for_port(port: int) -> None:
    """Until something listens there."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise BenchError(f"redis-server does not listen on {port} after 10 s")


def latency(bench: Bench) -> list[dict]:
    """Event to match at half of the rate that the floor found, with the default waits and with short ones."""
    fastest = next(
        (s["per_second"]["median"] for s in bench.samples if s["name"] == "Alcedo, 100 rules"), None
    )
    if fastest is None:
        raise BenchError("no rate to take half of: the floor told none")
    speed = int(fastest / 2)
    folder, log = bench.rule_set("mixed-100"), bench.log(410)
    told = []
    for name, waits in (("default", {}), ("short", {"bundle": "2", "buffer": "2"})):
        settings = {"speed": str(speed), "rules": str(folder / "rules"), **waits}
        host = Host(
            Contender(f"latency-{name}", "latency", settings), bench.classpath, bench.folder / "scratch"
        )
        try:
            host.run(bench.log(100), log.until)
            said = host.ask(log, log.until)
        finally:
            host.stop()
        load = round(os.getloadavg()[0], 1)
        told.append({"waits": name, "per_second": speed, "load": load, **said["latency_ms"]})
        note(f"  latency, {name}: {told[-1]}")
    return told


def context(log: TiledLog) -> dict:
    """What a figure is worth nothing without."""
    words = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    cpu = next(
        (line.split(":")[1].strip() for line in words if line.startswith("model name")), platform.machine()
    )
    java = subprocess.run(
        ["java", "-version"], check=True, capture_output=True, text=True
    ).stderr.splitlines()[0]
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit.stdout.strip(),
        "machine": f"{os.cpu_count()} x {cpu}, Linux {platform.release()}",
        "versions": f"{java}; Flink 2.3.0; Groovy 5.0.8; Jedis 6.2.0; DuckDB 2.0.0; chDB 4.4.0; polars 2.1.0",
        "log": f"{log.events} events of {log.users} users, "
        f"{log.path.stat().st_size // log.events} bytes each",
        "sha256": log.sha256,
        "load": [round(load, 1) for load in os.getloadavg()],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small logs, one turn")
    parser.add_argument("--only", help="names of contests, separated by commas", default="")
    parser.add_argument("--add", action="store_true", help="beside what was measured before")
    parser.add_argument("--rounds", type=int, help="turns that count, in place of each contest's own")
    parser.add_argument("--classpath", required=True, help="Flink's jars and the peers'")
    parser.add_argument("--databases", required=True, help="the Python that has DuckDB and chDB")
    words = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = ROOT / "target" / "bench" / ("quick" if words.quick else "full")
    bench = Bench(
        folder, words.classpath, 20 if words.quick else 1, 1 if words.quick else words.rounds, [], [], []
    )
    only = set(filter(None, words.only.split(",")))
    began = bench.began
    about = context(bench.log(410))
    about["latency"] = []

    def part(name: str, work: Callable[[], list[dict] | None]) -> None:
        """One contest; what goes wrong in it is told at the end, and the others are held all the same."""
        if only and name not in only:
            return
        try:
            about["latency"] += work() or []
        except (BenchError, OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
            bench.failures.append(f"{name}: {error}")
            note(f"  {name}: {error}")

    with redis_server(folder / "scratch" / "redis-server") as redis:
        for contest in FLINK:
            part(contest.name, partial(bench.hold, contest, redis))
    databases = Path(words.databases)
    for contest in (*BACKTESTS, *(lake for lake in LAKES if lake.name in only)):
        part(contest.name, partial(backtests.hold, bench, contest, databases, ALCEDO))
    part("floor", lambda: latency(bench))
    part("engine", lambda: alone.hold(bench, words.quick))
    about |= {
        "seconds": round(time.monotonic() - began),
        "load_after": [round(x, 1) for x in os.getloadavg()],
    }
    about |= {"samples": bench.samples, "failures": bench.failures}
    place = folder if words.quick or (only and not words.add) else ROOT / "benches"
    told = (bench.results, about)
    report.write(place, *(report.added(place, *told) if words.add else told), databases)
    note(f"{place.relative_to(ROOT)}/RESULTS.md, in {about['seconds']} s")
    for failure in bench.failures:
        note(f"FAILED: {failure}")
    return 1 if bench.failures else 0


if __name__ == "__main__":
    sys.exit(main())
