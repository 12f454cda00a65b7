#!/usr/bin/env bash
# CPU per call of the HTTP clients, each in a JVM of its own, taking turns: A B C A B C …
# Prints a table of medians. ROUNDS=3, VARIANTS="jdk hc5-default …" (see Clients.java).
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/lib.sh
rounds=${ROUNDS:-3}
variants=${VARIANTS:-jdk jdk-timeout jdk-inline hc5-default hc5-lean-open hc5-strict-open hc5-minimal-open hc5-minimal-open-timeout}
port=${STUB_PORT:-19100}
java=$(find_java_25) || fail "needs a JDK 25: set JAVA_HOME to one"
is_free "$port" || fail "port $port is taken: set STUB_PORT"

work=$(mktemp -d)
mvn -q dependency:build-classpath -Dmdep.outputFile="$work/classpath" >&2
# Only these: with a logging backend that nobody has configured, the client would log every byte.
jars=$(tr ':' '\n' <"$work/classpath" | grep -E '/(httpclient5|httpcore5|httpcore5-h2|slf4j-api)-' | paste -sd:)

"$java" -Xmx128m -XX:+UseSerialGC bench/src/Stub.java --port "$port" >"$work/stub.log" 2>&1 &
stub_pid=$!
trap 'kill $stub_pid; wait $stub_pid 2>/dev/null || true; rm -rf "$work"' EXIT
wait_for "http://127.0.0.1:$port/stats" "$stub_pid" "$work/stub.log"

for round in $(seq "$rounds"); do
  for variant in $variants; do
    "$java" -Xmx192m -XX:+UseSerialGC --class-path "$jars" bench/clients/Clients.java \
      "$variant" "$port" 2>>"$work/errors" | tee -a "$work/rows" >&2
  done
done

echo "| client | answer | callers | calls/s | CPU µs per call, median | lowest to highest | failed calls |"
echo "|---|---|--:|--:|--:|--:|--:|"
sort -k1,1 -k2,2r -k3,3nr -k5,5n "$work/rows" | awk '
  function flush(  m) {
    if (!n) return
    m = int((n + 1) / 2)
    printf "| %s | %s | %d | %.0f | %.1f | %.1f to %.1f | %d |\n", name[1], name[2], name[3], rate[m], cpu[m], cpu[1], cpu[n], failed
    n = failed = 0
  }
  { id = $1 " " $2 " " $3 }
  id != last { flush(); last = id; split(id, name, " ") }
  { n++; rate[n] = $4; cpu[n] = $5; failed += $6 }
  END { flush() }'
sort "$work/errors" | grep -v SLF4J | uniq -c >&2 || true
