"""Settings, tags and audiences, as the extension takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias, cast

from alcedo._errors import InputError

MappingLike: TypeAlias = "Mapping[str, Any] | str | PathLike[str]"
"""Where user, type, time, id and properties are: a dict, or a file of one."""
TagsLike: TypeAlias = (
    "Mapping[str, Mapping[str, Any]] | Iterable[Mapping[str, Any]] | str | PathLike[str] | Any"
)
"""Tags by user, dicts with a `user`, a table with a column `user`, or a file of JSON lines."""


def mapping_of(mapping: MappingLike | None) -> dict[str, Any] | None:
    """A mapping as a dict."""
    if mapping is None:
        return None
    if isinstance(mapping, Mapping):
        try:
            json.dumps(found := dict(mapping))
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError(f'mapping: {error} (give texts, like {{"user": "customer"}})') from None
        return found
    if not isinstance(mapping, str | PathLike):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"mapping is {mapping!r}; give a dict, or a file of JSON")
    try:
        content = json.loads(Path(mapping).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{mapping}: {error} (give a dict, or a file of JSON)") from None
    if not isinstance(content, dict):
        raise InputError(f"{mapping}: this is no JSON object")
    return content


def count_of(name: str, value: object, at_least: int) -> int:
    """A number of things, as a setting says it."""
    if isinstance(value, bool) or not isinstance(value, int) or not at_least <= value < 2**63:
        raise InputError(f"{name} is {value!r}; give an integer of at least {at_least}")
    return value


def user_of(user: object) -> str:
    """A user: what is a number in a column is a text everywhere else."""
    if not isinstance(user, str):
        raise InputError(f'user is {user!r}; give a text, such as "{user}"')
    return user


def columns_of(columns: Mapping[str, str] | None) -> dict[str, str]:
    """Types by column."""
    try:
        found = dict(columns or {})
    except (TypeError, ValueError):
        raise InputError(f'columns is {columns!r}; give a dict like {{"zip": "text"}}') from None
    for column, kind in found.items():
        if not (isinstance(column, str) and isinstance(kind, str)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InputError(f'column {column!r} is to be {kind!r}; give texts like {{"zip": "text"}}')
    return found


def positions_of(exclude: Iterable[int]) -> list[int]:
    """Positions of records."""
    if isinstance(exclude, str | bytes) or not isinstance(exclude, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"exclude is {exclude!r}; give positions of records, from 0")
    return [count_of("a position of exclude", position, 0) for position in exclude]


def tags_of(tags: TagsLike | None) -> list[str] | None:
    """Tags as one JSON object a user."""
    if tags is None:
        return None
    if isinstance(tags, str | PathLike):
        try:
            return [line for line in Path(tags).read_text(encoding="utf-8").splitlines() if line.strip()]
        except (OSError, ValueError) as error:
            raise InputError(f"{tags}: {error} (give a file of JSON lines)") from None
    if isinstance(tags, Mapping):
        rows: Iterable[Any] = ({**values, "user": user} for user, values in tags.items())
    elif hasattr(table := cast(Any, tags), "to_dicts"):  # polars
        rows = table.to_dicts()
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):  # pandas
        rows = table.to_dict(orient="records")
    elif hasattr(table, "to_pylist"):  # pyarrow
        rows = table.to_pylist()
    elif isinstance(tags, Iterable) and not isinstance(tags, bytes):
        rows = cast(Iterable[Any], tags)
    else:
        raise InputError(f"tags is {tags!r}; give dicts, a table, or a file of JSON lines")
    try:
        return [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows]
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"tags: {error} (give dicts of texts, numbers, bools and lists of them)") from None


def audiences_of(audiences: Mapping[str, Iterable[str]] | None) -> dict[str, list[str]]:
    """Users by audience."""
    found = {}
    if audiences is not None and not isinstance(audiences, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"audiences is {audiences!r}; give users by audience")
    for name, users in (audiences or {}).items():
        if not isinstance(users, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InputError(f"audience {name}: {users!r} is no list of users (give a list or set)")
        if isinstance(users, str | bytes):
            raise InputError(f"audience {name}: a text is no list of users (give a list or set)")
        found[name] = [str(user) for user in users]
    return found
