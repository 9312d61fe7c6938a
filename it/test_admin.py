"""The service's own tests of what it stores, on a real MariaDB: the same migrations, the same mappers."""

import subprocess
import unittest

from harness.capture import Database
from harness.places import ROOT, SCRATCH

# All that read and write tables, by the service's own interface.
TESTS = ",".join(
    f"io.alcedo.admin.{name}"
    for name in (
        "account.EndpointRolesTest",
        "account.SessionTest",
        "api.BadQueryTest",
        "api.IdempotencyTest",
        "audience.AudienceTest",
        "audience.UploadsAtOnceTest",
        "backtest.BacktestTest",
        "forecast.ForecastTest",
        "intake.BadBodyTest",
        "match.MatchTest",
        "publish.EngineTest",
        "publish.KilledAnywhereTest",
        "publish.OutboxHealthTest",
        "rule.PublishedAtOnceTest",
        "rule.RuleTest",
        "template.TemplateTest",
        "user.UserTest",
    )
)


class OnMariaDb(unittest.TestCase):
    def test_what_the_service_stores(self) -> None:
        database = Database(SCRATCH / "mariadb-admin")
        self.addCleanup(database.stop)
        database.wait_until_ready()
        database.execute("CREATE DATABASE service")
        url = f"jdbc:mariadb://127.0.0.1:{database.port}/service"
        database.execute("CREATE USER alcedo@127.0.0.1")
        database.execute("GRANT ALL ON service.* TO alcedo@127.0.0.1")
        command = ["mvn", "--batch-mode", "--quiet", "-Dstyle.color=never", "--file", "jvm-bridge/pom.xml"]
        command += ["test", "--projects", ":alcedo-admin", "--also-make", f"-Dtest={TESTS}"]
        command += ["-DfailIfNoTests=false", "-Dsurefire.failIfNoSpecifiedTests=false"]
        done = subprocess.run(
            [*command, f"-Dalcedo.test.url={url}"], cwd=ROOT, check=False, capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, f"{done.stdout[-8000:]}{done.stderr[-2000:]}")
        tables = database.execute("SELECT COUNT(*) FROM service.rule_match").split()
        self.assertGreater(int(tables[1]), 0, "the tests did not write into MariaDB")


if __name__ == "__main__":
    unittest.main()
