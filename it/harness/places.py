"""Where things lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# The program that simulates logs and runs backtests.
ALCEDO = ROOT / "target" / "release" / "alcedo"
# The very jar that users drop into their cluster.
JOB_JAR = ROOT / "jvm-bridge" / "alcedo-job" / "target" / "alcedo-job-0.1.0.jar"
# Logs and folders of the clusters: kept when a test fails, emptied at the next run.
SCRATCH = ROOT / "target" / "it"
