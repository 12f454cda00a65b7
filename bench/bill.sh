#!/usr/bin/env bash
# Makes 100,000 requests of every kind, and compares the ledger with the providers' bill, row by row.
# See bench/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
exec mvn -q -Dtest=BillTest -Dserai.bill.calls="${CALLS:-100000}" -Dlogging.level.dev.serai=ERROR test
