package dev.serai.limit;

import dev.serai.ledger.Replicas;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** This process's part of a limit, as long as nobody counts for all of them. */
final class Share implements AutoCloseable {

  private static final long EVERY_MILLIS = 2000;

  private final Replicas replicas;
  private final ScheduledExecutorService counter =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("limits-share").daemon().factory());
  private volatile int living = 1;

  Share(Replicas replicas) {
    this.replicas = replicas;
    var unused =
        counter.scheduleWithFixedDelay(this::count, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The part of a limit, 1 or more. */
  long of(long limit) {
    return Math.max(1, limit / living);
  }

  private void count() {
    try {
      living = Math.max(1, replicas.living());
    } catch (RuntimeException e) {
      // The database is away: as many as before.
    }
  }

  @Override
  public void close() {
    counter.shutdownNow();
  }
}
