#!/usr/bin/env bash
# Brings what the telephony tests need: a packaged Asterisk in a folder of its own, and SIPp. The machine keeps neither
# a service nor a changed setting. Quick when all is there. What cannot be had is named, with why, and the tests say
# that they were skipped; the last line of a success is the folder.
# Usage: setup-telephony.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

folder=${1:-target/asterisk}
# The first suites of Debian that have the package; bookworm and trixie have none.
suites=(forky sid)
packages=(asterisk asterisk-modules asterisk-core-sounds-en-gsm)
log=target/setup-telephony.log

say() { echo "set-up: $*" >&2; }
cannot() { say "MISSING telephony: $*"; exit 1; }

is_there() { [ -x "$folder/usr/sbin/asterisk" ] && [ -e "$folder/.complete" ]; }
have_sipp() { command -v sipp >/dev/null; }

install_tools() {
  local wanted=()
  is_there || command -v debootstrap >/dev/null || wanted+=(debootstrap)
  have_sipp || wanted+=(sip-tester)
  [ "${#wanted[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null || cannot "${wanted[*]} must be installed, and there is no apt-get here"
  [ "$(id -u)" -eq 0 ] || cannot "${wanted[*]} must be installed, which needs root"
  say "installing ${wanted[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "${wanted[@]}"; } >>"$log" 2>&1 ||
    cannot "apt-get cannot install ${wanted[*]} (no network?): $log"
}

# Where this machine's own packages come from.
mirror() {
  cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
    awk '/^URIs:/ { print $2; exit } /^deb / { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }'
}

in_folder() { chroot "$folder" env DEBIAN_FRONTEND=noninteractive "$@"; }

# A suite that debootstrap does not know yet is made as sid is.
recipe_for() {
  local recipes=/usr/share/debootstrap/scripts
  if [ -e "$recipes/$1" ]; then echo "$recipes/$1"; else echo "$recipes/sid"; fi
}

install_asterisk() {
  rm -rf "$folder"
  mkdir -p "$folder"
  debootstrap --variant=minbase "$1" "$folder" "$(mirror)" "$(recipe_for "$1")" >>"$log" 2>&1 || return 1
  # Neither a service nor a question while it installs.
  printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
  chmod +x "$folder/usr/sbin/policy-rc.d"
  cp /etc/resolv.conf "$folder/etc/resolv.conf"
  cp /etc/apt/apt.conf.d/99* "$folder/etc/apt/apt.conf.d/" 2>/dev/null || true
  { in_folder apt-get update -qq && in_folder apt-get install -qq -y --no-install-recommends "${packages[@]}"; } >>"$log" 2>&1 || return 1
  in_folder apt-get clean
  rm -rf "$folder"/var/lib/apt/lists/*
  # The tests' Asterisk asks no name server: it finds nothing outside.
  echo 'nameserver 127.0.0.1' >"$folder/etc/resolv.conf"
  touch "$folder/.complete"
}

mkdir -p target
install_tools
if ! is_there; then
  [ "$(id -u)" -eq 0 ] || cannot "Asterisk in a folder needs root (debootstrap and chroot)"
  : >"$log"
  for suite in "${suites[@]}"; do
    say "installing Asterisk of Debian $suite into $folder (a minute or two)"
    if install_asterisk "$suite"; then break; fi
  done
  is_there || cannot "Asterisk could not be installed (no network?): $log"
fi
[ "$(id -u)" -eq 0 ] || cannot "running Asterisk in $folder needs root (chroot)"
chroot "$folder" asterisk -V >&2 || cannot "Asterisk in $folder does not run"
realpath "$folder"
