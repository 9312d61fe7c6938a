"""Small pieces of HTML for notebooks; everything that comes from outside is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def text(value: object) -> str:
    """Text in HTML."""
    return escape("" if value is None else str(value))


def code(value: str) -> str:
    """Code that may scroll."""
    return (
        f'<pre style="max-height:24em;overflow:auto;white-space:pre-wrap;margin:.4em 0">{text(value)}</pre>'
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[int] = ()) -> str:
    """A table; the columns `numbers` are set to the right."""
    right = set(numbers)

    def cell(tag: str, at: int, value: object) -> str:
        side = "right" if at in right else "left"
        shown = f"{value:,}" if isinstance(value, int) else value
        return f'<{tag} style="text-align:{side};padding:.15em .6em">{text(shown)}</{tag}>'

    heads = "".join(cell("th", at, name) for at, name in enumerate(head))
    body = "".join(
        "<tr>" + "".join(cell("td", at, value) for at, value in enumerate(row)) + "</tr>" for row in rows
    )
    whole = f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
    return f'<table style="border-collapse:collapse">{whole}</table>'


def bar(part: float) -> str:
    """A bar of a share between 0 and 1, in text: it prints, and reads without colour."""
    full = round(max(0.0, min(1.0, part)) * 20)
    return "█" * full + "░" * (20 - full)
