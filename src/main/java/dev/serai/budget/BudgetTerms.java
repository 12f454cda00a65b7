package dev.serai.budget;

import dev.serai.budget.Budget.Mode;
import dev.serai.budget.Budget.OnBudget;
import dev.serai.limit.Subject;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is granted, as it was written down; everything but the limit may be left out.
 *
 * @param limitUsd more than 0 and at most a billion, with at most 9 decimals
 * @param period {@code day}, {@code week}, {@code month} (unless given) or {@code total}
 * @param timeZone as the IANA names it; UTC unless given
 * @param mode {@code hard} (unless given) or {@code soft}
 * @param carryOver false unless given
 * @param onBudget {@code refuse} (unless given) or {@code degrade}
 */
public record BudgetTerms(
    @Nullable String limitUsd,
    @Nullable String period,
    @Nullable String timeZone,
    @Nullable String mode,
    @Nullable Boolean carryOver,
    @Nullable String onBudget) {

  private static final Pattern AMOUNT = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?");
  private static final int NANO_DECIMALS = 9;
  private static final int LONGEST_ZONE = 64;

  /**
   * A field that cannot be used. Its message begins with the field's name and says what it takes.
   */
  public static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String field;

    private InvalidException(String field, String takes) {
      super(field + " " + takes);
      this.field = field;
    }

    /** Which one, as JSON has it. */
    public String field() {
      return field;
    }
  }

  /**
   * The budget that is meant.
   *
   * @param createdAt null for a configured one
   */
  public Budget of(Subject subject, @Nullable Instant createdAt) throws InvalidException {
    return new Budget(
        subject,
        limit(),
        known(
            "period", period == null ? Period.MONTH : Period.of(period), "day, week, month, total"),
        zone(),
        known("mode", mode == null ? Mode.HARD : Mode.of(mode), "hard, soft"),
        Objects.requireNonNullElse(carryOver, false),
        known(
            "on_budget",
            onBudget == null ? OnBudget.REFUSE : OnBudget.of(onBudget),
            "refuse, degrade"),
        createdAt);
  }

  private long limit() throws InvalidException {
    if (limitUsd != null && AMOUNT.matcher(limitUsd).matches()) {
      BigDecimal nanos = new BigDecimal(limitUsd).movePointRight(NANO_DECIMALS);
      if (nanos.signum() > 0 && nanos.compareTo(BigDecimal.valueOf(Budget.MOST)) <= 0) {
        return nanos.longValueExact();
      }
    }
    throw new InvalidException(
        "limit_usd",
        "is missing or no amount that can be granted: it takes US dollars, more than 0, at most"
            + " 1000000000, with at most 9 decimals, such as 12.50.");
  }

  private ZoneId zone() throws InvalidException {
    try {
      if (timeZone == null || timeZone.length() <= LONGEST_ZONE) {
        return ZoneId.of(timeZone == null ? "UTC" : timeZone);
      }
    } catch (DateTimeException e) {
      // Told below.
    }
    throw new InvalidException(
        "time_zone", "is not known: it takes an IANA name such as Europe/Berlin or UTC.");
  }

  private static <T> T known(String field, @Nullable T value, String names)
      throws InvalidException {
    if (value == null) {
      throw new InvalidException(
          field, String.format(Locale.ROOT, "is not known: it is one of %s.", names));
    }
    return value;
  }
}
