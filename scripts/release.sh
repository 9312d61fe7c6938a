#!/usr/bin/env bash
# The artefacts that are given away, in target/dist: built against an old glibc, the jar with a library for each processor.
source "$(dirname "$0")/stages.sh"

glibc=2.28
dist=target/dist
export dist glibc

release_tools() {
    python -m pip install --quiet --requirement scripts/release-requirements.txt
    rustup target add x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu
}

# built PROCESSOR PACKAGE...
built() {
    local target=$1-unknown-linux-gnu.$glibc
    shift
    CARGO_TARGET_DIR=target/zig cargo zigbuild --release "${@/#/--package=}" --target "$target"
}

release_jar() {
    local x86=target/zig/x86_64-unknown-linux-gnu/release arm=target/zig/aarch64-unknown-linux-gnu/release
    maven package -DskipTests --projects :alcedo-job --also-make \
        -Dalcedo.native.library="$PWD/$x86/libalcedo_jni.so" \
        -Dalcedo.native.library.aarch64="$PWD/$arm/libalcedo_jni.so"
    mkdir -p "$dist"
    cp jvm-bridge/alcedo-job/target/alcedo-job-*[0-9].jar LICENSE NOTICE native-core/runner/THIRD-PARTY.txt "$dist"
    cp "$x86/alcedo" "$dist/alcedo"
}
export -f release_tools built release_jar

stage tools -- bash -c release_tools &&
    stage x86_64 -- bash -c 'built x86_64 alcedo alcedo-jni' &&
    stage aarch64 -- bash -c 'built aarch64 alcedo-jni' &&
    stage jar -- bash -c release_jar &&
    stage package -- python scripts/package.py "$glibc" "$dist"/* || true
python scripts/stage.py end "$run"
