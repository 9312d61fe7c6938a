"""A real session cluster of one Flink line: a JobManager and a TaskManager in two JVMs, and the client."""

import http.client
import json
import os
import re
import shutil
import string
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from .java import FLINK_FLAGS, class_path
from .places import JOB_JAR, ROOT
from .processes import Program, ProgramError, free_ports, run, wait_for
from .pushed import PushGateway
from .zookeeper import ZooKeeper

_CONFIG = ROOT / "it" / "flink"
_JOB_ID = re.compile(r"Job has been submitted with JobID ([0-9a-f]{32})")
# The operator that judges, as the job names it.
RULES_OPERATOR = "alcedo-rules"
ENDED = ("FINISHED", "FAILED", "CANCELED")


class Cluster:
    """`line` is `flink-2.3` or `flink-1.20`; everything it writes lies in `folder`.

    `in_lib`: the jar is part of the distribution, and a job names its class only.
    """

    def __init__(
        self,
        line: str,
        folder: Path,
        gateway: PushGateway | None = None,
        in_lib: bool = False,
        zookeeper: ZooKeeper | None = None,
    ):
        self.line = line
        self.folder = folder
        self._class_path = class_path(line) + (os.pathsep + str(JOB_JAR) if in_lib else "")
        self._in_lib = in_lib
        rest, rpc = free_ports(2)
        self._rest = f"http://127.0.0.1:{rest}"
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("conf", "tmp", "checkpoints"):
            (folder / part).mkdir(parents=True)
        wanted = {"config.yaml": True, "reporter.yaml": gateway, "zookeeper.yaml": zookeeper}
        texts = [(_CONFIG / file).read_text(encoding="utf-8") for file, used in wanted.items() if used]
        template = string.Template("".join(texts))
        settings = {
            "JOBMANAGER_PORT": rpc,
            "REST_PORT": rest,
            "CHECKPOINTS": (folder / "checkpoints").as_uri(),
            "TMP": folder / "tmp",
            "GATEWAY": gateway.url if gateway else "",
            "HA": (folder / "ha").as_uri(),
            "ZOOKEEPER": zookeeper.address if zookeeper else "",
        }
        (folder / "conf" / "config.yaml").write_text(template.substitute(settings), encoding="utf-8")
        self.start_jobmanager()
        self.start_taskmanager()

    @property
    def programs(self) -> tuple[Program, Program]:
        return self.jobmanager, self.taskmanager

    def wait_until_ready(self) -> None:
        """Until the TaskManager offers its slots."""
        wait_for(f"{self.line}: slots", self._free_slots, 90, self.programs)

    def _start(self, name: str, main: str, heap: str, *flags: str) -> Program:
        command = ["java", f"-Xmx{heap}", *flags, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", FLINK_FLAGS]
        command += [f"-Dlog4j2.configurationFile={_CONFIG / 'log4j2.properties'}", "-cp", self._class_path]
        command += [f"org.apache.flink.runtime.{main}", "--configDir", str(self.folder / "conf")]
        return Program(f"{self.line} {name}", command, self.folder / f"{name}.log")

    def start_jobmanager(self) -> None:
        self.jobmanager = self._start("jobmanager", "entrypoint.StandaloneSessionClusterEntrypoint", "384m")

    def start_taskmanager(self, whole_heap: bool = False) -> None:
        """`whole_heap`: all of it resident from the start, so that what grows later is not the heap."""
        flags = ["-Xms512m", "-XX:+AlwaysPreTouch"] if whole_heap else []
        self.taskmanager = self._start("taskmanager", "taskexecutor.TaskManagerRunner", "512m", *flags)

    def rest(self, path: str, method: str = "GET", body: dict | None = None) -> dict:
        """What the JobManager answers on its REST port."""
        request = urllib.request.Request(self._rest + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def _free_slots(self) -> int:
        answer = self.rest_if_up("/overview")
        return answer["slots-available"] if answer else 0

    def rest_if_up(self, path: str) -> dict | None:
        """The same; None while no JobManager answers, or none that knows what is asked for."""
        try:
            return self.rest(path)
        except (urllib.error.URLError, OSError, http.client.HTTPException):
            return None

    def submit(
        self,
        *options: object,
        parallelism: int = 1,
        savepoint: str | None = None,
        state_backend: str = "hashmap",
    ) -> str:
        """Submits the users' jar as a user does, detached; the job's id."""
        command = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", FLINK_FLAGS, "-cp", self._class_path]
        command += ["org.apache.flink.client.cli.CliFrontend", "run", "-d", "-p", str(parallelism)]
        command += [f"-Dstate.backend.type={state_backend}"]
        command += ["-s", savepoint] if savepoint else []
        command += self._program() + [str(word) for word in options]
        output = run(command, {"FLINK_CONF_DIR": str(self.folder / "conf")})
        found = _JOB_ID.search(output)
        if not found:
            raise ProgramError(f"the client named no job:\n{output}")
        return found.group(1)

    def _program(self) -> list[str]:
        """The jar; where it lies in lib/ already, its class, and an empty jar because one must be."""
        if not self._in_lib:
            return [str(JOB_JAR)]
        empty = self.folder / "empty.jar"
        with zipfile.ZipFile(empty, "w") as jar:
            jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
        return ["-c", "io.alcedo.job.AlcedoJob", str(empty)]

    def state(self, job: str) -> str:
        return self.rest(f"/jobs/{job}")["state"]

    def wait_for_state(self, job: str, wanted: str, seconds: float = 90) -> None:
        """Until the job is in this state; an error that shows why when it ended in another."""

        def reached() -> bool:
            state = self.state(job)
            if state != wanted and state in ENDED:
                history = self.rest(f"/jobs/{job}/exceptions")["exceptionHistory"]["entries"]
                why = history[0]["stacktrace"] if history else "it tells of no exception"
                raise ProgramError(f"the job is {state}, not {wanted}:\n{why}")
            return state == wanted

        wait_for(f"{self.line}: job {wanted}", reached, seconds, self.programs)

    def checkpoints(self, job: str) -> dict[str, int]:
        """How many checkpoints completed, failed, were restored, ..."""
        return self.rest(f"/jobs/{job}/checkpoints")["counts"]

    def restored_at(self, job: str) -> float:
        """When this JobManager last brought the job back from a checkpoint (Unix seconds); else 0."""
        answer = self.rest_if_up(f"/jobs/{job}/checkpoints")
        last = answer["latest"]["restored"] if answer else None
        return last["restore_timestamp"] / 1000 if last else 0

    def checkpointed_at(self, job: str) -> float:
        """When the last completed checkpoint began (Unix seconds); else 0."""
        answer = self.rest_if_up(f"/jobs/{job}/checkpoints")
        last = answer["latest"]["completed"] if answer else None
        return last["trigger_timestamp"] / 1000 if last else 0

    def records_into(self, job: str, operator: str) -> int:
        """How many records the operators whose names hold `operator` have taken in so far."""
        vertices = self.rest(f"/jobs/{job}")["vertices"]
        return sum(vertex["metrics"]["read-records"] for vertex in vertices if operator in vertex["name"])

    def metrics_of(self, job: str, operator: str) -> dict[str, float]:
        """What Flink's web page shows of this operator's first subtask: name -> value."""
        vertices = self.rest(f"/jobs/{job}")["vertices"]
        vertex = next(vertex for vertex in vertices if operator in vertex["name"])
        page = f"/jobs/{job}/vertices/{vertex['id']}/metrics"
        prefix = f"0.{operator}."
        names = [one["id"] for one in self.rest(page) if one["id"].startswith(prefix)]
        found: dict[str, float] = {}
        for begin in range(0, len(names), 50):  # an address has a longest length
            for metric in self.rest(f"{page}?get={','.join(names[begin : begin + 50])}"):
                try:
                    found[metric["id"].removeprefix(prefix)] = float(metric["value"])
                except ValueError:
                    continue  # texts
        return found

    def watermark_out_of(self, job: str, operator: str) -> int:
        """The lowest watermark that the subtasks of this operator have passed on; -2^63 before the first."""
        vertices = self.rest(f"/jobs/{job}")["vertices"]
        vertex = next(vertex for vertex in vertices if vertex["name"].startswith(operator))
        names = [f"{subtask}.{operator}.currentOutputWatermark" for subtask in range(vertex["parallelism"])]
        metrics = self.rest(f"/jobs/{job}/vertices/{vertex['id']}/metrics?get={','.join(names)}")
        found = [int(metric["value"]) for metric in metrics]
        return min(found) if len(found) == len(names) else -(2**63)

    def cancel(self, job: str) -> None:
        self.rest(f"/jobs/{job}?mode=cancel", "PATCH")
        self.wait_for_state(job, "CANCELED")

    def cancel_all(self) -> None:
        """Every job that runs, if there is somebody to tell."""
        overview = self.rest_if_up("/jobs/overview") or {"jobs": []}
        for job in overview["jobs"]:
            if job["state"] not in ENDED:
                self.cancel(job["jid"])

    def stop_with_savepoint(self, job: str) -> str:
        """Ends the job in the middle of its input; where the savepoint lies."""
        target = {"targetDirectory": (self.folder / "savepoints").as_uri(), "drain": False}
        request = self.rest(f"/jobs/{job}/stop", "POST", target)["request-id"]

        def completed() -> str | None:
            answer = self.rest(f"/jobs/{job}/savepoints/{request}")
            if answer["status"]["id"] != "COMPLETED":
                return None
            if "failure-cause" in answer["operation"]:
                raise ProgramError(f"no savepoint:\n{answer['operation']['failure-cause']['stack-trace']}")
            return answer["operation"]["location"]

        location = wait_for(f"{self.line}: savepoint", completed, 60, self.programs)
        self.wait_for_state(job, "FINISHED")
        return location

    def replace_taskmanager(self, whole_heap: bool = False) -> None:
        """kill -9, and a new one on the same configuration."""
        self.taskmanager.kill()
        self.start_taskmanager(whole_heap)

    def replace_jobmanager(self) -> None:
        """kill -9, and a new one: with ZooKeeper it finds the jobs of the dead one."""
        self.jobmanager.kill()
        self.start_jobmanager()

    def stop(self) -> None:
        """Ends both at once, and waits for both."""
        for program in self.programs:
            program.ask_to_stop()
        for program in self.programs:
            program.stop()
