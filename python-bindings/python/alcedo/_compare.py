"""Two runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from alcedo import _html
from alcedo._time import shown

if TYPE_CHECKING:
    from alcedo._backtest import Backtest


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


class Comparison:
    """What the second run gains and loses against the first."""

    def __init__(
        self, gained: list[Change], lost: list[Change], kept: int, users: tuple[set[str], set[str]]
    ) -> None:
        self.gained, self.lost, self.kept = gained, lost, kept
        self.gained_users, self.lost_users = users[1] - users[0], users[0] - users[1]

    def __repr__(self) -> str:
        return (
            f"Comparison({self.kept:,} kept, {len(self.gained):,} gained, {len(self.lost):,} lost; "
            f"{len(self.gained_users):,} users gained, {len(self.lost_users):,} lost)"
        )

    def _repr_html_(self) -> str:
        def part(title: str, changes: list[Change]) -> str:
            told = [one for one in changes if one.reason is not None][:10]
            rows = [[shown(one.time), one.user, one.rule, one.reason] for one in told]
            table = (
                _html.table(["time (UTC)", "user", "rule", "why the other run did not"], rows) if rows else ""
            )
            return f"<p><b>{title} {len(changes):,}</b></p>{table}"

        users = f"users: {len(self.gained_users):,} gained, {len(self.lost_users):,} lost"
        head = f"<b>{self.kept:,} matches in both</b>; {users}"
        return f"<div>{head}{part('gained', self.gained)}{part('lost', self.lost)}</div>"


def compared(one: Backtest, other: Backtest, reasons: int) -> Comparison:
    """Compares by (rule, user, time, correlation value)."""
    places = [
        {(rule, user, time, key) for rule, user, time, _, key in run.matches.places()} for run in (one, other)
    ]
    users = ({user for _, user, *_ in places[0]}, {user for _, user, *_ in places[1]})
    gained = _reasoned(one, sorted(places[1] - places[0], key=_order), reasons)
    lost = _reasoned(other, sorted(places[0] - places[1], key=_order), reasons)
    return Comparison(gained, lost, len(places[0] & places[1]), users)


def _order(place: tuple[str, str, int, str | None]) -> tuple[int, str, str, str]:
    rule, user, time, key = place
    return (time, user, rule, key or "")


def _reasoned(run: Backtest, places: list[tuple[str, str, int, str | None]], reasons: int) -> list[Change]:
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


def _reason(explanation: object) -> str:
    from alcedo._explain import Explanation  # noqa: PLC0415

    assert isinstance(explanation, Explanation)
    missing = [line.split(maxsplit=1)[1] for line in explanation.page if line.split()[:1] == ["no"]]
    missing = [" ".join(line.split()) for line in missing]
    # What the verdict says is not said twice: a gate's line is its name and the verdict's words.
    missing = [line for line in missing if line.partition(" ")[2] not in explanation.verdict]
    return "; ".join([explanation.verdict, *missing[:2]])
