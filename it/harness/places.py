"""Where things lie."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# The program that simulates logs and runs backtests.
ALCEDO = ROOT / "target" / "release" / "alcedo"
# The very jar that users drop into their cluster.
JOB_JAR = ROOT / "jvm-bridge" / "alcedo-job" / "target" / "alcedo-job-0.1.0.jar"
# The Python with the package in it, as an analyst has it (`scripts/python.sh install`).
ANALYST = ROOT / ".tools" / "analyst" / "bin" / "python"
# All that a run writes: its own, so that two runs do not meet; removed when it ends, however it ends.
SCRATCH = ROOT / "target" / "it" / str(os.getpid())
