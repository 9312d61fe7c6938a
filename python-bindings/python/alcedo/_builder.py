"""Rules written as a sentence: `rule("cart").when(count("view", last="10m", by="item") >=
3).on(event("view"))`.

Everything here only writes the JSON of docs/rules/syntax.md; the engine says whether it is a rule.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from alcedo._errors import InputError
from alcedo._rule import Rule

Constant: TypeAlias = "bool | int | float | str | list[Any] | tuple[Any, ...]"
_UNITS = (("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))


class Operand:
    """Something that has a value; comparing it gives a condition."""

    def __init__(self, write: Any) -> None:
        self._write = write

    def json(self, names: _Names) -> Any:
        """Its JSON; measures get their names from `names`."""
        return self._write(names)

    def _with(self, kind: str, other: object, turned: bool = False) -> Operand:
        sides = (_operand(other), self) if turned else (self, _operand(other))
        return Operand(lambda names: {kind: [sides[0].json(names), sides[1].json(names)]})

    def _compared(self, kind: str, other: object) -> Condition:
        right = _operand(other)
        return Condition(lambda names: {kind: [self.json(names), right.json(names)]})

    def __add__(self, other: object) -> Operand:
        return self._with("add", other)

    def __radd__(self, other: object) -> Operand:
        return self._with("add", other, turned=True)

    def __sub__(self, other: object) -> Operand:
        return self._with("sub", other)

    def __rsub__(self, other: object) -> Operand:
        return self._with("sub", other, turned=True)

    def __mul__(self, other: object) -> Operand:
        return self._with("mul", other)

    def __rmul__(self, other: object) -> Operand:
        return self._with("mul", other, turned=True)

    def __truediv__(self, other: object) -> Operand:
        return self._with("div", other)

    def __rtruediv__(self, other: object) -> Operand:
        return self._with("div", other, turned=True)

    def __ge__(self, other: object) -> Condition:
        return self._compared("ge", other)

    def __gt__(self, other: object) -> Condition:
        return self._compared("gt", other)

    def __le__(self, other: object) -> Condition:
        return self._compared("le", other)

    def __lt__(self, other: object) -> Condition:
        return self._compared("lt", other)

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared("eq", other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared("ne", other)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise InputError(
            "a condition of a rule is neither true nor false here (write & for and, | for or, ~ for not)"
        )

    def contains(self, other: object) -> Condition:
        """A list that has it, or a text that has it in it."""
        return self._compared("contains", other)

    def starts_with(self, other: object) -> Condition:
        """A text that begins so."""
        return self._compared("starts_with", other)

    def ends_with(self, other: object) -> Condition:
        """A text that ends so."""
        return self._compared("ends_with", other)

    def matches(self, pattern: str) -> Condition:
        """A text in which the regular expression is found."""
        return self._compared("matches", pattern)

    def is_in(self, values: list[Any] | tuple[Any, ...]) -> Condition:
        """One of the values."""
        return self._compared("in", list(values))

    def exists(self) -> Condition:
        """It has a value."""
        return Condition(lambda names: {"exists": self.json(names)})


class Condition:
    """What holds or does not: combined by `&`, `|` and `~`."""

    def __init__(self, write: Any) -> None:
        self._write = write

    def json(self, names: _Names) -> Any:
        """Its JSON; measures get their names from `names`."""
        return self._write(names)

    def _joined(self, kind: str, other: Condition) -> Condition:
        def write(names: _Names) -> Any:
            sides = [self.json(names), other.json(names)]
            return {kind: [one for side in sides for one in (side[kind] if kind in side else [side])]}

        return Condition(write)

    def __and__(self, other: Condition) -> Condition:
        return self._joined("all", other)

    def __or__(self, other: Condition) -> Condition:
        return self._joined("any", other)

    def __invert__(self) -> Condition:
        return Condition(lambda names: {"not": self.json(names)})

    def __bool__(self) -> bool:
        raise InputError(
            "a condition of a rule is neither true nor false here (write & for and, | for or, ~ for not)"
        )


class Pattern:
    """Which events are meant."""

    def __init__(
        self, kinds: tuple[str, ...], where: Condition | None = None, extra: dict[str, Any] | None = None
    ) -> None:
        self._kinds, self._where, self._extra = kinds, where, extra or {}

    def where(self, condition: Condition) -> Pattern:
        """Of those the ones whose properties are so."""
        both = condition if self._where is None else self._where & condition
        return Pattern(self._kinds, both, self._extra)

    def json(self) -> dict[str, Any]:
        """Its JSON."""
        found: dict[str, Any] = {}
        if self._kinds:
            found["event"] = self._kinds[0] if len(self._kinds) == 1 else list(self._kinds)
        if self._where is not None:
            found["where"] = self._where.json(_Names())
        return found | self._extra


class Step(Pattern):
    """A step of a sequence."""


class Measure(Operand):
    """What is remembered of each user."""

    def __init__(self, content: dict[str, Any], name: str | None = None) -> None:
        self._content, self._name = content, name
        super().__init__(lambda names: {"measure": names.of(self)})

    def named(self, name: str) -> Measure:
        """The same measure under a name of its own, which shows in each match."""
        return Measure(self._content, name)

    @property
    def name(self) -> str | None:
        """The name it was given."""
        return self._name

    @property
    def content(self) -> dict[str, Any]:
        """Its JSON."""
        return self._content


class _Names:
    """Names measures; equal ones are one."""

    def __init__(self) -> None:
        self.measures: dict[str, Any] = {}
        self._known: dict[str, str] = {}

    def of(self, measure: Measure) -> str:
        """The name of a measure in the rule at hand."""
        text = json.dumps([measure.content, measure.name], sort_keys=True)
        if text not in self._known:
            wanted = measure.name or _kind(measure.content)
            free = (wanted if nth == 1 else f"{wanted}_{nth}" for nth in itertools.count(1))
            name = next(name for name in free if name not in self.measures)
            self._known[text] = name
            self.measures[name] = measure.content
        return self._known[text]


def _kind(content: dict[str, Any]) -> str:
    return next(
        name for name in content if name not in ("window", "by") and not name.startswith(("max_", "exact_"))
    )


def _operand(value: object) -> Operand:
    if isinstance(value, Operand):
        return value
    if isinstance(value, timedelta):
        return Operand(lambda _: {"duration": _duration(value)})
    if isinstance(value, datetime):
        return Operand(lambda _: {"time": value.isoformat(timespec="milliseconds")})
    if isinstance(value, bool | int | float | str):
        return Operand(lambda _: value)
    if isinstance(value, list | tuple):
        return Operand(lambda _: list(value))
    raise InputError(
        f"{type(value).__name__} is no operand of a rule (use numbers, texts, bools, lists or measures)"
    )


def _duration(value: str | timedelta) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, timedelta):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f'{value!r} is no length of time (write "10m", or give a timedelta)')
    ms = value // timedelta(milliseconds=1)
    unit, size = next((unit, size) for unit, size in _UNITS if ms % size == 0)
    return f"{ms // size}{unit}"


def _moment(value: str | datetime) -> str:
    if not isinstance(value, str | datetime):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f'{value!r} is no moment (write "2024-04-01T00:00:00+08:00", or give a datetime)')
    return value if isinstance(value, str) else value.isoformat(timespec="milliseconds")


PatternLike: TypeAlias = "Pattern | str | list[str] | tuple[str, ...]"


def _pattern(given: PatternLike) -> dict[str, Any]:
    return _as_pattern(given).json()


def _as_pattern(given: PatternLike) -> Pattern:
    if isinstance(given, Pattern):
        return given
    if isinstance(given, str):
        return event(given)
    if isinstance(given, list | tuple):  # pyright: ignore[reportUnnecessaryIsInstance]
        return event(*given)
    raise InputError(f"{given!r} picks no events (give a type of event, several in a list, or event(..))")


def event(*kinds: str) -> Pattern:
    """Events of these types; of any type where none is named."""
    return Pattern(kinds)


def step(
    pattern: PatternLike,
    *,
    min_gap: str | timedelta | None = None,
    max_gap: str | timedelta | None = None,
    without: PatternLike | None = None,
) -> Step:
    """A step of a sequence, with bounds on the time since the step before it."""
    extra: dict[str, Any] = {}
    if min_gap is not None:
        extra["min_gap"] = _duration(min_gap)
    if max_gap is not None:
        extra["max_gap"] = _duration(max_gap)
    if without is not None:
        extra["without"] = _pattern(without)
    base = _as_pattern(pattern)
    return Step(base._kinds, base._where, extra)  # pyright: ignore[reportPrivateUsage]


def prop(*path: str) -> Operand:
    """A property of the event: `prop("a.b")`, or `prop("a.b", "c")` where a name holds a dot."""
    written: Any = path[0] if len(path) == 1 else list(path)
    return Operand(lambda _: {"prop": written})


def now() -> Operand:
    """The user's clock, Unix ms."""
    return Operand(lambda _: {"now": True})


