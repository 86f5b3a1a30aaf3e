#!/bin/sh
# The texts a person sees, for translators. Run packaging/test.sh once before: it brings Babel.
#
#     sh packaging/texts.sh template FILE    writes all texts to FILE, a .pot
#     sh packaging/texts.sh add de           starts the German translation
#     sh packaging/texts.sh update           brings each translation up to date, and compiles it
#
# No template is kept in the repository: it would be out of date with every commit.
set -eu
# A path given is one of the directory it is started in.
here=$(pwd)
cd "$(dirname "$(dirname "$(readlink -f "$0")")")"
pybabel=.venv/bin/pybabel
translations=resources/translations

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

[ -x "$pybabel" ] || stop "Babel is missing: run packaging/test.sh once"

# write_template FILE
write_template() {
    "$pybabel" --quiet extract --mapping packaging/babel.cfg --project Loquat \
        --no-default-keywords --keyword _ --keyword ngettext:1,2 --sort-by-file \
        --output "$1" .
}

# with_template COMMAND…: runs Babel's command on a template that is gone afterwards.
with_template() {
    template=$(mktemp)
    trap 'rm -f "$template"' EXIT
    write_template "$template"
    "$pybabel" --quiet "$@" --domain loquat --input-file "$template" --output-dir "$translations"
}

case ${1-}:${2-} in
    template:?*)
        case $2 in
            /*) write_template "$2" ;;
            *) write_template "$here/$2" ;;
        esac
        ;;
    add:?*)
        [ ! -e "$translations/$2" ] || stop "$translations/$2 is there already; use: update"
        with_template init --locale "$2"
        ;;
    update:)
        # Guesses by likeness would be shown as if a person had made them.
        with_template update --no-fuzzy-matching
        "$pybabel" --quiet compile --domain loquat --directory "$translations" --statistics
        ;;
    *) stop "usage: texts.sh template FILE | add LANGUAGE | update" ;;
esac
