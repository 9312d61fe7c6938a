#!/usr/bin/env python3
"""The package over a table in memory beside polars, DuckDB and chDB: 1, 20 and 100 sequence rules, in turns.

The log is the demo's, tiled by polars; each contender reads it out of one Parquet file before the clock
starts, and only its answer is timed. A log that does not fit into memory four times (`--file`) stays in its
file, and each reads it there, alone on the machine; then the most memory that each took is told too. No ratio
is told where the matches differ. Writes RESULTS.md into target/bench/notebook.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import polars as pl

import rules
from backtests import Database
from frame import ROOT, Comparison, Sample, Spread, note
from log import LATER, TiledLog, apart

FOLDER = ROOT / "target" / "bench" / "notebook"
SOURCE = ROOT / ".demo" / "log" / "events.jsonl"
BASE = 4000
PEERS = ("polars", "DuckDB", "chDB")
# Users there are at most, in copies of the demo's: later copies are the same users, later.
COPIES_OF_USERS = 20_000


def tiled(events: int) -> TiledLog:
    """Copies of the first of the demo's events, each a little later, sorted by time; made once."""
    path = FOLDER / f"log-{events}.parquet"
    copies = max(1, events // BASE)
    if not path.exists():
        first = apart(SOURCE.read_text(encoding="utf-8").splitlines()[:BASE])
        rows = [
            {"user": user, "type": kind, "time": time} | json.loads("{" + rest)
            for time, user, kind, rest in first
        ]
        base = pl.DataFrame(rows).select("user", "type", "time", *rules_read())
        copy = pl.DataFrame({"copy": range(copies)}, schema={"copy": pl.Int64})
        frame = base.lazy().join(copy.lazy(), how="cross")
        frame = frame.with_columns(
            user=pl.col("user") + "." + (pl.col("copy") % COPIES_OF_USERS).cast(pl.String),
            time=pl.col("time") + pl.col("copy") * LATER,
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.drop("copy").sort("time").sink_parquet(path)
    scan = pl.scan_parquet(path)
    counted = scan.select(pl.len(), pl.col("user").n_unique(), last=pl.col("time").max()).collect().row(0)
    return TiledLog(path, counted[0], counted[1], counted[2], "")


def rules_read() -> tuple[str, ...]:
    """The properties that the rules ask for."""
    return ("platform", "acquisition_channel", "user_lifecycle")


def contest(log: TiledLog, number: int, turns: int) -> list[tuple[str, Comparison | None]]:
    """Each peer with its comparison; none where the matches differ."""
    folder = FOLDER / "rules" / f"first-{number}"
    rules.write(rules.first(number), folder)
    names = ("Alcedo", *PEERS)
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    equal = dict.fromkeys(PEERS, True)
    databases: dict[str, Database] = {}
    try:
        for name in names:
            output = FOLDER / f"{name}.tsv"
            databases[name] = Database(
                Path(sys.executable), name.lower(), log, folder / "peers.jsonl", output
            )
            databases[name].run()  # reads the log, and is warm
        for _ in range(turns):
            ours: set[tuple[str, str, int]] = set()
            for name, database in databases.items():
                said, found = database.run("ask")
                samples[name].append(Sample(log.events, said["millis"], said["cpu_millis"], len(found), ""))
                if name == "Alcedo":
                    ours = found
                    continue
                wanted = {(rule, user, 0) for rule, user, _ in ours} if name == "chDB" else ours
                equal[name] = equal[name] and found == wanted
    finally:
        for database in databases.values():
            database.stop()
    used = samples["Alcedo"][0].cpu_millis
    note(f"  {number} rules: {len(ours):,} matches, {used:,.0f} ms of processor time")
    return [(n, Comparison(samples["Alcedo"], samples[n]) if equal[n] else None) for n in PEERS]


def contest_over_file(log: TiledLog, number: int, turns: int) -> list[tuple[str, Comparison | None]]:
    """As `contest`, one after the other, each from the file."""
    folder = FOLDER / "rules" / f"first-{number}"
    rules.write(rules.first(number), folder)
    samples: dict[str, list[Sample]] = {}
    ours: set[tuple[str, str, int]] = set()
    equal = {}
    for name in ("Alcedo", *PEERS):
        database = Database(
            Path(sys.executable), name.lower(), log, folder / "peers.jsonl", FOLDER / f"{name}.tsv"
        )
        try:
            for _ in range(turns):
                said, found = database.run("file")
                sample = Sample(log.events, said["millis"], said["cpu_millis"], len(found), "")
                samples.setdefault(name, []).append(sample)
        finally:
            database.stop()
        note(
            f"  {number} rules, {name}: {len(found):,} matches, {said['millis'] / 1000:,.1f} s,"
            f" {said['cpu_millis'] / 1000:,.1f} s of processor time, at most {said['peak_bytes'] >> 20:,} MiB"
            f" (load average {os.getloadavg()[0]:.1f})"
        )
        if name == "Alcedo":
            ours = found
        equal[name] = found == ({(rule, user, 0) for rule, user, _ in ours} if name == "chDB" else ours)
    return [(n, Comparison(samples["Alcedo"], samples[n]) if equal[n] else None) for n in PEERS]


def shown(spread: Spread) -> str:
    """A ratio and its extremes."""
    return f"{spread.median:.2f} ({spread.least:.2f} to {spread.most:.2f})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=11_000_000, metavar="N")
    parser.add_argument("--rules", default="1,20,100", metavar="N,..")
    parser.add_argument("--turns", type=int, default=3, metavar="N")
    parser.add_argument("--file", action="store_true", help="the log stays in its file")
    options = parser.parse_args()
    log = tiled(options.events)
    note(f"{log.events:,} events of {log.users:,} users (load average {os.getloadavg()[0]:.1f})")
    lines = [
        "| Rules | Against | times as fast, by the clock | by processor time |",
        "| ---: | --- | ---: | ---: |",
    ]
    differ = 0
    for number in map(int, options.rules.split(",")):
        for name, found in (contest_over_file if options.file else contest)(log, number, options.turns):
            told = (shown(found.ratio), shown(found.cpu_ratio)) if found else ("the matches differ", "")
            differ += found is None
            lines.append(f"| {number} | {name} | {told[0]} | {told[1]} |")
            note(lines[-1])
    where = "each reads the Parquet file" if options.file else "in memory before the clock starts"
    head = f"{log.events:,} events of {log.users:,} users, {where}"
    head += f"; {options.turns} turns.\n\n"
    (FOLDER / "RESULTS.md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    note("target/bench/notebook/RESULTS.md")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
