"""Why a rule fires for a user, or does not, at a moment."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from alcedo import _html
from alcedo._time import to_datetime


class Explanation:
    """What stands in a rule's way for one user, with present values and targets. Printing it gives the
    whole page.
    """

    def __init__(self, told: str) -> None:
        self._told: dict[str, Any] = json.loads(told)

    @property
    def verdict(self) -> str:
        """The answer in one sentence."""
        return str(self._told["verdict"] or "the rule does not run in this revision")

    @property
    def page(self) -> list[str]:
        """All of it, line by line."""
        return list(self._told["page"]) or [self.verdict]

    @property
    def at(self) -> datetime:
        """The moment that is explained, UTC."""
        return to_datetime(self._told["at"])

    @property
    def fired(self) -> list[datetime]:
        """When the rule fired for this user until then, UTC."""
        return [to_datetime(one["time"]) for one in self._told["matches"]]

    @property
    def events(self) -> list[tuple[datetime, str]]:
        """When the user's events until then were, UTC, and their types."""
        return [(to_datetime(time), kind) for time, kind in self._told.get("seen", [])]

    @property
    def measures(self) -> dict[str, Any]:
        """Every measure's value at that moment; of a correlated rule for the correlation value told first."""
        cases = (self._told["explanation"] or {}).get("cases", [])
        return {one["name"]: one["value"] for one in cases[0]["measures"]} if cases else {}

    def after(self, ms: int) -> Explanation:
        """The same without events and firings before a moment (Unix ms)."""
        shorter = {
            "matches": [one for one in self._told["matches"] if one["time"] >= ms],
            "seen": [one for one in self._told["seen"] if one[0] >= ms],
        }
        return Explanation(json.dumps(self._told | shorter))

    def to_dict(self) -> dict[str, Any] | None:
        """The engine's explanation: keys and parameters, for programs. None if the rule does not run."""
        found: dict[str, Any] | None = self._told["explanation"]
        return found

    def __str__(self) -> str:
        return "\n".join(self.page)

    def __repr__(self) -> str:
        return f"Explanation({self.verdict!r})"

    def _repr_html_(self) -> str:
        return f"<div><b>{_html.text(self.verdict)}</b>{_html.code(str(self))}</div>"
