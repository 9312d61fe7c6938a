#!/usr/bin/env bash
# What holds events up in one subtask, measured: a checkpoint's barrier after a million users each did something, and a
# new set of rules. Some minutes; no test, because a time says nothing on a machine that does other work as well.
source "$(dirname "$0")/stages.sh"

build_native
VERBOSE=1 stage pauses --count surefire -- bash -c 'maven test --projects :alcedo-flink --also-make -Dtest="BarrierBench,RulesBench" \
    -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false'
python scripts/stage.py end "$run"
