#!/usr/bin/env bash
# python.sh venv|wheel|install|test|types|notebooks [WORDS of notebooks.py]: the steps behind the stages of the Python package.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.tools/venv/bin:$PATH"

venv=.tools/analyst
wheels=target/wheels

# An environment as a user has one: the wheel is installed into it, and the sources are not on its path.
make_venv() {
    local pins
    pins=$(sha256sum <python-bindings/requirements.txt)
    [[ -f $venv/ready && $(<"$venv/ready") == "$pins" ]] && return
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --requirement python-bindings/requirements.txt
    printf '%s\n' "$pins" >"$venv/ready"
}

make_wheel() {
    rm -rf "$wheels"
    maturin build --quiet --release --manifest-path python-bindings/Cargo.toml --out "$wheels"
}

install_wheel() {
    "$venv/bin/python" -m pip install --quiet --no-deps --force-reinstall "$wheels"/alcedo-*.whl
    "$venv/bin/python" -c 'import alcedo; print("alcedo", alcedo.__version__)'
}

run_tests() {
    local told=target/python-tests.txt
    mkdir -p target
    "$venv/bin/python" -m pytest -q -p no:cacheprovider --tb=short python-bindings/tests | tee "$told"
}

check_types() {
    (cd python-bindings && "../$venv/bin/mypy" --no-incremental)
    # pyright's own program comes from npm by itself; the interpreter tells it where the libraries are.
    (cd python-bindings && "../$venv/bin/pyright" --pythonpath "../$venv/bin/python")
}

run_notebooks() {
    "$venv/bin/python" scripts/notebooks.py "$@"
}

case ${1-} in
    venv) make_venv ;;
    wheel) make_wheel ;;
    install) install_wheel ;;
    test) run_tests ;;
    types) check_types ;;
    notebooks) run_notebooks "${@:2}" ;;
    *)
        printf 'python.sh: name a step: venv, wheel, install, test, types or notebooks\n' >&2
        exit 2
        ;;
esac
