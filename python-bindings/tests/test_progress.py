"""How far a run is, in a terminal and in a notebook: shown while it lasts, and gone after it."""

from __future__ import annotations

import io
import sys

import pytest

import alcedo
from alcedo import _progress, count, event, rule

RULE = rule("looks").when(count("view") >= 2).on(event("view"))
LOG = [{"user": f"u{n % 9}", "type": "view", "time": n} for n in range(20_000)]


class Terminal(io.StringIO):
    """Somebody looks at it."""

    def isatty(self) -> bool:
        return True


class Shown:
    """What a notebook holds in one place."""

    def __init__(self, places: list[dict[str, str]], data: dict[str, str]) -> None:
        self._places, self._at = places, len(places)
        places.append(dict(data))
        self.seen = [data]

    def update(self, data: dict[str, str], *, raw: bool) -> None:
        assert raw
        self._places[self._at] = dict(data)
        self.seen.append(data)


def test_a_terminal_shows_a_line_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(_progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    alcedo.backtest(RULE, LOG)
    lines = terminal.getvalue().split("\r")
    assert any("judging users, 20,000 events 100%" in line for line in lines)
    assert lines[-1] == "\x1b[K", "the line is empty again"
    terminal.truncate(0)
    alcedo.backtest(RULE, LOG, progress=False)
    assert terminal.getvalue() == ""


def test_a_run_that_is_done_at_once_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(_progress, "_PATIENCE", 3600.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    alcedo.backtest(RULE, LOG)
    assert terminal.getvalue() == ""


def test_a_notebook_shows_a_bar_in_one_place_and_empties_it(monkeypatch: pytest.MonkeyPatch) -> None:
    places: list[dict[str, str]] = []
    handles: list[Shown] = []

    def display(data: dict[str, str], *, raw: bool, display_id: bool) -> Shown:
        assert raw and display_id
        handles.append(Shown(places, data))
        return handles[-1]

    import IPython.display as display_module  # noqa: PLC0415

    monkeypatch.setattr(_progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(_progress, "_notebook", lambda: True)
    monkeypatch.setattr(display_module, "display", display)
    alcedo.backtest(RULE, LOG)
    assert len(handles) == 1
    last = handles[0].seen[-2]
    assert last["text/html"] == "<progress value=1.000 max=1></progress> judging users, 20,000 events 100%"
    assert last["text/plain"] == "judging users, 20,000 events 100%"
    # What is left in a saved notebook.
    assert places == [{"text/html": "", "text/plain": ""}]
