#!/usr/bin/env bash
# All tests. A failed stage does not hide the others, unless they need what it builds; `end` knows which failed.
source "$(dirname "$0")/stages.sh"

stage rust --count cargo -- cargo test --release --workspace --no-fail-fast || true
# The program that is counted was built with the tests.
stage instructions --count plain -- python scripts/instructions.py || true
# After the Rust tests, which link the library with what only tests need: the jar packs what ships.
if build_native && build_jar; then
    # glibc's version is that of Debian 12, where this is built; a release is built for an older one.
    stage package -- bash -c 'python scripts/package.py 2.34 jvm-bridge/alcedo-job/target/alcedo-job-*[0-9].jar target/release/alcedo' || true
    # The same classes, tested twice: nothing is compiled between the two lines.
    stage flink-2.3 --count surefire -- bash -c 'maven test --fail-at-end --projects "!:alcedo-admin"' || true
    stage flink-1.20 --count surefire -- bash -c 'maven test --fail-at-end -Pflink-1.20 --projects "!:alcedo-admin"' || true
    # Knows nothing of Flink: once. The engine's face comes along without its tests.
    stage admin --count surefire -- bash -c 'maven test --projects :alcedo-admin --also-make -Dtest="io.alcedo.admin.**" -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false' || true
fi
if build_package; then
    stage python --count pytest -- scripts/python.sh test || true
    stage python-types -- scripts/python.sh types || true
    stage notebooks --count plain -- scripts/python.sh notebooks || true
fi
stage scripts --count unittest -- python -m unittest discover --start-directory scripts/tests --top-level-directory scripts || true
stage console --count vitest -- npm --prefix web-react test || true
python scripts/stage.py end "$run"
