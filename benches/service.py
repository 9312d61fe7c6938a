#!/usr/bin/env python3
"""Loads the service with matches while 50 people read, on H2 and on a real MariaDB.

Run by `PART=service make bench`. Each figure stands beside a bare insert loop into the same table of the same
database, run just before and just after it, because the machine may be busy: compare ratios and processor
time, not the clock. The last turn sends more than can be written; at the end what was taken is counted in the
database itself. Writes target/bench/service.md, and with `--write` the table in docs/performance.md.
"""

import argparse
import json
import os
import statistics
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from harness.admin import Admin, Client
from harness.capture import Database
from harness.places import ROOT, SCRATCH
from harness.processes import Program, run

JAR = ROOT / "admin-spring" / "target" / "alcedo-admin-0.1.0.jar"
_SCRIPTS = ROOT / "admin-spring" / "src" / "main" / "resources" / "db"
MIGRATIONS = sorted(_SCRIPTS.glob("migration/V*.sql"))
PAGE = ROOT / "docs" / "performance.md"
MARKS = ("<!-- service: written by benches/service.py -->", "<!-- service: end -->")
READERS = 50
# (writers, matches a batch); the job sends batches of up to 1 MiB, some 2,000 matches.
TURNS = [(1, 1_000), (4, 1_000), (8, 100), (8, 1_000), (8, 5_000)]
QUICK = [(4, 1_000)]
OVERLOAD = (32, 5_000)
WARM = 5  # turns
H2 = "MODE=MySQL;NON_KEYWORDS=VALUE;WRITE_DELAY=0;MAX_LENGTH_INPLACE_LOB=65536"
JAVA = ("-Xmx1g", "-XX:+UseParallelGC")
TICKS = os.sysconf("SC_CLK_TCK")


class LoadProgram:
    """The program that sends and reads: compiled once, a process a turn."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True)
        with zipfile.ZipFile(JAR) as jar:
            for name in jar.namelist():
                if "/lib/h2-" in name or "/lib/mariadb-java-client-" in name:
                    (folder / Path(name).name).write_bytes(jar.read(name))
        run(["javac", "-d", str(folder), str(ROOT / "benches" / "service" / "Load.java")])
        self._command = ["java", "-Xmx512m", "-cp", f"{folder}:{folder}/*", "Load"]

    def __call__(self, *words: object) -> dict:
        done = subprocess.run([*self._command, *map(str, words)], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"Load {words[0]} failed:\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout)


@dataclass
class Side:
    """A database: how the service reaches it, a bare table beside the service's, its process."""

    name: str
    url: str
    bare: str
    program: Program | None


def h2(folder: Path) -> Side:
    # The driver makes the tables by the service's own migrations, at its first connection.
    scripts = "\\;".join(f"RUNSCRIPT FROM '{file}'" for file in [*MIGRATIONS, *_SCRIPTS.glob("h2/V*.sql")])
    bare = f"jdbc:h2:file:{folder / 'bare'};{H2}"
    url = f"jdbc:h2:file:{folder / 'data' / 'admin'};{H2};DB_CLOSE_ON_EXIT=FALSE"
    return Side("H2", url, f"{bare};INIT=CREATE SCHEMA IF NOT EXISTS PUBLIC\\;{scripts}", None)


def mariadb(folder: Path) -> Side:
    database = Database(folder / "mariadb", buffer="256M")
    database.wait_until_ready()
    for name in ("service", "bare"):
        database.execute(f"CREATE DATABASE {name}")
    database.execute("CREATE USER alcedo@127.0.0.1")
    database.execute("GRANT ALL ON *.* TO alcedo@127.0.0.1")
    for file in MIGRATIONS:
        database.execute(f"USE bare; {file.read_text(encoding='utf-8')}")
    url = f"jdbc:mariadb://127.0.0.1:{database.port}"
    return Side("MariaDB", f"{url}/service", f"{url}/bare", database.program)


