#!/usr/bin/env bash
# Plays the cases of the Autobahn test suite, from PyPI, against a server that echoes.
#
# usage: autobahn.sh URL [--only PREFIX,...] [--skip PREFIX,...] [--lenient]
#   autobahn.sh ws://127.0.0.1:8080/ws/echo                    all cases (section 9 wants a limit of 64 MiB)
#   autobahn.sh ws://127.0.0.1:8080/ws/echo --skip 9,12,13     those that take no time
#   autobahn.sh ws://127.0.0.1:8080/ws/echo --only 6.4,7.5.1
#
# environment: AUTOBAHN_CACHE  where the suite is installed at first use (~/.cache/wstop-autobahn)
#              PYTHON          a Python from 3.9 on (python3)
# The suite was written for Python 2, so play_cases.py beside this script translates and plays its
# cases; see there for what passes. Exit status: 0 none failed, 1 some did, 2 could not run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 1 ] || { sed -n '4,7s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2; }
suite=25.10.1
client=24.4.2
cache=${AUTOBAHN_CACHE:-$HOME/.cache/wstop-autobahn}/$suite-$client

if [ ! -e "$cache/complete" ]; then
  trap 'echo "autobahn.sh: the suite cannot be installed" >&2; exit 2' ERR
  {
    rm -rf "$cache"
    "${PYTHON:-python3}" -m venv "$cache/venv"
    "$cache/venv/bin/pip" install -q "autobahn==$client"
    # The suite as it is packed, since its own requirements are for Python 2; pip looks into it
    # with a setuptools that still knows what it asks for.
    echo 'setuptools==75.8.0' >"$cache/constraints"
    PIP_CONSTRAINT=$cache/constraints "$cache/venv/bin/pip" download -q --no-deps \
      --no-binary autobahntestsuite -d "$cache" "autobahntestsuite==$suite"
    mkdir "$cache/suite"
    tar -xzf "$cache"/autobahntestsuite-*.tar.gz -C "$cache/suite" --strip-components=1
    touch "$cache/complete"
  } >&2
  trap - ERR
fi
exec "$cache/venv/bin/python" -W ignore "$here/play_cases.py" \
  "$cache/suite/autobahntestsuite/case" "$@"
