"""`make demo` without a person: the service, its console and a job, as one who signs in sees them."""

import os
import re
import shutil
import signal
import socket
import sys
import unittest
import urllib.request
from pathlib import Path

from harness.places import ROOT, SCRATCH
from harness.processes import Program, accepts, free_ports, wait_for

sys.path.insert(0, str(ROOT / "scripts"))
from console_client import Client

SPEED = 400
SIGNED_IN = re.compile(r"^  Sign in    admin / (\S+)", re.M)
VIEWED = {"measures": {"views": {"count": {"event": "product_view"}, "window": {"last": "10m"}}}}
TWICE = {
    **VIEWED,
    "name": "Two pages",
    "when": {"ge": [{"measure": "views"}, 2]},
    "action": {"channel": "push"},
}


class Demo(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = SCRATCH / "demo"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"

    def test_a_rule_from_the_console_to_its_matches_and_through_a_second_start(self) -> None:
        self.start()
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.url, timeout=30) as page:
            self.assertIn("<html", page.read().decode())
        client = self.client()
        self.assertEqual(client.get("/api/rules?state=live")["total"], 10)
        self.wait_until_live(client, "abandoned-cart", 1)
        self.wait_for_matches(client, "abandoned-cart", 1)

        made = client.post("/api/rules", {"id": "two-pages", "definition": TWICE})
        live = client.post("/api/rules/two-pages/publish", {"version": made["version"]})
        self.wait_until_live(client, "two-pages", 1)
        self.wait_for_matches(client, "two-pages", 5)
        self.assertGreater(client.get("/api/match_rates?rule=two-pages")[0]["matches"], 0)
        match = client.get("/api/matches?rule=two-pages&limit=1")["items"][0]
        done = f"/api/user_events?user={match['user_id']}"
        wait_for("the user's time line", lambda: client.get(done), 120, (self.demo,))

        client.post("/api/rules/two-pages/pause", {"version": live["version"]})
        self.wait_until("paused", client, "two-pages")
        # What fired before the pause may still be on its way; others go on, and it does not.
        self.wait_for_matches(client, "", self.matches(client, "") + 30)
        fired = self.matches(client, "two-pages")
        self.wait_for_matches(client, "", self.matches(client, "") + 30)
        self.assertEqual(self.matches(client, "two-pages"), fired)

        self.interrupt()
        self.start()
        client = self.client()
        self.assertEqual(client.get("/api/rules?state=live")["total"], 10)
        self.assertEqual(client.get("/api/rules/two-pages")["state"], "paused")
        before = self.matches(client, "")
        self.wait_for_matches(client, "", before + 10)
        # What users did before the stop counts: the job has gone on from its last checkpoint.
        said = (self.folder / "live" / "flink.log").read_text(encoding="utf-8", errors="replace")
        self.assertRegex(
            said, r"(Restoring|Starting) job .* from (Savepoint|Checkpoint|savepoint|checkpoint)"
        )
        self.assertNotIn("begin anew", self.terminal())
        self.assertGreaterEqual(self.matches(client, "two-pages"), fired)
        self.interrupt()

    def test_a_taken_port_is_named_with_its_cure(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", self.port))
            other.listen()
            demo = self.program()
            wait_for("the end of the demo", lambda: demo.code is not None, 120)
        self.assertEqual(demo.code, 1)
        self.assertIn(f"port {self.port} is taken", demo.log.read_text(encoding="utf-8"))

    def program(self) -> Program:
        command = [sys.executable, "-u", ROOT / "scripts" / "demo.py", "--folder", self.folder]
        command += ["--speed", SPEED, "--port", self.port]
        terminal = self.folder / "terminal.log"
        terminal.unlink(missing_ok=True)
        demo = Program("the demo", [str(word) for word in command], terminal)
        self.addCleanup(demo.stop, 90)
        return demo

    def start(self) -> None:
        self.demo = self.program()
        wait_for("the address", lambda: SIGNED_IN.search(self.terminal()), 240, (self.demo,))

    def interrupt(self) -> None:
        """Ctrl-C, and nothing is left."""
        started = children(self.demo.pid)
        self.assertEqual(len(started), 2)
        os.kill(self.demo.pid, signal.SIGINT)
        wait_for("the end of the demo", lambda: self.demo.code is not None, 90)
        self.assertEqual(self.demo.code, 130, self.terminal())
        self.assertNotIn("Traceback", self.terminal())
        self.assertEqual([pid for pid in started if Path(f"/proc/{pid}").exists()], [])
        self.assertFalse(accepts(self.port))

    def client(self) -> Client:
        """Signed in with the password that was shown."""
        return Client(self.url, "admin", SIGNED_IN.search(self.terminal())[1])

    def terminal(self) -> str:
        return self.demo.log.read_text(encoding="utf-8")

    def wait_until_live(self, client: Client, rule: str, revision: int) -> None:
        delivery = self.wait_until("live", client, rule)
        self.assertEqual(delivery["revision"], revision)

    def wait_until(self, status: str, client: Client, rule: str) -> dict:
        """Until every subtask says that it runs the rule so."""

        def there() -> dict | None:
            delivery = client.get(f"/api/rules/{rule}/delivery")
            jobs = delivery["jobs"]
            well = len(jobs) == 1 and jobs[0]["there"] == jobs[0]["subtasks"] == 2
            return delivery if well and delivery["status"] == status else None

        return wait_for(f"{rule} {status} on 2/2", there, 60, (self.demo,))

    def wait_for_matches(self, client: Client, rule: str, least: int) -> None:
        wait_for(
            f"{least} matches of {rule or 'all rules'}",
            lambda: self.matches(client, rule) >= least,
            120,
            (self.demo,),
        )

    @staticmethod
    def matches(client: Client, rule: str) -> int:
        return client.get(f"/api/matches?limit=1{f'&rule={rule}' if rule else ''}")["total"]


def children(pid: int) -> list[int]:
    """Processes that this one started and that still run."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


if __name__ == "__main__":
    unittest.main()
