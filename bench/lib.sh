# Functions of run.sh, which sets the variables they read.

say() { echo "bench: $*" >&2; }
fail() { say "$*"; exit 1; }

# Prints the java command of a JDK 25 or newer: JAVA_HOME, what Maven's toolchains know, then the
# newest where Linux systems keep theirs.
find_java_25() {
  local home
  for home in "${JAVA_HOME:-}" \
    $(sed -n 's:.*<jdkHome>\(.*\)</jdkHome>.*:\1:p' ~/.m2/toolchains.xml \
      ~/.m2/discovered-jdk-toolchains-cache.xml 2>/dev/null) \
    $(ls -d /usr/lib/jvm/* ~/.sdkman/candidates/java/* ~/.jdks/* 2>/dev/null | sort -rV); do
    if [ -x "$home/bin/java" ] && [ -r "$home/release" ] \
      && [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")" -ge 25 ]; then
      echo "$home/bin/java"
      return
    fi
  done
  return 1
}

gateway_jar() { ls -t "$PWD"/target/serai-*.jar 2>/dev/null | grep -v -e sources -e javadoc -e tests | head -1; }

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_for "url [other url]" pid log: until one of them answers 200, for a minute at most.
wait_for() {
  local i address
  for i in $(seq 600); do
    for address in $1; do
      if curl -sf -o /dev/null -m 2 "$address"; then return; fi
    done
    kill -0 "$2" 2>/dev/null || { tail -30 "$3" >&2; fail "it stopped"; }
    sleep 0.1
  done
  tail -30 "$3" >&2
  fail "nothing answers on $1"
}

# The stub's own path, which it counts apart, or the gateway's.
url() { if [ "$1" = direct ]; then echo "$stub/direct/v1/chat/completions"; else echo "$gateway/v1/chat/completions"; fi; }

# load direct|gateway whole|stream connections seconds
load() {
  wrk -t1 -c"$3" -d"$4s" --timeout 10s -s "bench/src/$2.lua" "$(url "$1")" -- "$(date +%s%N)" \
    | sed -n 's/^RESULT //p'
}

# CPU the gateway process has used so far, in milliseconds; 0 when its process is not known.
cpu_ms() {
  if [ -z "$gateway_pid" ]; then echo 0; return; fi
  sed 's/.*) //' "/proc/$gateway_pid/stat" \
    | awk -v hz="$(getconf CLK_TCK)" '{ printf "%d\n", ($12 + $13) * 1000 / hz }'
}

memory_kb() {
  if [ -z "$gateway_pid" ]; then echo 0; return; fi
  awk -v name="$1:" '$1 == name { print $2 }' "/proc/$gateway_pid/status"
}

steal_ticks() { awk '$1 == "cpu" { t = 0; for (i = 2; i <= 9; i++) t += $i; print $9, t }' /proc/stat; }

# Number after "name": in the JSON on standard input.
json_number() { sed -n 's/.*"'"$1"'" *: *\([0-9]*\).*/\1/p' | head -1; }

# One sentence: whether the ledger has as many calls as the stub received from the gateway.
compare_ledger() {
  local i stats seen rows
  for i in $(seq 20); do
    stats=$(curl -s "$stub/stats")
    seen=$(($(json_number requests <<<"$stats") - $(json_number direct <<<"$stats")))
    rows=$(curl -s -m 60 "$gateway/admin/v1/usage" -H "Authorization: Bearer $admin_key" \
      | tr -d '\n' | sed -n 's/.*"total"//p' | json_number requests)
    if [ "$rows" = "$seen" ]; then
      echo "The ledger has $rows calls, the stub received $seen from the gateway: equal."
      return
    fi
    [ -n "$rows" ] || break
    sleep 0.5
  done
  if [ -z "$rows" ]; then
    echo "The ledger was not compared: $gateway/admin/v1/usage gave no total."
  else
    echo "The ledger has $rows calls, the stub received $seen from the gateway: they differ."
  fi
}

write_report() {
  local cpu memory steal
  cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
  memory=$(awk '$1 == "MemTotal:" { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
  steal=$(echo "$steal_before $(steal_ticks)" | awk '{ printf "%.1f", ($3 - $1) * 100 / ($4 - $2) }')
  cat <<HEAD
# Benchmark report

Written by \`bench/run.sh\`; do not edit. Stub (provider), gateway and load generator share the
machine. Every request is different, so every one is a cache miss; auth, limits, two hard
budgets and the durable ledger are on. "stub" is the load generator against the stub without a gateway: the baseline.

- Date: $(date -u +%Y-%m-%dT%H:%MZ), commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)$(git diff --quiet HEAD -- . ':!bench/report.md' 2>/dev/null || echo ' with changes')
- Machine: $(nproc) cores ($cpu), $memory GB, $(uname -sr); load average before $load_before, stolen CPU time $steal %
- JVM: $("$java" -version 2>&1 | sed -n 2p), \`$gateway_java_opts\`
- Gateway: healthy after ${start_seconds:-?} s, $((idle_rss / 1024)) MB after its first answer, at most $((peak_rss / 1024)) MB in the whole run
- Runs of $seconds s after a warm-up; CPU is the gateway process's, user and system
- $ledger

HEAD
  awk -v peak="$peak_rss" -f bench/report.awk "$work/rows" "$work/paced"
}
