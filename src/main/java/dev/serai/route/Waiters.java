package dev.serai.route;

import dev.serai.ledger.BudgetRefusal;
import dev.serai.ledger.LedgerUnavailableException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Places for calls that wait for money to come free. There are few, because who waits keeps a place
 * among the requests in flight; one budget never gets all of them.
 */
final class Waiters {

  private static final int MOST_OF_ONE = 256;
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 250;

  private final int most;
  private final int mostOfOne;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentHashMap<Long, Integer> byPeriod = new ConcurrentHashMap<>();

  /**
   * A tenth of the requests in flight may wait, half of that for one budget.
   *
   * @param inFlight how many requests may be in flight, 1 or more
   */
  Waiters(int inFlight) {
    most = Math.max(2, inFlight / 10);
    mostOfOne = Math.min(MOST_OF_ONE, most / 2);
  }

  /** Lets a call wait, should it need to, for that long in all. */
  Wait of(Duration patience) {
    return new Wait(System.nanoTime() + patience.toNanos());
  }

  private boolean enter(long period) {
    if (all.incrementAndGet() > most) {
      all.decrementAndGet();
      return false;
    }
    boolean[] in = {false};
    byPeriod.compute(
        period,
        (id, now) -> {
          int waiting = now == null ? 0 : now;
          in[0] = waiting < mostOfOne;
          return in[0] ? (Integer) (waiting + 1) : now;
        });
    if (!in[0]) {
      all.decrementAndGet();
    }
    return in[0];
  }

  private void leave(long period) {
    byPeriod.computeIfPresent(period, (id, now) -> now == 1 ? null : (Integer) (now - 1));
    all.decrementAndGet();
  }

  /** The waiting of one call. */
  final class Wait implements AutoCloseable {

    private final long giveUp;
    private long pause = FIRST_PAUSE_MILLIS;
    private @Nullable Long place;

    private Wait(long giveUp) {
      this.giveUp = giveUp;
    }

    /**
     * Waits a little, and longer each time.
     *
     * @return false, at once, where it makes no sense, takes too long, or too many wait already
     */
    boolean forRoom(BudgetRefusal refusal) {
      boolean sensible =
          refusal.mayFitSoon() && System.nanoTime() + pause * 1_000_000 - giveUp <= 0;
      if (!sensible || (place == null && !enter(refusal.period()))) {
        return false;
      }
      if (place == null) {
        place = refusal.period();
      }
      sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      return true;
    }

    /** Gives the place back, if there is one. */
    @Override
    public void close() {
      if (place != null) {
        leave(place);
        place = null;
      }
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while waiting for a budget", e);
    }
  }
}
