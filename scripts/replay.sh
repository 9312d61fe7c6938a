#!/usr/bin/env bash
# Plays a real shop's log through a local Flink, shows what fires, and proves it against a backtest.
# SPEED = events a second (default 1000); SHOW = matches shown a second (default 10).
source "$(dirname "$0")/stages.sh"

build_native
build_jar
python -u scripts/replay.py --speed "${SPEED:-1000}" --show "${SHOW:-10}"
