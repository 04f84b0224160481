#!/usr/bin/env bash
# Breaks servers in every way the tests know, and writes what came of it into the table of RELIABILITY.md: each test
# says it in one line of JSON. A part that fails ends it, and the table stays as it was. What a part said is kept in
# target/reliability/ with its commit, so that parts can be run one by one.
# Usage: reliability.sh [PART…]
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

parts=(kills network damage histories disks hostile backups soak)
kept=target/reliability
mkdir -p "$kept"

# Usage: told PART CARGO-TEST-ARGUMENTS…
told() {
  local begun=$SECONDS part=$1 said="$kept/$1.out"
  echo "reliability: $part" >&2
  # One test at a time, uncaptured: the lines stay whole.
  cargo test --quiet "${@:2}" --nocapture --test-threads 1 >"$said" || { cat "$said" >&2; return 1; }
  {
    printf '{"commit":"%s","day":"%s"}\n' "$(git rev-parse --short HEAD)" "$(date -u +%F)"
    grep -o '{.*"fault":.*}' "$said"
  } >"$kept/$part.jsonl"
  echo "reliability: $part: $((SECONDS - begun)) s" >&2
}

run() {
  case "$1${RELIABILITY_SHORT:+-short}" in
    kills) told kills --test integration -- --ignored crashes::two_hundred ;;
    kills-short) told kills --test integration -- crashes::ten_kills ;;
    # What runs in a namespace is started by the test outside of it.
    network) told network --test integration -- --include-ignored network:: --skip inside_a_namespace ;;
    network-short) told network --test integration -- network:: ;;
    damage) told damage --lib -- --ignored journal::tests::damage ;;
    damage-short) told damage --lib -- journal::tests::damage ;;
    histories) told histories --test integration -- --ignored referee::the_router_and_the_referee_agree_for_long ;;
    histories-short) told histories --test integration -- referee::the_router_and_the_referee_agree_on_random ;;
    disks*) told disks --test integration -- disks:: ;;
    hostile*) told hostile --test integration -- hostile:: ;;
    soak) told soak --test integration -- --ignored soak:: ;;
    soak-short) SOAK_MINUTES=36 told soak --test integration -- --ignored soak:: ;;
    backups*) told backups --test integration -- backups:: ;;
    *) echo "reliability: unknown part $1: expected some of ${parts[*]}" >&2; exit 2 ;;
  esac
}

[ $# -gt 0 ] || set -- "${parts[@]}"
for part in "$@"; do run "$part"; done
node scripts/reliability-table.mjs "${parts[@]/#/$kept/}"
