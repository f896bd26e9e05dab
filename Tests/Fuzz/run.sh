#!/usr/bin/env bash
# Builds the fuzz targets and runs each for SECONDS (20 unless said), two at a time.
#
# usage: run.sh [SECONDS [TARGET...]]
# environment: JOBS    how many run at once (2)
#              CORPUS  a folder that keeps what was found worth keeping, a folder a target; without
#                      one every run begins with the seeds alone
# The last line is "N passed, M failed"; a finding is shown in hex. Exit status 0 if none failed,
# 1 if one did, 2 if the targets could not be built.
set -euo pipefail
export LC_ALL=C.UTF-8 SWIFT_BACKTRACE=enable=no
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seconds=${1:-20}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "SECONDS is a whole number, not '$seconds'" >&2; exit 2; }
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for seeds in "$here"/Seeds/*.txt; do targets+=("$(basename "$seeds" .txt)"); done
fi

scratch=$here/.build
# Of two -sanitize flags the compiler heeds the last, so both have to stand in one.
build=(swift build --package-path "$here" --scratch-path "$scratch" -c release
  --sanitize fuzzer --sanitize address -Xswiftc -sanitize=fuzzer,address
  -Xswiftc -enable-testing)
"${build[@]}" || { echo "run.sh: the fuzz targets do not build" >&2; exit 2; }
programs=$("${build[@]}" --show-bin-path)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A line of a seed file is one seed, with the escapes of printf.
seed() {
  local target=$1 folder=$2 number=0 line
  mkdir -p "$folder"
  while IFS= read -r line; do
    case $line in '' | '#'*) continue ;; esac
    number=$((number + 1))
    printf '%b' "$line" >"$folder/seed-$number"
  done <"$here/Seeds/$target.txt"
}

fuzz() {
  local target=$1 corpus=${CORPUS:-$work/corpus}/$1 log=$work/$1.log status=0
  seed "$target" "$work/seeds/$target"
  mkdir -p "$corpus" "$work/found/$target"
  local options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
    -max_len=4096 -artifact_prefix="$work/found/$target/")
  [ -f "$here/Seeds/$target.dict" ] && options+=(-dict="$here/Seeds/$target.dict")
  "$programs/$target" "${options[@]}" "$corpus" "$work/seeds/$target" >"$log" 2>&1 || status=$?
  local runs coverage
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -1 || true)
  if [ "$status" -eq 0 ]; then
    echo "passed $target: ${runs:-?} runs, ${coverage:-cov: ?}"
  else
    {
      echo "failed $target with status $status"
      grep -aE 'a promise is broken|Fatal error|SUMMARY|ERROR:' "$log" | head -n 8 ||
        tail -n 3 "$log"
      for input in "$work/found/$target"/*; do
        [ -f "$input" ] || continue
        echo "the input, $(stat -c %s "$input") bytes ($(basename "$input")):"
        od -An -v -tx1 "$input" | tr -d ' \n'
        echo
      done
    } | sed 's/^/  /'
    touch "$work/failed-$target"
  fi
}

running=0
for target in "${targets[@]}"; do
  if [ "$running" -ge "${JOBS:-2}" ]; then
    wait -n
    running=$((running - 1))
  fi
  fuzz "$target" &
  running=$((running + 1))
done
wait
failed=$(find "$work" -maxdepth 1 -name 'failed-*' | wc -l)
echo "$((${#targets[@]} - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
