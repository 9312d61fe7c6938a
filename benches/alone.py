"""The engine alone, on one core: its goals are figures, not ratios."""

import json
import os
import subprocess
from dataclasses import dataclass, replace

from frame import ROOT, BenchError, Spread, note

FIGURES = ("cargo", "bench", "--quiet", "--package", "alcedo-engine", "--bench", "figures", "--")


@dataclass(frozen=True)
class Figure:
    """A figure that is told, and what is to be reached; `at_most`: less is better."""

    id: str
    at: str
    unit: str
    must: float
    stretch: float | None
    at_most: bool = True


SPEED = Figure(
    "engine-speed",
    "100 rules, 1M users in memory, JSON of 214 bytes, arrival, one core",
    "M events/s",
    1.5,
    3,
    False,
)
RULES = Figure(
    "engine-rules",
    "10,000 rules of which an event touches 1 in 100, over 10 such rules, 2000 users",
    "times the cost",
    8,
    4,
)
BYTES = Figure("engine-bytes", "100 rules, stored state, median user", "bytes", 300, None)
SWAP = Figure("engine-swap", "an edit among 100 rules, with the next 100 events, p99.9", "ms", 5, None)


def figures(*words: object) -> dict:
    """One part of figures.rs."""
    done = subprocess.run([*FIGURES, *map(str, words)], cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise BenchError(f"figures {' '.join(map(str, words))} ended:\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    note(f"  {told}")
    return told


def hold(bench, quick: bool) -> list[dict]:
    """All figures; the latencies are reported beside those of Flink."""
    note(f"engine (load average {os.getloadavg()[0]:.1f})")
    users, events, swaps = (20_000, 200_000, 200) if quick else (1_000_000, 2_000_000, 10_000)
    speed = figures("speed", 100, users, "arrival", events)
    tell(bench, SPEED, Spread.of([speed["per_second"] / 1e6]))
    costs = []
    for _ in range(bench.turns(3)):
        few, many = (figures("speed", rules, 2000, "arrival", 100_000)["nanos"] for rules in (10, 10_000))
        costs.append(many / few)
    tell(bench, RULES, Spread.of(costs))
    tell(bench, BYTES, Spread.of([figures("memory", 100, 20_000)["median"]]))
    swap = figures("swap", 100, swaps)
    tell(bench, replace(SWAP, at=f"{SWAP.at} of {swap['swaps']:,} swaps"), Spread.of([swap["ms"]["p99.9"]]))
    half = int(figures("speed", 100, 50_000, "arrival", 500_000)["per_second"] / 2)
    waits = figures("latency", 100, 50_000, half)
    load = round(os.getloadavg()[0], 1)
    return [
        {
            "waits": "engine alone, no Flink",
            "per_second": half,
            "load": load,
            "of": half * 5,
            **{name: round(waits["ms"][name], 3) for name in ("p50", "p99", "p99.9")},
        }
    ]


def tell(bench, figure: Figure, spread: Spread) -> None:
    """Takes down a figure as a ratio is."""
    bench.results.append(
        {
            "id": figure.id,
            "against": "itself" if figure is RULES else "a fixed figure",
            "at": figure.at,
            "ratio": spread.median,
            "spread": [spread.least, spread.most],
            "unit": figure.unit,
            "at_most": figure.at_most,
            "goal": figure.must,
            "stretch": figure.stretch,
            "matches_equal": None,
        }
    )
