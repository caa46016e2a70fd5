#!/bin/sh
# Installs AssetTrack from the folder this file lies in, without a network: sh install.sh [FOLDER]
#
# FOLDER is ~/assettrack unless another is named. Each bundle gets a folder of its own in it, and FOLDER/bin/assettrack
# is a link to the one that was installed last. That link changes last of all, and at once. Nothing that was there before
# is ever changed or removed, and nothing outside FOLDER is touched. PYTHON=... names another interpreter.

set -eu
umask 022
LC_ALL=C
export LC_ALL
unset CDPATH

stop() {
    printf '%s\nNothing was installed.\n' "$1" >&2
    exit 1
}

case ${1-} in -*) stop "Call it like this: sh install.sh [FOLDER]" ;; esac
[ $# -le 1 ] || stop "Call it like this: sh install.sh [FOLDER]"
[ -n "${1-}${HOME-}" ] || stop "HOME is not set. Name a folder: sh install.sh FOLDER"
folder=${1:-${HOME-}/assettrack}
case $folder in /*) ;; *) folder=$PWD/$folder ;; esac
folder=${folder%/}
cd -- "$(dirname -- "$0")"

# 1. Is the bundle whole? Only then is anything in it read.

if command -v sha256sum >/dev/null 2>&1; then
    sum=sha256sum
elif command -v shasum >/dev/null 2>&1; then
    sum='shasum -a 256'
else
    stop "The bundle can't be checked: neither sha256sum nor shasum is here."
fi
again="Copy the bundle over again, and compare it with the SHA-256 that was printed when it was made."
if ! checked=$($sum -c SHA256SUMS 2>/dev/null); then
    changed=$(printf '%s\n' "$checked" | sed -n 's/: FAILED.*$/,/p' | tr '\n' ' ' | sed 's/, $//')
    stop "The bundle is not as it was made. Changed or missing: ${changed:-SHA256SUMS}. $again"
fi
for wheel in wheels/*; do
    grep -qF "  $wheel" SHA256SUMS || stop "The bundle is not as it was made. Not a part of it: $wheel. $again"
done

# 2. Is there a Python that it was made for?

read -r version python system machine <MADE-FOR

fits() {
    "$1" -I -c 'import platform, sys
here = [platform.python_implementation(), "%d.%d" % sys.version_info[:2], sys.platform, platform.machine()]
sys.exit(here != sys.argv[1:])' CPython "$python" "$system" "$machine" >/dev/null 2>&1
}

interpreter=
for each in "${PYTHON:-python$python}" "${PYTHON:-python3}"; do
    if [ -z "$interpreter" ] && fits "$each"; then interpreter=$each; fi
done
[ -n "$interpreter" ] || stop "This bundle is for CPython $python on $system $machine, and ${PYTHON:-python3} is not that. \
Name it, PYTHON=/path/to/python$python sh install.sh, or have a bundle made on a machine like this one."

# 3. Install into a folder of its own. What an earlier run left half made is made anew.

own=$folder/$version-$($sum SHA256SUMS | cut -c 1-8)
entry=$folder/bin/assettrack
if [ -e "$entry" ] && [ ! -L "$entry" ]; then
    stop "$entry is there already, and was not made by this script. Name another folder: sh install.sh FOLDER"
fi
if [ ! -f "$own/INSTALLED" ]; then
    undo() {
        rm -rf -- "$own"
        [ -n "$known" ] || rmdir -- "$folder" 2>/dev/null || :
    }
    known=
    [ ! -d "$folder" ] || known=yes
    trap undo EXIT
    trap 'exit 130' INT
    trap 'exit 143' HUP TERM
    rm -rf -- "$own"
    mkdir -p -- "$own" || stop "The folder can't be made. Name another one: sh install.sh FOLDER"
    "$interpreter" -I -m venv "$own" >&2 ||
        stop "$interpreter can't make a virtual environment (on Debian it needs the package python3-venv)."
    PIP_CONFIG_FILE=/dev/null "$own/bin/python" -I -m pip --isolated --disable-pip-version-check install --quiet \
        --no-index --find-links wheels --only-binary :all: --require-hashes --requirement requirements.lock >&2 ||
        stop "pip could not install what is in the bundle; the lines above say why."
    "$own/bin/assettrack" --version >/dev/null || stop "What was installed does not start; the lines above say why."
    sync
    : >"$own/INSTALLED"
    trap - EXIT
fi

# 4. Lead to it, in one step.

mkdir -p -- "$folder/bin"
rm -f -- "$folder/bin/assettrack.new"
ln -s "../${own##*/}/bin/assettrack" "$folder/bin/assettrack.new"
mv -f -- "$folder/bin/assettrack.new" "$entry"
echo "AssetTrack $version is installed. Start it with: $entry"
