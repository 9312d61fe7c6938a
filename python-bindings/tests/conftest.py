"""What several tests use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def views() -> dict[str, Any]:
    """Three views of one item in ten minutes."""
    return {
        "id": "again",
        "revision": 1,
        "measures": {"views": {"count": {"event": "view"}, "window": {"last": "10m"}, "by": ["item"]}},
        "when": {"ge": [{"measure": "views"}, 3]},
    }


@pytest.fixture
def log() -> list[dict[str, Any]]:
    """Six users, the n-th of whom looks n times at an item, and buys where n is even."""
    events = [
        {"user": f"u{n}", "type": "view", "time": 60_000 * look + n, "item": n % 2, "price": 2.5 * look}
        for n in range(1, 7)
        for look in range(n)
    ]
    events += [
        {"user": f"u{n}", "type": "buy", "time": 500_000 + n, "item": 0, "price": 9.0} for n in (2, 4, 6)
    ]
    return sorted(events, key=lambda event: event["time"])
