"""Real programs as children: started on loopback, waited for, ended by their own process id.

Invariants: nothing is ended that was not started here; a child does not outlive the test run, even if that
run is killed; whoever fails to start or to answer shows the end of its own log; the run leaves no files.
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .places import SCRATCH

# The kernel ends the child when this process is gone, however it went.
_DIE_WITH_PARENT = ["setpriv", "--pdeathsig", "KILL"]
_alive: list["Program"] = []
SHOWN_OF_A_LOG = 60  # lines


class ProgramError(AssertionError):
    """A real program did not do what a test needed; the text shows its log."""


def free_ports(number: int) -> list[int]:
    """Ports of loopback that nobody listens on now. Held open together, so that they differ."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def accepts(port: int) -> bool:
    """Whether something listens on this port of loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_for(what: str, check: Callable[[], object], seconds: float, watched: tuple["Program", ...] = ()):
    """The first true answer of `check`; an error with the logs if none comes or a watched program ends."""
    end = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        for program in watched:
            if program.code is not None:
                raise ProgramError(
                    f"waiting for {what}: {program.name} ended with {program.code}\n{program.tail()}"
                )
        if time.monotonic() > end:
            logs = "\n".join(program.tail() for program in watched)
            raise ProgramError(f"{what} did not come within {seconds:.0f} s\n{logs}")
        time.sleep(0.1)


class Program:
    """One running program whose output goes to a log."""

    def __init__(self, name: str, command: list[str], log: Path, env: dict[str, str] | None = None):
        self.name = name
        self.log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [*_DIE_WITH_PARENT, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=log.parent,
            )
        _alive.append(self)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.poll()

    def tail(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([f"--- {self.log}", *lines[-SHOWN_OF_A_LOG:]])

    def kill(self) -> None:
        """The death of a machine: no goodbye (kill -9)."""
        self._process.kill()
        self._process.wait()
        self._forget()

    def ask_to_stop(self) -> None:
        """Begins a polite end; `stop` waits for it."""
        self._process.terminate()

    def stop(self, seconds: float = 15) -> None:
        """A polite end, then an impolite one."""
        self.ask_to_stop()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._forget()

    def _forget(self) -> None:
        if self in _alive:
            _alive.remove(self)


def logs() -> str:
    """The ends of the logs of all that runs now."""
    return "\n".join(program.tail() for program in _alive)


@atexit.register
def clean_up() -> None:
    """Ends whatever a broken or interrupted test left running, and removes what the run wrote."""
    for program in list(_alive):
        program.kill()
    shutil.rmtree(SCRATCH, ignore_errors=True)


def _remove_remains() -> None:
    """What runs left that were killed without a chance to clean up: their process is gone."""
    for folder in SCRATCH.parent.glob("[0-9]*"):
        if folder == SCRATCH or not Path("/proc", folder.name).exists():
            shutil.rmtree(folder, ignore_errors=True)


_remove_remains()
# A polite end of the run comes as this signal, and only an exit of Python's own cleans up.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def run(command: list[str], env: dict[str, str] | None = None, seconds: float = 120) -> str:
    """Runs a command to its end; its output, or an error that shows it."""
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, **(env or {})},
        timeout=seconds,
    )
    if done.returncode != 0:
        shown = " ".join(word if len(word) < 200 else word[:40] + "..." for word in command)
        raise ProgramError(f"{shown}\nended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout
