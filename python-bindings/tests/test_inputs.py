"""Whatever holds the events, the matches are the same."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import alcedo

RULE = {
    "id": "again",
    "revision": 1,
    "measures": {
        "views": {
            "count": {"event": "view", "where": {"ge": [{"prop": "price"}, 2.5]}},
            "window": {"last": "10m"},
        },
        "spent": {"sum": {"value": {"prop": "price"}, "of": {"event": ["view", "buy"]}}},
    },
    "when": {"all": [{"ge": [{"measure": "views"}, 2]}, {"ge": [{"measure": "spent"}, 7.5]}]},
    "trigger": {"on": {}},
}


def run(events: Any, **more: Any) -> list[dict[str, Any]]:
    return list(alcedo.backtest(RULE, events, progress=False, **more).matches)


def as_reader(table: pa.Table) -> pa.RecordBatchReader:
    return table.to_reader(max_chunksize=7)


def as_capsule(table: pa.Table) -> object:
    class Only:
        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            return table.__arrow_c_stream__(requested_schema)

    return Only()


FORMS: dict[str, Callable[[pa.Table], Any]] = {
    "pyarrow": lambda table: table,
    "reader": as_reader,
    "capsule": as_capsule,
    "polars": pl.DataFrame,
    "lazy": lambda table: pl.DataFrame(table).lazy(),
    "pandas": lambda table: table.to_pandas(),
    "pandas with arrow types": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "duckdb": duckdb.from_arrow,
    "dictionaries": lambda table: table.set_column(1, "type", table["type"].dictionary_encode()),
    "large strings": lambda table: table.set_column(0, "user", table["user"].cast(pa.large_string())),
    "views": lambda table: table.set_column(0, "user", table["user"].cast(pa.string_view())),
    "nanoseconds": lambda table: times(table, pa.timestamp("ns", "Asia/Shanghai")),
    "microseconds": lambda table: times(table, pa.timestamp("us")),
}


def times(table: pa.Table, kind: pa.DataType) -> pa.Table:
    moments = table["time"].cast(pa.timestamp("ms")).cast(pa.timestamp(kind.unit))
    return table.set_column(
        2, "time", moments.cast(kind) if kind.tz is None else moments.cast(pa.int64()).cast(kind)
    )


@pytest.mark.parametrize("form", FORMS)
def test_every_library_gives_the_same(form: str, log: list[dict[str, Any]]) -> None:
    wanted = run(log)
    assert len(wanted) > 5
    assert run(FORMS[form](pa.Table.from_pylist(log))) == wanted


@pytest.mark.parametrize("compression", ["snappy", "zstd", "lz4", "gzip", "none"])
def test_parquet(compression: str, log: list[dict[str, Any]], tmp_path: Path) -> None:
    pq.write_table(
        pa.Table.from_pylist(log), tmp_path / "log.parquet", compression=compression, row_group_size=5
    )
    assert run(tmp_path / "log.parquet") == run(log)


def test_files_of_text(log: list[dict[str, Any]], tmp_path: Path) -> None:
    lines = "".join(json.dumps(event) + "\n" for event in log)
    (tmp_path / "log.jsonl").write_text(lines)
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    pl.DataFrame(log).write_csv(tmp_path / "log.csv")
    pl.DataFrame(log).write_csv(tmp_path / "log.tsv", separator="\t")
    for name in ("log.jsonl", "log.jsonl.gz", "log.csv", "log.tsv"):
        assert run(tmp_path / name) == run(log), name


def test_any_order_and_any_number_of_threads(log: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(log)
    shuffled = table.take(pa.array([n * 7 % len(log) for n in range(len(log))]))

    def ids(events: Any, **more: Any) -> list[str]:
        return [one["match_id"] for one in run(events, **more)]

    wanted = ids(table)
    for threads in (1, 2, 5):
        assert ids(table, threads=threads, memory=1) == wanted
        assert ids(shuffled, threads=threads) == wanted
        assert ids(shuffled, threads=threads, memory=1) == wanted
    with pytest.raises(alcedo.UnsortedError, match="sort it by time"):
        ids(shuffled, unsorted="refuse")
    # What passes once is kept until it can be sorted.
    assert ids(as_reader(shuffled), memory=1) == wanted


def test_a_column_of_nulls_is_missing(log: list[dict[str, Any]]) -> None:
    nothing = pl.DataFrame(log).with_columns(nothing=pl.lit(None), also=pl.lit(None))
    assert run(nothing) == run(log)
    assert run(nothing.to_arrow()) == run(log) and run(nothing.to_pandas()) == run(log)


@pytest.mark.parametrize("value", [[], [None], {"a": None}, [{"a": [None]}]])
def test_nulls_within_lists_and_structs_are_missing(value: object, log: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame(log).with_columns(pl.Series("nothing", [value] * len(log)))
    assert "Null" in str(frame.schema["nothing"])
    assert run(frame) == run(log) and run(frame.lazy()) == run(log)
    # The rules that name it, too.
    named = RULE | {"when": {"any": [RULE["when"], {"eq": [{"prop": "nothing"}, 1]}]}}
    assert list(alcedo.backtest(named, frame, progress=False).matches.places()) == list(
        alcedo.backtest(RULE, log, progress=False).matches.places()
    )


def test_an_empty_table_has_no_matches() -> None:
    schema = {"user": pl.String, "type": pl.String, "time": pl.Int64, "price": pl.Float64}
    result = alcedo.backtest(RULE, pl.DataFrame(schema=schema), progress=False)
    assert len(result.matches) == 0 and result.counters["events"] == 0
    assert result.matches.to_polars().is_empty()
    assert result.matches.to_arrow().column_names[:2] == ["match_id", "rule"]


def test_lists_and_structs_are_properties() -> None:
    rule = {
        "id": "red",
        "revision": 1,
        "trigger": {"on": {"event": "view", "where": {"contains": [{"prop": "tags"}, "red"]}}},
        "when": {"gt": [{"prop": "size.width"}, 3]},
    }
    events = [
        {"user": "a", "type": "view", "time": 1, "tags": ["red", "big"], "size": {"width": 4}},
        {"user": "b", "type": "view", "time": 2, "tags": ["blue"], "size": {"width": 9}},
        {"user": "c", "type": "view", "time": 3, "tags": ["dark red"], "size": {"width": None}},
        {"user": "d", "type": "view", "time": 4, "tags": None, "size": None},
    ]
    for form in (events, pa.Table.from_pylist(events), pl.DataFrame(events), pd.DataFrame(events)):
        found = alcedo.backtest(rule, form, progress=False).matches
        assert [one["user"] for one in found] == ["a"]


def test_what_rows_cannot_say_is_told(log: list[dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(
        alcedo.InputError, match=r"there is no column user.*there are type, time, item, price"
    ):
        run(pl.DataFrame(log).drop("user"))
    with pytest.raises(alcedo.InputError, match="no such file"):
        run(tmp_path / "nothing.parquet")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(alcedo.InputError, match="write it anew"):
        run(tmp_path / "cut.parquet")
    with pytest.raises(alcedo.InputError, match="int holds no events"):
        run(7)
    result = alcedo.backtest(
        RULE, pl.DataFrame({"user": [None, "a"], "type": ["view", None], "time": [1, 2]}), progress=False
    )
    assert result.counters["bad"] == {"no_user": 1, "no_type": 1}


EVENT = {"user": "u", "type": "view"}
AMOUNT = {
    "id": "amount",
    "revision": 1,
    "measures": {"s": {"sum": {"value": {"prop": "x"}, "of": {"event": "view"}}}, "n": {"count": {}}},
    "trigger": {"on": {}},
    "when": {"ge": [{"measure": "n"}, 1]},
}


def evidence(events: Any) -> list[dict[str, Any]]:
    return [one["evidence"] for one in alcedo.backtest(AMOUNT, events, progress=False).matches]


NUMBERS = st.one_of(
    st.tuples(st.just(pa.int8()), st.lists(st.none() | st.integers(-128, 127), max_size=9)),
    st.tuples(st.just(pa.int64()), st.lists(st.none() | st.integers(-(2**40), 2**40), max_size=9)),
    st.tuples(st.just(pa.uint64()), st.lists(st.none() | st.integers(0, 2**60), max_size=9)),
    st.tuples(st.just(pa.float32()), st.lists(st.none() | st.floats(-1e6, 1e6, width=32), max_size=9)),
    st.tuples(st.just(pa.float64()), st.lists(st.none() | st.floats(-1e9, 1e9), max_size=9)),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(NUMBERS)
def test_numbers_of_any_width_are_the_numbers_of_json(typed: tuple[pa.DataType, list[Any]]) -> None:
    kind, values = typed
    column = pa.array(values, kind)
    rows = [EVENT | {"time": n, "x": value} for n, value in enumerate(column.to_pylist())]
    columns = {"user": ["u"] * len(rows), "type": ["view"] * len(rows), "time": list(range(len(rows)))}
    table = pa.table(
        columns | {"x": column},
        schema=pa.schema({"user": pa.string(), "type": pa.string(), "time": pa.int64(), "x": kind}),
    )
    assert evidence(table) == evidence(rows)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.none() | st.decimals(-(10**9), 10**9, places=4), min_size=1, max_size=9),
    st.sampled_from([128, 256]),
)
def test_decimals_are_the_numbers_that_they_write(values: list[Decimal | None], width: int) -> None:
    kind = pa.decimal128(20, 4) if width == 128 else pa.decimal256(50, 4)
    table = pa.table(
        {
            "user": ["u"] * len(values),
            "type": ["view"] * len(values),
            "time": range(len(values)),
            "x": pa.array(values, kind),
        }
    )
    rows = [EVENT | {"time": n, "x": None if x is None else float(x)} for n, x in enumerate(values)]
    assert evidence(table) == evidence(rows)


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(MOMENTS, min_size=1, max_size=9),
    st.sampled_from(["s", "ms", "us", "ns"]),
    st.sampled_from([None, "UTC", "America/New_York", "+05:30"]),
)
def test_moments_of_any_unit_and_zone_are_one(moments: list[datetime], unit: str, zone: str | None) -> None:
    moments = [moment.replace(microsecond=0) if unit == "s" else moment for moment in moments]
    exact = [
        int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 1) * 1000
        + moment.microsecond // 1000
        for moment in moments
    ]
    factor = {"s": 1, "ms": 1000, "us": 10**6, "ns": 10**9}[unit]
    counts = [
        (ms // 1000) * factor + (moment.microsecond * factor // 10**6)
        for ms, moment in zip(exact, moments, strict=True)
    ]
    column = pa.array(counts, pa.int64()).cast(pa.timestamp(unit, zone))
    table = pa.table({"user": ["u"] * len(counts), "type": ["view"] * len(counts), "time": column})
    found = [one["time"] for one in alcedo.backtest(AMOUNT, table, progress=False).matches]
    assert found == sorted(exact)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.none() | st.text(max_size=20), min_size=1, max_size=9))
def test_texts_are_texts_however_they_are_kept(words: list[str | None]) -> None:
    words = [None if word is None else word.encode("utf-8", "ignore").decode() for word in words]
    rule = {
        "id": "words",
        "revision": 1,
        "measures": {"d": {"distinct": {"value": {"prop": "w"}, "of": {}, "up_to": 50}}},
        "trigger": {"on": {}},
        "when": {"ge": [{"measure": "d"}, 0]},
    }
    base = {"user": ["u"] * len(words), "type": ["view"] * len(words), "time": range(len(words))}

    def told(events: Any) -> list[Any]:
        return [one["evidence"] for one in alcedo.backtest(rule, events, progress=False).matches]

    wanted = told([EVENT | {"time": n, "w": word} for n, word in enumerate(words)])
    plain = pa.array(words, pa.string())
    for column in (
        plain,
        plain.cast(pa.large_string()),
        plain.cast(pa.string_view()),
        plain.dictionary_encode(),
    ):
        assert told(pa.table(base | {"w": column})) == wanted


def test_a_large_table_in_one_piece_is_its_rows() -> None:
    """More rows than are read at once, of many users, with every kind of column, and nulls."""
    rows = 70_000
    n = range(rows)
    words = [None if i % 7 == 0 else f"w{i % 11}" * (1 + i % 5) for i in n]
    columns: dict[str, Any] = {
        "user": [f"u{i * 7919 % 997}" for i in n],
        "type": ["buy" if i % 5 == 0 else "view" for i in n],
        "time": [1_700_000_000_000 + 13 * i for i in n],
        "whole": pa.array([None if i % 3 == 0 else i for i in n], pa.int32()),
        "part": pa.array([None if i % 4 == 0 else i / 8 for i in n], pa.float32()),
        "flag": pa.array([None if i % 9 == 0 else i % 2 == 0 for i in n]),
        "text": pa.array(words, pa.large_string()),
        "view": pa.array(words, pa.string_view()),
        "word": pa.array(words).dictionary_encode(),
        "cost": pa.array([None if i % 6 == 0 else Decimal(i) / 4 for i in n], pa.decimal128(12, 2)),
        "list": [None if i % 8 == 0 else [words[i], f"x{i % 3}"] for i in n],
        "deep": pa.array(
            [None if i % 10 == 0 else {"a": None if i % 4 == 0 else i, "b": words[i]} for i in n]
        ),
    }
    table = pa.table(columns)
    paths = [*list(columns)[3:10], "deep.a", "deep.b"]
    rule = {
        "id": "last",
        "revision": 1,
        "measures": {
            path.replace(".", "_"): {"last": {"value": {"prop": path}, "of": {"event": "buy"}}}
            for path in paths
        }
        | {"x": {"count": {"event": "buy", "where": {"contains": [{"prop": "list"}, "x1"]}}}},
        "trigger": {"on": {"event": "buy"}},
        "when": {"ge": [{"measure": "x"}, 1]},
    }

    def told(events: Any, **more: Any) -> list[dict[str, Any]]:
        return list(alcedo.backtest(rule, events, progress=False, **more).matches)

    numbers = pa.table(columns | {"cost": columns["cost"].cast(pa.float64())})
    wanted = told(numbers.to_pylist())
    assert len(wanted) > 10_000
    for threads in (1, 3):
        assert told(table.combine_chunks(), threads=threads) == wanted
    assert told(table, memory=1) == wanted


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("memory", [1, 1 << 30])
def test_users_count_once_whether_a_rule_listens_or_not(
    views: dict[str, Any], threads: int, memory: int, tmp_path: Path
) -> None:
    # u0 to u149 are seen, u100 to u299 come with what no rule listens to; each twice, far apart.
    seen = [{"user": f"u{n}", "type": "view", "time": n, "item": 1} for n in range(150)]
    other = [{"user": f"u{n}", "type": "noise", "time": n} for n in range(100, 300)]
    file = tmp_path / "log.jsonl"
    later = [one | {"time": 10_000} for one in [*other, *seen]]
    file.write_text("\n".join(json.dumps(one) for one in [*seen, *other, *later]))
    frame = pa.Table.from_pylist([*seen, *other, *later]).to_reader(max_chunksize=50)
    for events in (file, frame):
        result = alcedo.backtest(views, events, progress=False, threads=threads, memory=memory)
        assert (result.counters["users"], result.counters["events"]) == (300, 700)
