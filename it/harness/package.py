"""The demo's log judged by the Python package: `package.py RULES LOG LATE OUTPUT`.

RULES: a folder of rules. LOG: a folder with events.jsonl and tags.jsonl. LATE: what a job found late, JSON
lines. OUTPUT: a rule and a match_id a line.
"""

import json
import sys
from pathlib import Path

import alcedo


def main() -> int:
    rules, log, late, output = map(Path, sys.argv[1:])
    with (log / "events.jsonl").open(encoding="utf-8") as events:
        until = max(json.loads(line)["time"] for line in events)
    positions = [json.loads(line)["position"] for line in late.read_text(encoding="utf-8").splitlines()]
    result = alcedo.backtest(
        rules,
        log / "events.jsonl",
        tags=log / "tags.jsonl",
        until=until,
        exclude=positions,
        progress=False,
    )
    lines = (f"{match['rule']} {match['match_id']}\n" for match in result.matches)
    output.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
