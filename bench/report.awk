# Makes the tables of report.md from the rows that run.sh collects: `whole 64 direct key=value …`
# and, for paced streams, `50x200 direct key=value …`.

{
  delete v
  for (i = 1; i <= NF; i++) if (split($i, pair, "=") == 2) v[pair[1]] = pair[2]
}

$1 == "whole" || $1 == "stream" {
  id = $1 " " $2
  if (!(id in seen)) { seen[id] = 1; order[++runs] = id }
  key = id " " $3
  rate[key] = v["requests"] * 1e6 / v["micros"]
  p50[key] = v["p50"] / 1000
  p99[key] = v["p99"] / 1000
  errors[key] = v["socket"] + v["status"] + v["timeout"]
  cpu[key] = v["requests"] ? v["cpu"] / v["requests"] : 0
  rss[key] = v["rss"] / 1024
  next
}

{
  if (!($1 in pacedSeen)) { pacedSeen[$1] = 1; paces[++pacedRuns] = $1 }
  key = $1 " " $2
  for (name in v) paced[key, name] = v[name]
}

function table(mode, title,   i, d, g, part) {
  print "## " title "\n"
  print "| connections | stub req/s | gateway req/s | ratio | stub p50 ms | gateway p50 ms | added p50 ms | stub p99 ms | gateway p99 ms | CPU ms per request | RSS MB | errors |"
  print "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (i = 1; i <= runs; i++) {
    split(order[i], part, " ")
    if (part[1] != mode) continue
    d = order[i] " direct"; g = order[i] " gateway"
    printf "| %d | %.0f | %.0f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.3f | %.0f | %d |\n", part[2],
      rate[d], rate[g], rate[d] ? rate[g] / rate[d] : 0, p50[d], p50[g], p50[g] - p50[d],
      p99[d], p99[g], cpu[g], rss[g], errors[g]
  }
  print ""
}

function target(what, goal, value, met) {
  printf "| %s | %s | %s | %s |\n", what, goal, value, met ? "met" : "**not met**"
}

END {
  print "## Targets\n"
  print "| what | target | measured | |"
  print "|---|--:|--:|---|"
  if ("whole 64 gateway" in rate) {
    target("whole answers, 64 connections", "6,000 req/s", sprintf("%.0f req/s", rate["whole 64 gateway"]), rate["whole 64 gateway"] >= 6000)
    target("whole answers, 64 connections, CPU per request", "0.20 ms", sprintf("%.3f ms", cpu["whole 64 gateway"]), cpu["whole 64 gateway"] <= 0.2)
  }
  if ("whole 1 gateway" in rate) {
    added = p50["whole 1 gateway"] - p50["whole 1 direct"]
    target("whole answers, 1 connection, added p50", "< 0.6 ms", sprintf("%.2f ms", added), added < 0.6)
  }
  for (i = 1; i <= pacedRuns; i++) {
    d = paces[i] " direct"; g = paces[i] " gateway"
    split(paces[i], part, "x")
    worse = (paced[g, "worst_p99"] - paced[d, "worst_p99"]) / 1000
    what = paced[g, "streams"] " streams, an event every " part[1] " ms"
    target(what ", failures", "0", paced[g, "failed"] + 0, paced[g, "failed"] == 0)
    target(what ", worst gap's p99 over the stub's", "60 ms", sprintf("%.1f ms", worse), worse <= 60)
  }
  target("resident memory, peak", "400 MB", sprintf("%.0f MB", peak / 1024), peak < 400 * 1024)
  for (k in errors) if (k ~ /gateway$/) failed += errors[k]
  target("requests that failed", "0", failed + 0, failed == 0)
  print ""

  table("whole", "Whole answers (519 bytes)")
  table("stream", "Streamed answers (22 events and the usage event, sent at once)")

  print "## Concurrent paced streams\n"
  print "Opened over two seconds; the gaps include the pace itself. \"worst gap\" is taken over the longest gap of each stream.\n"
  print "| pace | through | streams | open together | failed | first event p50 ms | p99 ms | worst gap p50 ms | p99 ms | max ms | all gaps p99 ms | CPU s | RSS MB |"
  print "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (i = 1; i <= pacedRuns; i++) for (w = 1; w <= 2; w++) {
    g = paces[i] (w == 1 ? " direct" : " gateway")
    split(paces[i], part, "x")
    printf "| %d ms, %d chunks | %s | %d | %d | %d | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %s | %s |\n",
      part[1], part[2], w == 1 ? "stub" : "gateway", paced[g, "streams"], paced[g, "together"],
      paced[g, "failed"], paced[g, "first_p50"] / 1000, paced[g, "first_p99"] / 1000,
      paced[g, "worst_p50"] / 1000, paced[g, "worst_p99"] / 1000, paced[g, "worst_max"] / 1000,
      paced[g, "gap_p99"] / 1000, w == 1 ? "" : sprintf("%.1f", paced[g, "cpu"] / 1000),
      w == 1 ? "" : sprintf("%.0f", paced[g, "rss"] / 1024)
  }
}
