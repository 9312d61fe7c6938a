#!/usr/bin/env bash
# Random proofs that are longer than a build may take. CASES and SEED choose how many cases and which; FUZZ_SECONDS how
# long each fuzzer runs.
source "$(dirname "$0")/stages.sh"

export CASES=${CASES:-200000} SEED=${SEED:-1}

soak_oracle() {
    cargo test --release --package alcedo-engine --test oracle -- --nocapture
}
export -f soak_oracle

# Progress is what one waits for here.
VERBOSE=1 stage oracle --count cargo -- bash -c soak_oracle || true
echo "commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ' with changes')"
grep --text '^SEED=' target/stages/soak/oracle.log | tail -n 1 || true
if stage fuzz-build -- scripts/fuzz.sh build; then
    for source in fuzz/fuzz_targets/*.rs; do
        target=$(basename "$source" .rs)
        stage "fuzz-$target" -- scripts/fuzz.sh run "$target" || true
        grep --text '^Done ' "target/stages/soak/fuzz-$target.log" || true
    done
fi
python scripts/stage.py end "$run"
