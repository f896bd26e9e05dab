#!/usr/bin/env bash
# Runs the tests under ThreadSanitizer or AddressSanitizer.
#
# usage: run.sh thread|address [ARGUMENT OF swift test]...
# environment: LEAKS=1   tell of memory that is left at the end, too
#
# Each builds into a folder of its own, .build-thread and .build-address. The end-to-end tests are
# left out: they time whole processes as a person would, and a sanitizer's report in one of those
# would stand in its log, where no test looks. Left out is one test more, of a reader that is slow
# but not too slow for a time limit of the engine's: what else runs here decides which it is.
set -euo pipefail
export LC_ALL=C.UTF-8 SWIFT_BACKTRACE=enable=no
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sanitizer=${1-}
case $sanitizer in
  thread | address) shift ;;
  *) echo "usage: run.sh thread|address [ARGUMENT OF swift test]..." >&2; exit 64 ;;
esac
root=$here/../..
scratch=$(cd "$root" && pwd)/.build-$sanitizer
test=(swift test --package-path "$root" --scratch-path "$scratch" --sanitize "$sanitizer"
  --skip EndToEndTests --skip ClosingTests/slowReader "$@")

if [ "$sanitizer" = address ]; then
  # Only the tests themselves are to be judged, not the compiler: build first.
  swift build --package-path "$root" --scratch-path "$scratch" --build-tests --sanitize address
  export LSAN_OPTIONS=suppressions=$here/leaks.txt:print_suppressions=0
  # A handler's task that still sleeps when its engine ends keeps that engine, which of them do is
  # chance: leaks are told only with LEAKS=1.
  export ASAN_OPTIONS=detect_leaks=${LEAKS:-0}
  exec "${test[@]}" --skip-build
fi

mkdir -p "$scratch/probe"
clang -O -Wall -Werror -shared -fPIC -o "$scratch/probe/mutex.so" "$here/mutex.c" -ldl
swiftc -sanitize=thread -swift-version 5 -o "$scratch/probe/probe" "$here/probe.swift"
# What is loaded has to silence reports of the lock, and of nothing else.
probe() { LD_PRELOAD=$scratch/probe/mutex.so "$scratch/probe/probe" "$@" >"$scratch/probe/log" 2>&1; }
probe || { cat "$scratch/probe/log"; echo "run.sh: a lock is taken for a race" >&2; exit 2; }
! probe with-a-race || { echo "run.sh: a race is not seen" >&2; exit 2; }
swift build --package-path "$root" --scratch-path "$scratch" --build-tests --sanitize thread
LD_PRELOAD=$scratch/probe/mutex.so exec "${test[@]}" --skip-build
