#!/bin/sh
# test-kernel-paths.sh [SWIFT]: all tests on the best path, the engine's tests on every path by name.
set -eu
cd "$(dirname "$0")/.."
swift=${1:-swift}

# The engine's suites are those of these folders, so that none is forgotten when one is renamed.
suites=
for room in Compute Network Uncertainty Training; do
  found=$(grep -rhoE '^(@Suite.* )?struct [A-Za-z0-9]+Tests\b' "Tests/CoreTests/$room" |
    sed 's/.*struct //' | sort -u)
  if [ -z "$found" ]; then
    echo "kernel paths: Tests/CoreTests/$room holds no suite" >&2
    exit 1
  fi
  suites="$suites $found"
done
# shellcheck disable=SC2086 # a list of names
filter="CoreTests\\.($(printf '%s\n' $suites | paste -sd '|' -))/"

"$swift" test -c release --skip-build
for path in scalar baseline avx2 avx512; do
  flag=$path
  if [ "$path" = avx512 ]; then flag=avx512f; fi
  if [ "$path" = avx2 ] || [ "$path" = avx512 ]; then
    grep -qw "$flag" /proc/cpuinfo 2>/dev/null || { echo "skipped: this machine has no $path"; continue; }
  fi
  echo "kernel path $path"
  CORDSCOPE_KERNELS=$path "$swift" test -c release --skip-build --filter "$filter"
done
