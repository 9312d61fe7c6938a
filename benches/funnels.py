#!/usr/bin/env python3
"""Sequence rules over a log in a database: `funnels.py duckdb|chdb|polars|alcedo LOG PEERS OUTPUT`.

Waits for lines on standard input; each is one run: the log is read out of its JSON lines or its Parquet into
a fresh table, then asked; `ask` asks again what was read before, `file` asks the Parquet file where it lies.
It says {"load_millis", "millis", "cpu_millis", "peak_bytes"} and leaves (rule, user, time of the first run)
in OUTPUT; chDB's windowFunnel knows no time, so there it is 0.
"""

import json
import resource
import sys
import time
from pathlib import Path

FIELDS = {
    "platform": "platform",
    "acquisition_channel": "acquisition_channel",
    "user_lifecycle": "user_lifecycle",
}
COLUMNS = ("user", "type", "time", *FIELDS)


def step(rule: dict, number: int) -> str:
    """Whether a row is this step of a rule."""
    tests = [f"type = '{rule['types'][number]}'"]
    if number == 0:
        tests += [f"{FIELDS[prop]} = '{value}'" for prop, value in rule["where"]]
    return " AND ".join(tests)


class DuckDb:
    """For each rule one statement over the rows of its types: window functions carry the latest start."""

    def __init__(self, rules: list[dict]):
        import duckdb  # noqa: PLC0415 (only the one that is measured)

        self.db = duckdb.connect()
        self.rules = rules

    def load(self, log: str) -> None:
        kinds = ", ".join(f"{name}: '{'BIGINT' if name == 'time' else 'VARCHAR'}'" for name in COLUMNS)
        lines = f"read_json('{log}', format='newline_delimited', columns={{{kinds}}})"
        source = f"read_parquet('{log}')" if log.endswith(".parquet") else lines
        self.db.execute(f"CREATE OR REPLACE TABLE log AS SELECT * FROM {source}")

    def leave(self, log: str) -> None:
        self.db.execute(f"CREATE OR REPLACE VIEW log AS SELECT * FROM read_parquet('{log}')")

    def ask(self) -> list[tuple]:
        return [row for rule in self.rules for row in self.db.execute(self.statement(rule)).fetchall()]

    @staticmethod
    def statement(rule: dict) -> str:
        types = ", ".join(f"'{kind}'" for kind in sorted(set(rule["types"])))
        source = f'(SELECT *, "user" AS who FROM log WHERE type IN ({types}))'
        past = "OVER (PARTITION BY who ORDER BY time ROWS UNBOUNDED PRECEDING)"
        begun = f"CASE WHEN {step(rule, 0)} THEN time END"
        last = len(rule["types"]) - 1
        for number in range(1, last + 1):
            source = f"(SELECT *, max({begun}) {past} AS begun{number} FROM {source})"
            begun = (
                f"CASE WHEN {step(rule, number)} AND time - begun{number} <= {rule['window']}"
                f" THEN begun{number} END"
            )
        return f"SELECT '{rule['id']}', who, min(time) FROM {source} WHERE {begun} IS NOT NULL GROUP BY who"


class ChDb:
    """All rules in one pass: that is what windowFunnel is for."""

    def __init__(self, rules: list[dict]):
        from chdb.session import Session  # noqa: PLC0415

        self.db = Session()
        self.rules = rules

    def load(self, log: str) -> None:
        kinds = ", ".join(
            f"{name} {({'time': 'UInt64', 'user': 'String'}).get(name, 'LowCardinality(String)')}"
            for name in COLUMNS
        )
        self.db.query("CREATE DATABASE IF NOT EXISTS bench")
        self.db.query("DROP TABLE IF EXISTS bench.log")
        self.db.query(f"CREATE TABLE bench.log ({kinds}) ENGINE = MergeTree ORDER BY (user, time)")
        form = "Parquet" if log.endswith(".parquet") else f"JSONEachRow, '{kinds}'"
        self.db.query(f"INSERT INTO bench.log SELECT {', '.join(COLUMNS)} FROM file('{log}', {form})")

    def leave(self, log: str) -> None:
        self.db.query("CREATE DATABASE IF NOT EXISTS bench")
        self.db.query(
            "CREATE OR REPLACE VIEW bench.log AS"
            f" SELECT * REPLACE (toUInt64(time) AS time) FROM file('{log}', Parquet)"
        )

    def ask(self) -> list[tuple]:
        funnels = ", ".join(
            f"windowFunnel({rule['window']})(time,"
            f" {', '.join(step(rule, i) for i in range(len(rule['types'])))}) = {len(rule['types'])}"
            for rule in self.rules
        )
        found = self.db.query(
            f"SELECT user, [{funnels}] AS found FROM bench.log GROUP BY user HAVING has(found, 1)",
            "JSONCompactEachRow",
        )
        rows = (json.loads(line) for line in str(found).splitlines())
        return [
            (rule["id"], user, 0)
            for user, found in rows
            for rule, yes in zip(self.rules, found, strict=True)
            if yes
        ]


