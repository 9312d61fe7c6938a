"""Input that is likely not what somebody meant: refused, or warned of, never taken in silence."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import alcedo

RULE = {"id": "any", "revision": 1, "trigger": {"on": {"event": "view"}}}
COLUMNS = {"user": ["u"], "type": ["view"], "time": [1_700_000_000_000]}


def run(events: Any, **more: Any) -> alcedo.Backtest:
    return alcedo.backtest(RULE, events, progress=False, **more)


@pytest.fixture(autouse=True)
def silence_is_asked_for() -> Any:
    """A warning that a test does not expect is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def twice() -> pa.Table:
    return pa.table([["u"], ["view"], [1], ["v"]], names=["user", "type", "time", "user"])


def lines(folder: Path, text: str) -> Path:
    file = folder / "lines.csv"
    file.write_text(text)
    return file


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "twice.parquet"
    pq.write_table(twice(), file)
    frame = pd.DataFrame([["u", "view", 1, "v"]], columns=["user", "type", "time", "user"])
    for events in (twice(), lines(tmp_path, "user,type,time,user\nu,view,1,v\n"), file, frame):
        with pytest.raises(alcedo.AlcedoError, match=r"columns are named user|[Dd]uplicate"):
            run(events)


def test_of_columns_that_nobody_reads_two_may_have_one_name() -> None:
    table = pa.table([["u"], ["view"], [1], ["a"], ["b"]], names=["user", "type", "time", "x", "x"])
    assert len(run(table).matches) == 1


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_times_that_are_texts_are_read_where_the_mapping_says_so(kind: pa.DataType, tmp_path: Path) -> None:
    times = pa.array(["2026-01-02T03:04:05+08:00"]).cast(kind)
    table = pa.table([["u"], ["view"], times], names=["user", "type", "time"])
    with pytest.raises(alcedo.InputError, match=r"column time holds texts.*rfc3339"):
        run(table)
    with pytest.raises(alcedo.InputError, match="column time holds texts"):
        run(lines(tmp_path, "user,type,time\nu,view,yesterday\n"))
    found = run(table, mapping={"time_unit": "rfc3339"}).matches
    assert [one["time"] for one in found] == [1_767_294_245_000]


def test_seconds_that_are_read_as_milliseconds_are_warned_of() -> None:
    seconds = [{"user": "u", "type": "view", "time": 1_700_000_000}]
    with pytest.warns(alcedo.AlcedoWarning, match=r'the time 1700000000: .*"time_unit": "s"'):
        run(seconds)
    run(seconds, mapping={"time_unit": "s"})
    run([{"user": "u", "type": "view", "time": 1_700_000_000_000}])
    run([{"user": "u", "type": "view", "time": 5}])


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.jsonl.gz"])
def test_nothing_at_all_is_warned_of(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(b"")
    with pytest.warns(alcedo.AlcedoWarning, match="no event"):
        assert len(run(file).matches) == 0
    with pytest.warns(alcedo.AlcedoWarning, match="no event"):
        run(pl.DataFrame(COLUMNS).clear())


def test_a_log_of_which_nothing_can_be_read_is_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("user,type,time\nu,view,1\n")
    with pytest.warns(alcedo.AlcedoWarning, match="not one record could be read: not_json 2"):
        run(file)


def test_a_file_is_no_parquet_by_its_name_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    for content in (b"", b"user,type,time\nu,view,1\n"):
        file.write_bytes(content)
        with pytest.raises(alcedo.InputError, match=r"a\.parquet: by its name it is Parquet"):
            run(file)


def test_several_files_are_refused_with_the_way_to_give_them(tmp_path: Path) -> None:
    frame = pl.DataFrame(COLUMNS)
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for file in files:
        frame.write_parquet(file)
    for events in (tmp_path, str(tmp_path / "*.parquet"), files):
        with pytest.raises(alcedo.InputError, match=r"pyarrow\.dataset.*polars\.read_parquet"):
            run(events)
    # The ways that the error names.
    import pyarrow.dataset as ds  # noqa: PLC0415

    assert len(run(ds.dataset(tmp_path).scanner().to_reader()).matches) == 2
    assert len(run(pl.read_parquet(tmp_path / "*.parquet")).matches) == 2
