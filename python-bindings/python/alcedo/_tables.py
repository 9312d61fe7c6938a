"""What a closer look gives: rows, and how they show in a notebook."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from alcedo import _html
from alcedo._time import shown, to_datetime

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class FunnelStep(NamedTuple):
    """Users who came so far."""

    step: str
    users: int


class Funnel:
    """How many users came how far."""

    def __init__(self, rule: str, steps: list[FunnelStep]) -> None:
        self.rule, self.steps = rule, steps

    def to_dicts(self) -> list[dict[str, object]]:
        """The rows, for a data frame."""
        return [step._asdict() for step in self.steps]

    def plot(self) -> Figure:
        """As a picture (needs `alcedo[plot]`)."""
        from alcedo import _plot  # noqa: PLC0415

        return _plot.funnel(self)

    def __repr__(self) -> str:
        width = max(len(step.step) for step in self.steps)
        rows = [f"{step.step:<{width}} {step.users:>9,}" for step in self.steps]
        return "\n".join([f"Funnel of {self.rule}", *rows])

    def _repr_html_(self) -> str:
        whole = max(1, self.steps[0].users)
        rows = [
            [step.step, step.users, f"{step.users / whole:.1%}", _html.bar(step.users / whole)]
            for step in self.steps
        ]
        table = _html.table(["", "users", "of all", ""], rows, [1, 2])
        return f"<div><b>{_html.text(self.rule)}</b>{table}</div>"


class Rate:
    """How many matches in each piece of time."""

    def __init__(self, rule: str, every: str, rows: list[tuple[int, int]]) -> None:
        self.rule, self.every = rule, every
        self.rows: list[tuple[datetime, int]] = [(to_datetime(at), count) for at, count in rows]

    def to_dicts(self) -> list[dict[str, object]]:
        """The rows, for a data frame."""
        return [{"time": at, "matches": count} for at, count in self.rows]

    def plot(self) -> Figure:
        """As a picture (needs `alcedo[plot]`)."""
        from alcedo import _plot  # noqa: PLC0415

        return _plot.rate(self)

    def __repr__(self) -> str:
        matches = sum(count for _, count in self.rows)
        return f"Rate({self.rule!r}, {matches:,} matches in {len(self.rows)} x {self.every})"

    def _repr_html_(self) -> str:
        most = max((count for _, count in self.rows), default=1) or 1
        shown_rows = self.rows[:24]
        rows = [[at.strftime("%Y-%m-%d %H:%M"), count, _html.bar(count / most)] for at, count in shown_rows]
        more = len(self.rows) - len(shown_rows)
        rest = f"<small>and {more:,} more rows</small>" if more else ""
        table = _html.table(["from (UTC)", "matches", ""], rows, [1])
        return f"<div><b>{_html.text(self.rule)}</b>, every {_html.text(self.every)}{table}{rest}</div>"


class NearMiss(NamedTuple):
    """A user who lacked one condition."""

    user: str
    distance: float
    """Share of the target that was missing: 0.25 is 3 of 4; 1 where the condition did not hold at all."""
    condition: str
    """The one that was missing."""
    reached: float | None
    """The best value while all other conditions held."""
    target: float | None
    time: int
    """When it was first so near, Unix ms."""


class NearMisses:
    """Users for whom a rule never fired, nearest first."""

    def __init__(self, rule: str, rows: list[NearMiss], users: int) -> None:
        self.rule, self.rows, self.users = rule, rows, users

    def __len__(self) -> int:
        return self.users

    def to_dicts(self) -> list[dict[str, object]]:
        """The rows, for a data frame."""
        return [{**miss._asdict(), "time": to_datetime(miss.time)} for miss in self.rows]

    def __repr__(self) -> str:
        return f"NearMisses({self.rule!r}, {self.users:,} users)"

    def _repr_html_(self) -> str:
        counted: dict[tuple[float, str, float | None, float | None], int] = {}
        for miss in self.rows:
            place = (miss.distance, miss.condition, miss.reached, miss.target)
            counted[place] = counted.get(place, 0) + 1

        def told(reached: float | None, target: float | None) -> str:
            return "does not hold" if reached is None else f"{reached:g} of {target:g}"

        rows = [
            [condition, told(reached, target), users]
            for (_, condition, reached, target), users in counted.items()
        ]
        first = [
            [miss.user, miss.condition, told(miss.reached, miss.target), shown(miss.time)]
            for miss in self.rows[:10]
        ]
        users = _html.table(["user", "lacked", "best", "first so near (UTC)"], first)
        head = f"<b>{_html.text(self.rule)}</b>: {self.users:,} users lacked one condition only"
        return f"<div>{head}{_html.table(['lacked', 'best', 'users'], rows[:12], [2])}{users}</div>"
