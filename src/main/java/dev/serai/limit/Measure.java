package dev.serai.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What is counted, and over which time. */
public enum Measure {
  REQUESTS_PER_MINUTE("requests", Duration.ofMinutes(1)),
  REQUESTS_PER_DAY("requests", Duration.ofDays(1)),
  TOKENS_PER_MINUTE("tokens", Duration.ofMinutes(1)),
  TOKENS_PER_DAY("tokens", Duration.ofDays(1));

  private final String unit;
  private final Duration period;
  private final String label = name().toLowerCase(Locale.ROOT);

  Measure(String unit, Duration period) {
    this.unit = unit;
    this.period = period;
  }

  /** {@code requests} or {@code tokens}. */
  public String unit() {
    return unit;
  }

  /** Its name in JSON and in the database. */
  public String label() {
    return label;
  }

  boolean tokens() {
    return this == TOKENS_PER_MINUTE || this == TOKENS_PER_DAY;
  }

  Duration period() {
    return period;
  }

  /**
   * When a window that begins now is over: a minute later, or at the next midnight in UTC. All of
   * the limit is there again then, and nothing of it before.
   */
  Instant windowEnd(Instant now) {
    return period.toDays() > 0 ? now.truncatedTo(ChronoUnit.DAYS).plus(period) : now.plus(period);
  }
}
