#!/bin/sh
# Sets up what is missing, then runs every check and every test; fails if any of them does.
#
#     sh packaging/test.sh                      everything
#     sh packaging/test.sh tests/api -k split   these go to pytest, and the checks are left out
#
# Paths are those of the checkout, wherever it is started.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=packaging/setup.sh
. "$root/packaging/setup.sh"
set_up dev
cd "$root"

# Tests that need a screen start one of their own.
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
# The tests expect the texts as they are written, on whatever machine they run.
export LC_ALL=C.UTF-8
unset LANGUAGE

if [ $# -gt 0 ]; then
    exec "$venv/bin/python" -m pytest "$@"
fi

failed=''

# check NAME COMMAND…: all are run, so that one run shows all there is to mend.
check() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed="$failed${failed:+, }$name"
}

check 'ruff format' "$venv/bin/ruff" format --check --quiet --diff .
check 'ruff' "$venv/bin/ruff" check --quiet .
check 'mypy' "$venv/bin/python" -m mypy
check 'import-linter' "$venv/bin/lint-imports" --no-logo
# loadgroup: tests that share something costly name it with the mark xdist_group.
# Among the tests are the benchmarks in a short form (tests/benchmarks), so that none rots.
check 'pytest' "$venv/bin/python" -m pytest -q -n auto --maxprocesses 4 --dist loadgroup

printf '\n'
if [ -n "$failed" ]; then
    say "failed: $failed"
    exit 1
fi
say "all checks and tests passed"
