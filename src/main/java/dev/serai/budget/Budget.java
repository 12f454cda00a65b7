package dev.serai.budget;

import dev.serai.limit.Subject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much may be spent in each period.
 *
 * @param subject by whom, or through what
 * @param limitNanos in nano-dollars, 1 to {@link #MOST}
 * @param period for which time it is granted
 * @param zone whose midnight begins a period
 * @param mode what happens at its end
 * @param carryOver whether what is left of a period is added to the next one, up to one limit
 * @param onBudget what becomes of a call that does not fit a hard one
 * @param createdAt when it was set first; null for a configured one
 */
public record Budget(
    Subject subject,
    long limitNanos,
    Period period,
    ZoneId zone,
    Mode mode,
    boolean carryOver,
    OnBudget onBudget,
    @Nullable Instant createdAt) {

  /** The largest limit: a billion dollars. */
  public static final long MOST = 1_000_000_000_000_000_000L;

  /** What happens when a budget is used up. */
  public enum Mode {
    /** It is never exceeded. */
    HARD,
    /** It is exceeded and reported. */
    SOFT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Its name in JSON and in the database. */
    public String label() {
      return label;
    }

    /** The mode of that name; null when there is none. */
    public static @Nullable Mode of(String label) {
      for (Mode mode : values()) {
        if (mode.label.equals(label)) {
          return mode;
        }
      }
      return null;
    }
  }

  /** What becomes of a call that does not fit. */
  public enum OnBudget {
    /** It is refused. */
    REFUSE,
    /** A cheaper target of its role takes it, where one fits; else it is refused. */
    DEGRADE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Its name in JSON and in the database. */
    public String label() {
      return label;
    }

    /** That of a name; null when there is none. */
    public static @Nullable OnBudget of(String label) {
      for (OnBudget wish : values()) {
        if (wish.label.equals(label)) {
          return wish;
        }
      }
      return null;
    }
  }

  /** Whether it is never exceeded. */
  public boolean hard() {
    return mode == Mode.HARD;
  }

  /** The period that holds an instant. */
  public Period.Span spanAt(Instant instant) {
    return period.at(instant, zone);
  }

  /** Whether both are granted for the same stretches of time. */
  boolean samePeriods(Budget other) {
    return period == other.period && (period == Period.TOTAL || zone.equals(other.zone));
  }
}
