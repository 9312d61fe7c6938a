"""Whatever is given: a result, or an AlcedoError that is no defect. No panic, and nothing else is raised."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import alcedo

RULE: dict[str, Any] = {
    "id": "everything",
    "revision": 1,
    "measures": {
        "n": {"count": {"event": "view", "where": {"ge": [{"prop": "x"}, 1]}}, "window": {"last": "10m"}},
        "s": {"sum": {"value": {"prop": "x"}, "of": {}}, "by": ["y"]},
        "d": {"distinct": {"value": {"prop": "y.a"}, "of": {}, "up_to": 50}},
    },
    "when": {"any": [{"ge": [{"measure": "n"}, 1]}, {"contains": [{"prop": "y"}, "a"]}]},
    "trigger": {"on": {}},
    "limits": [{"times": 3, "per": "day"}],
}
CALM = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def survives(events: Any, rule: Any = RULE, **more: Any) -> None:
    """Judges, and looks at what came out in every way."""
    try:
        result = alcedo.backtest(rule, events, progress=False, keep_bad=True, **more)
        assert sum(result.counters["bad"].values()) <= result.counters["records"]
        assert len(list(result.matches)) == result.matches.to_arrow().num_rows
        result.matches._repr_html_()
        for one in list(result.matches)[:1]:
            str(result.explain(one["user"], one["rule"], at=one["time"]))
    except alcedo.AlcedoError as error:
        assert "defect" not in str(error), error
        assert str(error)


NUMBERS = [
    *(pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()),
    *(pa.float16(), pa.float32(), pa.float64(), pa.bool_(), pa.date32(), pa.date64(), pa.null()),
    *(pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")),
    *(pa.timestamp(unit, zone) for unit in ("s", "ms", "us", "ns") for zone in (None, "Asia/Shanghai")),
    *(pa.duration(unit) for unit in ("s", "ms", "us", "ns")),
]
WIDE = [2**7 - 1, 2**15 - 1, 2**31 - 1, 2**63 - 1, -(2**63), -1, 0, 1, 1_700_000_000_000, 86_400_000]
TEXTS = st.sampled_from(["", "a", "view", "u1", "0", "\x00", "é" * 40, "x" * 5000, "{", '"', "2026-01-01"])


@st.composite
def arrays(draw: st.DrawFn, rows: int, depth: int = 2) -> pa.Array:
    """A column of any type, with nulls."""
    plain = [numbers, words, raw, decimals, dictionaries, runs]
    kinds = [*plain, lists, structs] if depth else plain
    return draw(st.sampled_from(kinds).flatmap(lambda kind: kind(rows, depth)))


@st.composite
def numbers(draw: st.DrawFn, rows: int, _: int) -> pa.Array:
    """The bits of integers, so that times, dates and floats hold what nobody would write."""
    values = draw(st.lists(st.none() | st.sampled_from(WIDE), min_size=rows, max_size=rows))
    wide, wanted = pa.array(values, pa.int64()), draw(st.sampled_from(NUMBERS))
    if wanted in (pa.null(), pa.bool_()):
        return wide.cast(wanted) if wanted == pa.bool_() else pa.nulls(rows)
    bits = {8: pa.int8(), 16: pa.int16(), 32: pa.int32(), 64: pa.int64()}[wanted.bit_width]
    return wide.cast(bits, safe=False).view(wanted)


def texts(rows: int) -> st.SearchStrategy[list[str | None]]:
    return st.lists(st.none() | TEXTS, min_size=rows, max_size=rows)


@st.composite
def words(draw: st.DrawFn, rows: int, _: int) -> pa.Array:
    kind = draw(st.sampled_from([pa.string(), pa.large_string(), pa.string_view()]))
    return pa.array(draw(texts(rows)), kind)


@st.composite
def raw(draw: st.DrawFn, rows: int, _: int) -> pa.Array:
    """Bytes, some of which are no UTF-8."""
    some = [None if word is None else word.encode("latin-1", "replace") for word in draw(texts(rows))]
    kind = draw(st.sampled_from([pa.binary(), pa.large_binary(), pa.binary_view()]))
    return pa.array(some, kind)


@st.composite
def decimals(draw: st.DrawFn, rows: int, _: int) -> pa.Array:
    whole = st.none() | st.integers(-(10**30), 10**30)
    values = draw(st.lists(whole, min_size=rows, max_size=rows))
    return pa.array(values, pa.decimal256(60, draw(st.integers(0, 20))))


@st.composite
def dictionaries(draw: st.DrawFn, rows: int, _: int) -> pa.Array:
    return pa.array(draw(texts(rows)), pa.string()).dictionary_encode(
        draw(st.sampled_from(["mask", "encode"]))
    )


@st.composite
def runs(draw: st.DrawFn, rows: int, _: int) -> pa.Array:
    if not rows:
        return pa.nulls(0)
    ends = pa.array([rows], draw(st.sampled_from([pa.int16(), pa.int32(), pa.int64()])))
    return pa.RunEndEncodedArray.from_arrays(ends, pa.array([draw(st.none() | TEXTS)], pa.string()))


@st.composite
def structs(draw: st.DrawFn, rows: int, depth: int) -> pa.Array:
    """Of one field or two, which may have one name."""
    names = draw(st.sampled_from([["a"], ["a", "b"], ["a", "a"]]))
    parts = [draw(arrays(rows, depth - 1)) for _ in names]
    mask = draw(st.lists(st.booleans(), min_size=rows, max_size=rows))
    return pa.StructArray.from_arrays(parts, names, mask=pa.array(mask, pa.bool_()))


@st.composite
def lists(draw: st.DrawFn, rows: int, depth: int) -> pa.Array:
    """Lists of two, of one length by type or not, and maps."""
    inner = draw(arrays(rows * 2, depth - 1))
    offsets = pa.array([n * 2 for n in range(rows + 1)], pa.int32())
    keys = pa.array(["a" if n % 3 == 0 else f"{n % 3}" for n in range(rows * 2)], pa.string())
    made: list[Callable[[], pa.Array]] = [
        lambda: pa.FixedSizeListArray.from_arrays(inner, 2),
        lambda: pa.ListArray.from_arrays(offsets, inner),
        lambda: pa.MapArray.from_arrays(offsets, keys, inner),
    ]
    return draw(st.sampled_from(made))()


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Columns of any type under the names that rules read; mostly some rows are events."""
    rows = draw(st.integers(0, 6))
    good = {
        "user": pa.array(["u1"] * rows, pa.string()),
        "type": pa.array(["view"] * rows, pa.string()),
        "time": pa.array(range(rows), pa.int64()),
    }
    columns = {
        name: column if draw(st.integers(0, 3)) else draw(arrays(rows)) for name, column in good.items()
    }
    columns |= {name: draw(arrays(rows)) for name in draw(st.sets(st.sampled_from(["id", "x", "y", ""])))}
    if rows > 2 and draw(st.booleans()):
        return pa.table(columns).slice(1, rows - 2)
    return pa.table(columns)


