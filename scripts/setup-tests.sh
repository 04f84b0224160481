#!/usr/bin/env bash
# Brings what the tests need beyond Rust and Node: PostgreSQL's server, Chromium, curl, strace, nftables, iproute2,
# a Python environment.
# Quick when all is there. What cannot be had is named; with CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

python_home=target/python
python_needs=tests/python/requirements.txt

say() { echo "set-up: $*"; }

have_postgres() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}
have_chromium() { scripts/find-chromium.sh >/dev/null; }
have_curl() { command -v curl >/dev/null; }
have_strace() { command -v strace >/dev/null; }
have_nft() { command -v nft >/dev/null; }
have_ip() { command -v ip >/dev/null && command -v tc >/dev/null; }
have_venv() { python3 -c 'import venv, ensurepip' >/dev/null 2>&1; }
have_python() {
  [ -x "$python_home/bin/python" ] && cmp -s "$python_needs" "$python_home/installed.txt"
}

packages_missing() {
  have_postgres || echo postgresql
  # Without a font, Chromium draws every letter as a box.
  have_chromium || echo chromium fonts-dejavu-core
  have_curl || echo curl
  have_strace || echo strace
  have_nft || echo nftables
  have_ip || echo iproute2
  have_venv || echo python3 python3-venv
}

# Debian starts a cluster of its own when PostgreSQL is installed; the tests start theirs.
no_main_cluster() {
  local settings=/etc/postgresql-common/createcluster.conf
  [ -e "$settings" ] && return
  mkdir -p "$(dirname "$settings")"
  echo 'create_main_cluster = false' >"$settings"
}

install_packages() {
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    say "cannot install here (needs apt-get and root): $*"
    return 0
  fi
  say "installing $*"
  case " $* " in *' postgresql '*) no_main_cluster ;; esac
  export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
  { apt-get update -qq && apt-get install -qq -y --no-install-recommends \
    -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "$@" >/dev/null; } ||
    say "apt-get failed for: $*"
}

install_python() {
  say "installing $python_needs into $python_home"
  rm -rf "$python_home"
  mkdir -p "$(dirname "$python_home")"
  { python3 -m venv "$python_home" &&
    "$python_home/bin/pip" install --quiet --disable-pip-version-check -r "$python_needs" &&
    cp "$python_needs" "$python_home/installed.txt"; } ||
    say "the Python environment could not be made"
}

mapfile -t wanted < <(packages_missing | tr ' ' '\n')
[ "${#wanted[@]}" -eq 0 ] || install_packages "${wanted[@]}"
have_python || { have_venv && install_python; } || true

missing=()
have_postgres || missing+=("PostgreSQL's server (initdb): the tests on PostgreSQL")
have_chromium || missing+=("Chromium: the page tests in a browser")
have_curl || missing+=("curl: the examples of the page about REST")
have_strace || missing+=("strace: the tests of disks that fail")
{ have_nft && have_ip; } || missing+=("nftables and iproute2 (nft, ip, tc): the tests of a network that loses packets")
have_python || missing+=("Python 3 with $python_needs: the tests of the Python client")

for what in "${missing[@]}"; do say "MISSING $what"; done
if [ "${#missing[@]}" -eq 0 ]; then
  say "all there"
elif [ "${CI:-}" = true ]; then
  say "with CI=true a skipped test is a failure"
  exit 1
else
  say "those tests will be skipped"
fi
