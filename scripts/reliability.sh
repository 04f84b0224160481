#!/usr/bin/env bash
# Breaks servers in every way the tests know, and writes what came of it into the table of RELIABILITY.md: each test
# says it in one line of JSON. A test that fails ends it, and the table stays as it was.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

lines=$(mktemp)
trap 'rm -f "$lines"' EXIT

# Usage: told WHAT CARGO-TEST-ARGUMENTS…
told() {
  local begun=$SECONDS
  echo "reliability: $1" >&2
  # With captured output the lines would be lost; one test at a time keeps them whole.
  cargo test --quiet "${@:2}" --nocapture --test-threads 1 | tee >(grep -o '{"fault".*}' >>"$lines" || true) | grep 'test result' >&2
  echo "reliability: $1: $((SECONDS - begun)) s" >&2
}

if [ "${RELIABILITY_SHORT:-}" = 1 ]; then
  told 'ten kills' --test integration -- crashes::ten_kills
  told 'damaged journals' --lib -- journal::tests::damage
  told 'random histories' --test integration -- referee::the_router_and_the_referee_agree_on_random
else
  told 'two hundred kills' --test integration -- --ignored crashes::two_hundred
  told 'damaged journals' --lib -- --ignored journal::tests::damage
  told 'random histories' --test integration -- --ignored referee::the_router_and_the_referee_agree_for_long
fi
told 'disks' --test integration -- disks::
told 'hostile clients' --test integration -- hostile::
told 'backups' --test integration -- backups::

node scripts/reliability-table.mjs "$lines"
