#!/usr/bin/env python3
"""Runs the stages of a command one by one: times each, counts its tests, and closes with one line.

    stage.py begin RUN                                   forget an earlier RUN
    stage.py run RUN NAME [--count RUNNER] -- COMMAND    run one stage
    stage.py end RUN...                                  the table, and "N passed, N failed, N skipped"

What a stage prints goes to target/stages/RUN/NAME.log, and to the terminal when VERBOSE is set or it fails.
A stage that fails without a failed test counts as one failed, and so does a runner that ran no test: the
closing line and the exit code never disagree. `.ci/budgets` names the seconds that a stage may take; a slower
one is warned of.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from count import RUNNERS, Count, count

ROOT = Path(__file__).resolve().parent.parent
STAGES = ROOT / "target" / "stages"
BUDGETS = ROOT / ".ci" / "budgets"
SHOWN_OF_A_FAILURE = 150  # lines


def read_budgets(path: Path) -> dict[str, float]:
    """`RUN.NAME seconds` a line; `#` begins a comment."""
    budgets = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words:
            budgets[words[0]] = float(words[1])
    return budgets


def execute(command: list[str], log: Path) -> int:
    """Runs `command` into `log`; the exit code."""
    verbose = bool(os.environ.get("VERBOSE"))
    with log.open("wb") as out:
        try:
            process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
        except OSError as error:
            out.write(f"{command[0]}: {error.strerror}\n".encode())
            return 127
        for line in process.stdout:
            out.write(line)
            if verbose:
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
        return process.wait()


def judge(exit_code: int, runner: str | None, output: str) -> tuple[Count, str]:
    """The tests of a finished stage and, where it failed, why."""
    tests = count(runner, output) if runner else Count()
    if exit_code != 0:
        return (tests if tests.failed else tests + Count(failed=1)), f"exit code {exit_code}"
    if runner and tests.ran == 0:
        return tests + Count(failed=1), "its runner ran no test"
    return tests, f"{tests.failed} failed" if tests.failed else ""


def run(name: str, stage: str, runner: str | None, command: list[str]) -> int:
    """One stage, to the end; 0 if it is well."""
    folder = STAGES / name
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{stage}.log"
    print(f"{stage} ...", flush=True)
    began = time.monotonic()
    exit_code = execute(command, log)
    seconds = time.monotonic() - began
    output = log.read_text(encoding="utf-8", errors="replace")
    tests, trouble = judge(exit_code, runner, output)
    if trouble and not os.environ.get("VERBOSE"):
        print("\n".join(output.splitlines()[-SHOWN_OF_A_FAILURE:]))
    shown = f": {tests}" if runner else ""
    print(
        f"{stage}{shown} ({seconds:.1f} s)"
        + (f" FAILED: {trouble}, see {log.relative_to(ROOT)}" if trouble else "")
    )
    budget = read_budgets(BUDGETS).get(f"{name}.{stage}")
    if budget and seconds > budget:
        print(f"warning: {name}.{stage} took {seconds:.0f} s, its budget is {budget:.0f} s (.ci/budgets)")
    record = {"stage": stage, "seconds": seconds, "tests": vars(tests), "trouble": trouble, "budget": budget}
    order = len(list(folder.glob("*.json")))
    (folder / f"{order:02}-{stage}.json").write_text(json.dumps(record), encoding="utf-8")
    sys.stdout.flush()
    return 1 if trouble else 0


def end(names: list[str]) -> int:
    """The table of all stages of these runs, then the closing line; 0 if all are well."""
    total, troubled, spent = Count(), 0, 0.0
    print()
    for name in names:
        records = sorted((STAGES / name).glob("*.json"))
        if not records:
            print(f"{name}: no stage ran")
            total, troubled = total + Count(failed=1), troubled + 1
        for record in (json.loads(path.read_text(encoding="utf-8")) for path in records):
            tests = Count(**record["tests"])
            over = " over budget" if record["budget"] and record["seconds"] > record["budget"] else ""
            print(
                f"  {name + '.' + record['stage']:<28} {record['seconds']:7.1f} s"
                f"{f'  {tests}' if tests != Count() else ''}{over}{' FAILED' if record['trouble'] else ''}"
            )
            total, spent = total + tests, spent + record["seconds"]
            troubled += bool(record["trouble"])
    print(f"  {'all':<28} {spent:7.1f} s")
    print(total)
    return 1 if troubled or total.failed else 0


def split(words: list[str]) -> tuple[list[str], list[str]]:
    """Our own words, and the command after the first `--`: a later `--` is the command's own."""
    cut = words.index("--") if "--" in words else len(words)
    return words[:cut], words[cut + 1 :]


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs, times and counts the stages of a command.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("begin").add_argument("run")
    stage = verbs.add_parser("run")
    stage.add_argument("run")
    stage.add_argument("name")
    stage.add_argument("--count", choices=sorted(RUNNERS))
    verbs.add_parser("end").add_argument("runs", nargs="+")
    ours, command = split(sys.argv[1:])
    words = parser.parse_args(ours)
    if words.verb == "begin":
        shutil.rmtree(STAGES / words.run, ignore_errors=True)
        return 0
    if words.verb == "run":
        return run(words.run, words.name, words.count, command)
    return end(words.runs)


if __name__ == "__main__":
    sys.exit(main())