def _measure(
    kind: str,
    content: Any,
    *,
    last: str | timedelta | None = None,
    calendar: str | None = None,
    session: str | timedelta | None = None,
    between: tuple[str | datetime | None, str | datetime | None] | None = None,
    by: str | list[str] | None = None,
    **bounds: Any,
) -> Measure:
    windows: list[Any] = []
    if last is not None:
        windows.append({"last": _duration(last)})
    if calendar is not None:
        windows.append({"calendar": calendar})
    if session is not None:
        windows.append({"session": _duration(session)})
    if between is not None:
        ends = zip(("from", "to"), between, strict=True)
        windows.append({"between": {name: _moment(end) for name, end in ends if end is not None}})
    if len(windows) > 1:
        raise InputError("a measure has one window (give one of last, calendar, session and between)")
    written: dict[str, Any] = {kind: content}
    if windows:
        written["window"] = windows[0]
    if by is not None:
        written["by"] = [by] if isinstance(by, str) else list(by)
    return Measure(written | bounds)


def measure(content: Mapping[str, Any], name: str | None = None) -> Measure:
    """A measure written as JSON, with everything that docs/rules/syntax.md says of it."""
    return Measure(dict(content), name)


def count(of: PatternLike, **where: Any) -> Measure:
    """How many events. `last`, `calendar`, `session` or `between` bound it in time, `by` keeps one count
    per value.
    """
    return _measure("count", _pattern(of), **where)


