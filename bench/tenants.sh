#!/usr/bin/env bash
# Measures what a request costs with 10,000 tenants against one tenant. See bench/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/lib.sh

seconds=10 warm_up=40 rounds=${ROUNDS:-6}
case "${1:-}" in
  --quick) seconds=3 warm_up=10 rounds=${ROUNDS:-4} ;;
  "") ;;
  *) echo "usage: bench/tenants.sh [--quick]" >&2; exit 2 ;;
esac
tenants=${TENANTS:-10000}
kept_in=${TENANTS_IN:-database}
connections=${CONNECTIONS:-64}
stub_port=${STUB_PORT:-19102}
first_port=${GATEWAY_PORT:-18082}
java_opts=${GATEWAY_JAVA_OPTS:--Xmx256m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders}
stub=http://127.0.0.1:$stub_port

[ -r /proc/self/stat ] || fail "needs Linux: CPU is read from /proc"
command -v wrk >/dev/null || fail "needs wrk: see bench/run.sh"
command -v curl >/dev/null || fail "needs curl"
case "$kept_in" in database | config) ;; *) fail "TENANTS_IN takes database or config" ;; esac
java=$(find_java_25) || fail "needs a JDK 25: set JAVA_HOME to one"
for port in "$stub_port" "$first_port" $((first_port + 1)); do
  is_free "$port" || fail "port $port is taken: set STUB_PORT, GATEWAY_PORT"
done
jar=$(gateway_jar)
[ -n "$jar" ] || fail "no runnable jar in target/: mvn -DskipTests package"

work=$(mktemp -d)
started=()
clean_up() {
  for pid in ${started[@]+"${started[@]}"}; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

"$java" -Xmx128m -XX:+UseSerialGC bench/src/Stub.java --port "$stub_port" >"$work/stub.log" 2>&1 &
started+=($!)
wait_for "$stub/stats" $! "$work/stub.log"

# start name port: the gateway with the home of that name; its process id is in $gateway_pid then.
start() {
  local config=()
  if [ "$kept_in" = config ]; then config=(SERAI_CONFIG="$work/$1/config"); fi
  (
    cd "$work/$1"
    exec env -i MALLOC_ARENA_MAX=2 PATH="$PATH" HOME="$work" LANG=C.UTF-8 \
      SERAI_HOME="$work/$1/home" SERVER_ADDRESS=127.0.0.1 SERVER_PORT="$2" \
      OPENAI_BASE_URL="$stub/v1" OPENAI_API_KEY=sk-bench USE_ONEPASSWORD=false \
      ${config[@]+"${config[@]}"} "$java" $java_opts -jar "$jar" >"$work/$1/gateway.log" 2>&1
  ) &
  gateway_pid=$!
  started+=("$gateway_pid")
  wait_for "http://127.0.0.1:$2/health" "$gateway_pid" "$work/$1/gateway.log"
}

# prepare name port count: a home with so many tenants.
prepare() {
  mkdir -p "$work/$1/home" "$work/$1/config"
  if [ "$kept_in" = config ]; then
    cp config/*.yaml "$work/$1/config/"
    "$java" bench/src/Tenants.java yaml "$3" >"$work/$1/config/tenants.yaml"
    return
  fi
  start "$1" "$2" # makes the tables
  kill "$gateway_pid"
  wait "$gateway_pid" 2>/dev/null || true
  "$java" bench/src/Tenants.java sql "$3" >"$work/$1/tenants.sql"
  "$java" -cp "$work/h2.jar" org.h2.tools.RunScript -url "jdbc:h2:file:$work/$1/home/serai" \
    -user "" -password "" -script "$work/$1/tenants.sql"
}

if [ "$kept_in" = database ]; then
  (cd "$work" && "$java" -Djarmode=tools -jar "$jar" extract --destination app >/dev/null)
  cp "$work"/app/lib/h2-*.jar "$work/h2.jar"
fi
declare -A port=([one]=$first_port [many]=$((first_port + 1))) count=([one]=1 [many]=$tenants)
declare -A process=() cpu=([one]=0 [many]=0) requests=([one]=0 [many]=0)
for name in one many; do
  say "preparing ${count[$name]} tenants in the $kept_in"
  prepare "$name" "${port[$name]}" "${count[$name]}"
  start "$name" "${port[$name]}"
  process[$name]=$gateway_pid
  status=$(curl -s -o "$work/first" -w '%{http_code}' "http://127.0.0.1:${port[$name]}/v1/models" \
    -H "Authorization: Bearer $(printf 'sk-serai-%043d' $((count[$name] - 1)))")
  [ "$status" = 200 ] || fail "the last tenant's key gives $status: $(head -c 300 "$work/first")"
done

# run name seconds: prints what wrk found.
run() {
  wrk -t1 -c"$connections" -d"$2s" --timeout 10s -s bench/src/whole.lua \
    "http://127.0.0.1:${port[$1]}/v1/chat/completions" -- "$(date +%s%N)" "${count[$1]}" \
    | sed -n 's/^RESULT //p'
}

say "warming up for $((2 * warm_up)) s"
run one "$warm_up" >/dev/null
run many "$warm_up" >/dev/null

for round in $(seq "$rounds"); do
  order="one many"
  if [ $((round % 2)) = 0 ]; then order="many one"; fi
  for name in $order; do
    gateway_pid=${process[$name]}
    before=$(cpu_ms)
    result=$(run "$name" "$seconds")
    sleep 0.5 # what is written behind the answer counts as well
    used=$(($(cpu_ms) - before))
    answered=$(sed -n 's/.*requests=\([0-9]*\).*/\1/p' <<<"$result")
    case "$result" in *" socket=0 status=0 timeout=0"*) ;; *) fail "errors with $name: $result" ;; esac
    cpu[$name]=$((cpu[$name] + used))
    requests[$name]=$((requests[$name] + answered))
    say "round $round, ${count[$name]} tenants: $result cpu=$used"
  done
done

awk -v c1="${cpu[one]}" -v r1="${requests[one]}" -v cn="${cpu[many]}" -v rn="${requests[many]}" -v n="$tenants" '
  BEGIN {
    one = c1 / r1; many = cn / rn
    printf "CPU ms per request: 1 tenant %.4f (%d requests), %d tenants %.4f (%d requests), ratio %.3f (target < 1.1)\n",
      one, r1, n, many, rn, many / one
    exit many / one < 1.1 ? 0 : 1
  }'
