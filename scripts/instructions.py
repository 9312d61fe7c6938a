#!/usr/bin/env python
"""Counts the instructions of fixed work in the engine and holds them against a budget.

Times mean little on a busy machine; counts repeat. `native-core/engine/benches/instructions.budget` has a
line for each part, "ARCHITECTURE PART COUNT": a count more than 5 % above its line fails, one more than 5 %
below asks for the line to be lowered. `--write` writes the lines of this machine's architecture anew.

What libraries choose by the processor is pinned as far as it can be: glibc by its tunables, the others by
the processor that valgrind pretends to be.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/examples/instructions"
BUDGET = ROOT / "native-core/engine/benches/instructions.budget"
PARTS = ["extract", "judge-10", "judge-100", "judge-1000", "ordered-100", "state"]
TOLERANCE = 0.05
# Copying and comparing memory the way that every x86-64 knows.
TUNABLES = "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX2,-AVX,-ERMS,-FSRM"
COMMENT = """\
# Instructions of fixed work (native-core/engine/examples/instructions.rs), counted by callgrind in
# `make test`: ARCHITECTURE PART COUNT. `python scripts/instructions.py --write` writes them anew; say in the
# commit what they buy.
"""


def count(part: str) -> int:
    """Instructions that `measured` and what it calls take in one part."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "valgrind",
            "--tool=callgrind",
            "--toggle-collect=*measured*",
            f"--callgrind-out-file={folder}/out",
            str(PROGRAM),
            part,
        ]
        environment = {"PATH": os.environ["PATH"], "GLIBC_TUNABLES": TUNABLES}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode != 0 or found is None or int(found[1]) == 0:
            raise SystemExit(f"{part}: callgrind counted nothing\n{done.stderr}")
        return int(found[1])


def read_budget(architecture: str) -> dict[str, int]:
    """The counts that are allowed on this architecture."""
    lines = BUDGET.read_text().splitlines() if BUDGET.exists() else []
    fields = [line.split() for line in lines if line and not line.startswith("#")]
    return {part: int(number) for machine, part, number in fields if machine == architecture}


def write_budget(architecture: str, counts: dict[str, int]) -> None:
    """Puts this architecture's counts into the file; others stay."""
    lines = BUDGET.read_text().splitlines() if BUDGET.exists() else []
    others = [line for line in lines if line and not line.startswith(("#", f"{architecture} "))]
    own = [f"{architecture} {part} {number}" for part, number in counts.items()]
    BUDGET.write_text(COMMENT + "\n".join(others + own) + "\n")


def main() -> int:
    """Prints a line for each part; 1 if one is above its budget."""
    architecture = platform.machine()
    with ThreadPoolExecutor(max_workers=2) as pool:
        counts = dict(zip(PARTS, pool.map(count, PARTS), strict=True))
    if "--write" in sys.argv[1:]:
        write_budget(architecture, counts)
    budget = read_budget(architecture)
    above = 0
    for part, number in counts.items():
        allowed = budget.get(part)
        if allowed is None:
            print(f"{part}: {number:,} instructions, no budget for {architecture}")
            continue
        change = number / allowed - 1
        above += change > TOLERANCE
        verdict = (
            "ABOVE" if change > TOLERANCE else "lower the budget" if change < -TOLERANCE else "as budgeted"
        )
        print(f"{part}: {number:,} instructions, {change:+.1%} of {allowed:,}: {verdict}")
    print(f"{len(counts) - above} passed, {above} failed, 0 skipped")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
