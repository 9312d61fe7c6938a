"""What no client should send, to every operation that the service's description names: never a 5xx."""

import subprocess
import sys
import unittest
from pathlib import Path

from harness.admin import Admin, Client
from harness.places import ROOT, SCRATCH

# One never ends, one could end the right to go on; lines of JSON are nothing that schemathesis can write.
LEFT_OUT = ("streamMatches", "revokeToken", "bringMatches", "bringEvents", "acknowledge")


class Api(unittest.TestCase):
    def setUp(self) -> None:
        self.admin = Admin(SCRATCH / "api")
        self.addCleanup(self.admin.stop)

    def test_no_request_breaks_it(self) -> None:
        client = self.admin.client()
        engine, admin = (
            client.post("/api/tokens", {"name": f"made-up-{role}", "role": role})["secret"]
            for role in ("engine", "admin")
        )
        self.ask(engine, "^/engine")
        self.ask(admin, "^/api")
        # It was let in to the end, and some of it was understood: else nothing was shown.
        self.assertGreater(Client(self.admin.url, token=admin).get("/api/audit")["total"], 10)

    def ask(self, token: str, paths: str) -> None:
        """Values at the bounds of every field and beyond, then some at random."""
        command = [str(Path(sys.executable).with_name("schemathesis")), "run"]
        command += [str(ROOT / "admin-spring" / "openapi.json"), "--url", self.admin.url, "--no-color"]
        command += ["--header", f"Authorization: Bearer {token}", "--checks", "not_a_server_error"]
        command += ["--phases", "coverage,fuzzing", "--max-examples", "5", "--seed", "1", "--no-shrink"]
        command += ["--request-timeout", "60", "--continue-on-failure", "--generation-database", "none"]
        command += ["--include-path-regex", paths]
        for operation in LEFT_OUT:
            command += ["--exclude-operation-id", operation]
        done = subprocess.run(command, cwd=SCRATCH, check=False, capture_output=True, text=True)
        shown = f"{done.stdout[-8000:]}{done.stderr[-2000:]}\n{self.admin.program.tail()}"
        self.assertEqual(done.returncode, 0, shown)


if __name__ == "__main__":
    unittest.main()
