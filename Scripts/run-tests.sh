#!/bin/bash
# run-tests.sh [OPTION...]: `swift test -c release OPTION...` ($SWIFT names another swift), its output unchanged.
# When it fails, what the failed tests said comes once more at the very end, and who they were last of all: of
# 1,600 tests' lines often only the last are kept. Exits with the tests' own code.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

log=$(mktemp "${TMPDIR:-/tmp}/cordscope-tests.XXXXXX") || exit 1
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# tee lives on after Ctrl-C (-i): what the tests say while they end is seen, too.
"${SWIFT:-swift}" test -c release "$@" 2>&1 | tee -i "$log"
code=${PIPESTATUS[0]}
[ "$code" -eq 0 ] && exit 0

# A failure and the lines after it, up to the next line of another test.
awk -v most=60 -v each=30 '
  BEGIN { count = 0; named = 0; open = 0 }
  function begin() { open = 1; taken = 0; take() }
  function take() {
    if (taken++ >= each) return
    if (count < most) lines[count] = $0
    count++
  }
  /^✘ Test run / || /^✘ Suite / { open = 0; next }
  /recorded an issue/ {
    begin()
    name = $0
    if (match(name, /recorded an issue.*\.swift:[0-9]+:[0-9]+/)) name = substr(name, 1, RSTART + RLENGTH - 1)
    if (!(name in seen)) { seen[name] = 1; names[named++] = name }
    next
  }
  /^✘ Test / || /(^|: )error: / || /Fatal error/ { begin(); next }
  /^(✔|◇|✘|➜|◈) / { open = 0; next }
  open { take() }
  END {
    if (count == 0) exit
    print "\n==== what failed"
    for (n = 0; n < count && n < most; n++) print lines[n]
    if (count > most) print "(" count - most " lines more above)"
    if (named > 0) print "==== who failed"
    for (n = 0; n < named && n < 20; n++) print names[n]
    if (named > 20) print "(and " named - 20 " more)"
  }
' "$log"
exit "$code"