def processor_seconds(*programs: Program | None) -> float:
    """What these processes have used so far."""
    spent = 0
    for program in programs:
        if program is not None:
            fields = Path(f"/proc/{program.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def measure(
    side: Side, folder: Path, load: LoadProgram, turns: list[tuple[int, int]], seconds: int
) -> list[dict]:
    """All turns on one database."""
    admin = Admin(folder / "service", f"--spring.datasource.url={side.url}", java=JAVA)
    client = admin.client()
    engine, viewer = (
        client.post("/api/tokens", {"name": f"load-{role}", "role": role})["secret"]
        for role in ("engine", "viewer")
    )
    found = []
    # Until its JVM has compiled what it runs: a busy machine needs long for it.
    taken = load("load", admin.url, engine, viewer, 8, 1_000, READERS, WARM * seconds)["taken"]
    bare = side.bare
    before = load("bare", bare, seconds)
    bare = bare.partition(";INIT=")[0]  # the tables are there now
    for writers, batch in [*turns, OVERLOAD]:
        spent = processor_seconds(admin.program, side.program)
        turn = load("load", admin.url, engine, viewer, writers, batch, READERS, seconds)
        turn["processor_us"] = (processor_seconds(admin.program, side.program) - spent) / turn["taken"] * 1e6
        after = load("bare", bare, seconds)
        turn["bare"] = statistics.mean(each["rows"] / each["seconds"] for each in (before, after))
        turn |= {"database": side.name, "writers": writers, "batch": batch, "load": os.getloadavg()[0]}
        before = after
        taken += turn["taken"]
        found.append(turn)
        print(line(turn), flush=True)
    counted = sum(one["matches"] for one in Client(admin.url, token=viewer).get("/api/match_rates"))
    admin.stop()
    there = load("count", side.url)
    if not taken == there["rows"] == there["different"] == counted:
        raise SystemExit(f"{side.name}: {taken} were taken, {counted} counted, the table holds {there}")
    if found[-1]["refused"] == 0:
        raise SystemExit(f"{side.name}: {OVERLOAD[0]} writers met no 429: nothing was shown")
    if any(turn["failed"] for turn in found):
        raise SystemExit(f"{side.name}: requests failed that should be taken or refused with 429")
    print(f"{side.name}: {taken} taken, counted and stored once", flush=True)
    found[-1]["stored"] = taken
    return found


COLUMNS = [
    "Database",
    "Writers x matches a batch",
    "Matches/s",
    "Bare loop, rows/s",
    "Ratio",
    "Processor time a match",
    "Batch p50 / p95",
    "Page p50 / p95",
    "429",
]
HEAD = f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}"


def line(turn: dict) -> str:
    rate = turn["taken"] / turn["seconds"]
    cells = [
        turn["database"],
        f"{turn['writers']} x {turn['batch']:,}",
        f"{rate:,.0f}",
        f"{turn['bare']:,.0f}",
        f"{rate / turn['bare']:.2f}",
        f"{turn['processor_us']:.0f} µs",
        f"{turn['write_p50_ms']} / {turn['write_p95_ms']} ms",
        f"{turn['read_p50_ms']} / {turn['read_p95_ms']} ms",
        str(turn["refused"]),
    ]
    return f"| {' | '.join(cells)} |"


def report(found: list[dict], seconds: int) -> str:
    stored = ", ".join(f"{turn['database']} {turn['stored']:,}" for turn in found if "stored" in turn)
    loads = [turn["load"] for turn in found]
    lines = [HEAD, *map(line, found), ""]
    lines += [
        f"Turns of {seconds} s with {READERS} readers, each a page a second, on {os.cpu_count()} cores that"
    ]
    lines += [
        "the client, the bare loop and other work share with the service and the database; load average"
    ]
    lines += [
        f"{min(loads):.1f} to {max(loads):.1f}. Taken = counted per minute = rows in the table: {stored}."
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="of a turn")
    parser.add_argument("--quick", action="store_true", help="one turn and the overload, for 3 s")
    parser.add_argument("--write", action="store_true", help=f"the table in {PAGE.relative_to(ROOT)}")
    wanted = parser.parse_args()
    seconds = 3 if wanted.quick else wanted.seconds
    load = LoadProgram(SCRATCH / "load")
    print(HEAD, flush=True)
    found = []
    for make in (h2, mariadb):
        folder = SCRATCH / make.__name__
        folder.mkdir(parents=True)
        side = make(folder)
        found += measure(side, folder, load, QUICK if wanted.quick else TURNS, seconds)
    text = report(found, seconds)
    out = ROOT / "target" / "bench" / "service.md"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    if wanted.write:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(MARKS[0])
        PAGE.write_text(f"{head}{MARKS[0]}\n{text}{MARKS[1]}{rest.partition(MARKS[1])[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
