"""Published rules on a real compacted topic; the service dies right after it said "published"."""

import json
import unittest

from harness import shared
from harness.admin import Admin
from harness.places import SCRATCH
from harness.processes import wait_for

TOPIC = "published-rules"


def rule(least: int) -> dict:
    counted = {"views": {"count": {}, "window": {"last": "1h"}}}
    return {"measures": counted, "when": {"ge": [{"measure": "views"}, least]}, "action": {"channel": "push"}}


class Publication(unittest.TestCase):
    def test_what_was_published_comes_to_the_topic(self) -> None:
        broker = shared.broker()
        broker.create_topic(TOPIC, 1, **{"cleanup.policy": "compact"})
        kafka = f"--alcedo.kafka.bootstrap-servers={broker.address}"
        admin = Admin(SCRATCH / "publication", kafka, f"--alcedo.kafka.rules-topic={TOPIC}")
        self.addCleanup(admin.stop)
        client = admin.client()
        for least in range(1, 6):
            made = client.post("/api/rules", {"id": f"least-{least}", "definition": rule(least)})
            client.post(f"/api/rules/least-{least}/publish", {"version": made["version"]})
        admin.kill()
        admin.start()

        def told() -> dict[str, dict]:
            """By rule, the last word of the topic."""
            return {one["id"]: one for one in map(json.loads, broker.read_committed(TOPIC))}

        wait_for("five rules on the topic", lambda: len(told()) == 5, 120, (admin.program,))
        for least in range(1, 6):
            self.assertEqual(told()[f"least-{least}"]["when"]["ge"][1], least)
            self.assertEqual(told()[f"least-{least}"]["status"], "live")


if __name__ == "__main__":
    unittest.main()
