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
    if mapping is None or isinstance(mapping, Mapping):
        return None if mapping is None else dict(mapping)
    try:
        content = json.loads(Path(mapping).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{mapping}: {error} (give a dict, or a file of JSON)") from None
    if not isinstance(content, dict):
        raise InputError(f"{mapping}: this is no JSON object")
    return content


def tags_of(tags: TagsLike | None) -> list[str] | None:
    """Tags as one JSON object a user."""
    if tags is None:
        return None
    if isinstance(tags, str | PathLike):
        try:
            return [line for line in Path(tags).read_text(encoding="utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{tags}: {error} (give a file of JSON lines)") from None
    if isinstance(tags, Mapping):
        rows: Iterable[Any] = ({**values, "user": user} for user, values in tags.items())
    elif hasattr(table := cast(Any, tags), "to_dicts"):  # polars
        rows = table.to_dicts()
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):  # pandas
        rows = table.to_dict(orient="records")
    elif hasattr(table, "to_pylist"):  # pyarrow
        rows = table.to_pylist()
    else:
        rows = tags
    try:
        return [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows]
    except (TypeError, ValueError) as error:
        raise InputError(f"tags: {error} (give dicts of texts, numbers, bools and lists of them)") from None


def audiences_of(audiences: Mapping[str, Iterable[str]] | None) -> dict[str, list[str]]:
    """Users by audience."""
    found = {}
    for name, users in (audiences or {}).items():
        if isinstance(users, str):
            raise InputError(f"audience {name}: a text is no list of users (give a list or set)")
        found[name] = [str(user) for user in users]
    return found
