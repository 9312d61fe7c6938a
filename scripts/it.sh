#!/usr/bin/env bash
# The jar on real clusters: two JVMs of each Flink line, and a real Kafka broker.
source "$(dirname "$0")/stages.sh"

build_native && build_jar &&
    stage clusters --count unittest -- python -u -m unittest discover --verbose --start-directory it --top-level-directory it || true
python scripts/stage.py end "$run"
