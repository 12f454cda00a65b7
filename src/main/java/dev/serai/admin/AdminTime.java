package dev.serai.admin;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as the admin API takes them. */
final class AdminTime {

  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private AdminTime() {}

  /** A field's RFC 3339 time, which must lie after now; null when it is missing or null. */
  static @Nullable Instant future(AdminBody body, String field, Instant now) {
    String text = body.text(field, 64);
    if (text == null) {
      return null;
    }
    Instant time;
    try {
      time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw AdminBody.wrong(field, "Give " + field + " as 2026-01-31T12:00:00Z.");
    }
    if (!time.isAfter(now) || time.isAfter(LAST)) {
      throw AdminBody.wrong(field, "Give " + field + " as a time that lies in the future.");
    }
    return time;
  }
}
