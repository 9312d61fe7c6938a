#!/usr/bin/env python3
"""Plays the demo's log (demo/prepare.py) through the job in a mini cluster, then compares with a backtest.

Everything it writes is in .demo/: log/ (kept), rules/ (a fresh copy at each start, to be edited while it
runs), audiences/, and run/ (what the job wrote).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import classpath

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / ".demo"
LOG = DEMO / "log"
RULES = DEMO / "rules"
RUN = DEMO / "run"
ALCEDO = ROOT / "target" / "release" / "alcedo"
JVM = ROOT / "jvm-bridge"
JARS = (JVM / "alcedo-demo/target/alcedo-demo-0.1.0.jar", JVM / "alcedo-job/target/alcedo-job-0.1.0.jar")


def prepare() -> None:
    """The log, once; a fresh copy of the rules; the members of their audiences."""
    if not (LOG / "events.jsonl").exists():
        print("fetching the log ...")
        call([sys.executable, ROOT / "demo" / "prepare.py", "--output", LOG])
    for folder in (RULES, RUN, DEMO / "audiences"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (RUN, DEMO / "audiences"):
        folder.mkdir()
    shutil.copytree(ROOT / "demo" / "rules", RULES)
    call([ALCEDO, "audience", "--rule", RULES, "--tags", LOG / "tags.jsonl", "--output", DEMO / "audiences"])


def call(command: list[object]) -> None:
    """Runs a step that is not shown unless it fails."""
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{Path(str(command[0])).name} failed:\n{done.stdout}{done.stderr}")


def play(until: int, speed: float, show: int) -> dict[str, int]:
    """Runs the job to its end; what it counted."""
    java = [
        "java",
        "-Xmx768m",
        f"@{JVM / 'alcedo-flink' / 'flink-jvm.args'}",
        f"-Ddemo.log={RUN / 'flink.log'}",
    ]
    java += [f"-Dlog4j2.configurationFile={ROOT / 'demo' / 'log4j2.properties'}"]
    java += ["-cp", os.pathsep.join([*map(str, JARS), classpath.resolve("flink-2.3")])]
    java += ["io.alcedo.demo.Demo", str(RUN / "summary"), str(show)]
    options = {
        "--events": LOG / "events.jsonl",
        "--rules": RULES,
        "--audiences": DEMO / "audiences",
        "--until": until,
        "--speed": speed,
        "--rules-interval": "500ms",
        "--checkpoint-interval": "1s",
        "--checkpoint-dir": (RUN / "checkpoints").as_uri(),
        "--output": RUN / "matches",
        "--late-output": RUN / "late",
        "--bad-output": RUN / "bad",
    }
    java += [str(word) for pair in options.items() for word in pair]
    try:
        code = subprocess.run(java, check=False).returncode
    except KeyboardInterrupt:
        raise SystemExit("\nstopped") from None
    if code:
        raise SystemExit(f"the job failed: see {RUN / 'flink.log'}")
    words = (line.split() for line in (RUN / "summary").read_text(encoding="utf-8").splitlines())
    return {name: int(number) for name, number in words}


def lines_of(folder: Path) -> list[str]:
    """The lines of all finished files that the job wrote into a folder."""
    finished = (file for file in sorted(folder.glob("*.jsonl")) if not file.name.startswith("."))
    return [line for file in finished for line in file.read_text(encoding="utf-8").splitlines()]


def backtest(until: int) -> list[str]:
    """The matches of the same log by the stand-alone program, without what the job found late."""
    (RUN / "late.jsonl").write_text("".join(f"{line}\n" for line in lines_of(RUN / "late")), encoding="utf-8")
    output = RUN / "backtest.jsonl"
    command = [
        ALCEDO,
        "backtest",
        "--quiet",
        "--rules",
        ROOT / "demo" / "rules",
        "--tags",
        LOG / "tags.jsonl",
    ]
    command += ["--events", LOG / "events.jsonl", "--until", until, "--exclude", RUN / "late.jsonl"]
    call([*command, "--output", output])
    return output.read_text(encoding="utf-8").splitlines()


def rule_files() -> dict[str, dict]:
    """The demo's rules by id."""
    rules = (
        json.loads(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "demo/rules").glob("*.json"))
    )
    return {rule["id"]: rule for rule in rules}


def unchanged_rules() -> set[str]:
    """Ids of the rules whose files nobody edited while the job ran."""
    ids = set()
    for file in (ROOT / "demo" / "rules").glob("*.json"):
        copy = RULES / file.name
        if copy.exists() and copy.read_bytes() == file.read_bytes():
            ids.add(json.loads(file.read_text(encoding="utf-8"))["id"])
    return ids


def by_id(lines: list[str], rules: set[str]) -> dict[str, str]:
    """Matches of these rules, by match_id."""
    matches = [(json.loads(line), line) for line in lines]
    return {match["match_id"]: line for match, line in matches if match["rule"] in rules}


def report(summary: dict[str, int], job: list[str], expected: list[str]) -> bool:
    """The table and the proof; whether the two agree."""
    seconds = summary["millis"] / 1000
    pace = f"in {seconds:.1f} s, {summary['events'] / seconds:.0f} a second"
    print(f"\nevents       {summary['events']:>7}   {pace}")
    print(f"checkpoints  {summary['checkpoints']:>7}")
    print(f"matches      {len(job):>7}")
    counts: dict[str, int] = {}
    for line in job:
        rule = json.loads(line)["rule"]
        counts[rule] = counts.get(rule, 0) + 1
    rules = rule_files()
    for rule in sorted(rules.keys() | counts.keys()):
        print(f"  {rule:<24} {counts.get(rule, 0):>6}   {rules.get(rule, {}).get('name', '')}")

    unchanged = unchanged_rules()
    changed = rules.keys() - unchanged
    ours, theirs = by_id(job, unchanged), by_id(expected, unchanged)
    different = sum(ours.get(name) != theirs.get(name) for name in ours.keys() | theirs.keys())
    twice = sum(json.loads(line)["rule"] in unchanged for line in job) - len(ours)
    print(f"\n`alcedo backtest` over the same log: {len(theirs)} matches, ", end="")
    print(f"{different} different, {twice} given twice")
    if changed:
        print(f"(changed while it ran, so not compared: {', '.join(sorted(changed))})")
    return bool(theirs) and different == 0 and twice == 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Plays the demo's log through a local Flink.")
    parser.add_argument(
        "--speed", type=float, default=1000, metavar="N", help="events a second; 0 = all at once"
    )
    parser.add_argument("--show", type=int, default=10, metavar="N", help="matches shown a second")
    words = parser.parse_args()
    DEMO.mkdir(exist_ok=True)
    prepare()
    with (LOG / "events.jsonl").open(encoding="utf-8") as events:
        times = [json.loads(line)["time"] for line in events]
    print(f"{len(times)} events of a real shop, {len(rule_files())} rules, {words.speed:.0f} events a second")
    print("Change a rule while it runs: edit .demo/rules/repeated-views.json, with a higher revision\n")
    summary = play(max(times), words.speed, words.show)
    return 0 if report(summary, lines_of(RUN / "matches"), backtest(max(times))) else 1


if __name__ == "__main__":
    sys.exit(main())
