package dev.serai.ledger;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of usage rows: unique over all replicas and ordered by time, so that the primary key is also
 * the index by time. 41 bits of milliseconds since 2024-01-01 (until 2093), 10 bits of replica
 * number, 12 bits of counter.
 */
final class RowIds {
  /** Most replicas that can write at the same time. */
  static final int REPLICAS = 1024;

  private static final long EPOCH_MILLIS = 1_704_067_200_000L;
  private static final int COUNTER_BITS = 12;
  private static final int REPLICA_BITS = 10;

  private final Clock clock;
  private final AtomicLong lastTick = new AtomicLong();
  private volatile int replica;

  RowIds(Clock clock, int replica) {
    this.clock = clock;
    replica(replica);
  }

  /** The ids after this call carry this number. */
  void replica(int number) {
    if (number < 0 || number >= REPLICAS) {
      throw new IllegalArgumentException("replica number out of 0.." + (REPLICAS - 1));
    }
    replica = number;
  }

  /** The number that new ids carry. */
  int replica() {
    return replica;
  }

  /** A new id: greater than every id before it, also when the clock goes back. */
  long next() {
    long now = Math.max(0, clock.millis() - EPOCH_MILLIS) << COUNTER_BITS;
    long tick = lastTick.accumulateAndGet(now, (last, n) -> Math.max(last + 1, n));
    long counter = tick & ((1L << COUNTER_BITS) - 1);
    return (tick >>> COUNTER_BITS) << (REPLICA_BITS + COUNTER_BITS)
        | (long) replica << COUNTER_BITS
        | counter;
  }

  /**
   * The lowest id that a row of this millisecond can have; 0 for times before 2024, and above all
   * ids for times that no id can hold (from 2093 on).
   */
  public static long lowestAt(Instant time) {
    long last = Long.MAX_VALUE >>> (REPLICA_BITS + COUNTER_BITS);
    if (time.getEpochSecond() > (EPOCH_MILLIS + last) / 1000) {
      return Long.MAX_VALUE;
    }
    long millis = time.getEpochSecond() < 0 ? 0 : time.toEpochMilli() - EPOCH_MILLIS;
    return Math.clamp(millis, 0, last) << (REPLICA_BITS + COUNTER_BITS);
  }

  /** The replica number in an id. */
  static int replicaOf(long id) {
    return (int) (id >>> COUNTER_BITS) & (REPLICAS - 1);
  }

  /** The millisecond in which an id was given. */
  public static Instant timeOf(long id) {
    return Instant.ofEpochMilli((id >>> (REPLICA_BITS + COUNTER_BITS)) + EPOCH_MILLIS);
  }

  /** SQL for the day (UTC, days since 1970) of the row whose id is in {@code column}. */
  static String epochDaySql(String column) {
    return epochMillisSql(column) + " / 86400000";
  }

  /** SQL for the millisecond (since 1970) of the row whose id is in {@code column}. */
  static String epochMillisSql(String column) {
    return "(%s / %d + %d)".formatted(column, 1L << (REPLICA_BITS + COUNTER_BITS), EPOCH_MILLIS);
  }
}
