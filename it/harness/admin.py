"""The real service behind the console, its data in one folder; it may die and come back."""

import re
import sys
from pathlib import Path

from .places import ROOT
from .processes import Program, free_ports, wait_for

sys.path.insert(0, str(ROOT / "scripts"))
from console_client import Client

_JAR = ROOT / "admin-spring" / "target" / "alcedo-admin-0.1.0.jar"
_SMALL_JAVA = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_PASSWORD = re.compile(r'Sign in as "admin" with the password (\S+)')


class Admin:
    """`start` after a `kill` finds the data as the dead one left it."""

    def __init__(self, folder: Path, *options: str, java: tuple[str, ...] = _SMALL_JAVA):
        folder.mkdir(parents=True)
        self._folder = folder
        self._options, self._java = options, java
        (self._port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self._port}"
        self.token_file = folder / "data" / "engine.token"
        self.start()

    def start(self) -> None:
        command = ["java", *self._java, "-jar", str(_JAR)]
        command += [f"--alcedo.data={self._folder / 'data'}", f"--server.port={self._port}"]
        command += self._options
        self.program = Program("the service", command, self._folder / "service.log")
        wait_for("the service", self._answers, 240, (self.program,))

    def _answers(self) -> bool:
        try:
            return Client(self.url).get("/actuator/health/readiness")["status"] == "UP"
        except OSError:
            return False

    def kill(self) -> None:
        """As a machine dies, in the middle of whatever it does."""
        self.program.kill()

    def stop(self) -> None:
        self.program.stop(40)

    def client(self) -> Client:
        """Signed in with the password that the first start told."""
        log = self._folder / "service.log"
        said = wait_for("the password", lambda: _PASSWORD.search(log.read_text(encoding="utf-8")), 60)
        return Client(self.url, "admin", said[1])
