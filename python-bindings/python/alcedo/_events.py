"""Events in any of the forms that people have them in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias, cast, runtime_checkable

from alcedo._errors import InputError


@runtime_checkable
class ArrowStream(Protocol):
    """What has the Arrow PyCapsule interface: tables of polars, pandas, pyarrow, DuckDB and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream in a capsule."""
        ...


EventsLike: TypeAlias = "str | PathLike[str] | ArrowStream | Iterable[Mapping[str, Any]] | Any"
"""A path (Parquet, JSON lines, .csv, .tsv, the last three also as .gz), a table, or dicts."""


_SEVERAL = (
    "several files are one stream by pyarrow.dataset.dataset(folder or list of files).scanner().to_reader(), "
    "or one table by polars.read_parquet(pattern)"
)


class Given(NamedTuple):
    """Events as the extension takes them."""

    path: str | None
    lines: bytes | None
    stream: tuple[object, bool] | None
    records: int | None
    """How many there are, where that is known."""
    size: int | None
    """Bytes of the file, where it is read from one end to the other."""


def given(events: EventsLike) -> Given:
    """Whatever somebody gives, as the extension takes it."""
    if isinstance(events, str | PathLike):
        return _file(fspath(events))
    if hasattr(events, "collect") and hasattr(events, "sink_parquet"):
        events = cast(Any, events).collect()  # a lazy frame of polars
    if type(events).__module__.startswith("polars.") and hasattr(events, "schema"):
        events = _with_types(events)
    if hasattr(events, "__arrow_c_stream__"):
        # A reader passes once; a table gives its stream as often as it is asked.
        again = not hasattr(events, "read_next_batch") and not hasattr(events, "close")
        return Given(None, None, (events, again or hasattr(events, "num_rows")), _length(events), None)
    reader = _duckdb(events)
    if reader is not None:
        return Given(None, None, (_Asked(reader), True), None, None)
    if isinstance(events, Iterable) and not isinstance(events, bytes | Mapping):
        return _dicts(cast(Iterable[object], events))
    raise InputError(
        f"{type(events).__name__} holds no events "
        "(give a path, a table of polars, pandas, pyarrow or DuckDB, or dicts)"
    )


def _with_types(frame: Any) -> Any:
    """A frame of polars in which what holds nothing but nulls has a type, at any depth: polars gives arrays
    of nulls in a form that other readers of Arrow refuse.
    """
    kinds = {name: (kind, _typed(kind)) for name, kind in frame.schema.items()}
    return frame.cast({name: typed for name, (kind, typed) in kinds.items() if typed != kind})


def _typed(kind: Any) -> Any:
    import polars  # noqa: PLC0415 (somebody gave a frame of it)

    if kind == polars.Null:
        return polars.Boolean()
    if isinstance(kind, polars.List):
        return polars.List(_typed(kind.inner))
    if isinstance(kind, polars.Array):
        return polars.Array(_typed(kind.inner), kind.size)
    if isinstance(kind, polars.Struct):
        return polars.Struct({field.name: _typed(field.dtype) for field in kind.fields})
    return kind


def _file(path: str) -> Given:
    place = Path(path)
    if place.is_dir():
        raise InputError(f"{path}: this is a folder ({_SEVERAL})")
    if not place.exists():
        pattern = any(character in path for character in "*?[")
        cure = _SEVERAL if pattern else "check the path"
        raise InputError(f"{path}: there is no such file ({cure})")
    with place.open("rb") as file:
        parquet = file.read(4) == b"PAR1"
    return Given(path, None, None, None, None if parquet else place.stat().st_size)


def _length(table: Any) -> int | None:
    for name in ("num_rows", "height"):
        rows = getattr(table, name, None)
        if isinstance(rows, int):
            return rows
    return len(table) if type(table).__name__ == "DataFrame" and hasattr(table, "__len__") else None


class _Asked:
    """A relation of DuckDB: each asking runs its query."""

    def __init__(self, reader: Callable[[], ArrowStream]) -> None:
        self._reader = reader

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._reader().__arrow_c_stream__(requested_schema)


def _duckdb(events: object) -> Callable[[], ArrowStream] | None:
    for name in ("fetch_record_batch", "fetch_arrow_reader", "to_arrow_table"):
        reader: Callable[[], ArrowStream] | None = getattr(events, name, None)
        if callable(reader):
            return reader
    return None


def _dicts(events: Iterable[object]) -> Given:
    lines = []
    for nth, event in enumerate(events):
        if isinstance(event, str | PathLike):
            raise InputError(f"events are a list of paths ({_SEVERAL})")
        if not isinstance(event, Mapping):
            raise InputError(f"event {nth} is a {type(event).__name__} (give dicts, or a table)")
        try:
            lines.append(json.dumps(event, ensure_ascii=False, allow_nan=False).encode())
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError(
                f"event {nth}: {error} (give texts, numbers, bools, lists and dicts of them)"
            ) from None
    return Given(None, b"\n".join(lines), None, len(lines), None)
