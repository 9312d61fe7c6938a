#!/usr/bin/env bash
# Writes every file the way `make check` wants it.
source "$(dirname "$0")/stages.sh"

stage rust -- cargo fmt
stage java -- bash -c 'maven spotless:apply'
stage python -- ruff format
stage console -- npm --prefix web-react run format
stage imports -- ruff check --fix-only --select I
