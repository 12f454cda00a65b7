#!/usr/bin/env bash
# Measures what the gateway adds to the first token of a Bedrock stream. See bench/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/lib.sh

stub_port=${STUB_PORT:-19101}
gateway_port=${GATEWAY_PORT:-18081}
calls=${CALLS:-2000} warm_up=${WARM_UP:-4000}
gateway=http://127.0.0.1:$gateway_port

java=$(find_java_25) || fail "needs a JDK 25: set JAVA_HOME to one"
is_free "$stub_port" || fail "port $stub_port is taken: set STUB_PORT"
is_free "$gateway_port" || fail "port $gateway_port is taken: set GATEWAY_PORT"
jar=$(gateway_jar)
[ -n "$jar" ] || fail "no runnable jar in target/: mvn -DskipTests package"

work=$(mktemp -d)
gateway_pid=""
clean_up() {
  if [ -n "$gateway_pid" ]; then kill "$gateway_pid" 2>/dev/null && wait "$gateway_pid" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

"$java" -Djarmode=tools -jar "$jar" extract --destination "$work/app" >/dev/null
mkdir "$work/home"
(cd "$work/home" && exec env -i PATH="$PATH" SERVER_PORT="$gateway_port" USE_ONEPASSWORD=false \
  AWS_ACCESS_KEY_ID=AKIABENCH AWS_SECRET_ACCESS_KEY=bench AWS_REGION=us-east-1 \
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME="http://127.0.0.1:$stub_port" \
  "$java" -Xmx384m -XX:+UseSerialGC -jar "$jar") >"$work/gateway.log" 2>&1 &
gateway_pid=$!
wait_for "$gateway/health $gateway/actuator/health" "$gateway_pid" "$work/gateway.log"

"$java" -Xmx256m -cp "$work/app/lib/*" bench/src/BedrockFirstToken.java \
  "$stub_port" "$gateway" "$warm_up" "$calls"
