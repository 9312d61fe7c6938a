#!/usr/bin/env bash
# The service with its console, and a job in a local Flink that takes its rules from it: a shop to try things on.
# SPEED = events a second (default 100); PORT = of the console (default 8400).
source "$(dirname "$0")/stages.sh"

build_native
build_jar
exec python -u scripts/demo.py --speed "${SPEED:-100}" --port "${PORT:-8400}"
