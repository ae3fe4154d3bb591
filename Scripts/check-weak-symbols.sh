#!/bin/sh
# check-weak-symbols.sh BUILD_FOLDER: kernel modules may not leak code of their instruction set.
#
# A weak symbol is merged by the linker with its namesakes in other modules, and any copy may win.
# Were one emitted by a module built for AVX2 or AVX-512 under a name that others use (a stdlib
# specialisation, a metadata helper), the whole program could carry its instructions and stop with
# SIGILL on an older machine. So every weak or unique symbol of those modules must bear the
# module's own mangled name. (Kernel-style Swift emits none; see Sources/Cellar/Kernels.)
set -eu
build=${1:?usage: check-weak-symbols.sh BUILD_FOLDER}
case $(uname -m) in
  x86_64 | amd64) ;;
  *) echo "weak symbols: no kernels beyond the baseline here"; exit 0 ;;
esac
failed=0
for module in KernelsAVX2 KernelsAVX512; do
  objects=$(find -L "$build/$module.build" -name '*.o' 2>/dev/null || true)
  if [ -z "$objects" ]; then
    echo "weak symbols: no objects of $module below $build" >&2
    exit 1
  fi
  own="^[\$]s${#module}$module"
  # The class W, w, V, v or u stands before the name. Data without code (the reflection version)
  # is equal in every module.
  leaked=$(nm $objects | awk -v own="$own" '
    NF >= 2 && $(NF - 1) ~ /^[WwVvu]$/ && $NF !~ own && $NF != "__swift_reflection_version" {
      print $(NF - 1), $NF
    }' | sort -u)
  if [ -n "$leaked" ]; then
    echo "weak symbols: $module emits symbols that are not its own:" >&2
    echo "$leaked" >&2
    failed=1
  fi
done
[ "$failed" = 0 ] && echo "weak symbols: none but the kernel modules' own"
exit "$failed"
