package dev.serai.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The time for which a budget is granted, again and again. */
public enum Period {
  /** From midnight to midnight. */
  DAY,
  /** From Monday to Sunday, as ISO 8601 has it. */
  WEEK,
  /** A month of the calendar. */
  MONTH,
  /** For ever: it is never granted again. */
  TOTAL;

  /** The start of the one period that has no beginning of its own. */
  static final Instant EVER = Instant.EPOCH;

  private final String label = name().toLowerCase(Locale.ROOT);

  /**
   * A stretch of time.
   *
   * @param start the first instant
   * @param end the first instant after it; null when there is none
   */
  public record Span(Instant start, @Nullable Instant end) {

    /** Whether an instant is in it. */
    public boolean holds(Instant instant) {
      return !instant.isBefore(start) && (end == null || instant.isBefore(end));
    }
  }

  /** Its name in JSON and in the database. */
  public String label() {
    return label;
  }

  /** The period of that name; null when there is none. */
  public static @Nullable Period of(String label) {
    for (Period period : values()) {
      if (period.label.equals(label)) {
        return period;
      }
    }
    return null;
  }

  /**
   * The one that holds an instant. A midnight that a change of the clocks leaves out is the first
   * instant after it.
   */
  public Span at(Instant instant, ZoneId zone) {
    if (this == TOTAL) {
      return new Span(EVER, null);
    }
    LocalDate day = instant.atZone(zone).toLocalDate();
    LocalDate first = first(day);
    LocalDate next =
        switch (this) {
          case DAY -> first.plusDays(1);
          case WEEK -> first.plusWeeks(1);
          case MONTH, TOTAL -> first.plusMonths(1);
        };
    return new Span(first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant());
  }

  private LocalDate first(LocalDate day) {
    return switch (this) {
      case DAY, TOTAL -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
    };
  }
}
