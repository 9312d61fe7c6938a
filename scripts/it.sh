#!/usr/bin/env bash
# The jar on real clusters: two JVMs of each Flink line, and a real Kafka broker. The console in a real browser.
source "$(dirname "$0")/stages.sh"

if build_native && build_jar; then
    build_package || true
    stage console-pages --count vitest -- npm --prefix web-react run test:pages || true
    stage clusters --count unittest -- python -u -m unittest discover --verbose --start-directory it --top-level-directory it || true
fi
python scripts/stage.py end "$run"
