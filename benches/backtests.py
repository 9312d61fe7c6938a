"""One backtest of a log by sequence rules: `alcedo backtest` databases and polars, in turns."""

import json
import os
import resource
import subprocess
import time
from pathlib import Path

from contests import DATABASES, OURS, Backtest
from frame import BenchError, Comparison, Sample, note
from log import TiledLog

FUNNELS = Path(__file__).resolve().parent / "funnels.py"


class Database:
    """funnels.py in a process that stays."""

    def __init__(self, python: Path, name: str, log: TiledLog, peers: Path, output: Path):
        self.output = output
        command = [str(python), str(FUNNELS), name, str(log.path), str(peers), str(output)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answer()

    def answer(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise BenchError(f"{' '.join(self.process.args[1:3])} ended with {self.process.wait()}")
        return json.loads(line)

    def run(self, word: str = "run") -> tuple[dict, set[tuple[str, str, int]]]:
        """What it took, and what it found; `ask`: over what it has read before."""
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        said = self.answer()
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return said, {(rule, user, int(at)) for rule, user, at in (line.split("\t") for line in lines)}

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def ours(alcedo: Path, folder: Path, log: TiledLog, output: Path) -> tuple[dict, set[tuple[str, str, int]]]:
    """`alcedo backtest`, from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    command = [
        alcedo,
        "backtest",
        "--quiet",
        "--rules",
        folder / "rules",
        "--events",
        log.path,
        "--output",
        output,
    ]
    subprocess.run([str(word) for word in command], check=True)
    millis = (time.monotonic() - began) * 1000
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with output.open(encoding="utf-8") as lines:
        found = {(match["rule"], match["user"], match["time"]) for match in map(json.loads, lines)}
    return {"millis": millis, "cpu_millis": cpu * 1000}, found


def hold(bench, contest: Backtest, python: Path, alcedo: Path) -> None:
    """Rounds of all; chDB does not tell the time of the first run, only that there was one."""
    load = os.getloadavg()[0]
    note(f"{contest.name} (load average {load:.1f})")
    samples, equal = in_rounds(bench, contest, python, alcedo)
    for name, kept in samples.items():
        shown = f"{name}, {contest.rules} rules"
        bench.tell_entry(contest.name, shown, f"first-{contest.rules}", kept, load)
    for race in contest.races:
        same = equal[race.theirs.split(",")[0]]
        if not same:
            bench.failures.append(f"{race.id}: the matches differ")
        bench.tell_race(race, Comparison(samples[race.ours], samples[race.theirs]), same)


def in_rounds(
    bench, contest: Backtest, python: Path, alcedo: Path
) -> tuple[dict[str, list[Sample]], dict[str, bool]]:
    """What each took in the turns that count, and whether a database found what we did."""
    log, folder = bench.log(contest.copies), bench.rule_set(f"first-{contest.rules}")
    scratch = bench.folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    samples: dict[str, list[Sample]] = {}
    equal: dict[str, bool] = {}
    databases: dict[str, Database] = {}

    def keep(name: str, said: dict, millis: float, found: set) -> None:
        sample = Sample(log.events, millis, said["cpu_millis"], len(found), "")
        note(f"  {name:<28} {sample.rate:>10.0f}/s {sample.cpu_rate:>10.0f}/cpu-s")
        samples.setdefault(name, []).append(sample)

    try:
        for name in DATABASES:
            peers, output = folder / "peers.jsonl", scratch / f"{name}.tsv"
            databases[name] = Database(python, name.lower(), log, peers, output)
        for _ in range(bench.turns(contest.rounds) + 1):
            said, found = ours(alcedo, folder, log, scratch / "backtest.jsonl")
            keep(OURS, said, said["millis"], found)
            for name, database in databases.items():
                said, theirs = database.run()
                known = {(rule, user, 0) for rule, user, _ in found} if name == "chDB" else found
                equal[name] = equal.get(name, True) and theirs == known
                keep(name, said, said["millis"], theirs)
                keep(f"{name}, loaded", said, said["millis"] - said["load_millis"], theirs)
    finally:
        for database in databases.values():
            database.stop()
    # The first turn warmed the page cache and the databases, as in the Flink contests.
    return {name: kept[1:] for name, kept in samples.items()}, equal
