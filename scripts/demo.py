#!/usr/bin/env python3
"""The service with its console, and a job in a local Flink that takes its rules from it, until Ctrl-C.

The job plays the demo's log (demo/prepare.py) over and over, its times moved on so that it begins a month
before the first start: there is history before the rules are published, and days pass in seconds. The service
is told the same events, so that users have time lines.

In the folder (.demo/ unless --folder says another): service/, and live/, what the job reads and writes. Later
starts take both up again: the job goes on from its last checkpoint, so that what users did before counts.
"""

import argparse
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import replay
from console_client import Client
from replay import LOG, ORIGINALS, ROOT

SERVICE = ROOT / "admin-spring/target/alcedo-admin-0.1.0.jar"
PASSWORD = re.compile(r'Sign in as "admin" with the password (\S+)')
# What the service sets itself when a rule is published.
NOT_DEFINITION = ("id", "revision", "status", "published_at")
EVENTS = 1_000_000  # that there are to play, about: hours at the usual pace
TIME = re.compile(r'"time":(\d+)')
DAY = 86_400_000  # ms
HISTORY = 30 * DAY  # of the log, before its rules are published


class Demo:
    """One folder's service and job. `close` ends what runs, whatever came before it."""

    def __init__(self, folder: Path, port: int, speed: float):
        self.home = folder / "service"
        self.live = folder / "live"
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.speed = speed
        self.children: list[subprocess.Popen] = []
        self.ended = threading.Event()

    def run(self) -> int:
        """Until the job ends by itself, which it should not."""
        if listened(self.port):
            raise SystemExit(
                f"port {self.port} is taken: stop what listens there, or say make demo PORT=8401"
            )
        replay.fetch_log()
        first = not (self.home / "seeded").exists()
        if first:
            # A first start that was broken off begins again.
            shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        service = self.start_service()
        if first:
            print("writing and publishing ten rules ...")
            seed(Client(self.url, "admin", self.password()))
            (self.home / "seeded").touch()
        job = self.start_job()
        feeder = threading.Thread(target=self.feed, daemon=True)
        feeder.start()
        self.greet(first)
        while service.poll() is None and job.poll() is None:
            self.ended.wait(0.5)
        if service.poll() is None and not job.returncode:
            shutil.rmtree(self.live / "checkpoints", ignore_errors=True)
            print("\nAll events have been played; the console stays. Ctrl-C stops it.")
            return service.wait()
        name, log = ("job", self.live / "flink.log") if service.poll() is None else ("service", self.log)
        raise SystemExit(f"the {name} ended: see {log}")

    @property
    def log(self) -> Path:
        return self.home / "service.log"

    def start(self, command: list[str], output: Path) -> subprocess.Popen:
        """A child that Ctrl-C does not reach, so that there is an order; it goes when this process goes."""
        if shutil.which("setpriv"):
            command = ["setpriv", "--pdeathsig", "KILL", *command]
        with output.open("ab") as out:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        self.children.append(child)
        return child

    def start_service(self) -> subprocess.Popen:
        """Waits until it answers."""
        print("starting the service ...")
        self.log.unlink(missing_ok=True)
        command = ["java", "-Xmx768m", "-jar", str(SERVICE), f"--alcedo.data={self.home}"]
        # A month of the shop's passes in a minute.
        command += [f"--server.port={self.port}", "--alcedo.events.keep=400d"]
        service = self.start(command, self.log)
        while not answers(self.url):
            if service.poll() is not None:
                self.say_why()
            time.sleep(0.2)
        return service

    def say_why(self) -> None:
        """Ends the demo because the service did not start."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        if "already in use" in text:
            raise SystemExit(
                f"port {self.port} is taken: stop what listens there, or say make demo PORT=8401"
            )
        raise SystemExit(f"the service did not start:\n{text[-3000:]}")

    def password(self) -> str:
        """The generated one. The service says it once; the demo keeps it beside the service's data."""
        kept = self.home / "password"
        if not kept.exists():
            end = time.monotonic() + 60
            while not (said := PASSWORD.search(self.log.read_text(encoding="utf-8"))):
                if time.monotonic() > end:
                    raise SystemExit(f"the service told no password: see {self.log}")
                time.sleep(0.2)
            kept.touch(mode=0o600)
            kept.write_text(said[1], encoding="utf-8")
        return kept.read_text(encoding="utf-8")

    def start_job(self) -> subprocess.Popen:
        """Takes the job up where its last checkpoint left it; begins anew where that cannot be done."""
        print("starting the job ...")
        events, checkpoint = self.live / "events.jsonl", self.last_checkpoint()
        if checkpoint is not None and events.exists():
            job = self.run_job(events, checkpoint)
            if self.goes_on(job, checkpoint):
                return job
            print("what users did before the last stop cannot be taken up by this version: they begin anew")
            job.kill()
            job.wait()
            self.children.remove(job)
        shutil.rmtree(self.live, ignore_errors=True)
        self.live.mkdir(parents=True)
        with events.open("w", encoding="utf-8") as out:
            out.writelines(self.shop())
        job = self.run_job(events, None)
        self.wait_for_rules(job)
        return job

    def last_checkpoint(self) -> Path | None:
        """The newest that is complete; what older starts left goes."""
        last = self.last_written()
        if last is None:
            return None
        for job in (self.live / "checkpoints").iterdir():
            if job != last.parent:
                shutil.rmtree(job, ignore_errors=True)
        return last

    def goes_on(self, job: subprocess.Popen, checkpoint: Path) -> bool:
        """Whether the job completes a checkpoint of its own: then it runs."""
        end = time.monotonic() + 120
        while job.poll() is None and time.monotonic() < end:
            if self.last_written() not in (None, checkpoint):
                return True
            time.sleep(0.2)
        return False

    def last_written(self) -> Path | None:
        """The newest complete checkpoint."""
        complete = (self.live / "checkpoints").glob("*/chk-*/_metadata")
        newest = max(complete, key=lambda file: file.stat().st_mtime, default=None)
        return newest.parent if newest else None

    def run_job(self, events: Path, checkpoint: Path | None) -> subprocess.Popen:
        """The job as a child."""
        (self.live / "job.log").unlink(missing_ok=True)
        token = self.home / "engine.token"
        options = {
            "--events": events,
            "--speed": self.speed,
            "--rules": f"{self.url}/engine/rules",
            "--rules-token-file": token,
            "--rules-interval": "500ms",
            "--audiences": f"{self.url}/engine/audiences",
            "--audiences-token-file": token,
            "--checkpoint-interval": "1s",
            "--checkpoint-dir": (self.live / "checkpoints").as_uri(),
            "--output": f"{self.url}/engine/matches",
            "--output-token-file": token,
            "--late-output": self.live / "late",
            "--bad-output": self.live / "bad",
            "--status-output": f"{self.url}/engine/acknowledgements?job=demo",
        }
        command = [*replay.job(self.live, 5, ORIGINALS, options, checkpoint), "--rules-may-be-empty"]
        return self.start(command, self.live / "job.log")

    def wait_for_rules(self, job: subprocess.Popen) -> None:
        """Until the job says what became of one; a shop whose rules were all stopped has none to wait for."""
        end = time.monotonic() + 120
        while job.poll() is None and time.monotonic() < end:
            if " is live: " in (self.live / "job.log").read_text(encoding="utf-8", errors="replace"):
                return
            time.sleep(0.2)

    def shop(self) -> Iterator[str]:
        """The log's lines, again and again, each time later."""
        lines = (LOG / "events.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        begin, end = (int(TIME.search(line)[1]) for line in (lines[0], lines[-1]))
        shift = int(time.time() * 1000) - HISTORY - begin
        clock = self.home / "clock"
        if clock.exists():
            # A later start goes on where the last one was: what is known is not told again.
            shift = max(shift, int(clock.read_text(encoding="utf-8")) - begin + DAY)
        for _ in range(EVENTS // len(lines)):
            for line in lines:
                yield moved(line, shift)
            shift += end - begin + DAY

    def feed(self) -> None:
        """Tells the service the events at the job's pace. What it does not take only screens miss."""
        client = Client(self.url, token=(self.home / "engine.token").read_text(encoding="utf-8").strip())
        batch, least = [], max(1, round(self.speed / 2))
        began, told = time.monotonic(), 0
        clock = self.home / "clock"
        known = int(clock.read_text(encoding="utf-8")) if clock.exists() else 0
        with (self.live / "events.jsonl").open(encoding="utf-8") as events:
            for line in events:
                if int(TIME.search(line)[1]) <= known:
                    continue  # told before the last stop
                batch.append(line)
                if len(batch) < least:
                    continue
                told += len(batch)
                self.ended.wait(max(0.0, told / self.speed - (time.monotonic() - began)))
                if self.ended.is_set():
                    return
                try:
                    client.send("POST", "/engine/events", "".join(batch), "application/x-ndjson")
                except (OSError, urllib.error.URLError):
                    pass
                clock.write_text(TIME.search(line)[1], encoding="utf-8")
                batch = []

    def greet(self, first: bool) -> None:
        """What a person needs now."""
        unless = "" if first else "   (unless you changed it)"
        print(f"\n  Console    {self.url}")
        print(f"  Sign in    admin / {self.password()}{unless}\n")
        print(
            f"{self.speed:.0f} events a second of a real shop, its days in seconds. A rule that you publish"
        )
        print("there runs a second later. Ctrl-C stops everything; the next start goes on.")

    def close(self) -> None:
        """First the job, so that it does not miss the service; both are gone when this returns."""
        self.ended.set()
        for child in reversed(self.children):
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def listened(port: int) -> bool:
    """Whether something listens on this port of loopback."""
    with socket.socket() as mine:
        return mine.connect_ex(("127.0.0.1", port)) == 0


def moved(line: str, by: int) -> str:
    """An event later by so many milliseconds."""
    return TIME.sub(lambda told: f'"time":{int(told[1]) + by}', line, count=1)


def seed(client: Client) -> None:
    """The shop's tags and the demo's ten rules, published."""
    tags = (LOG / "tags.jsonl").read_text(encoding="utf-8")
    client.send("POST", "/api/tags", tags, "application/x-ndjson")
    for file in sorted(ORIGINALS.glob("*.json")):
        rule = json.loads(file.read_text(encoding="utf-8"))
        name = rule["id"]
        definition = {key: value for key, value in rule.items() if key not in NOT_DEFINITION}
        made = client.post("/api/rules", {"id": name, "definition": definition, "remark": "of the demo"})
        client.post(f"/api/rules/{name}/publish", {"version": made["version"]})


def answers(url: str) -> bool:
    """Whether the service is up."""
    try:
        return Client(url).get("/actuator/health")["status"] == "UP"
    except (OSError, urllib.error.URLError, ValueError):
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description="The console, its service and a job, until Ctrl-C.")
    parser.add_argument("--speed", type=float, default=100, metavar="N", help="events a second")
    parser.add_argument("--port", type=int, default=8400, help="of the console, on 127.0.0.1")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".demo", metavar="DIR", help="where it works (default: .demo)"
    )
    words = parser.parse_args()
    if not 1 <= words.speed <= 5000:
        parser.error("--speed: 1 to 5000 events a second")
    # Ended like Ctrl-C: nothing may outlive this program. In the background a shell turns Ctrl-C off.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo = Demo(words.folder.resolve(), words.port, words.speed)
    try:
        return demo.run()
    except KeyboardInterrupt:
        print("\nstopping ...")
        return 130
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        demo.close()
        print("stopped; nothing is left running")


if __name__ == "__main__":
    sys.exit(main())
