"""The matches of a run: an Arrow table, or one dict after the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from alcedo import _html, _native
from alcedo._time import shown

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_STEP = 4096


class Matches:
    """Matches, sorted by time, user, rule and occurrence.

    Any library that reads the Arrow PyCapsule interface takes it as a table. Columns `key`, `evidence`,
    `event_id` and `action` are JSON text, because they differ from rule to rule; iterating gives dicts with
    all of it read.
    """

    def __init__(self, native: _native.Matches) -> None:
        self._native = native

    def __len__(self) -> int:
        return len(self._native)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for start in range(0, len(self), _STEP):
            for line in self._native.json(start, start + _STEP):
                yield json.loads(line)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pyarrow.Table:
        """As a table of pyarrow."""
        import pyarrow as pa  # noqa: PLC0415

        return pa.table(self)

    def to_polars(self) -> polars.DataFrame:
        """As a frame of polars."""
        import polars as pl  # noqa: PLC0415

        return pl.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """As a frame of pandas (by pyarrow)."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def places(self) -> list[tuple[str, str, int, int, str | None]]:
        """(rule, user, time in Unix ms, occurrence, correlation value as JSON) of each."""
        return self._native.places()

    def users(self, rule: str) -> set[str]:
        """Users for whom a rule fired."""
        return {user for name, user, *_ in self.places() if name == rule}

    def __repr__(self) -> str:
        return f"Matches({len(self):,})"

    def _repr_html_(self) -> str:
        counted = Counter(rule for rule, *_ in self.places())
        parts = ", ".join(f"{rule} {count:,}" for rule, count in counted.most_common(20))
        first = [json.loads(line) for line in self._native.json(0, 10)]
        rows = [
            [shown(one["time"]), one["user"], one["rule"], one["occurrence"], _said(one["evidence"])]
            for one in first
        ]
        table = _html.table(["time (UTC)", "user", "rule", "n", "evidence"], rows, [3])
        more = f"<small>and {len(self) - len(first):,} more</small>" if len(self) > len(first) else ""
        return f"<div><b>{len(self):,} matches</b> {_html.text(parts)}{table}{more}</div>"


def _said(evidence: dict[str, Any]) -> str:
    return ", ".join(f"{name} {'none' if value is None else value}" for name, value in evidence.items())
