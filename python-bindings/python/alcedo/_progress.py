"""How far a run is: a line in a terminal, a bar in a notebook."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

_SHARDS = 64
"""Parts into which users are dealt out."""
_PATIENCE = 0.5
"""Seconds after which somebody wants to know."""


def _notebook() -> bool:
    shell: Any = sys.modules.get("IPython")
    if shell is None:
        return False
    now: Any = shell.get_ipython()
    return now is not None and type(now).__name__ == "ZMQInteractiveShell"


class Progress:
    """Shows nothing of what is done at once; takes away what it showed."""

    def __init__(self, wanted: bool, records: int | None, size: int | None) -> None:
        self._records, self._size = records, size
        self._started = time.monotonic()
        self._notebook = wanted and _notebook()
        self._wanted = self._notebook or (wanted and sys.stderr.isatty())
        self._display: Any = None
        self._shown = False

    @property
    def callback(self) -> Callable[[int, int, int], None] | None:
        """What the extension calls; none where nobody looks."""
        return self._tell if self._wanted else None

    def _tell(self, records: int, size: int, shards: int) -> None:
        if time.monotonic() - self._started < _PATIENCE:
            return
        if shards:
            part: float | None = min(1.0, shards / _SHARDS)
            words = f"judging users, {records:,} events"
        else:
            whole, now = (self._records, records) if self._records else (self._size, size)
            part = min(1.0, now / whole) if whole else None
            words = f"reading, {records:,} events"
        self._show(words, part)

    def _show(self, words: str, part: float | None) -> None:
        share = "" if part is None else f" {part:4.0%}"
        if self._notebook:
            value = "" if part is None else f"value={part:.3f}"
            self._show_html(f"<progress {value} max=1></progress> {words}{share}", f"{words}{share}")
            return
        sys.stderr.write(f"\r{words}{share}\x1b[K")
        sys.stderr.flush()
        self._shown = True

    def _show_html(self, html: str, text: str) -> None:
        from IPython.display import display  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415

        # The text too: a saved notebook is also read where nothing shows HTML.
        both = {"text/html": html, "text/plain": text}
        if self._display is None:
            self._display = display(both, raw=True, display_id=True)
        else:
            self._display.update(both, raw=True)

    def clear(self) -> None:
        """Takes it away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        if self._display is not None:
            self._show_html("", "")
