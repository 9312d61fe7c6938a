"""A real session cluster of one Flink line: a JobManager and a TaskManager in two JVMs, and the client."""

import json
import re
import shutil
import string
import urllib.error
import urllib.request
from pathlib import Path

from .java import FLINK_FLAGS, class_path
from .places import JOB_JAR, ROOT
from .processes import Program, ProgramError, free_ports, run, wait_for

_CONFIG = ROOT / "it" / "flink"
_JOB_ID = re.compile(r"Job has been submitted with JobID ([0-9a-f]{32})")
ENDED = ("FINISHED", "FAILED", "CANCELED")


class Cluster:
    """`line` is `flink-2.3` or `flink-1.20`; everything it writes lies in `folder`."""

    def __init__(self, line: str, folder: Path, state_backend: str = "hashmap"):
        self.line = line
        self.folder = folder
        self._class_path = class_path(line)
        rest, rpc = free_ports(2)
        self._rest = f"http://127.0.0.1:{rest}"
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("conf", "tmp", "checkpoints"):
            (folder / part).mkdir(parents=True)
        template = string.Template((_CONFIG / "config.yaml").read_text(encoding="utf-8"))
        settings = {
            "JOBMANAGER_PORT": rpc,
            "REST_PORT": rest,
            "CHECKPOINTS": (folder / "checkpoints").as_uri(),
            "STATE_BACKEND": state_backend,
            "TMP": folder / "tmp",
        }
        (folder / "conf" / "config.yaml").write_text(template.substitute(settings), encoding="utf-8")
        self.jobmanager = self._start("jobmanager", "entrypoint.StandaloneSessionClusterEntrypoint", "512m")
        self.taskmanager = self._start_taskmanager()

    def wait_until_ready(self) -> None:
        """Until the TaskManager offers its slots."""
        wait_for(f"{self.line}: slots", self._free_slots, 60, (self.jobmanager, self.taskmanager))

    def _start(self, name: str, main: str, heap: str) -> Program:
        command = ["java", f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", FLINK_FLAGS]
        command += [f"-Dlog4j2.configurationFile={_CONFIG / 'log4j2.properties'}", "-cp", self._class_path]
        command += [f"org.apache.flink.runtime.{main}", "--configDir", str(self.folder / "conf")]
        return Program(f"{self.line} {name}", command, self.folder / f"{name}.log")

    def _start_taskmanager(self) -> Program:
        return self._start("taskmanager", "taskexecutor.TaskManagerRunner", "512m")

    def rest(self, path: str, method: str = "GET") -> dict:
        """What the JobManager answers on its REST port."""
        request = urllib.request.Request(self._rest + path, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def _free_slots(self) -> int:
        try:
            return self.rest("/overview")["slots-available"]
        except (urllib.error.URLError, ConnectionError):
            return 0  # not listening yet

    def submit(self, *options: object, parallelism: int = 1) -> str:
        """Submits the users' jar as a user does, detached; the job's id."""
        command = ["java", "-XX:TieredStopAtLevel=1", FLINK_FLAGS, "-cp", self._class_path]
        command += [
            "org.apache.flink.client.cli.CliFrontend",
            "run",
            "-d",
            "-p",
            str(parallelism),
            str(JOB_JAR),
        ]
        output = run(command + [str(word) for word in options], {"FLINK_CONF_DIR": str(self.folder / "conf")})
        found = _JOB_ID.search(output)
        if not found:
            raise ProgramError(f"the client named no job:\n{output}")
        return found.group(1)

    def state(self, job: str) -> str:
        return self.rest(f"/jobs/{job}")["state"]

    def wait_for_state(self, job: str, wanted: str, seconds: float = 90) -> None:
        """Until the job is in this state; an error that shows why when it ended in another."""

        def reached() -> bool:
            state = self.state(job)
            if state != wanted and state in ENDED:
                why = self.rest(f"/jobs/{job}/exceptions")["root-exception"]
                raise ProgramError(f"the job is {state}, not {wanted}:\n{why}")
            return state == wanted

        wait_for(f"{self.line}: job {wanted}", reached, seconds, (self.jobmanager, self.taskmanager))

    def checkpoints(self, job: str) -> dict[str, int]:
        """How many checkpoints completed, failed, were restored, ..."""
        return self.rest(f"/jobs/{job}/checkpoints")["counts"]

    def records_into(self, job: str, operator: str) -> int:
        """How many records the operators whose names hold `operator` have taken in so far."""
        vertices = self.rest(f"/jobs/{job}")["vertices"]
        return sum(vertex["metrics"]["read-records"] for vertex in vertices if operator in vertex["name"])

    def cancel(self, job: str) -> None:
        self.rest(f"/jobs/{job}?mode=cancel", "PATCH")
        self.wait_for_state(job, "CANCELED")

    def replace_taskmanager(self) -> None:
        """kill -9, and a new one on the same configuration."""
        self.taskmanager.kill()
        self.taskmanager = self._start_taskmanager()

    def stop(self) -> None:
        for program in (self.taskmanager, self.jobmanager):
            program.stop()
