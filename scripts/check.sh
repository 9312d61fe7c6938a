#!/usr/bin/env bash
# What needs no running program: formats, lints, generated files, links, house rules.
source "$(dirname "$0")/stages.sh"

mapfile -t shell_scripts < <(git ls-files '*.sh' .ci/run)

well=0
stage rust-format -- cargo fmt --check || well=1
# The release profile, so that clippy and the build share what they compile.
stage clippy -- cargo clippy --release --workspace --all-targets -- -D warnings || well=1
stage java-format -- bash -c 'maven -Pbench spotless:check' || well=1
stage schema -- bash -c 'cargo build --quiet "$@" && target/release/alcedo schema | diff schema/rule.schema.json -' schema "${all_packages[@]}" || well=1
stage python-format -- ruff format --check || well=1
stage python-lint -- ruff check || well=1
# Also compares the rule types with the schema that they are generated from.
stage console-types -- npm --prefix web-react run types || well=1
stage console-lint -- npm --prefix web-react run lint || well=1
stage shell -- shellcheck --external-sources --source-path=SCRIPTDIR "${shell_scripts[@]}" || well=1
stage licenses -- python scripts/licenses.py --check || well=1
stage semantics -- python scripts/semantics.py || well=1
stage links -- python scripts/links.py || well=1
stage house -- python scripts/house.py || well=1
exit "$well"
