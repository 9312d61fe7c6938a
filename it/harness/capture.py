"""A real MariaDB with the outbox of rules, and real change capture of it: Debezium in Kafka Connect, Canal.

What a user writes (deploy/change-capture) is what runs here; only addresses and the password are others.
"""

import getpass
import json
import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from .java import class_path
from .places import ROOT
from .processes import Program, accepts, free_ports, run, wait_for

DEPLOY = ROOT / "deploy" / "change-capture"
_HERE = ROOT / "it" / "cdc"
_PASSWORD = "change-me"
_SMALL_JAVA = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]


class Database:
    """MariaDB with a binary log of rows and the table rule_outbox; everything it writes lies in `folder`."""

    def __init__(self, folder: Path, buffer: str = "32M"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # Debian keeps servers where only root looks; the length of a socket's path has a small bound.
        path = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"
        server = shutil.which("mariadbd", path=path) or "mariadbd"
        user, data = f"--user={getpass.getuser()}", f"--datadir={folder / 'data'}"
        run(
            [
                *("mariadb-install-db", "--no-defaults", user, data, "--skip-test-db"),
                "--auth-root-authentication-method=normal",
            ]
        )
        (self.port,) = free_ports(1)
        self._socket = os.path.relpath(folder / "s", Path.cwd())
        self.program = Program(
            "mariadb",
            [
                *(server, "--no-defaults", user, data, f"--socket={folder / 's'}"),
                *("--bind-address=127.0.0.1", f"--port={self.port}", "--server-id=1"),
                *("--log-bin=binlog", "--binlog-format=ROW", "--binlog-row-image=FULL"),
                *(f"--innodb-buffer-pool-size={buffer}", "--skip-name-resolve"),
            ],
            folder / "mariadb.log",
        )

    def wait_until_ready(self) -> None:
        wait_for("mariadb: its port", lambda: accepts(self.port), 30, (self.program,))
        self._sql("CREATE DATABASE alcedo", database="mysql")
        for file in ("rule_outbox.sql", "grants.sql"):
            self._sql((DEPLOY / file).read_text(encoding="utf-8"))

    def _sql(self, text: str, database: str = "alcedo") -> str:
        client = ["mariadb", "--no-defaults", f"--socket={self._socket}", "--user=root", "--batch"]
        return run([*client, "--default-character-set=utf8mb4", database, "--execute", text])

    def publish(self, rule: dict) -> None:
        """What the admin service does in the transaction that publishes a revision."""
        text = json.dumps(rule, ensure_ascii=False)
        audience = rule.get("audience", {}).get("id")
        values = [rule["id"], rule["revision"], rule["status"], text, audience]
        columns = "rule_id, revision, status, rule, audience"
        self._sql(f"INSERT INTO rule_outbox ({columns}) VALUES ({', '.join(map(_literal, values))})")

    def execute(self, sql: str) -> str:
        """Any statement; what it gives, tab-separated, the first line naming columns."""
        return self._sql(sql)

    def stop(self) -> None:
        self.program.stop()


def _literal(value: str | int | None) -> str:
    """A value as SQL writes it; texts by their bytes, so that nothing in them is ever SQL."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"CONVERT(x'{value.encode().hex()}' USING utf8mb4)"


class Debezium:
    """A Kafka Connect worker of its own for connectors like the one of `debezium.json`."""

    def __init__(self, folder: Path, database: Database, broker: str):
        folder.mkdir(parents=True, exist_ok=True)
        (self._port,) = free_ports(1)
        self._database, self._broker = database, broker
        json_converter = "org.apache.kafka.connect.json.JsonConverter"
        worker = {
            "bootstrap.servers": broker,
            "listeners": f"http://127.0.0.1:{self._port}",
            "key.converter": json_converter,
            "value.converter": json_converter,
            "offset.storage.file.filename": folder / "offsets",
            "offset.flush.interval.ms": 200,
            # The connector lies on the class path: nothing is to be searched for.
            "plugin.discovery": "service_load",
            "plugin.path": folder,
        }
        settings = folder / "worker.properties"
        settings.write_text("".join(f"{name}={value}\n" for name, value in worker.items()), encoding="utf-8")
        log = f"-Dlog4j2.configurationFile={ROOT / 'it' / 'kafka' / 'log4j2.properties'}"
        main = "org.apache.kafka.connect.cli.ConnectStandalone"
        command = [*_SMALL_JAVA, log, "-cp", class_path("debezium"), main, str(settings)]
        self.program = Program("debezium", command, folder / "debezium.log")

    def wait_until_ready(self) -> None:
        wait_for("connect: its REST interface", self._answers, 120, (self.program,))

    def connect(self, topic: str, **others: str) -> None:
        """Gives the worker the connector, and waits until it runs: it fills `topic`. `others`: settings."""
        connector = json.loads((DEPLOY / "debezium.json").read_text(encoding="utf-8"))
        connector["name"] = topic
        connector["config"] |= {
            "database.hostname": "127.0.0.1",
            "database.port": str(self._database.port),
            "database.password": _PASSWORD,
            "schema.history.internal.kafka.bootstrap.servers": self._broker,
            "schema.history.internal.kafka.topic": f"{topic}-schema-history",
            "transforms.topic.replacement": topic,
            **others,
        }
        try:
            self._ask("/connectors", connector)
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"Connect refuses the connector:\n{refused.read().decode()}") from refused
        wait_for("debezium: its task", lambda: self._runs(topic), 60, (self.program,))

    def _answers(self) -> bool:
        try:
            return self._ask("/connectors") == []
        except (urllib.error.URLError, ConnectionError):
            return False  # the port opens before there is anything behind it

    def _runs(self, name: str) -> bool:
        try:
            tasks = self._ask(f"/connectors/{name}/status")["tasks"]
        except urllib.error.HTTPError:
            return False  # the worker does not know the connector yet
        failed = [task["trace"] for task in tasks if task["state"] == "FAILED"]
        if failed:
            raise AssertionError(f"Debezium's task failed:\n{failed[0]}")
        return bool(tasks) and all(task["state"] == "RUNNING" for task in tasks)

    def _ask(self, path: str, body: dict | None = None) -> dict:
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def stop(self) -> None:
        self.program.stop()


class Canal:
    """A Canal server set up by `canal.properties` and `instance.properties`, which fills `topic`.

    `others`: other settings than theirs.
    """

    def __init__(self, folder: Path, database: Database, broker: str, topic: str, **others: str):
        folder.mkdir(parents=True, exist_ok=True)
        others |= {
            "kafka.bootstrap.servers": broker,
            "canal.instance.master.address": f"127.0.0.1:{database.port}",
            "canal.instance.dbPassword": _PASSWORD,
            "canal.mq.topic": topic,
        }
        files = []
        for name in ("canal.properties", "instance.properties"):
            lines = (DEPLOY / "canal" / name).read_text(encoding="utf-8").splitlines()
            file = folder / name
            file.write_text("".join(_other(line, others) for line in lines), encoding="utf-8")
            files.append(str(file))
        # Its libraries look into classes that the JDK has closed since.
        java = [*_SMALL_JAVA, "--add-opens=java.base/java.lang=ALL-UNNAMED"]
        java += [f"-Dlogback.configurationFile={_HERE / 'canal' / 'logback.xml'}", "-cp", class_path("canal")]
        command = [*java, str(_HERE / "canal" / "CanalToKafka.java"), *files, str(folder)]
        self.program = Program("canal", command, folder / "canal.log")

    def wait_until_ready(self) -> None:
        """Until it reads the binary log: it tells of what comes after that."""
        found = "find start position successfully"
        log = self.program.log
        wait_for("canal: its place in the log", lambda: found in log.read_text(), 120, (self.program,))

    def stop(self) -> None:
        self.program.stop()


def _other(line: str, others: dict[str, object]) -> str:
    """The line of a settings file, with another value where one is given."""
    name = line.partition("=")[0].strip()
    return f"{name} = {others[name]}\n" if name in others else f"{line}\n"
