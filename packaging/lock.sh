#!/bin/sh
# Writes lock.txt and lock-dev.txt anew from pyproject.toml: names, versions and hashes for all
# systems and Pythons, and no addresses. What is locked stays at its version where it can:
#
#     sh packaging/lock.sh                              after a change of pyproject.toml
#     sh packaging/lock.sh --upgrade                    takes the newest of everything
#     sh packaging/lock.sh --upgrade-package httpx      takes the newest of one
#
# Needs uv on the path.
set -eu
cd "$(dirname "$(dirname "$(readlink -f "$0")")")"
command -v uv >/dev/null || {
    echo "uv is needed to write the locks; for instance: pip install uv" >&2
    exit 1
}

# compile LOCK ARGUMENT…
compile() {
    lock=$1
    shift
    uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate \
        --output-file "packaging/$lock" "$@"
}

compile lock.txt "$@"
# The tests must run with what people run.
compile lock-dev.txt --extra dev --constraint packaging/lock.txt "$@"

# What npm installs for the tests; names, versions and hashes here, too.
npm install --prefix packaging/aimock --package-lock-only --omit=peer --ignore-scripts \
    --omit-lockfile-registry-resolved --no-audit --no-fund
