"""Two runs side by side."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from alcedo import _html
from alcedo._time import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcedo._backtest import Backtest

_Place: TypeAlias = tuple[str, str, int, str | None]
"""(rule, user, Unix ms, correlation value)."""


class Change(NamedTuple):
    """A match that one run has and the other has not."""

    rule: str
    user: str
    time: int
    """Unix ms."""
    key: str | None
    """Correlation value, as JSON."""
    reason: str | None
    """Why the run that has it not did not fire at that moment; none beyond those that were asked for."""


class Move(NamedTuple):
    """A match that both runs have, each at a moment of its own."""

    rule: str
    user: str
    time: int
    """When it was in the first run, Unix ms."""
    to: int
    """When it is in the second, Unix ms."""
    key: str | None
    """Correlation value, as JSON."""
    reason: str | None
    """Why the second run did not fire at the first's moment; none beyond those that were asked for."""


class Comparison:
    """What the second run gains and loses against the first, and what moved."""

    def __init__(
        self,
        gained: list[Change],
        lost: list[Change],
        moved: list[Move],
        kept: int,
        users: tuple[set[str], set[str]],
    ) -> None:
        self.gained, self.lost, self.moved, self.kept = gained, lost, moved, kept
        self.gained_users, self.lost_users = users[1] - users[0], users[0] - users[1]

    def __repr__(self) -> str:
        matches = (
            f"{self.kept:,} kept, {len(self.moved):,} moved, {len(self.gained):,} gained, "
            f"{len(self.lost):,} lost"
        )
        users = f"{len(self.gained_users):,} users gained, {len(self.lost_users):,} lost"
        return f"Comparison({matches}; {users})"

    def _repr_html_(self) -> str:
        def part(title: str, changes: Sequence[Change | Move]) -> str:
            told = [one for one in changes if one.reason is not None][:10]
            rows = [[*_when(one), one.user, one.rule, one.reason] for one in told]
            moments = ["time (UTC)", "moved to"] if title == "moved" else ["time (UTC)"]
            head = [*moments, "user", "rule", "why the other run did not"]
            return f"<p><b>{title} {len(changes):,}</b></p>{_html.table(head, rows) if rows else ''}"

        users = f"users: {len(self.gained_users):,} gained, {len(self.lost_users):,} lost"
        head = f"<b>{self.kept:,} matches in both</b>; {users}"
        parts = part("moved", self.moved) + part("gained", self.gained) + part("lost", self.lost)
        return f"<div>{head}{parts}</div>"


def compared(one: Backtest, other: Backtest, reasons: int, within: int) -> Comparison:
    """Compares by (rule, user, time, correlation value); what is left is paired where it lies no
    further apart than `within` ms.
    """
    places = [
        Counter((rule, user, time, key) for rule, user, time, _, key in run.matches.places())
        for run in (one, other)
    ]
    users = ({user for _, user, *_ in places[0]}, {user for _, user, *_ in places[1]})
    lost, gained, moves = _paired(places[0] - places[1], places[1] - places[0], within)
    moved = [
        Move(rule, user, time, moves[at][1], key, why)
        for at, (rule, user, time, key, why) in enumerate(
            _reasoned(other, [place for place, _ in moves], reasons)
        )
    ]
    kept = (places[0] & places[1]).total()
    return Comparison(_reasoned(one, gained, reasons), _reasoned(other, lost, reasons), moved, kept, users)


def _order(place: _Place) -> tuple[int, str, str, str]:
    rule, user, time, key = place
    return (time, user, rule, key or "")


def _paired(
    lost: Counter[_Place], gained: Counter[_Place], within: int
) -> tuple[list[_Place], list[_Place], list[tuple[_Place, int]]]:
    """(lost, gained, moved to a time), where what moved is in neither of the others."""
    sides: dict[tuple[str, str, str | None], tuple[list[int], list[int]]] = {}
    for side, places in enumerate((lost, gained)):
        for rule, user, time, key in places.elements():
            sides.setdefault((rule, user, key), ([], []))[side].append(time)
    left: tuple[list[_Place], list[_Place]] = ([], [])
    moved: list[tuple[_Place, int]] = []
    for (rule, user, key), (before, after) in sides.items():
        for old, new in _nearest(sorted(before), sorted(after), within):
            if old is not None and new is not None:
                moved.append(((rule, user, old, key), new))
            elif old is not None:
                left[0].append((rule, user, old, key))
            elif new is not None:
                left[1].append((rule, user, new, key))
    moved.sort(key=lambda move: _order(move[0]))
    return sorted(left[0], key=_order), sorted(left[1], key=_order), moved


def _nearest(before: list[int], after: list[int], within: int) -> list[tuple[int | None, int | None]]:
    """Pairs sorted times in their order; of the side that has more, with those that are nearer."""
    found: list[tuple[int | None, int | None]] = []
    at, to = 0, 0
    while at < len(before) and to < len(after):
        old, new = before[at], after[to]
        apart = abs(new - old)
        surplus = (len(after) - to) - (len(before) - at)
        if new + within < old or (surplus > 0 and abs(after[to + 1] - old) < apart):
            found.append((None, new))
            to += 1
        elif old + within < new or (surplus < 0 and abs(new - before[at + 1]) < apart):
            found.append((old, None))
            at += 1
        else:
            found.append((old, new))
            at, to = at + 1, to + 1
    return [*found, *((old, None) for old in before[at:]), *((None, new) for new in after[to:])]


def _reasoned(run: Backtest, places: list[_Place], reasons: int) -> list[Change]:
    """Asks the run that has them not."""
    number = {rule.id: nth for nth, rule in enumerate(run.rules)}
    asked = [place for place in places if place[0] in number][:reasons]
    told = (
        run._inputs.explain(  # pyright: ignore[reportPrivateUsage]
            run.rules, [(number[rule], user, time) for rule, user, time, _ in asked]
        )
        if asked
        else []
    )
    why = dict(zip(asked, (_reason(one) for one in told), strict=True))
    return [
        Change(
            rule,
            user,
            time,
            key,
            why.get((rule, user, time, key), None if rule in number else "it has no such rule"),
        )
        for rule, user, time, key in places
    ]


def _when(change: Change | Move) -> list[str | None]:
    return [shown(change.time), shown(change.to)] if isinstance(change, Move) else [shown(change.time)]


def _reason(explanation: object) -> str:
    from alcedo._explain import Explanation  # noqa: PLC0415

    assert isinstance(explanation, Explanation)
    missing = [line.split(maxsplit=1)[1] for line in explanation.page if line.split()[:1] == ["no"]]
    missing = [" ".join(line.split()) for line in missing]
    # What the verdict says is not said twice: a gate's line is its name and the verdict's words.
    missing = [line for line in missing if line.partition(" ")[2] not in explanation.verdict]
    return "; ".join([explanation.verdict, *missing[:2]])
