#!/bin/sh
# test-kernel-paths.sh [SWIFT]: all tests on the best path, then on every path by name the suites
# that compute: the whole of Core, and the program's commands. Imaging and TUI know no kernels.
set -eu
cd "$(dirname "$0")/.."
swift=${1:-swift}

"$swift" test -c release --skip-build
for path in scalar baseline avx2 avx512; do
  flag=$path
  if [ "$path" = avx512 ]; then flag=avx512f; fi
  if [ "$path" = avx2 ] || [ "$path" = avx512 ]; then
    grep -qw "$flag" /proc/cpuinfo 2>/dev/null || { echo "skipped: this machine has no $path"; continue; }
  fi
  echo "kernel path $path"
  CORDSCOPE_KERNELS=$path "$swift" test -c release --skip-build --filter '^(CoreTests|CommandTests)\.'
done
