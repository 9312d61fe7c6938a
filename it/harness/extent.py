"""How far the proofs go: the short form of `make it` unless the environment says more (`make soak` does)."""

import os
import time
from dataclasses import dataclass


def _number(name: str, short: int) -> int:
    text = os.environ.get(name, "")
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise SystemExit(f"{name}={text}: it must be a whole number above 0")
    return int(text or short)


@dataclass(frozen=True)
class Extent:
    """Read once; SEED gives the log, and the moments of the kills."""

    seed: int = _number("SEED", 7)
    events: int = _number("EVENTS", 500_000)
    # TaskManagers that are killed; JobManagers and brokers come in between.
    kills: int = _number("KILLS", 3)
    # Jobs submitted and cancelled one after the other in one TaskManager.
    cycles: int = _number("CYCLES", 10)
    # Sets of rules that follow each other under load.
    changes: int = _number("CHANGES", 1000)
    # Seconds for which nobody takes matches.
    away: int = _number("AWAY", 60)
    # After so long kills go no further, and cycles after half of it: what was reached is compared, and told.
    minutes: int = _number("MINUTES", 24 * 60)


EXTENT = Extent()
_BEGAN = time.monotonic()


def time_is_up(part: float = 1) -> bool:
    """Whether this run has taken the MINUTES that it may, or this part of them."""
    return time.monotonic() - _BEGAN > EXTENT.minutes * 60 * part