def _valued(kind: str, value: object, of: PatternLike, where: dict[str, Any], **more: Any) -> Measure:
    operand = prop(value) if isinstance(value, str) else _operand(value)
    return _measure(kind, {"value": operand.json(_Names()), "of": _pattern(of), **more}, **where)


def sum_of(value: object, of: PatternLike, **where: Any) -> Measure:
    """The sum of a property (by its name) or an expression over events."""
    return _valued("sum", value, of, where)


def minimum(value: object, of: PatternLike, **where: Any) -> Measure:
    """The least."""
    return _valued("min", value, of, where)


def maximum(value: object, of: PatternLike, **where: Any) -> Measure:
    """The greatest."""
    return _valued("max", value, of, where)


def avg(value: object, of: PatternLike, **where: Any) -> Measure:
    """The mean."""
    return _valued("avg", value, of, where)


def first(value: object, of: PatternLike, **where: Any) -> Measure:
    """The first value."""
    return _valued("first", value, of, where)


def last(value: object, of: PatternLike, **where: Any) -> Measure:
    """The last value."""
    return _valued("last", value, of, where)


def top(value: object, of: PatternLike, k: int, take: str = "avg", **where: Any) -> Measure:
    """`avg`, `sum` or `min` of the k largest."""
    return _valued("top", value, of, where, k=k, take=take)


def distinct(value: object, of: PatternLike, up_to: int = 100, **where: Any) -> Measure:
    """How many different values, counted up to a cap."""
    return _valued("distinct", value, of, where, up_to=up_to)


def first_time(of: PatternLike, **where: Any) -> Measure:
    """When it first happened, Unix ms."""
    return _measure("first_time", _pattern(of), **where)


