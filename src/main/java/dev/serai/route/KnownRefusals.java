package dev.serai.route;

import dev.serai.budget.OpenPeriod;
import dev.serai.ledger.BudgetRefusal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What did not fit into a budget just now, so that a caller out of budget who keeps calling does
 * not keep the database busy. A budget that is changed here is asked again at once.
 */
final class KnownRefusals {

  private static final int MOST = 10_000;

  private final long holdsNanos;
  private final ConcurrentHashMap<Long, Known> byPeriod = new ConcurrentHashMap<>();

  private record Known(OpenPeriod period, BudgetRefusal refusal, long at) {}

  /**
   * None yet.
   *
   * @param holds how long one is remembered
   */
  KnownRefusals(Duration holds) {
    this.holdsNanos = holds.toNanos();
  }

  /** Remembers a refusal, unless calls under way may make room. */
  void add(List<OpenPeriod> open, BudgetRefusal refusal, long now) {
    if (refusal.mayFitSoon()) {
      return;
    }
    for (OpenPeriod period : open) {
      if (period.id() == refusal.period()) {
        if (byPeriod.size() >= MOST) {
          byPeriod.clear();
        }
        byPeriod.put(period.id(), new Known(period, refusal, now));
      }
    }
  }

  /**
   * The refusal of a call; null when nothing is known of it.
   *
   * @param nanos what it may cost
   */
  @Nullable BudgetRefusal of(List<OpenPeriod> open, long nanos, long now) {
    if (byPeriod.isEmpty()) {
      return null;
    }
    for (OpenPeriod period : open) {
      Known known = byPeriod.get(period.id());
      if (known != null) {
        if (now - known.at > holdsNanos || !known.period.equals(period)) {
          byPeriod.remove(period.id(), known);
        } else if (nanos >= known.refusal.wantedNanos()) {
          BudgetRefusal last = known.refusal;
          return new BudgetRefusal(
              last.period(), last.capNanos(), last.spentNanos(), last.reservedNanos(), nanos);
        }
      }
    }
    return null;
  }
}
