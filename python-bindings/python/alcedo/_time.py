"""Moments and lengths of time, in and out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from alcedo._errors import InputError

Moment: TypeAlias = "int | datetime | str"
"""Unix ms, a datetime (without a zone: UTC) or RFC 3339 text."""

_YEARS = range(-62_135_596_800_000, 253_402_300_800_000)
"""Unix ms of the years 1 to 9999, which a datetime can hold."""
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def to_ms(moment: Moment) -> int:
    """Unix ms."""
    if isinstance(moment, bool):
        raise InputError("a bool is no time")
    if isinstance(moment, int):
        if moment not in _YEARS:
            raise InputError(f"{moment} is no time; give Unix ms of the years 1 to 9999")
        return moment
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            raise InputError(f'"{moment}" is no time; write it like 2024-04-01T00:00:00+08:00') from None
    if not isinstance(moment, datetime):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"{type(moment).__name__} is no time; give Unix ms, a datetime or RFC 3339 text")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def to_datetime(ms: int) -> datetime:
    """A datetime in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def shown(ms: int | None) -> str:
    """For people: UTC, without what is zero."""
    if ms is None:
        return ""
    moment = to_datetime(ms)
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second or moment.microsecond else "%Y-%m-%d %H:%M")


def length(duration: str) -> int:
    """A duration as rules write it, in ms."""
    # People write without a checker; and so many digits are a hundred thousand years.
    found = re.fullmatch(r"([0-9]{1,12})(ms|s|m|h|d|w)", str(duration))
    if not found or int(found[1]) == 0:
        raise InputError(
            f'"{duration}" is not a duration; write an integer and a unit: 500ms, 10s, 15m, 6h, 2d or 1w'
        )
    return int(found[1]) * _UNITS[found[2]]
