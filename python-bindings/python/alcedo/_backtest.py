"""Rules over history."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from alcedo import _html, _native
from alcedo._compare import Comparison, compared
from alcedo._derive import steps_of, weaker
from alcedo._errors import AlcedoWarning, InputError, failures
from alcedo._events import EventsLike, given
from alcedo._explain import Explanation
from alcedo._inputs import (
    MappingLike,
    TagsLike,
    audiences_of,
    columns_of,
    count_of,
    mapping_of,
    positions_of,
    tags_of,
    user_of,
)
from alcedo._matches import Matches
from alcedo._progress import Progress
from alcedo._rule import Rule, RulesLike, rules_of
from alcedo._tables import Funnel, FunnelStep, NearMiss, NearMisses, Rate
from alcedo._time import Moment, length, shown, to_ms

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_PIECES = 1_000_000
"""Pieces of time in a rate at most: a matter of memory, not of looks."""


def backtest(
    rules: RulesLike,
    events: EventsLike,
    *,
    mapping: MappingLike | None = None,
    tags: TagsLike | None = None,
    audiences: Mapping[str, Iterable[str]] | None = None,
    until: Moment | None = None,
    end_of_input: Literal["hold", "fire"] = "hold",
    unsorted: Literal["sort", "refuse"] = "sort",
    dedupe: int = 0,
    exclude: Iterable[int] = (),
    columns: Mapping[str, str] | None = None,
    keep_bad: bool = False,
    threads: int | None = None,
    memory: int | None = None,
    progress: bool = True,
) -> Backtest:
    """What rules would have done over these events.

    `rules`: a Rule, a draft, a dict, JSON text, a path, or several. `events`: a path (Parquet, JSON lines,
    .csv, .tsv), a table (polars, pandas, pyarrow, DuckDB, anything with an Arrow stream), or dicts.
    `mapping` says where user, type, time and id are: `{"user": "customer", "type": "event", "time": "at"}`.

    `tags` and `audiences` say whom rules with an audience mean. `until` ends the input at a moment: events
    and deadlines up to it happen, nothing later. Without it, `end_of_input` says what happens to deadlines
    that are still open then.

    `unsorted="sort"` takes events in any order and keeps what rules read of them in memory where it must;
    with "refuse" memory stays bounded. `memory`: bytes of a round of the input, 1 GiB unless given.
    `dedupe` drops an event whose id is among those of its user's last so many. `exclude`: positions of
    records that are no part of the input. `columns`: types of the columns of separated values. `keep_bad`
    keeps the records that cannot be read.

    The result is the same for any number of `threads`, which is one a core unless given. Ctrl-C stops it.

    Raises RuleError, UnsortedError, InputError; their base is AlcedoError.
    """
    if end_of_input not in ("hold", "fire"):
        raise InputError(f'end_of_input is "hold" or "fire", not {end_of_input!r}')
    if unsorted not in ("sort", "refuse"):
        raise InputError(f'unsorted is "sort" or "refuse", not {unsorted!r}')
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    settings = {
        "mapping": mapping_of(mapping),
        "until": None if until is None else to_ms(until),
        "fire": end_of_input == "fire",
        "dedupe": count_of("dedupe", dedupe, 0),
        "threads": cores if threads is None else count_of("threads", threads, 1),
        "refuse_unsorted": unsorted == "refuse",
        "memory": None if memory is None else count_of("memory", memory, 1),
        "columns": columns_of(columns),
        "exclude": positions_of(exclude),
        "keep_bad": keep_bad,
    }
    inputs = _Inputs(events, settings, tags_of(tags), audiences_of(audiences), progress)
    return Backtest(rules_of(rules), inputs)


class _Inputs:
    """All that a run needs beside rules: runs that look closer use it again."""

    def __init__(
        self,
        events: EventsLike,
        settings: dict[str, Any],
        tags: list[str] | None,
        audiences: dict[str, list[str]],
        progress: bool,
    ) -> None:
        self.events = given(events)
        self.settings, self.tags, self.audiences, self.progress = settings, tags, audiences, progress

    def run(self, rules: list[Rule]) -> tuple[Matches, dict[str, Any], list[dict[str, Any]]]:
        """Judges the events by rules."""
        shown = Progress(self.progress, self.events.records, self.events.size)
        try:
            with failures():
                native, counters, bad = _native.backtest(
                    [one.to_json() for one in rules],
                    self.events[:3],
                    json.dumps(self.settings),
                    (self.tags, self.audiences),
                    shown.callback,
                )
        finally:
            shown.clear()
        return Matches(native), json.loads(counters), json.loads(bad)

    def explain(self, rules: list[Rule], asks: list[tuple[int, str, int | None]]) -> list[Explanation]:
        """Answers questions, in one pass over the events."""
        shown = Progress(self.progress, self.events.records, self.events.size)
        try:
            with failures():
                told = _native.explain(
                    [one.to_json() for one in rules],
                    asks,
                    self.events[:3],
                    json.dumps(self.settings),
                    (self.tags, self.audiences),
                    shown.callback,
                )
        finally:
            shown.clear()
        return [Explanation(one) for one in told]


class Backtest:
    """What rules did over history, and why. What looks closer (funnel, near_misses, explain, compare) reads
    the events again.
    """

    def __init__(self, rules: list[Rule], inputs: _Inputs) -> None:
        self._inputs = inputs
        self.matches, self.counters, self.bad = inputs.run(rules)
        doubt = self.counters.pop("doubt")
        if doubt is not None:
            warnings.warn(doubt, AlcedoWarning, stacklevel=3)
        newest: dict[str, Rule] = {}
        for one in rules:
            if one.id not in newest or one.revision > newest[one.id].revision:
                newest[one.id] = one
        self.rules = list(newest.values())

    def rule(self, rule: str | Rule | None = None) -> Rule:
        """A rule of this run by its id; it may be left out where there is only one."""
        name = rule.id if isinstance(rule, Rule) else rule
        found = [one for one in self.rules if name in (None, one.id)]
        if len(found) != 1:
            known = ", ".join(one.id for one in self.rules)
            raise InputError(f"name one of the rules of this run ({known})")
        return found[0]

    def funnel(self, rule: str | Rule | None = None) -> Funnel:
        """How many users came how far: with each condition of the rule, together with those before it."""
        chosen = self.rule(rule)
        steps = steps_of(chosen)
        derived, _, _ = self._inputs.run([one for _, one in steps])
        fired: dict[str, set[str]] = {}
        for name, user, *_ in derived.places():
            fired.setdefault(name, set()).add(user)
        rows = [FunnelStep("users with events", int(self.counters["users"]))]
        rows += [FunnelStep(label, len(fired.get(one.id, ()))) for label, one in steps]
        rows.append(FunnelStep("fired", len(self.matches.users(chosen.id))))
        return Funnel(chosen.name, rows)

    def rate(self, rule: str | Rule | None = None, every: str = "1h") -> Rate:
        """How many matches in each piece of time, from the first to the last, UTC."""
        chosen, step = self.rule(rule), length(every)
        counted: dict[int, int] = {}
        for name, _, time, *_ in self.matches.places():
            if name == chosen.id:
                start = time - time % step
                counted[start] = counted.get(start, 0) + 1
        pieces = range(min(counted), max(counted) + 1, step) if counted else range(0)
        if len(pieces) > _PIECES:
            raise InputError(
                f'every="{every}" makes {len(pieces):,} pieces of time, above the limit of {_PIECES:,} '
                "(give a longer one)"
            )
        return Rate(chosen.name, every, [(at, counted.get(at, 0)) for at in pieces])

    def explain(self, user: str, rule: str | Rule | None = None, at: Moment | None = None) -> Explanation:
        """Why a rule fires for a user, or does not, once all up to a moment has happened; at the end unless
        given.
        """
        ask = (0, user_of(user), None if at is None else to_ms(at))
        return self._inputs.explain([self.rule(rule)], [ask])[0]

    def compare(self, other: Backtest, reasons: int = 20, moved_within: str = "1d") -> Comparison:
        """What `other`, a run of changed rules over the same events, gains and loses against this one. A
        match is the same where rule, user, time and correlation value are; it moved where only the times
        differ, by no more than `moved_within`. The first `reasons` of each get a reason.
        """
        # The types say that nothing else comes; people write without a checker.
        if not isinstance(other, Backtest):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InputError(f"{type(other).__name__} is no result of a backtest (compare with one)")
        return compared(self, other, count_of("reasons", reasons, 0), length(moved_within))

    def near_misses(self, rule: str | Rule | None = None, limit: int = 1000) -> NearMisses:
        """Users for whom the rule never fired, nearest first: those who lacked one condition only, with the
        best value that they reached while all others held.
        """
        chosen, limit = self.rule(rule), count_of("limit", limit, 0)
        attempts = weaker(chosen)
        fired = self.matches.users(chosen.id)
        derived, _, _ = self._inputs.run([one.rule for one in attempts]) if attempts else (None, None, None)
        by_id = {one.rule.id: one for one in attempts}
        best: dict[str, NearMiss] = {}
        for name, user, time, *_ in derived.places() if derived is not None else []:
            attempt = by_id[name]
            miss = NearMiss(user, attempt.distance, attempt.condition, attempt.reached, attempt.target, time)
            if user not in fired and (user not in best or miss.distance < best[user].distance):
                best[user] = miss
        rows = sorted(best.values(), key=lambda miss: (miss.distance, miss.user))
        return NearMisses(chosen.name, rows[:limit], len(rows))

    def plot_funnel(self, rule: str | Rule | None = None) -> Figure:
        """The funnel as a picture (needs `alcedo[plot]`)."""
        return self.funnel(rule).plot()

    def plot_rate(self, rule: str | Rule | None = None, every: str = "1h") -> Figure:
        """Matches over time as a picture (needs `alcedo[plot]`)."""
        return self.rate(rule, every).plot()

    def plot_user(
        self,
        user: str,
        rule: str | Rule | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
    ) -> Figure:
        """A user's time line: events, windows, matches, and why it did not fire (needs `alcedo[plot]`). From
        `since` to `until`, both shown; from the first event to the last unless given.
        """
        from alcedo import _plot  # noqa: PLC0415

        chosen, user = self.rule(rule), user_of(user)
        whole = self._inputs.explain([chosen], [(0, user, None if until is None else to_ms(until))])[0]
        if since is not None:
            whole = whole.after(to_ms(since))
        times = sorted({to_ms(time) for time, _ in whole.events})[-_plot.MARKS :]
        fired = {to_ms(time) for time in whole.fired}
        asked = [time for time in times if time not in fired]
        told = self._inputs.explain([chosen], [(0, user, time) for time in asked]) if asked else []
        return _plot.time_line(chosen, user, whole, dict(zip(asked, told, strict=True)))

    def __repr__(self) -> str:
        return (
            f"Backtest({len(self.matches):,} matches, {self.counters['events']:,} events of "
            f"{self.counters['users']:,} users{_left_out(self.counters)})"
        )

    def _repr_html_(self) -> str:
        places = self.matches.places()
        rows = []
        for one in self.rules:
            own = [(user, time) for name, user, time, *_ in places if name == one.id]
            first, last = (own[0][1], own[-1][1]) if own else (None, None)
            rows.append(
                [one.name, one.id, len(own), len({user for user, _ in own}), shown(first), shown(last)]
            )
        table = _html.table(["rule", "id", "matches", "users", "first (UTC)", "last (UTC)"], rows, [2, 3])
        words = f"{self.counters['events']:,} events of {self.counters['users']:,} users"
        return f"<div>{_html.text(words + _left_out(self.counters))}{table}</div>"


def _left_out(counters: Mapping[str, Any]) -> str:
    """Which records were no part of the run, and what is not exact; nothing where there is nothing to say."""
    words = ""
    if bad := sum(counters["bad"].values()):
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in sorted(counters["bad"].items()))
        words += f"; {bad:,} records cannot be read: {reasons}"
    for name, told in _LEFT_OUT.items():
        if counters[name]:
            words += f"; {counters[name]:,} {told}"
    return words


_LEFT_OUT = {
    "repeated": "repeats of an id left out",
    "excluded": "left out as asked",
    "beyond": "later than until",
    "dropped": "values dropped by bounds of measures (max_keys, max_open)",
}
"""Counters of what a reader of the result should know of, in words."""
