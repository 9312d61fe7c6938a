"""Writes what was measured: results.json for programs, RESULTS.md and ratios.svg for people."""

import json
import subprocess
from pathlib import Path

PLOT = Path(__file__).resolve().parent / "plot.py"


def write(place: Path, results: list[dict], about: dict, python: Path) -> None:
    """All files, in this folder."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (place / "context.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    (place / "RESULTS.md").write_text(page(results, about), encoding="utf-8")
    subprocess.run([str(python), str(PLOT), str(place)], check=True)


def added(place: Path, results: list[dict], about: dict) -> tuple[list[dict], dict]:
    """These results beside those that are there, in place of what bears the same name."""
    before = json.loads((place / "results.json").read_text(encoding="utf-8"))
    context = json.loads((place / "context.json").read_text(encoding="utf-8"))
    told = {result["id"] for result in results}
    measured = {(sample["contest"], sample["name"]) for sample in about["samples"]}
    kept = [one for one in context["samples"] if (one["contest"], one["name"]) not in measured]
    later = {name: about[name] for name in ("date", "commit", "seconds", "load")}
    context |= {
        "samples": kept + about["samples"],
        "failures": context["failures"] + about["failures"],
        "later": [*context.get("later", []), later],
    }
    return [one for one in before if one["id"] not in told] + results, context


def page(results: list[dict], about: dict) -> str:
    """RESULTS.md."""
    parts = [
        "# What was measured",
        "",
        "Written by `make bench`; [how it is measured](README.md). Above 1 means that Alcedo is faster.",
        "",
        *head(about),
        "",
        "![Events a second by number of rules](ratios.svg)",
        "",
        "## Ratios",
        "",
        "By the clock, median and extremes of the turns; beside it the ratio of processor time, which other",
        "load on the machine disturbs less. *Ceiling*: what the pass-through job, which does nothing with an",
        "event, would have against the same peer; no operator goes beyond it, whatever the goal. *Must* and",
        "*stretch* are the goals; a dash: none was set, or there is no such figure.",
        "",
        "| Against | At | Ratio | Extremes | By processor time | Ceiling | Must | Stretch | Matches |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(race_row(result) for result in results if "unit" not in result),
        "",
        "## The engine alone",
        "",
        "| At | Figure | Extremes | Must | Stretch |",
        "| --- | --- | --- | --- | --- |",
        *(figure_row(result) for result in results if "unit" in result),
        "",
        "## What each did",
        "",
        "| Entry | Events | Events a second | Processor time, µs an event | Matches | Load |",
        "| --- | --- | --- | --- | --- | --- |",
        *(entry_row(sample) for sample in about["samples"]),
        "",
        *latency(about.get("latency", [])),
        *failures(about.get("failures", [])),
    ]
    return "\n".join(parts).rstrip() + "\n"


def failures(told: list[str]) -> list[str]:
    """What has no figure, and why."""
    return ["", "## What failed", "", *(f"- {one.splitlines()[0]}" for one in told)] if told else []


def head(about: dict) -> list[str]:
    loads = " ".join(map(str, about["load"])), " ".join(map(str, about["load_after"]))
    return [
        f"- {about['date']}, commit {about['commit']}, {about['seconds']} s",
        f"- {about['machine']}; load average {loads[0]} before, {loads[1]} after",
        f"- {about['versions']}",
        f"- {about['log']}, sha256 `{about['sha256']}`",
        *(later(one) for one in about.get("later", [])),
    ]


def later(one: dict) -> str:
    """What was measured after the others."""
    load = f"load average {one['load'][0]} before"
    return f"- added {one['date']}, commit {one['commit']}, {one['seconds']} s; {load}"


def race_row(result: dict) -> str:
    equal = {True: "equal", False: "**differ**", None: "-"}[result["matches_equal"]]
    if result["ratio"] is None:
        ratio, spread, cpu = "none", "-", "-"
    else:
        reached = verdict(result)
        ratio = f"**{number(result['ratio'])}**{reached}"
        spread = f"{number(result['spread'][0])} to {number(result['spread'][1])}"
        cpu = number(result["cpu_ratio"])
    goals = (number(result[name]) for name in ("ceiling", "goal", "stretch"))
    cells = (result["against"], result["at"], ratio, spread, cpu, *goals, equal)
    return f"| {' | '.join(cells)} |"


def figure_row(result: dict) -> str:
    """A figure of the engine alone, with its unit."""
    bound = "at most " if result["at_most"] else ""
    figure = f"**{number(result['ratio'])} {result['unit']}**{verdict(result)}"
    spread = f"{number(result['spread'][0])} to {number(result['spread'][1])}"
    goals = [f"{bound}{number(result[name])}" if result[name] else "-" for name in ("goal", "stretch")]
    return f"| {result['at']} | {figure} | {spread} | {' | '.join(goals)} |"


def verdict(result: dict) -> str:
    """What became of the goal."""

    def reaches(goal: float | None) -> bool:
        if goal is None:
            return False
        return result["ratio"] <= goal if result.get("at_most") else result["ratio"] >= goal

    if result["goal"] is None:
        return ""
    if reaches(result["stretch"]):
        return " (stretch reached)"
    return " (reached)" if reaches(result["goal"]) else " (missed)"


def number(value: float | None) -> str:
    """Three digits that mean something."""
    if value is None:
        return "-"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")


def entry_row(sample: dict) -> str:
    rate, cpu = sample["per_second"], sample["cpu_micros"]
    spread = f"{rate['median']:,.0f} ({rate['least']:,.0f} to {rate['most']:,.0f})"
    return (
        f"| {sample['name']} | {sample['events']:,} | {spread} | {number(cpu['median'])}"
        f" | {sample['matches']:,} | {sample['load']} |"
    )


def latency(told: list[dict]) -> list[str]:
    if not told:
        return []
    rows = [
        f"| {one['waits']} | {one['per_second']:,} | {one['p50']} | {one['p99']} | {one['p99.9']} "
        f"| {one['of']:,} | {one['load']} |"
        for one in told
    ]
    return [
        "## Latency",
        "",
        "From the moment an event is due to its match at the sink, 100 rules, heap, arrival, at half of the",
        "rate above; the load is open: an event is due whatever happens to those before it. Default waits:",
        "bundles 50 ms, Flink's network buffers 100 ms; short ones: 2 ms each. The engine alone: in memory,",
        "at half of its own rate, from the moment an event is due until it is judged; each event counts.",
        "",
        "| Waits | Events a second | p50, ms | p99 | p99.9 | Measured | Load |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *rows,
    ]
