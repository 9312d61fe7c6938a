"""Pictures, drawn to be read in grey print too: shapes and hatches tell things apart, colours only help."""

from __future__ import annotations

import textwrap
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from alcedo._derive import words
from alcedo._errors import AlcedoError
from alcedo._explain import Explanation
from alcedo._rule import Rule
from alcedo._time import length, to_datetime

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from alcedo._tables import Funnel, Rate

MARKS = 200
"""Most events of a time line, the last ones."""
_DARK, _MIDDLE, _LIGHT = "#1b4965", "#5b8fb9", "#cfdde8"
_SHAPES = "osD^vP*Xhp"


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError:
        raise AlcedoError("pictures need matplotlib (pip install 'alcedo[plot]')") from None

    class Picture(Figure):
        """A figure that a notebook shows, though pyplot does not know of it."""

        def _repr_png_(self) -> bytes:
            out = BytesIO()
            self.savefig(out, format="png", dpi=100)
            return out.getvalue()

    figure = Picture(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _short(label: str, width: int = 44) -> str:
    return "\n".join(textwrap.wrap(label, width, max_lines=3, placeholder=" ..."))


def funnel(rows: Funnel) -> Figure:
    """Bars, the widest on top."""
    labels = [_short(step.step) for step in rows.steps]
    lines = sum(label.count("\n") + 1 for label in labels)
    figure, axes = _figure(8, 1.0 + 0.25 * lines + 0.3 * len(labels))
    users = [step.users for step in rows.steps]
    whole = max(1, users[0])
    places = range(len(users))
    colours = [_LIGHT] + [_MIDDLE] * (len(users) - 2) + [_DARK]
    axes.barh(places, users, color=colours[: len(users)], edgecolor=_DARK, height=0.7)
    for place, count in zip(places, users, strict=True):
        axes.annotate(
            f" {count:,}  ({count / whole:.1%})",
            (count, place),
            va="center",
            ha="left",
            annotation_clip=False,
        )
    axes.set_yticks(list(places), labels)
    axes.set_xlim(0, whole * 1.28)
    axes.invert_yaxis()
    axes.set_xlabel("users")
    axes.set_title(_short(rows.rule, 70), loc="left")
    return figure


def rate(rows: Rate) -> Figure:
    """Steps over time."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415

    figure, axes = _figure(9, 3.2)
    times: list[Any] = [at for at, _ in rows.rows]
    counts = [count for _, count in rows.rows]
    if times:
        step = timedelta(milliseconds=length(rows.every))
        axes.stairs(counts, [*times, times[-1] + step], fill=True, color=_MIDDLE, edgecolor=_DARK)  # type: ignore[arg-type,unused-ignore]
        locator = AutoDateLocator()
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"matches per {rows.every}")
    axes.set_xlabel("UTC")
    axes.set_title(f"{rows.rule}: {sum(counts):,} matches", loc="left")
    return figure


def _windows(rule: Rule) -> dict[str, int]:
    """Sliding windows of the rule's measures, ms."""
    found = {}
    for name, measure in rule.to_dict().get("measures", {}).items():
        window = measure.get("window")
        if isinstance(window, dict) and "last" in window:
            found[name] = length(window["last"])
    return found


def time_line(rule: Rule, user: str, whole: Explanation, told: dict[int, Explanation]) -> Figure:
    """One row per type of event; above them when the rule fired; below, condition by condition, whether
    each held once an event was taken in; of the last firing the windows that it looked at. `told`:
    explanations by Unix ms.
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter  # noqa: PLC0415

    events = whole.events[-MARKS:]
    kinds = list(dict.fromkeys(kind for _, kind in events))
    lines = _conditions(told)
    rows = [*kinds, "fired", *lines]
    figure, axes = _figure(10, 1.4 + 0.36 * len(rows))
    place = {name: at for at, name in enumerate(rows)}
    for at, kind in enumerate(kinds):
        own: list[Any] = [time for time, other in events if other == kind]
        axes.plot(
            own,
            [place[kind]] * len(own),
            _SHAPES[at % len(_SHAPES)],
            color=_DARK,
            markersize=6,
            linestyle="none",
        )
    since = events[0][0] if events else None
    fired: list[Any] = [time for time in whole.fired if since is None or time >= since]
    axes.plot(fired, [place["fired"]] * len(fired), "*", color="black", markersize=15, linestyle="none")
    for label, held in lines.items():
        for time, holds in held:
            at_time: Any = to_datetime(time)
            axes.plot(
                [at_time],
                [place[label]],
                "o" if holds else "x",
                color=_DARK if holds else "#8a8a8a",
                markersize=6,
            )
    _draw_windows(axes, rule, fired, len(rows))
    axes.set_yticks(range(len(rows)), [_short(row, 38) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axhline(len(kinds) - 0.5, color="#b0b0b0", linewidth=0.8)
    axes.axhline(len(kinds) + 0.5, color="#b0b0b0", linewidth=0.8)
    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.margins(x=0.04)
    axes.set_xlabel("UTC      ★ fired    ● the condition held    × it did not")
    axes.set_title(f"{_short(rule.name, 60)}: user {user}", loc="left")
    return figure


def _draw_windows(axes: Axes, rule: Rule, fired: list[Any], rows: int) -> None:
    """Those of the last firing, one under the other."""
    if not fired:
        return
    for at, (name, ms) in enumerate(sorted(_windows(rule).items(), key=lambda one: -one[1])):
        begin: Any = fired[-1] - timedelta(milliseconds=ms)
        hatch = ("//", "\\\\", "..")[at % 3]
        axes.axvspan(
            begin, fired[-1], facecolor=_LIGHT, alpha=0.6, hatch=hatch, edgecolor="#9db4c4", zorder=0
        )
        axes.annotate(
            f"window of {name}",
            (begin, rows - 0.5 - 0.35 * at),
            fontsize=8,
            va="bottom",
            annotation_clip=False,
        )


def _conditions(told: dict[int, Explanation]) -> dict[str, list[tuple[int, bool]]]:
    """Per comparison, when it held; of correlated rules for the correlation value told first."""
    found: dict[str, list[tuple[int, bool]]] = {}

    def walk(node: dict[str, Any], time: int) -> None:
        for part in node.get("parts", []):
            walk(part, time)
        sides = node.get("sides", [])
        if len(sides) == 2:
            label = words({node["kind"]: [side["operand"] for side in sides]})
            found.setdefault(label, []).append((time, node["holds"]))

    for time, explanation in sorted(told.items()):
        content = explanation.to_dict()
        for case in (content or {}).get("cases", [])[:1]:
            if case["condition"]:
                walk(case["condition"], time)
    return found
