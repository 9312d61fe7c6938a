#!/usr/bin/env python3
"""Prints the class path of a real program that Maven can resolve: `classpath.py flink-2.3|kafka|...`.

Resolved once: the answer is kept in target/classpath/ until a pom changes or a jar goes away.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "target" / "classpath"
RESOLVER = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"

# Name -> the pom, and the Maven profile that chooses its version.
PROGRAMS = {
    "flink-2.3": ("it/flink/pom.xml", []),
    "flink-1.20": ("it/flink/pom.xml", ["-Pflink-1.20"]),
    "kafka": ("it/kafka/pom.xml", []),
    "debezium": ("it/cdc/debezium/pom.xml", []),
    "canal": ("it/cdc/canal/pom.xml", []),
}


def resolve(program: str) -> str:
    """The class path, as java takes it."""
    pom, profile = PROGRAMS[program]
    pins = b"".join((ROOT / file).read_bytes() for file in (pom, "jvm-bridge/pom.xml"))
    kept = KEPT / f"{program}-{hashlib.sha256(pins).hexdigest()[:16]}.txt"
    if kept.is_file():
        path = kept.read_text(encoding="utf-8").strip()
        if all(os.path.exists(jar) for jar in path.split(os.pathsep)):
            return path
    KEPT.mkdir(parents=True, exist_ok=True)
    command = ["mvn", "--batch-mode", "--quiet", "-Dstyle.color=never", "--file", pom, *profile]
    command += [RESOLVER, f"-Dmdep.outputFile={kept}"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Maven could not resolve {program} ({pom}):\n{done.stdout}{done.stderr}")
    return kept.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PROGRAMS:
        sys.exit(f"classpath.py needs one of: {', '.join(PROGRAMS)}")
    print(resolve(sys.argv[1]))
