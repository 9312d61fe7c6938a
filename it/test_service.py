"""The whole loop on a cluster: rules from the service, matches to it, and the service dies on the way."""

import json
import re
import time
import unittest

from harness import shared
from harness.admin import Admin, Client
from harness.case import RealTest
from harness.flink import Cluster
from harness.places import ALCEDO, SCRATCH
from harness.processes import run, wait_for
from harness.progress import proven
from harness.shop import finished_lines, read_lines, the_shop

LINES = 60_000
SPEED = 2_500  # events a second: half a minute, so that a death falls into its middle
TIME = re.compile(rb'"time":(\d+)')
LIFE = ("id", "revision", "status", "published_at")
LATER = {
    "name": "Published just before the service died",
    "measures": {"all": {"count": {}, "window": {"last": "1h"}}},
    "when": {"ge": [{"measure": "all"}, 3]},
    "action": {"channel": "push"},
}

cluster: Cluster


def setUpModule() -> None:
    global cluster  # noqa: PLW0603 (made once, for all tests)
    cluster = shared.cluster("flink-2.3")
    cluster.wait_until_ready()


class Service(RealTest):
    def setUp(self) -> None:
        self.out = SCRATCH / "output" / "service"
        self.admin = Admin(SCRATCH / "service")
        self.addCleanup(self.admin.stop)
        self.client = self.admin.client()

    def test_it_dies_and_nothing_is_lost_or_doubled(self) -> None:
        names = self.publish_the_shop()
        job = self.submit(self.shop_from_now(), SPEED, "late")
        for name in names:
            self.wait_until_live(name)
        wait_for("matches", lambda: self.matches() > 300, 120, cluster.programs)
        self.publish("later", LATER)
        self.admin.kill()
        self.assertEqual(cluster.state(job), "RUNNING", "the log was too short")
        time.sleep(2)  # the job brings matches and asks for rules in vain
        self.admin.start()
        self.client = self.admin.client()
        cluster.wait_for_state(job, "FINISHED", 300)
        expected = self.backtest("late")
        self.assert_same_matches(self.all_matches(names), expected)

        # The same log once more: what is known counts once, and the last publication was not lost. Which
        # events come too late hangs on how fast the log is read, so the second reading may well find
        # matches that the first did not.
        again = self.submit(self.events, 0, "late-again")
        cluster.wait_for_state(again, "FINISHED", 300)
        self.wait_until_live("later")
        self.assertGreater(self.matches("later"), 0)
        known = {json.loads(match)["match_id"]: match for match in self.backtest("late-again") + expected}
        self.assert_same_matches(self.all_matches(names), list(known.values()))
        proven(f"service: killed under a running job: {len(expected)} matches, 0 lost, 0 twice")

    def publish_the_shop(self) -> list[str]:
        """The simulated shop's rules but those for an audience; their ids."""
        names = []
        for file in sorted(the_shop().rules.glob("*.json")):
            rule = json.loads(file.read_text(encoding="utf-8"))
            if "audience" not in rule:
                self.publish(rule["id"], {key: value for key, value in rule.items() if key not in LIFE})
                names.append(rule["id"])
        self.assertGreater(len(names), 2)
        return names

    def publish(self, name: str, definition: dict) -> None:
        made = self.client.post("/api/rules", {"id": name, "definition": definition})
        self.client.post(f"/api/rules/{name}/publish", {"version": made["version"]})

    def shop_from_now(self) -> object:
        """The beginning of the shop's log, moved so that it happens after its rules are published."""
        lines = the_shop().lines()[:LINES]
        times = [int(told[1]) for told in map(TIME.search, lines) if told]
        by = int(time.time() * 1000) + 60_000 - min(times)
        self.until = max(times) + by
        self.events = self.out.parent / "service-events.jsonl"
        self.events.parent.mkdir(parents=True, exist_ok=True)
        moved = (TIME.sub(lambda told: b'"time":%d' % (int(told[1]) + by), line) for line in lines)
        self.events.write_bytes(b"\n".join(moved) + b"\n")
        return self.events

    def submit(self, events: object, speed: int, late: str) -> str:
        token = self.admin.token_file
        return cluster.submit(
            *("--events", events, "--speed", speed, "--order", "ordered", "--until", self.until),
            *("--rules", f"{self.admin.url}/engine/rules", "--rules-token-file", token),
            *("--rules-interval", "500ms", "--checkpoint-interval", "500ms"),
            *("--output", f"{self.admin.url}/engine/matches", "--output-token-file", token),
            *("--status-output", f"{self.admin.url}/engine/acknowledgements?job=shop"),
            *("--late-output", self.out / late, "--bad-output", "none"),
            parallelism=2,
        )

    def wait_until_live(self, rule: str) -> None:
        def live() -> bool:
            jobs = self.client.get(f"/api/rules/{rule}/delivery")["jobs"]
            return len(jobs) == 1 and jobs[0]["there"] == jobs[0]["subtasks"] == 2

        wait_for(f"{rule} live on 2/2", live, 60, cluster.programs)

    def matches(self, rule: str = "") -> int:
        return self.client.get(f"/api/matches?limit=1{f'&rule={rule}' if rule else ''}")["total"]

    def all_matches(self, names: list[str]) -> list[str]:
        """Receipts of these rules, as the service kept them."""
        found = []
        for name in names:
            for offset in range(0, self.matches(name), 200):
                page = self.client.get(f"/api/matches?rule={name}&limit=200&offset={offset}")
                found += [json.dumps(one["receipt"]) for one in page["items"]]
        return found

    def backtest(self, late: str) -> list[str]:
        """What the same rules, as the service tells them to jobs, give over the log without those `late`."""
        engine = Client(self.admin.url, token=self.admin.token_file.read_text(encoding="utf-8").strip())
        rules = [rule for rule in engine.get("/engine/rules") if rule["id"] != "later"]
        file, excluded, output = (
            self.out / name for name in ("rules.json", f"{late}.jsonl", f"after-{late}.jsonl")
        )
        file.write_text(json.dumps(rules), encoding="utf-8")
        excluded.write_text(
            "".join(f"{line}\n" for line in finished_lines(self.out / late)), encoding="utf-8"
        )
        command = [ALCEDO, "backtest", "--quiet", "--rules", file, "--events", self.events]
        command += ["--until", self.until, "--exclude", excluded, "--output", output]
        run([str(word) for word in command])
        return read_lines(output)


if __name__ == "__main__":
    unittest.main()
