#!/usr/bin/env bash
# Prints the path of the Chromium that the page tests drive; fails when there is none.
set -euo pipefail

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name"; then exit 0; fi
done
exit 1
