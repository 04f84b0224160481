#!/usr/bin/env bash
# Names every tool that building Usher needs and this machine lacks, all at once.
set -euo pipefail
cd "$(dirname "$0")/.."

rust_min=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
node_min=20
missing=()

at_least() { # at_least HAVE MIN
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

need() { # need TOOL MIN HAVE WHERE
  if [ -z "$3" ]; then
    missing+=("$1 $2 or newer is missing: $4")
  elif ! at_least "$3" "$2"; then
    missing+=("$1 is $3, but $2 or newer is needed: $4")
  fi
}

version_of() { # the first number in what `TOOL --version` prints; empty when there is no such tool
  "$@" --version 2>/dev/null | head -n 1 | grep -oE '[0-9]+(\.[0-9]+)*' | head -n 1 || true
}

need cargo "$rust_min" "$(version_of cargo)" "https://rustup.rs, or 'rustup update'"
need rustc "$rust_min" "$(version_of rustc)" "https://rustup.rs, or 'rustup update'"
need node "$node_min" "$(version_of node)" "https://nodejs.org"
command -v npm >/dev/null || missing+=("npm is missing: it comes with Node")
command -v cc >/dev/null ||
  missing+=("a C compiler (cc) is missing: Rust links with it; on Debian 'apt-get install build-essential'")

[ "${#missing[@]}" -eq 0 ] && exit 0
for what in "${missing[@]}"; do echo "$what" >&2; done
exit 1
