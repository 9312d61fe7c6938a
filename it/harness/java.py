"""How a JVM is started, and where the class paths come from."""

import subprocess
import sys

from .places import ROOT

# What a JVM with Flink inside needs: as an argument of java.
FLINK_FLAGS = f"@{ROOT / 'jvm-bridge' / 'alcedo-flink' / 'flink-jvm.args'}"


def class_path(program: str) -> str:
    """The class path of a real program: `flink-2.3`, `flink-1.20` or `kafka`."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "classpath.py"), program],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()
