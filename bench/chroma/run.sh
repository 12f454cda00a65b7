#!/usr/bin/env bash
# Puts vectors of a running gateway into a real Chroma server and searches them there.
#   bench/chroma/run.sh [base URL of the gateway] [model]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
port=${CHROMA_PORT:-18765}
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

cp "$here/package.json" "$here/search.mjs" "$work"
cd "$work"
npm install --silent --no-audit --no-fund
node node_modules/chromadb/dist/cli.mjs run --path "$work/db" --host 127.0.0.1 --port "$port" \
  >"$work/chroma.log" 2>&1 &
server=$!
for _ in $(seq 50); do
  if curl -sf "http://127.0.0.1:$port/api/v2/heartbeat" >/dev/null; then break; fi
  sleep 0.2
done
GATEWAY_URL=${1:-http://127.0.0.1:8080} MODEL=${2:-embeddings} CHROMA_PORT=$port node search.mjs
