#!/usr/bin/env bash
# Fuzzing, with the pinned compiler (fuzz/README.md):
#
#   fuzz.sh build              the fuzzers; brings cargo-fuzz into .tools/ once
#   fuzz.sh run TARGET         for FUZZ_SECONDS (default 60), from the committed corpus, seeds and what earlier runs found
#   fuzz.sh minimise TARGET    the committed corpus, out of itself, fresh seeds and what earlier runs found
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.13.2
found=target/fuzz
# Without a sanitizer no nightly compiler is needed. There is no unsafe code to watch: an allocator of our own counts.
options=(--sanitizer none --features fuzzer --fuzz-dir fuzz)
limits=(-timeout=5 -rss_limit_mb=2048)

export PATH="$PWD/.tools/bin:$PATH"

bring_tool() {
    if [[ $(cargo-fuzz --version 2>/dev/null) != "cargo-fuzz $version" ]]; then
        cargo install --locked --root .tools cargo-fuzz --version "$version"
    fi
}

# Further words for libFuzzer that a target has.
words_of() {
    [[ ! -f fuzz/$1.dict ]] || printf '%s\n' "-dict=fuzz/$1.dict"
}

# Longest input of a target's committed corpus, bytes: what is long says little that short ones do not.
length_of() {
    case $1 in
        rule) echo 8192 ;; # a list has many problems at once
        state | jni_batch) echo 400 ;;
        *) echo 1024 ;;
    esac
}

seeds() {
    cargo run --quiet --release --package alcedo-fuzz --example seeds -- "$found/seeds"
}

run() {
    local target=$1 words=()
    mapfile -t words < <(words_of "$target")
    mkdir -p "$found/$target"
    # The committed corpus reaches everything, but with few and short inputs: seeds bring what lies deeper.
    seeds
    # What is found goes into the first folder; the others are only read.
    cargo fuzz run "${options[@]}" "$target" "$found/$target" "fuzz/corpus/$target" "$found/seeds/$target" -- \
        "${words[@]}" "${limits[@]}" "-max_total_time=${FUZZ_SECONDS:-60}" -print_final_stats=1
}

minimise() {
    local target=$1 kept
    mkdir -p "$found/$target" "fuzz/corpus/$target"
    seeds
    kept=$(mktemp -d)
    # The fewest inputs that reach everything.
    cargo fuzz run "${options[@]}" "$target" "$kept" "fuzz/corpus/$target" "$found/seeds/$target" "$found/$target" -- \
        -set_cover_merge=1 -use_counters=0 "-max_len=${FUZZ_LENGTH:-$(length_of "$target")}" "${limits[@]}"
    # What has a name of its own was put there by hand, and stays.
    find "fuzz/corpus/$target" -type f -regextype egrep -regex '.*/[0-9a-f]{40}' -delete
    cp "$kept"/* "fuzz/corpus/$target/"
    rm -rf "$kept"
    printf '%s: %s files, %s bytes\n' "$target" "$(find "fuzz/corpus/$target" -type f | wc -l)" \
        "$(cat "fuzz/corpus/$target"/* | wc -c)"
}

bring_tool
case ${1:-} in
    build) cargo fuzz build "${options[@]}" ;;
    run) run "$2" ;;
    minimise) minimise "$2" ;;
    *)
        sed -n '2,6p' "$0" >&2
        exit 2
        ;;
esac
