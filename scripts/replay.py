#!/usr/bin/env python3
"""Plays the demo's log (demo/prepare.py) through the job in a mini cluster, then compares with a backtest.

Everything it writes is in one folder (.demo/ unless --folder says another): rules/ (a fresh copy at each
start, to be edited while it runs), audiences/, and run/ (what the job wrote). The log is kept in .demo/log/.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import classpath

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / ".demo" / "log"
ORIGINALS = ROOT / "demo" / "rules"
ALCEDO = ROOT / "target" / "release" / "alcedo"
JVM = ROOT / "jvm-bridge"
JARS = (JVM / "alcedo-demo/target/alcedo-demo-0.1.0.jar", JVM / "alcedo-job/target/alcedo-job-0.1.0.jar")


@dataclass(frozen=True)
class Places:
    """The folder of one play."""

    folder: Path

    @property
    def rules(self) -> Path:
        return self.folder / "rules"

    @property
    def audiences(self) -> Path:
        return self.folder / "audiences"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    def lines(self, output: str) -> list[str]:
        """The lines of all finished files that the job wrote as this output."""
        finished = (file for file in sorted((self.run / output).glob("*.jsonl")) if file.name[0] != ".")
        return [line for file in finished for line in file.read_text(encoding="utf-8").splitlines()]


def fetch_log() -> None:
    """The log and the users' tags, once."""
    if not (LOG / "events.jsonl").exists():
        print("fetching the log ...")
        call([sys.executable, ROOT / "demo" / "prepare.py", "--output", LOG])


def prepare(places: Places) -> None:
    """The log, once; a fresh copy of the rules; the members of their audiences."""
    fetch_log()
    for folder in (places.rules, places.audiences, places.run):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (places.audiences, places.run):
        folder.mkdir(parents=True)
    shutil.copytree(ORIGINALS, places.rules)
    tags = LOG / "tags.jsonl"
    call([ALCEDO, "audience", "--rule", places.rules, "--tags", tags, "--output", places.audiences])


def call(command: list[object]) -> None:
    """Runs a step that is not shown unless it fails."""
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{Path(str(command[0])).name} failed:\n{done.stdout}{done.stderr}")


def job(
    run: Path, show: int, texts: Path, options: dict[str, object], restore: Path | None = None
) -> list[str]:
    """The command: the job in a mini cluster, which calls rules what the files in `texts` call them.

    It goes on from the checkpoint `restore`, where there is one.
    """
    java = [
        "java",
        "-Xmx768m",
        f"@{JVM / 'alcedo-flink' / 'flink-jvm.args'}",
        f"-Ddemo.log={run / 'flink.log'}",
    ]
    java += [f"-Dlog4j2.configurationFile={ROOT / 'demo' / 'log4j2.properties'}"]
    if restore is not None:
        java += [f"-Ddemo.restore={restore.as_uri()}"]
    java += ["-cp", os.pathsep.join([*map(str, JARS), classpath.resolve("flink-2.3")])]
    java += ["io.alcedo.demo.Demo", str(run / "summary"), str(show), str(texts)]
    return java + [str(word) for pair in options.items() for word in pair]


def play(places: Places, until: int, speed: float, show: int) -> dict[str, int]:
    """Runs the job to its end; what it counted."""
    run = places.run
    options = {
        "--rules": places.rules,
        "--events": LOG / "events.jsonl",
        "--audiences": places.audiences,
        "--until": until,
        "--speed": speed,
        "--rules-interval": "500ms",
        "--checkpoint-interval": "1s",
        "--checkpoint-dir": (run / "checkpoints").as_uri(),
        "--output": run / "matches",
        "--late-output": run / "late",
        "--bad-output": run / "bad",
        "--status-output": run / "status",
    }
    if run_to_end(job(run, show, places.rules, options)):
        raise SystemExit(f"the job failed: see {run / 'flink.log'}")
    words = (line.split() for line in (run / "summary").read_text(encoding="utf-8").splitlines())
    return {name: int(number) for name, number in words}


def run_to_end(command: list[str]) -> int:
    """The exit code. Whatever interrupts this, the child has ended when it returns."""
    child = subprocess.Popen(command)
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def backtest(places: Places, until: int) -> list[str]:
    """The matches of the same log by the stand-alone program, without what the job found late."""
    late, output = places.run / "late.jsonl", places.run / "backtest.jsonl"
    late.write_text("".join(f"{line}\n" for line in places.lines("late")), encoding="utf-8")
    command = [ALCEDO, "backtest", "--quiet", "--rules", ORIGINALS, "--tags", LOG / "tags.jsonl"]
    command += ["--events", LOG / "events.jsonl", "--until", until, "--exclude", late, "--output", output]
    call(command)
    return output.read_text(encoding="utf-8").splitlines()


