"""Matches from a real topic into the service, killed in the middle: each is there once."""

import json
import unittest

from harness import shared
from harness.admin import Admin
from harness.places import SCRATCH
from harness.processes import wait_for

TOPIC, GROUP = "matches-to-service", "service-of-matches"
MATCHES, REPEATED = 20_000, 2_000
RULES = ("cart", "view")


def match(number: int) -> bytes:
    """As a job writes it, with the member that no reader knows."""
    rule = RULES[number % 2]
    found = {"match_id": f"{number:032x}", "rule": rule, "revision": 1, "user": f"u{number % 97}"}
    return json.dumps({**found, "time": 1_700_000_000_000 + number, "evidence": {"views": 7}}).encode()


class MatchTopic(unittest.TestCase):
    def test_all_are_there_once(self) -> None:
        broker = shared.broker()
        broker.create_topic(TOPIC, 2)
        kafka = [
            f"--alcedo.kafka.bootstrap-servers={broker.address}",
            f"--alcedo.kafka.matches-topic={TOPIC}",
        ]
        kafka += [f"--alcedo.kafka.matches-group={GROUP}"]
        broker.produce(TOPIC, ((n % 2, match(n)) for n in range(MATCHES)))
        admin = Admin(SCRATCH / "match-topic", *kafka)
        self.addCleanup(admin.stop)
        client = admin.client()

        def kept() -> int:
            return sum(each["matches"] for each in client.get("/api/match_rates"))

        wait_for("the first matches", kept, 120, (admin.program,))
        admin.kill()
        # More while it is dead: some of it once again, and what is no match in between.
        broker.produce(TOPIC, [(0, b"nonsense"), (1, b"\xff\xfe"), (0, b"null")])
        broker.produce_keyed(TOPIC, [(1, b"u1", None)])
        broker.produce(TOPIC, ((n % 2, match(n)) for n in (*range(REPEATED), *range(MATCHES, MATCHES + 5))))
        admin.start()
        client = admin.client()
        wait_for("offsets behind all", lambda: broker.lag(TOPIC, GROUP) == 0, 240, (admin.program,))
        self.assertEqual(kept(), MATCHES + 5)
        for number in (0, MATCHES // 2, MATCHES + 4):
            one = client.get(f"/api/matches/{number:032x}")
            self.assertEqual((one["user_id"], one["rule_id"]), (f"u{number % 97}", RULES[number % 2]))
        user = client.get("/api/matches?user=u3&limit=200")
        self.assertEqual(len({each["match_id"] for each in user["items"]}), 200)


if __name__ == "__main__":
    unittest.main()
