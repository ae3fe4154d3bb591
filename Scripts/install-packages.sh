#!/bin/sh
# install-packages.sh required|optional PACKAGE...
# Installs Debian/Ubuntu packages that are missing; elsewhere says what is needed.
set -eu
need=$1
shift

missing=
for package in "$@"; do
  if command -v dpkg-query >/dev/null 2>&1; then
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing="$missing $package"
  else
    case $package in
      libncurses-dev) [ -e /usr/include/curses.h ] || missing="$missing $package" ;;
      libpng-dev) [ -e /usr/include/png.h ] || missing="$missing $package" ;;
      *) command -v "$package" >/dev/null 2>&1 || missing="$missing $package" ;;
    esac
  fi
done
[ -n "$missing" ] || exit 0

give_up() {
  if [ "$need" = optional ]; then
    echo "note: not installed:$missing; the tests that need it are skipped by name" >&2
    exit 0
  fi
  echo "error: these libraries are needed:$missing" >&2
  echo "$1" >&2
  exit 1
}

command -v apt-get >/dev/null 2>&1 ||
  give_up "This system has no apt-get: install the development files of ncurses (wide) and libpng
with its own package manager (Fedora: ncurses-devel libpng-devel; Arch: ncurses libpng)."

as_root=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || give_up "Run as root: apt-get install$missing"
  if [ "$need" = optional ]; then
    sudo -n true 2>/dev/null || give_up "sudo would ask for a password"
  fi
  as_root=sudo
fi

echo "installing:$missing" >&2
install() {
  # shellcheck disable=SC2086 # a list of package names
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends $missing >/dev/null
}
install 2>/dev/null || { $as_root apt-get update >/dev/null && install; } ||
  give_up "apt-get could not install them: try 'apt-get install$missing' by hand."
