#!/bin/sh
# Sets up what is missing, then starts Loquat; arguments go to the program:
#
#     sh packaging/run.sh                 opens the window
#     sh packaging/run.sh ask "Hello"     answers in the terminal
#
# It works from every directory, and in a link to it; a relative path among the arguments is
# one of the directory it is started in.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=packaging/setup.sh
. "$root/packaging/setup.sh"
set_up run
# With it, every start would compile the whole program again, which takes longer than the window.
unset PYTHONDONTWRITEBYTECODE
# -P: a directory that holds an `app` of its own must not give us that one.
exec "$venv/bin/python" -P -m app "$@"