def last_time(of: PatternLike, **where: Any) -> Measure:
    """When it last happened, Unix ms."""
    return _measure("last_time", _pattern(of), **where)


def sequence(
    *steps: PatternLike, within: str | timedelta | None = None, strict: bool = False, **where: Any
) -> Measure:
    """How many times the steps happened in order."""
    content: dict[str, Any] = {"steps": [_pattern(one) for one in steps]}
    if within is not None:
        content["within"] = _duration(within)
    if strict:
        content["strict"] = True
    return _measure("sequence", content, **where)


def pairs(
    after: PatternLike,
    then: PatternLike,
    *,
    min_gap: str | timedelta | None = None,
    max_gap: str | timedelta | None = None,
    **where: Any,
) -> Measure:
    """How many times the one was followed by the other with such a gap."""
    content: dict[str, Any] = {"from": _pattern(after), "to": _pattern(then)}
    if min_gap is not None:
        content["min_gap"] = _duration(min_gap)
    if max_gap is not None:
        content["max_gap"] = _duration(max_gap)
    return _measure("pairs", content, **where)


def absence(after: PatternLike, no: PatternLike, within: str | timedelta, **where: Any) -> Measure:
    """How many times the one went without the other for so long."""
    return _measure(
        "absence", {"after": _pattern(after), "no": _pattern(no), "within": _duration(within)}, **where
    )


class Draft:
    """A rule on its way. Each word gives a new draft; `build` gives the rule."""

    def __init__(
        self, content: dict[str, Any], condition: Condition | None = None, rise: Measure | None = None
    ) -> None:
        self._content, self._condition, self._rise = content, condition, rise

    def _and(self, **fields: Any) -> Draft:
        return Draft(self._content | fields, self._condition, self._rise)

    def when(self, condition: Condition) -> Draft:
        """The condition; a second one must hold too."""
        if not isinstance(condition, Condition):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InputError(f'{condition!r} is no condition (write one like count("view") >= 3)')
        both = condition if self._condition is None else self._condition & condition
        return Draft(self._content, both, self._rise)

    def on(self, trigger: PatternLike) -> Draft:
        """Judged at each such event, and fires each time the condition holds."""
        return self._and(trigger={"on": _pattern(trigger)})

    def on_rise(self, measure: Measure) -> Draft:
        """Judged each time this measure goes up."""
        return Draft(self._content, self._condition, measure)

    def limit(self, times: int, per: str) -> Draft:
        """At most so many times per hour, day, week, month or life."""
        return self._and(limits=[*self._content.get("limits", []), {"times": times, "per": per}])

    def cooldown(self, pause: str | timedelta) -> Draft:
        """The shortest pause between two firings."""
        return self._and(cooldown=_duration(pause))

    def action(self, content: Mapping[str, Any]) -> Draft:
        """Handed on in each match as it is."""
        return self._and(action=dict(content))

    def to(self, audience: str) -> Draft:
        """Only for the users of this audience."""
        return self._and(audience={"id": audience})

    def time_zone(self, name: str) -> Draft:
        """Whose days, weeks and months count."""
        return self._and(time_zone=name)

    def published(self, at: str | datetime) -> Draft:
        """The moment that separates history from live events."""
        return self._and(published_at=_moment(at))

    def to_dict(self) -> dict[str, Any]:
        """Its JSON, unchecked."""
        names = _Names()
        content = dict(self._content)
        if self._condition is not None:
            content["when"] = self._condition.json(names)
        if self._rise is not None:
            content["trigger"] = {"rise": names.of(self._rise)}
        if names.measures:
            content["measures"] = names.measures
        return content

    def build(self) -> Rule:
        """The rule; RuleError where it is none."""
        return Rule.from_dict(self.to_dict())

    def _repr_html_(self) -> str:
        return self.build()._repr_html_()  # pyright: ignore[reportPrivateUsage]


def rule(id: str, name: str | None = None, revision: int = 1) -> Draft:
    """Begins a rule."""
    content: dict[str, Any] = {"id": id, "revision": revision}
    return Draft(content if name is None else content | {"name": name})
