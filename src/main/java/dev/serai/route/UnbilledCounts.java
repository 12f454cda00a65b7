package dev.serai.route;

import dev.serai.ledger.Settlement;
import dev.serai.ledger.UsageCount;
import dev.serai.ledger.UsageCounts;
import dev.serai.recall.Answer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts what never reached a provider: answers from the cache and refusals. No money hangs on
 * them, so they are gathered in memory and written every second.
 */
@Component("unbilledCounts")
final class UnbilledCounts {

  private final UsageCounts ledger;
  private final Clock clock;
  private final ConcurrentHashMap<Key, Tally> tallies = new ConcurrentHashMap<>();

  private record Key(Instant hour, String tenant, String model, String role, String entry) {}

  private record Tally(LongAdder hits, LongAdder refused, LongAdder savedNanos) {
    Tally() {
      this(new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  UnbilledCounts(UsageCounts ledger, Clock clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Counts a request that is over, unless a provider answered it or none was to be asked. */
  void count(Call call, @Nullable Settlement settled) {
    if (settled != null || call.attempts > 0 || call.query) {
      return;
    }
    Answer answer = call.answer;
    if (answer == null && call.error == null) {
      return;
    }
    Tally tally =
        tallies.computeIfAbsent(
            new Key(
                clock.instant().truncatedTo(ChronoUnit.HOURS),
                call.tenant == null ? "" : call.tenant.id(),
                answer == null ? "" : answer.model(),
                call.roleName(),
                call.entryName),
            key -> new Tally());
    if (answer == null || answer instanceof Answer.Refusal) {
      tally.refused.increment();
      return;
    }
    tally.hits.increment();
    if (answer instanceof Answer.Complete complete && complete.stored().costNanos() != null) {
      tally.savedNanos.add(complete.stored().costNanos());
    }
  }

  /** Writes what has gathered. What cannot be written now is written the next time. */
  public void flush() {
    List<UsageCount> rows = new ArrayList<>();
    tallies.forEach(
        (key, tally) -> {
          long hits = tally.hits.sumThenReset();
          long refused = tally.refused.sumThenReset();
          long saved = tally.savedNanos.sumThenReset();
          if (hits + refused == 0
              && key.hour.isBefore(clock.instant().minus(2, ChronoUnit.HOURS))) {
            tallies.remove(key);
          }
          if (hits + refused > 0) {
            rows.add(
                new UsageCount(
                    key.hour, key.tenant, key.model, key.role, key.entry, hits, refused, saved));
          }
        });
    if (rows.isEmpty()) {
      return;
    }
    try {
      ledger.count(rows);
    } catch (RuntimeException e) {
      for (UsageCount row : rows) {
        Tally tally =
            tallies.computeIfAbsent(
                new Key(row.hour(), row.tenantId(), row.model(), row.roleName(), row.entry()),
                key -> new Tally());
        tally.hits.add(row.cacheHits());
        tally.refused.add(row.refused());
        tally.savedNanos.add(row.savedNanos());
      }
      throw e;
    }
  }
}
