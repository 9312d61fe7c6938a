#!/usr/bin/env bash
# All tests. A failed stage does not hide the others, unless they need what it builds.
source "$(dirname "$0")/stages.sh"

well=0
build_native || well=1
stage rust --count cargo -- cargo test --release --workspace --no-fail-fast || well=1
if ((well == 0)) && build_jar; then
    # The same classes, tested twice: nothing is compiled between the two lines.
    stage flink-2.3 --count surefire -- bash -c 'maven test --fail-at-end' || well=1
    stage flink-1.20 --count surefire -- bash -c 'maven test --fail-at-end -Pflink-1.20' || well=1
fi
stage scripts --count unittest -- python -m unittest discover --start-directory scripts/tests --top-level-directory scripts || well=1
python scripts/stage.py end "$run"
