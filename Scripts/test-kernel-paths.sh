#!/bin/sh
# test-kernel-paths.sh [SWIFT]: all tests on the best path, then on every path by name the suites
# that compute: the whole of Core, and the program's commands. Imaging and TUI know no kernels.
set -eu
cd "$(dirname "$0")/.."
swift=${1:-swift}

SWIFT=$swift Scripts/run-tests.sh --skip-build
# The instructions of each path: those that Package.swift compiles with and cs_isa() asks for.
instructions() {
  case $1 in
    avx2) echo avx2 fma ;;
    avx512) echo avx2 fma avx512f avx512vl avx512dq avx512bw ;;
  esac
}

for path in scalar baseline avx2 avx512; do
  missing=
  for flag in $(instructions "$path"); do
    grep -qw "$flag" /proc/cpuinfo 2>/dev/null || missing="$missing $flag"
  done
  if [ -n "$missing" ]; then
    echo "skipped: this machine cannot run $path, it lacks$missing"
    continue
  fi
  echo "kernel path $path"
  CORDSCOPE_KERNELS=$path SWIFT=$swift Scripts/run-tests.sh --skip-build --filter '^(CoreTests|CommandTests)\.'
done
