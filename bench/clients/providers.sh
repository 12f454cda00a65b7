#!/usr/bin/env bash
# Official clients from npm through the gateway to every kind of provider, each of which is a fake
# that speaks its protocol. Prints a table; ends with status 1 when a cell fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/lib.sh
gateway_port=${GATEWAY_PORT:-18082}
java=$(find_java_25) || fail "needs a JDK 25: set JAVA_HOME to one"
is_free "$gateway_port" || fail "port $gateway_port is taken: set GATEWAY_PORT"
if [ -z "$(gateway_jar)" ] || [ ! -d target/test-classes/dev/serai/provider ]; then
  mvn -q -DskipTests package >&2
fi
jar=$(gateway_jar)

work=$(mktemp -d)
pids=()
clean_up() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

cp bench/clients/package.json bench/clients/package-lock.json bench/clients/providers.mjs "$work"
(cd "$work" && npm ci --silent --no-audit --no-fund)

"$java" -Djarmode=tools -jar "$jar" extract --destination "$work/app" >/dev/null
mkfifo "$work/open"
"$java" -Xmx128m -cp "target/test-classes:$work/app/lib/*" bench/clients/Providers.java \
  <"$work/open" >"$work/env" 2>"$work/providers.log" &
pids+=($!)
exec 4>"$work/open"
for _ in $(seq 300); do
  if [ "$(wc -l <"$work/env")" = 4 ]; then break; fi
  kill -0 "${pids[0]}" 2>/dev/null || { cat "$work/providers.log" >&2; fail "no providers"; }
  sleep 0.1
done

mkdir "$work/home"
(cd "$work/home" && exec env -i PATH="$PATH" SERVER_PORT="$gateway_port" USE_ONEPASSWORD=false \
  $(cat "$work/env") OPENAI_API_KEY=sk-fake OPENROUTER_API_KEY=sk-or-fake \
  ANTHROPIC_API_KEY=sk-ant-fake AWS_ACCESS_KEY_ID=AKIAFAKE AWS_SECRET_ACCESS_KEY=fake \
  AWS_REGION=us-east-1 "$java" -Xmx384m -jar "$jar") >"$work/gateway.log" 2>&1 &
pids+=($!)
wait_for "http://127.0.0.1:$gateway_port/health" "${pids[1]}" "$work/gateway.log"

cd "$work" && node providers.mjs "http://127.0.0.1:$gateway_port/v1"
