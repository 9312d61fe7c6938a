"""Published rules on a real compacted topic: the service dies after "published"; the topic is damaged."""

import json
import unittest

from harness import shared
from harness.admin import Admin
from harness.places import SCRATCH
from harness.processes import wait_for

TOPIC = "published-rules"
NONSENSE = b"no rule at all"


def rule(least: int) -> dict:
    counted = {"views": {"count": {}, "window": {"last": "1h"}}}
    return {"measures": counted, "when": {"ge": [{"measure": "views"}, least]}, "action": {"channel": "push"}}


class Publication(unittest.TestCase):
    def test_what_was_published_comes_to_the_topic(self) -> None:
        broker = shared.broker()
        broker.create_topic(TOPIC, 1, **{"cleanup.policy": "compact"})
        kafka = f"--alcedo.kafka.bootstrap-servers={broker.address}"
        admin = Admin(
            SCRATCH / "publication",
            kafka,
            f"--alcedo.kafka.rules-topic={TOPIC}",
            "--alcedo.engine.reconcile=1s",
        )
        self.addCleanup(admin.stop)
        client = admin.client()
        for least in range(1, 6):
            made = client.post("/api/rules", {"id": f"least-{least}", "definition": rule(least)})
            client.post(f"/api/rules/least-{least}/publish", {"version": made["version"]})
        admin.kill()
        admin.start()
        client = admin.client()  # sessions died with it

        def told() -> dict[str, dict]:
            """By rule, the last word of the topic that is one."""
            words = [json.loads(one) for one in broker.read_committed(TOPIC) if one and one != NONSENSE]
            return {one["id"]: one for one in words}

        wait_for("five rules on the topic", lambda: len(told()) == 5, 120, (admin.program,))
        for least in range(1, 6):
            self.assertEqual(told()[f"least-{least}"]["when"]["ge"][1], least)
            self.assertEqual(told()[f"least-{least}"]["status"], "live")
        # A lower revision, nonsense and nothing are written over three rules. What is not ours stays.
        before = broker.written(TOPIC)
        lower = {**told()["least-1"], "revision": 0, "when": {"ge": [{"measure": "views"}, 99]}}
        foreign = {**told()["least-1"], "id": "foreign"}
        damage = {
            "least-1": json.dumps(lower),
            "least-2": NONSENSE,
            "least-3": None,
            "foreign": json.dumps(foreign),
        }
        broker.produce_keyed(
            TOPIC,
            (
                (0, key.encode(), value.encode() if isinstance(value, str) else value)
                for key, value in damage.items()
            ),
        )
        wait_for("three rules once more", lambda: broker.written(TOPIC) >= before + 7, 120, (admin.program,))
        for least in range(1, 4):
            self.assertEqual(told()[f"least-{least}"]["when"]["ge"][1], least)
        again = [json.loads(one)["id"] for one in broker.read_committed(TOPIC)[before + 4 :] if one]
        self.assertEqual(sorted(again), ["least-1", "least-2", "least-3"])

        def repaired() -> float:
            return client.get("/actuator/metrics/alcedo.topic.repaired")["measurements"][0]["value"]

        self.assertEqual(repaired(), 3)
        self.assertEqual(client.get("/actuator/health")["status"], "UP")


if __name__ == "__main__":
    unittest.main()
