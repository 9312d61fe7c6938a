#!/usr/bin/env bash
# Removes what was built; the tools in .tools/ stay.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf target .demo jvm-bridge/target jvm-bridge/*/target web-react/dist
