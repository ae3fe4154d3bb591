#!/bin/sh
# The arrows of the house: Imaging <- Core <- TUI <- cordscope, and one Swift file per C module.
set -eu
cd "$(dirname "$0")/.."
status=0

forbid() { # forbid FOLDER MODULES: no file of FOLDER imports one of MODULES
  found=$(grep -rnE "^[[:space:]]*(@[a-zA-Z_]+ )*((public|internal|package|private|fileprivate) )?import ($2)\b" \
    "$1" --include='*.swift' || true)
  if [ -n "$found" ]; then
    printf 'arrow the wrong way, %s must not import %s:\n%s\n' "$1" "$2" "$found"
    status=1
  fi
}
forbid Sources/Imaging 'Core|TUI|CNcurses|CTerminal|CSIMD|Kernels[A-Za-z0-9]*'
forbid Sources/Core 'TUI|CNcurses|CTerminal|CPNG'
forbid Sources/TUI 'CPNG|CSIMD|Kernels[A-Za-z0-9]*'
forbid Sources/cordscope 'CNcurses|CTerminal|CPNG|CSIMD|Kernels[A-Za-z0-9]*'
forbid Sources/Cellar 'Imaging|Core|TUI|Foundation'

for module in CNcurses CTerminal CPNG; do
  files=$(grep -rlE "import $module\b" Sources --include='*.swift' | sort -u)
  if [ "$(printf '%s\n' "$files" | grep -c .)" -gt 1 ]; then
    printf '%s is imported by more than one Swift file:\n%s\n' "$module" "$files"
    status=1
  fi
done

long=$(find Sources Tests Benchmarks -name '*.swift' -type f -exec wc -l {} + 2>/dev/null |
  awk '$2 != "total" && $1 > 600 {print $2 " has " $1 " lines"}')
if [ -n "$long" ]; then
  printf 'files over 600 lines:\n%s\n' "$long"
  status=1
fi

# Reasons stand beside every step outside the compiler's checks.
bare=$(grep -rnE '@unchecked Sendable|nonisolated\(unsafe\)' Sources --include='*.swift' -A1 -B2 |
  awk 'BEGIN{RS="--\n"} /@unchecked|nonisolated\(unsafe\)/ && !/\/\//' || true)
if [ -n "$bare" ]; then
  printf 'unchecked without a reason beside it:\n%s\n' "$bare"
  status=1
fi

foreign=$(grep -nE '\.package\(' Package.swift || true)
if [ -n "$foreign" ]; then
  printf 'package dependency (none are allowed): %s\n' "$foreign"
  status=1
fi
exit $status
