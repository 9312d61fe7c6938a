#!/usr/bin/env python3
"""Draws context.json of a folder: events a second by number of rules, both logarithmic."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

# What a line is made of: the entries whose names begin so.
LINES = {
    "Alcedo": ("Alcedo, 1 rule", "Alcedo, 100 rules", "Alcedo, 1000 rules"),
    "Alcedo, sequences, ordered": tuple(f"Alcedo, {n} sequences, ordered" for n in (1, 10, 50)),
    "by hand": ("by hand, 100 rules", "by hand, 1000 rules"),
    "Alcedo, RocksDB": ("Alcedo, RocksDB, 100 rules",),
    "by hand, RocksDB": ("by hand, RocksDB, 100 rules",),
    "FlinkCEP": tuple(f"FlinkCEP, {n}" for n in (1, 10, 50)),
    "FlinkCEP, unfiltered": tuple(f"FlinkCEP unfiltered, {n}" for n in (1, 10, 50)),
    "Groovy": ("Groovy, 100 rules", "Groovy, 1000 rules"),
}


def main() -> int:
    place = Path(sys.argv[1])
    about = json.loads((place / "context.json").read_text(encoding="utf-8"))
    found = {sample["name"]: sample for sample in about["samples"]}
    plt.rcParams["svg.hashsalt"] = "alcedo"
    figure, axes = plt.subplots(figsize=(8, 5))
    for name, entries in LINES.items():
        points = [found[entry] for entry in entries if entry in found]
        if not points:
            continue
        rules = [int(point["rules"].rsplit("-", 1)[1]) for point in points]
        rates = [point["per_second"] for point in points]
        middle = [rate["median"] for rate in rates]
        errors = [[m - r["least"] for m, r in zip(middle, rates, strict=True)]]
        errors.append([r["most"] - m for m, r in zip(middle, rates, strict=True)])
        style = "o-" if name.startswith("Alcedo") else "s--"
        axes.errorbar(rules, middle, yerr=errors, fmt=style, label=name, capsize=3)
    if "pass-through" in found:
        rate = found["pass-through"]["per_second"]["median"]
        axes.axhline(rate, color="grey", linewidth=1, linestyle=":", label="pass-through")
    axes.set(xscale="log", yscale="log", xlabel="rules", ylabel="events a second")
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend(fontsize=8)
    axes.set_title(f"{about['date']}, {about['machine'].split(',')[0]}", fontsize=9)
    figure.tight_layout()
    figure.savefig(place / "ratios.svg", metadata={"Date": None})
    return 0


if __name__ == "__main__":
    sys.exit(main())
