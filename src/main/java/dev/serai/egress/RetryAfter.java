package dev.serai.egress;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads when a provider asks to come back: RFC 9110 §10.2.3, and OpenAI's finer header. */
final class RetryAfter {

  private RetryAfter() {}

  /**
   * The time to wait, zero or more; null when neither header says anything usable.
   *
   * @param millis {@code retry-after-ms}, milliseconds
   * @param value {@code Retry-After}, seconds or an HTTP date
   */
  static @Nullable Duration read(@Nullable String millis, @Nullable String value, Clock clock) {
    Duration fine = number(millis, 1);
    if (fine != null) {
      return fine;
    }
    Duration seconds = number(value, 1000);
    if (seconds != null || value == null) {
      return seconds;
    }
    try {
      ZonedDateTime at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(clock.instant(), at.toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Duration number(@Nullable String text, long unitMillis) {
    if (text == null || text.isEmpty() || text.length() > 12) {
      return null;
    }
    try {
      double value = Double.parseDouble(text.strip());
      return value >= 0 ? Duration.ofMillis((long) Math.ceil(value * unitMillis)) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
