#!/usr/bin/env bash
# clang-tidy over our sources, as many processes as there are cores.
# usage: clang_tidy.sh <build folder with compile_commands.json>
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1
output=$(mktemp)
trap 'rm -f "$output"' EXIT
status=0
git ls-files 'src/*.cpp' 'examples/*.cpp' |
  grep -vE '_(test|itest|fuzz|bench)\.cpp$' |
  xargs -P "$(nproc)" -n 4 clang-tidy-19 -p "$build" --quiet >"$output" 2>/dev/null || status=$?
cat "$output"
exit "$status"
