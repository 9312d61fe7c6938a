#!/usr/bin/env python3
"""Runs every notebook of docs/notebooks from its first cell to its last, and fails where one does.

With --write the outputs are put into the notebooks, pictures too. The data of the shop is fetched once; the
simulated one is small here (--events), because what is tested is that the notebooks run.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "docs" / "notebooks"
LOG = ROOT / ".demo" / "log"


def main() -> int:
    """Runs them; says how many passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the outputs into the notebooks")
    parser.add_argument("--events", type=int, default=200_000, metavar="N", help="of the simulated shop")
    options = parser.parse_args()
    if not (LOG / "events.jsonl").exists():
        subprocess.run([sys.executable, ROOT / "demo" / "prepare.py", "--output", LOG], check=True)
    os.environ["ALCEDO_SHOP"] = str(simulated(options.events) / "events.jsonl")
    notebooks = sorted(NOTEBOOKS.glob("*.ipynb"))
    failed = sum(not runs(path, options.write) for path in notebooks)
    print(f"{len(notebooks) - failed} passed, {failed} failed")
    return 1 if failed or not notebooks else 0


def simulated(events: int) -> Path:
    """The folder of a simulated shop."""
    folder = ROOT / "target" / "shop" / str(events)
    if not (folder / "events.jsonl").exists():
        program = ROOT / "target" / "release" / "alcedo"
        size = ["--users", str(max(1, events // 20)), "--events", str(events)]
        subprocess.run([program, "simulate", *size, "--output", folder], check=True, capture_output=True)
    return folder


def runs(path: Path, write: bool) -> bool:
    """Whether all cells run."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        print(f"{path.relative_to(ROOT)}: {error}")
        return False
    print(f"{path.relative_to(ROOT)}: well")
    if write:
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
            # What a progress bar leaves behind.
            outputs = cell.get("outputs", [])
            cell.outputs = [one for one in outputs if one.get("data", {}).get("text/html") != ""]
            if cell.cell_type != "code":
                del cell["outputs"]
        nbformat.write(notebook, path)
    return True


if __name__ == "__main__":
    sys.exit(main())
