"""The log that is measured: the demo's, tiled. Copies of its people do the same a little later each."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

# How much later each copy of a person acts, ms: no multiple of anything in the log, so copies mix.
LATER = 977_431


@dataclass(frozen=True)
class TiledLog:
    """A log and what a result must name of it."""

    path: Path
    events: int
    users: int
    until: int
    sha256: str


def tile(source: Path, output: Path, base: int, copies: int) -> TiledLog:
    """The first `base` events of the source, `copies` times, sorted by time."""
    events = apart(source.read_text(encoding="utf-8").splitlines()[:base])
    order = sorted(
        (time + copy * LATER, copy, number)
        for number, (time, *_) in enumerate(events)
        for copy in range(copies)
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8", newline="\n") as file:
        for time, copy, number in order:
            _, user, kind, rest = events[number]
            file.write(f'{{"user":"{user}.{copy}","type":"{kind}","time":{time},{rest}\n')
    return describe(output)


def apart(lines: list[str]) -> list[tuple[int, str, str, str]]:
    """Time, user, type and the rest of each event; no two events of a user have one time.

    What comes first of two events of one time is a matter of definition, and peers define it differently.
    That is not what is measured, so the later one is put 1 ms later.
    """
    last: dict[str, int] = {}
    events = []
    for line in lines:
        event = json.loads(line)
        user, kind = event.pop("user"), event.pop("type")
        time = max(event.pop("time"), last.get(user, 0) + 1)
        last[user] = time
        events.append((time, user, kind, json.dumps(event, separators=(",", ":"), ensure_ascii=False)[1:]))
    return events


def describe(path: Path) -> TiledLog:
    """Counts and hashes a log."""
    digest, users, events, until = hashlib.sha256(), set(), 0, 0
    with path.open("rb") as file:
        for line in file:
            digest.update(line)
            event = json.loads(line)
            users.add(event["user"])
            until = max(until, event["time"])
            events += 1
    return TiledLog(path, events, len(users), until, digest.hexdigest())
