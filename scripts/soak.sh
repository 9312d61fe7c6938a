#!/usr/bin/env bash
# Proofs that are longer than a build may take. PART chooses one: `oracle` and `fuzz` are random cases (CASES and SEED
# choose how many and which, FUZZ_SECONDS how long each fuzzer runs), `clusters` is `make it` with hundreds of kills and
# cycles (KILLS, CYCLES, CHANGES, AWAY, MINUTES, EVENTS and SEED; it/README.md).
source "$(dirname "$0")/stages.sh"

part=${PART:-all}
[[ $part =~ ^(all|oracle|fuzz|clusters)$ ]] || {
    echo "PART=$part: it must be oracle, fuzz, clusters or all" >&2
    exit 2
}

chosen() {
    [[ $part == all || $part == "$1" ]]
}

# What a proof is of.
signed() {
    echo "commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ' with changes'), $(date --utc +%FT%RZ), $1"
}

soak_oracle() {
    cargo test --release --package alcedo-engine --test oracle -- --nocapture
}

soak_clusters() {
    # The demo is no proof: it is left out.
    python -u -m unittest discover --verbose --start-directory it --top-level-directory it --pattern 'test_[!d]*.py'
}
export -f soak_oracle soak_clusters

# Progress is what one waits for here.
if chosen oracle; then
    CASES=${CASES:-200000} SEED=${SEED:-1} VERBOSE=1 stage oracle --count cargo -- bash -c soak_oracle || true
    signed "$(grep --text '^SEED=' target/stages/soak/oracle.log | tail -n 1 || true)"
fi
if chosen clusters && build_native && build_jar && build_package; then
    KILLS=${KILLS:-200} CYCLES=${CYCLES:-200} SEED=${SEED:-7} \
        VERBOSE=1 stage clusters --count unittest -- bash -c soak_clusters || true
    signed "SEED=${SEED:-7}, on clusters:"
    grep --text '^proof: ' target/stages/soak/clusters.log || true
fi
if chosen fuzz && stage fuzz-build -- scripts/fuzz.sh build; then
    for source in fuzz/fuzz_targets/*.rs; do
        target=$(basename "$source" .rs)
        stage "fuzz-$target" -- scripts/fuzz.sh run "$target" || true
        grep --text '^Done ' "target/stages/soak/fuzz-$target.log" || true
    done
fi
python scripts/stage.py end "$run"
