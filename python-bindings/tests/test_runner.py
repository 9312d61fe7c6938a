"""The program `alcedo` and the package give the same matches, id by id, whatever holds the events.

What the program gives is what the Flink job gives: the cluster tests hold them against each other.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import alcedo
from conftest import ROOT

PROGRAM = ROOT / "target" / "release" / "alcedo"
"""Built before these tests run (`make native`)."""


KINDS = [str, str, int]
"""Of user, type and time, where a record can be read."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated shop: log, tags and six rules."""
    folder = tmp_path_factory.mktemp("shop")
    size = ["--users", "500", "--events", "20000"]
    subprocess.run([PROGRAM, "simulate", *size, "--output", folder], check=True, capture_output=True)
    return folder


def by_program(shop: Path, events: Path) -> list[dict[str, Any]]:
    given = ["--rules", str(shop / "rules"), "--tags", str(shop / "tags.jsonl"), "--events", str(events)]
    done = subprocess.run(
        [PROGRAM, "backtest", *given, "--output", "-", "--quiet"], check=True, stdout=subprocess.PIPE
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def by_package(shop: Path, events: Any) -> list[dict[str, Any]]:
    result = alcedo.backtest(shop / "rules", events, tags=shop / "tags.jsonl", progress=False)
    return list(result.matches)


def test_the_package_gives_what_the_program_gives(shop: Path) -> None:
    log = shop / "events.jsonl"
    wanted = by_program(shop, log)
    assert len(wanted) > 500 and len({one["rule"] for one in wanted}) > 3
    assert by_package(shop, log) == wanted


def test_columns_give_the_same_in_the_program_and_the_package(shop: Path, tmp_path: Path) -> None:
    # Of the log what can be read, as columns are: positions are rows.
    events = []
    for line in (shop / "events.jsonl").read_bytes().split(b"\n"):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and [type(event.get(name)) for name in ("user", "type", "time")] == KINDS:
            events.append(event)
    names = sorted({name for event in events for name in event})
    table = pl.DataFrame(
        [{name: event.get(name) for name in names} for event in events],
        infer_schema_length=None,
        strict=False,
    )
    # What separated values can hold too.
    table = table.select(name for name, kind in table.schema.items() if not kind.is_nested())
    table.write_parquet(tmp_path / "log.parquet")
    table.write_csv(tmp_path / "log.csv")
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table.iter_rows(named=True))
    (tmp_path / "log.jsonl").write_text(lines, encoding="utf-8")
    wanted = by_program(shop, tmp_path / "log.jsonl")
    assert len(wanted) > 500
    assert by_package(shop, table) == wanted
    for name in ("log.parquet", "log.csv"):
        assert by_program(shop, tmp_path / name) == wanted, name
        assert by_package(shop, tmp_path / name) == wanted, name