def rule_files() -> dict[str, dict]:
    """The demo's rules by id."""
    rules = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(ORIGINALS.glob("*.json")))
    return {rule["id"]: rule for rule in rules}


def unchanged_rules(rules: dict[str, dict], statuses: list[str]) -> set[str]:
    """Ids of the demo's rules that ran as they are from the first event to the last.

    The job says so itself: a file that was changed and changed back would not show it. A refused or ignored
    change is none.
    """
    changed = set()
    for status in map(json.loads, statuses):
        rule = rules.get(status["rule"])
        as_it_is = rule is not None and (status["state"], status["revision"]) == ("live", rule["revision"])
        if not as_it_is and status["state"] not in ("refused", "ignored"):
            changed.add(status["rule"])
    return rules.keys() - changed


def by_id(lines: list[str], rules: set[str]) -> dict[str, str]:
    """Matches of these rules, by match_id."""
    matches = [(json.loads(line), line) for line in lines]
    return {match["match_id"]: line for match, line in matches if match["rule"] in rules}


def show_table(places: Places, summary: dict[str, int], rules: dict[str, dict]) -> None:
    """What happened, in numbers."""
    matches = places.lines("matches")
    seconds = summary["millis"] / 1000
    pace = f"in {seconds:.1f} s, {summary['events'] / seconds:.0f} a second"
    print(f"\nevents          {summary['events']:>6}   {pace}")
    print(f"late, bad       {len(places.lines('late')):>6}   {len(places.lines('bad'))}")
    print(f"checkpoints     {summary['checkpoints']:>6}")
    print(f"matches         {len(matches):>6}")
    counts: dict[str, int] = {}
    for line in matches:
        rule = json.loads(line)["rule"]
        counts[rule] = counts.get(rule, 0) + 1
    for rule in sorted(rules.keys() | counts.keys()):
        print(f"  {rule:<22}{counts.get(rule, 0):>6}   {rules.get(rule, {}).get('name', '')}")


def prove(job: list[str], expected: list[str], rules: set[str]) -> bool:
    """Whether the job and the backtest give the same matches for these rules, byte for byte, each once."""
    ours, theirs = by_id(job, rules), by_id(expected, rules)
    equal = sum(ours.get(name) == line for name, line in theirs.items())
    missing, extra = len(theirs.keys() - ours.keys()), len(ours.keys() - theirs.keys())
    twice = sum(json.loads(line)["rule"] in rules for line in job) - len(ours)
    print("\nThe same log through `alcedo backtest`, compared by match_id and byte for byte:")
    print(f"  {equal} of {len(theirs)} equal, {missing} missing, {extra} extra, {twice} given twice")
    return bool(theirs) and equal == len(theirs) and not extra and not twice


def replay(places: Places, speed: float, show: int) -> bool:
    """Plays, shows, compares; whether all agrees."""
    prepare(places)
    rules = rule_files()
    with (LOG / "events.jsonl").open(encoding="utf-8") as events:
        times = [json.loads(line)["time"] for line in events]
    pace = f"{speed:.0f} events a second" if speed else "as fast as it can be read"
    print(f"{len(times)} events of a real shop, {len(rules)} rules, {pace}; times are UTC")
    file = os.path.relpath(places.rules / "repeated-views.json")
    print(f"Change what fires while it runs: edit {file} and raise its revision\n")
    summary = play(places, max(times), speed, show)
    show_table(places, summary, rules)
    unchanged = unchanged_rules(rules, places.lines("status"))
    well = prove(places.lines("matches"), backtest(places, max(times)), unchanged)
    if changed := sorted(rules.keys() - unchanged):
        print(f"  not compared, because they were changed while it ran: {', '.join(changed)}")
    return well


def main() -> int:
    parser = argparse.ArgumentParser(description="Plays the demo's log through a local Flink.")
    parser.add_argument(
        "--speed",
        type=float,
        default=1000,
        metavar="N",
        help="events a second; 0 = as fast as it can be read",
    )
    parser.add_argument("--show", type=int, default=10, metavar="N", help="matches shown a second")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".demo", metavar="DIR", help="where it works (default: .demo)"
    )
    words = parser.parse_args()
    # Ended like Ctrl-C: the JVM must not outlive this program.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return 0 if replay(Places(words.folder.resolve()), words.speed, words.show) else 1
    except KeyboardInterrupt:
        print("\nstopped")
        return 130


if __name__ == "__main__":
    sys.exit(main())
