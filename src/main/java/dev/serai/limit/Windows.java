package dev.serai.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Buckets that are filled at once when a window is over, and not before: what a limit allows in a
 * window is exact then, however long the callers take to come.
 */
final class Windows {

  private Windows() {}

  /** A bucket's rules. They are named after the limit, so that another limit replaces them. */
  static BucketConfiguration of(Measure measure, long limit, long initial, Instant end) {
    Bandwidth window =
        Bandwidth.builder()
            .capacity(limit)
            .refillIntervallyAligned(limit, measure.period(), end)
            .initialTokens(Math.clamp(initial, 0, limit))
            .id(Long.toString(limit))
            .build();
    return BucketConfiguration.builder().addLimit(window).build();
  }

  /** The rules of a window that begins now, with nothing consumed. */
  static BucketConfiguration fresh(Draw draw, Clock clock) {
    return of(
        draw.measure(), draw.limit(), draw.limit(), draw.measure().windowEnd(clock.instant()));
  }

  /**
   * The rules for a limit that is set while a window runs: it ends when it would have ended, and
   * what was consumed in it stays consumed.
   *
   * @param full how the bucket answers when asked for all of the limit it had
   */
  static BucketConfiguration changed(Draw draw, long before, EstimationProbe full, Clock clock) {
    if (full.canBeConsumed()) {
      return fresh(draw, clock);
    }
    long consumed = before - full.getRemainingTokens();
    Instant end = clock.instant().plus(Duration.ofNanos(full.getNanosToWaitForRefill()));
    return of(draw.measure(), draw.limit(), draw.limit() - consumed, end);
  }

  /** The clock as Bucket4j wants it. */
  static TimeMeter meter(Clock clock) {
    return new TimeMeter() {
      @Override
      public long currentTimeNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
      }

      @Override
      public boolean isWallClockBased() {
        return true;
      }
    };
  }
}
