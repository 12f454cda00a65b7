package dev.serai.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A range of time as whole hours, and what is left of it at both ends.
 *
 * @param fromId the first row id
 * @param firstHour the first whole hour, counted from 1970
 * @param endHour the first hour after the whole ones; not after {@code firstHour} when there are
 *     none
 * @param toId the first row id after the range
 */
record HourRange(long fromId, long firstHour, long endHour, long toId) {
  private static final long MILLIS = 3_600_000;

  /** Rows of an id are no later than this hour. */
  private static final long LAST = Long.MAX_VALUE / MILLIS;

  static HourRange of(@Nullable Instant from, @Nullable Instant to) {
    return new HourRange(
        from == null ? 0 : RowIds.lowestAt(from),
        from == null ? 0 : Math.ceilDiv(from.toEpochMilli(), MILLIS),
        to == null ? LAST : Math.floorDiv(to.toEpochMilli(), MILLIS),
        to == null ? Long.MAX_VALUE : RowIds.lowestAt(to));
  }

  /** Whether there is a whole hour in it. */
  boolean whole() {
    return firstHour < endHour;
  }

  /** The lowest id of the whole hours. */
  long firstHourId() {
    return lowestId(firstHour);
  }

  /** The first id after the whole hours. */
  long endHourId() {
    return lowestId(endHour);
  }

  /** The lowest id that a row of this hour can have. */
  static long lowestId(long epochHour) {
    return epochHour >= LAST
        ? Long.MAX_VALUE
        : RowIds.lowestAt(Instant.ofEpochMilli(epochHour * MILLIS));
  }
}
