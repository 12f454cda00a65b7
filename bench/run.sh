#!/usr/bin/env bash
# Measures the gateway against its own baseline and writes bench/report.md. See bench/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/lib.sh

seconds=10 warm_up=40
case "${1:-}" in
  --quick) seconds=3 warm_up=10 ;;
  "") ;;
  *) echo "usage: bench/run.sh [--quick]" >&2; exit 2 ;;
esac
connections=${CONNECTIONS:-1 16 64 256}
paces=${PACES:-50x200 20x500}
streams=${STREAMS:-1000}
stub_port=${STUB_PORT:-19100}
gateway_port=${GATEWAY_PORT:-18080}
gateway_java_opts=${GATEWAY_JAVA_OPTS:--Xmx172m -Xmn40m -XX:+UseG1GC -XX:G1MixedGCCountTarget=2 -XX:-G1UseAdaptiveIHOP -XX:InitiatingHeapOccupancyPercent=45 -XX:ReservedCodeCacheSize=48m -XX:+UseCompactObjectHeaders -XX:TrimNativeHeapInterval=2000}
report=${REPORT:-bench/report.md}
stub=http://127.0.0.1:$stub_port
gateway=${GATEWAY_URL:-http://127.0.0.1:$gateway_port}
gateway_pid=${GATEWAY_PID:-}
admin_key=${SERAI_ADMIN_KEY:-admin-bench}

[ -r /proc/self/stat ] || fail "needs Linux: CPU and memory are read from /proc"
command -v wrk >/dev/null || fail "needs wrk: apt-get install wrk (Debian, Ubuntu), dnf install wrk (Fedora), or build https://github.com/wg/wrk"
command -v curl >/dev/null || fail "needs curl"
java=$(find_java_25) || fail "needs a JDK 25: set JAVA_HOME to one"

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

say "stub on $stub"
is_free "$stub_port" || fail "port $stub_port is taken: set STUB_PORT"
"$java" -Xmx128m -XX:+UseSerialGC bench/src/Stub.java --port "$stub_port" >"$work/stub.log" 2>&1 &
started+=($!)
wait_for "$stub/stats" $! "$work/stub.log"

start_seconds=""
if [ -z "${GATEWAY_URL:-}" ]; then
  is_free "$gateway_port" || fail "port $gateway_port is taken: set GATEWAY_PORT"
  jar=$(gateway_jar)
  if [ -z "$jar" ]; then
    say "building the gateway"
    mvn -q -DskipTests package >&2
    jar=$(gateway_jar)
  fi
  [ -n "$jar" ] || fail "no runnable jar in target/"
  say "gateway on $gateway from $jar"
  mkdir "$work/home"
  begin=$(date +%s%N)
  # A clean environment and working directory: no key or .env of the user's takes part.
  (
    cd "$work"
    exec env -i MALLOC_ARENA_MAX=2 PATH="$PATH" HOME="$work" LANG=C.UTF-8 \
      SERAI_HOME="$work/home" SERVER_ADDRESS=127.0.0.1 SERVER_PORT="$gateway_port" \
      OPENAI_BASE_URL="$stub/v1" OPENAI_API_KEY=sk-bench USE_ONEPASSWORD=false \
      SERAI_BUDGETS_GATEWAY_LIMITUSD=1000000 SERAI_BUDGETS_PROVIDER_OPENAI_LIMITUSD=1000000 \
      SERAI_ADMIN_KEY="$admin_key" ${GATEWAY_ENV:-} \
      "$java" $gateway_java_opts -jar "$jar" >"$work/gateway.log" 2>&1
  ) &
  gateway_pid=$!
  started+=("$gateway_pid")
  wait_for "$gateway/health $gateway/actuator/health" "$gateway_pid" "$work/gateway.log"
  start_seconds=$(awk -v b="$begin" -v e="$(date +%s%N)" 'BEGIN { printf "%.1f", (e - b) / 1e9 }')
fi
status=$(curl -s -o "$work/first" -w '%{http_code}' "$gateway/v1/chat/completions" \
  -H 'Authorization: Bearer sk-serai-dev' -H 'Content-Type: application/json' \
  -d '{"model":"openai/bench","messages":[{"role":"user","content":"Is anyone there?"}]}')
[ "$status" = 200 ] || fail "the gateway answers $status: $(head -c 500 "$work/first")"
idle_rss=$(memory_kb VmRSS)
load_before=$(cut -d' ' -f1 /proc/loadavg)
steal_before=$(steal_ticks)

say "warming up for $((warm_up * 3 / 2 + 6)) s"
load direct whole 64 3 >/dev/null
load direct stream 64 3 >/dev/null
load gateway whole 64 "$warm_up" >/dev/null
load gateway stream 64 $((warm_up / 2)) >/dev/null

: >"$work/rows"
for mode in whole stream; do
  for c in $connections; do
    for who in direct gateway; do
      before=$(cpu_ms)
      result=$(load "$who" "$mode" "$c" "$seconds")
      sleep 0.5 # what is written behind the answer counts as well
      after=$(cpu_ms)
      echo "$mode $c $who $result cpu=$((after - before)) rss=$(memory_kb VmRSS)" >>"$work/rows"
      say "$mode $c $who: $result"
    done
  done
done

: >"$work/paced"
for pace in $paces; do
  for who in direct gateway; do
    before=$(cpu_ms)
    "$java" -Xmx256m -XX:+UseSerialGC bench/src/Streams.java --url "$(url "$who")" \
      --streams "$streams" --gap-ms "${pace%x*}" --chunks "${pace#*x}" >"$work/streams"
    after=$(cpu_ms)
    result=$(sed -n 's/^RESULT //p' "$work/streams")
    echo "$pace $who $result cpu=$((after - before)) rss=$(memory_kb VmRSS)" >>"$work/paced"
    say "$streams streams $pace $who: $result"
    sed -n 's/^FAILED /  failed: /p' "$work/streams" >&2
  done
done
peak_rss=$(memory_kb VmHWM)

ledger=$(compare_ledger)
say "$ledger"
write_report >"$work/report.md"
mv "$work/report.md" "$report"
say "wrote $report"
case "$ledger" in *differ*) exit 1 ;; esac
