#!/usr/bin/env bash
# build.sh native|jar...: the artefacts, without their tests.
source "$(dirname "$0")/stages.sh"

for part in "$@"; do
    "build_$part"
done