class Polars:
    """As for DuckDB: the latest start is carried on within each user; all rules at once."""

    def __init__(self, rules: list[dict]):
        import polars  # noqa: PLC0415

        self.pl = polars
        self.rules = rules

    def load(self, log: str) -> None:
        kinds = {name: self.pl.Int64 if name == "time" else self.pl.String for name in COLUMNS}
        parquet = log.endswith(".parquet")
        self.frame = (
            self.pl.read_parquet(log) if parquet else self.pl.scan_ndjson(log, schema=kinds).collect()
        )

    def leave(self, log: str) -> None:
        self.frame = self.pl.scan_parquet(log)

    def ask(self) -> list[tuple]:
        found = self.pl.collect_all([self.query(rule) for rule in self.rules])
        return [
            (rule["id"], user, at)
            for rule, frame in zip(self.rules, found, strict=True)
            for user, at in frame.iter_rows()
        ]

    def step(self, rule: dict, number: int):
        """Whether a row is this step of a rule."""
        tests = [self.pl.col("type") == rule["types"][number]]
        if number == 0:
            tests += [self.pl.col(FIELDS[prop]) == value for prop, value in rule["where"]]
        return self.pl.all_horizontal(tests)

    def query(self, rule: dict):
        """Users and the time of their first run. The log is sorted by time, so starts only grow."""
        pl = self.pl
        rows = self.frame.lazy().filter(pl.col("type").is_in(rule["types"]))
        begun = pl.when(self.step(rule, 0)).then(pl.col("time"))
        for number in range(1, len(rule["types"])):
            rows = rows.with_columns(begun.forward_fill().over("user").alias(f"begun{number}"))
            start = pl.col(f"begun{number}")
            in_time = pl.col("time") - start <= rule["window"]
            begun = pl.when(self.step(rule, number) & in_time).then(start)
        return rows.filter(begun.is_not_null()).group_by("user").agg(pl.col("time").min())


class Alcedo(Polars):
    """The package over the frame that polars has, or over the file."""

    def __init__(self, rules: list[dict], folder: Path):
        import alcedo  # noqa: PLC0415

        super().__init__(rules)
        self.backtest = alcedo.backtest
        self.own = [str(file) for file in sorted((folder / "rules").iterdir())]

    def leave(self, log: str) -> None:
        self.frame = log

    def ask(self) -> list[tuple]:
        matches = self.backtest(self.own, self.frame, progress=False).matches
        return [(rule, user, at) for rule, user, at, *_ in matches.places()]


def cpu() -> float:
    """Seconds of processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> int:
    """The most memory of this process so far, bytes; `ru_maxrss` would count who started it."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def main() -> int:
    name, log, peers, output = sys.argv[1:]
    rules = [json.loads(line) for line in Path(peers).read_text(encoding="utf-8").splitlines()]
    own = name == "alcedo"
    kinds = {"duckdb": DuckDb, "chdb": ChDb, "polars": Polars}
    database = Alcedo(rules, Path(peers).parent) if own else kinds[name](rules)
    print('{"ready":true}', flush=True)
    for line in sys.stdin:
        began, used = time.monotonic(), cpu()
        word = line.strip()
        if word == "file":
            database.leave(log)
        elif word != "ask":
            database.load(log)
        loaded = time.monotonic()
        rows = database.ask()
        ended = time.monotonic()
        Path(output).write_text("".join(f"{r}\t{u}\t{t}\n" for r, u, t in rows), encoding="utf-8")
        said = {
            "load_millis": (loaded - began) * 1000,
            "millis": (ended - began) * 1000,
            "cpu_millis": (cpu() - used) * 1000,
            "peak_bytes": peak(),
        }
        print(json.dumps(said), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
