#!/usr/bin/env bash
# Measures the job beside its peers, and writes benches/results.json, RESULTS.md and ratios.svg. BENCH=quick: small logs,
# once, into target/bench/quick; ONLY=contest,.. measures some (benches/contests.py names them), with ADD=1
# among the results that are there.
# PART=notebook measures the Python package over a table in memory: EVENTS=n (11000000), NOTEBOOK_RULES=1,20,100;
# from 50 million events on each contender reads the file, alone, once.
# PART=service loads the service instead, on H2 and on a real MariaDB (benches/service.py), and writes its table.
source "$(dirname "$0")/stages.sh"

venv=.tools/bench-venv
log=.demo/log/events.jsonl

bench_tools() {
    if ! command -v redis-server >/dev/null; then
        local as_root=()
        ((EUID == 0)) || as_root=(sudo)
        "${as_root[@]}" apt-get install --yes --no-install-recommends redis-server
    fi
    [[ -x $venv/bin/python ]] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement benches/requirements.txt
    [[ -f $log ]] || python demo/prepare.py --output "$(dirname "$log")"
}

# The peers' class path ends with that of the module that Maven builds last, which is theirs.
bench_peers() {
    maven package -DskipTests -Pbench --projects :alcedo-peers --also-make \
        org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
        -Dmdep.outputFile="$PWD/target/bench/classpath.txt"
}
export -f bench_tools bench_peers
export venv log

mkdir -p target/bench
words=()
[[ ${BENCH:-} == quick ]] && words+=(--quick)
[[ -n ${ONLY:-} ]] && words+=(--only "$ONLY")
[[ -n ${ADD:-} ]] && words+=(--add)

if [[ ${PART:-} == service ]]; then
    words=(--write)
    [[ ${BENCH:-} == quick ]] && words=(--quick)
    if build_native && build_jar; then
        PYTHONPATH=it VERBOSE=1 stage service -- python -u benches/service.py "${words[@]}" || true
    fi
    python scripts/stage.py end "$run"
    exit
fi

# The wheel as an analyst installs it, beside the databases that it is measured against.
bench_notebook() {
    scripts/python.sh wheel
    "$venv/bin/pip" install --quiet --no-deps --force-reinstall target/wheels/alcedo-*.whl
    local how=()
    ((${EVENTS:-0} < 50000000)) || how=(--file --turns 1)
    PYTHONPATH=benches "$venv/bin/python" -u benches/notebook.py --events "${EVENTS:-11000000}" \
        --rules "${NOTEBOOK_RULES:-1,20,100}" "${how[@]}"
}
export -f bench_notebook

if [[ ${PART:-} == notebook ]]; then
    stage tools -- bash -c bench_tools && VERBOSE=1 stage notebook -- bash -c bench_notebook || true
    python scripts/stage.py end "$run"
    exit
fi

stage tools -- bash -c bench_tools &&
    build_native &&
    stage figures -- cargo bench --no-run --package alcedo-engine --bench figures &&
    stage peers -- bash -c bench_peers &&
    VERBOSE=1 stage measure -- python -u benches/bench.py "${words[@]}" --databases "$venv/bin/python" \
        --classpath "$PWD/benches/peers/target/classes:$(<target/bench/classpath.txt)" || true
python scripts/stage.py end "$run"
