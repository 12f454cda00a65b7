#!/usr/bin/env bash
# Measures what reservation and ledger cost alone, on H2 and on PostgreSQL. See bench/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  --quick) sizes=(-DwarmUp=8 -Dseconds=5) ;;
  "") sizes=() ;;
  *) echo "usage: bench/ledger.sh [--quick]" >&2; exit 2 ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
mvn -q -Djacoco.skip=true -Dtest=LedgerBench "${sizes[@]}" test >"$log" 2>&1 \
  || { tail -40 "$log" >&2; exit 1; }
grep -h '^LEDGER' "$log"
