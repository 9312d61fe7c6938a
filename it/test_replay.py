"""`make replay` without a person: what it shows, what a rule changed while it plays does, and how it ends."""

import json
import os
import re
import shutil
import signal
import sys
import unittest
from collections import Counter
from pathlib import Path

from harness.places import ANALYST, ROOT, SCRATCH
from harness.processes import Program, run, wait_for

# Events a second: some ten seconds for the log, so that a change falls into its middle.
SPEED = 2500
# Judges the demo's log by the Python package; runs in an analyst's environment.
PACKAGE = Path(__file__).resolve().parent / "harness" / "package.py"
PROOF = re.compile(r"^  (\d+) of (\d+) equal, 0 missing, 0 extra, 0 given twice$", re.M)


class Replay(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = SCRATCH / "replay"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        command = [
            sys.executable,
            "-u",
            ROOT / "scripts" / "replay.py",
            "--folder",
            self.folder,
            "--speed",
            SPEED,
        ]
        self.replay = Program("the replay", [str(word) for word in command], self.folder / "terminal.log")
        self.addCleanup(self.replay.stop)

    def test_a_rule_changed_while_it_plays(self) -> None:
        self.wait_for_line("rule repeated-views revision 1 is live")
        self.wait_for_line(r"user_\d+  repeated-views +product_view, views 4")
        self.change("repeated-views", revision=2, when={"ge": [{"measure": "views"}, 2]})
        self.wait_for_line("rule repeated-views revision 2 is live")
        self.wait_for_line(r"user_\d+  repeated-views +product_view, views 2")
        self.change("abandoned-cart", cooldown="2d")
        self.wait_for_line("rule abandoned-cart revision 1 is refused")
        wait_for("the end of the replay", lambda: self.replay.code is not None, 120)

        shown = self.terminal()
        self.assertEqual(self.replay.code, 0, shown)
        proof = PROOF.search(shown)
        self.assertIsNotNone(proof, shown)
        self.assertEqual(proof[1], proof[2])
        self.assertGreater(int(proof[1]), 2000)
        self.assertIn("not compared, because they were changed while it ran: repeated-views\n", shown)
        played = fired(self.folder / "run" / "matches")
        expected = fired(self.folder / "run")
        self.assertGreater(played.pop("repeated-views"), expected.pop("repeated-views"))
        self.assertEqual(played, expected)
        self.assertEqual(job_ids(self.folder / "run", "repeated-views"), package_ids(self.folder / "run"))

    def test_stopped_it_leaves_nothing_running(self) -> None:
        self.wait_for_line("rule repeated-views revision 1 is live")
        jvms = children(self.replay.pid)
        self.assertEqual(len(jvms), 1)
        os.kill(self.replay.pid, signal.SIGTERM)
        wait_for("the end of the replay", lambda: self.replay.code is not None, 30)
        self.assertEqual(self.replay.code, 130)
        self.assertNotIn("Traceback", self.terminal())
        self.assertFalse(Path(f"/proc/{jvms[0]}").exists())

    def terminal(self) -> str:
        return self.replay.log.read_text(encoding="utf-8")

    def wait_for_line(self, pattern: str) -> None:
        """Until a line shows it."""
        wait_for(pattern, lambda: re.search(pattern, self.terminal()), 60, (self.replay,))

    def change(self, rule: str, **fields: object) -> None:
        """Puts a changed rule in the place of the old one, as an editor does."""
        file = self.folder / "rules" / f"{rule}.json"
        part = file.with_name(f".{file.name}")
        part.write_text(
            json.dumps({**json.loads(file.read_text(encoding="utf-8")), **fields}), encoding="utf-8"
        )
        part.replace(file)


def fired(folder: Path) -> Counter:
    """Matches by rule in the finished files of a folder."""
    files = [file for file in folder.glob("*.jsonl") if not file.name.startswith((".", "late"))]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return Counter(json.loads(line)["rule"] for line in lines)


def job_ids(run_folder: Path, changed: str) -> list[str]:
    """What the job's own files say fired, in order, but for the rule that was changed while it ran."""
    files = [file for file in (run_folder / "matches").glob("*.jsonl") if not file.name.startswith(".")]
    matches = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return sorted(match["match_id"] for match in matches if match["rule"] != changed)


def package_ids(run_folder: Path) -> list[str]:
    """What the Python package finds in the same log without what the job called late, in order."""
    output = run_folder / "package.txt"
    words = (ROOT / "demo" / "rules", ROOT / ".demo" / "log", run_folder / "late.jsonl", output)
    run([str(ANALYST), str(PACKAGE), *map(str, words)])
    found = (line.split() for line in output.read_text(encoding="utf-8").splitlines())
    return sorted(name for rule, name in found if rule != "repeated-views")


def children(pid: int) -> list[int]:
    """Processes that this one started and that still run."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


if __name__ == "__main__":
    unittest.main()
