#!/usr/bin/env bash
# Server CPU time per echoed message, beside the floor: limit_echo.c, a C server with nothing in it.
#
# usage: compare.sh [ROUNDS] [SECONDS] [PATH] [bin|text]
#   compare.sh                        3 rounds of 3 s of binary messages on /ws/echo
#   compare.sh 5 4 /ws/echo-async     the asynchronous handler
#
# Builds both C programs and wstop (release), pins server and client to different processors, runs
# floor and wstop alternately in each shape and prints the medians. Everything is on loopback and
# ends by itself. CPU time is steady on a noisy machine; throughput is not.
set -euo pipefail
export LC_ALL=C.UTF-8
rounds=${1:-3} seconds=${2:-3} path=${3:-/ws/echo} kind=${4:-bin}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

cc -O3 -o "$work/limit_echo" Tests/Performance/limit_echo.c
cc -O3 -o "$work/wsload" Tests/Performance/wsload.c
[ -n "${WSTOP:-}" ] || swift build -c release --product wstop >&2
wstop=${WSTOP:-.build/release/wstop}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
floor_port=$(free_port)
wstop_port=$(free_port)
taskset -c 0 "$work/limit_echo" "$floor_port" &
floor_pid=$!
pids+=("$floor_pid")
taskset -c 0 "$wstop" serve --control "$work/engine.sock" --listen "127.0.0.1:$wstop_port" \
  --reactors 1 > /dev/null &
wstop_pid=$!
pids+=("$wstop_pid")
for _ in $(seq 100); do
  "$wstop" stats --control "$work/engine.sock" > /dev/null 2>&1 && break
  sleep 0.1
done

measure() { # PORT PID PATH SIZE WINDOW -> microseconds of CPU per message
  taskset -c 1 "$work/wsload" "$1" 1 "$4" "$5" "$seconds" "$2" "$3" "$kind" |
    sed -n 's/.*cpu=\([0-9.]*\).*/\1/p'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

printf '%-14s %12s %12s %8s\n' "bytes x window" "floor us" "wstop us" ratio
for shape in "20 1" "20 32" "1024 8" "65536 2" "1000000 1"; do
  read -r size window <<< "$shape"
  : > "$work/floor"
  : > "$work/wstop"
  for _ in $(seq "$rounds"); do
    measure "$floor_port" "$floor_pid" / "$size" "$window" >> "$work/floor"
    measure "$wstop_port" "$wstop_pid" "$path" "$size" "$window" >> "$work/wstop"
  done
  floor=$(median < "$work/floor")
  ours=$(median < "$work/wstop")
  printf '%-14s %12s %12s %8s\n' "$size x $window" "$floor" "$ours" \
    "$(awk -v a="$ours" -v b="$floor" 'BEGIN { printf "%.2f", a / b }')"
done