@CALM
@given(tables(), st.sampled_from([1, 3]), st.sampled_from([None, 1]))
def test_tables_of_anything(table: pa.Table, threads: int, memory: int | None) -> None:
    survives(table, threads=threads, memory=memory, dedupe=2)


@CALM
@given(tables(), st.integers(0, 3), st.data())
def test_damaged_parquet(table: pa.Table, flips: int, data: st.DataObject) -> None:
    sink = pa.BufferOutputStream()
    try:
        pq.write_table(table, sink)
    except (pa.ArrowException, ValueError):
        return  # what Parquet has no form for
    raw = bytearray(sink.getvalue().to_pybytes())
    for _ in range(flips):
        raw[data.draw(st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))
    survives(kept(bytes(raw), "parquet"))


@CALM
@given(st.binary(max_size=300), st.sampled_from(["jsonl", "csv", "tsv", "jsonl.gz", "csv.gz", "parquet"]))
def test_files_of_any_bytes(raw: bytes, end: str) -> None:
    heads = {"csv": b"user,type,time,x\n", "tsv": b"user\ttype\ttime\ty\n", "parquet": b"PAR1"}
    survives(kept(heads.get(end, b'{"user":"u","type":"view","time":1}\n') + raw, end))
    survives(kept(raw, end))


SCRATCH: list[Path] = []


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path) -> None:
    SCRATCH[:] = [tmp_path]


def kept(raw: bytes, end: str) -> Path:
    """The bytes as a file."""
    path = SCRATCH[0] / f"log.{end}"
    path.write_bytes(raw)
    return path


JSON = st.recursive(
    st.none() | st.booleans() | st.sampled_from([*WIDE, 1e308, 0.5, "10m", "view", "", "x", "n", "-1d"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["last", "prop", "measure", "event", "ge"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@CALM
@given(st.data())
def test_rules_with_any_value_at_any_place(data: st.DataObject) -> None:
    rule = copy.deepcopy(RULE)
    for _ in range(data.draw(st.integers(1, 3))):
        node: Any = rule
        while True:
            places = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not places:
                break
            place = data.draw(st.sampled_from(places))
            if not isinstance(node[place], dict | list) or data.draw(st.integers(0, 2)) == 0:
                node[place] = data.draw(JSON)
                break
            node = node[place]
    events = [{"user": "u", "type": "view", "time": n * 1000, "x": n, "y": ["a"]} for n in range(5)]
    survives(events, rule)
    try:
        alcedo.Rule.from_json(json.dumps(rule))
    except alcedo.AlcedoError as error:
        assert "defect" not in str(error)


@CALM
@given(
    st.sampled_from(
        [
            "until",
            "dedupe",
            "threads",
            "memory",
            "exclude",
            "mapping",
            "columns",
            "tags",
            "audiences",
            "end_of_input",
            "unsorted",
        ]
    ),
    st.sampled_from(
        [
            0,
            1,
            -1,
            2**31,
            2**63,
            2**64,
            -(2**63),
            10**30,
            1.5,
            "x",
            "",
            {},
            {"user": "x"},
            {"x": ["u"]},
            [1],
            ["x"],
            b"x",
        ]
    ),
)
def test_settings_of_any_value(name: str, value: Any) -> None:
    survives([{"user": "u", "type": "view", "time": 1, "x": 1}], **{name: value})


@CALM
@given(st.lists(JSON | st.binary(max_size=30), max_size=5))
def test_steps_of_anything(events: list[Any]) -> None:
    engine = alcedo.Engine(RULE)
    for event in events:
        for step in (engine.feed, engine.advance):
            try:
                step(event)
            except alcedo.AlcedoError as error:
                assert "defect" not in str(error), error
