package dev.serai.alert;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An alert that was fired.
 *
 * @param id the order in which they were fired
 * @param messageId the same in every attempt to deliver it
 * @param finding what there is to tell
 * @param firedAt when it was found
 */
public record Alert(long id, String messageId, Finding finding, Instant firedAt) {

  /** The detail of a budget that counts as used up because a call did not fit into its rest. */
  static final String REFUSES = "refuses_calls";

  /** What alerts are about. */
  public enum Kind {
    /** A part of a budget is spent. */
    BUDGET_THRESHOLD,
    /** At this rate a budget is spent before its period ends. */
    BUDGET_FORECAST,
    /** A model is called that has no price. */
    UNPRICED_MODEL,
    /** A provider states another cost than the computed one. */
    COST_DIFFERENCE,
    /** A tenant spends far more than it usually does. */
    SPEND_JUMP,
    /** Sums that must be equal are not. */
    RECONCILIATION;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Its name in JSON and in the database. */
    public String label() {
      return label;
    }

    /** What is delivered first: 0 of budgets, 1 of all else. */
    int urgency() {
      return this == BUDGET_THRESHOLD || this == BUDGET_FORECAST ? 0 : 1;
    }

    /** The kind of that name; null when there is none. */
    public static @Nullable Kind of(String label) {
      for (Kind kind : values()) {
        if (kind.label.equals(label)) {
          return kind;
        }
      }
      return null;
    }
  }

  /**
   * Something that an operator is to know; it is told once for each kind, subject, period and
   * threshold.
   *
   * @param kind what it is about
   * @param subject of what or whom, such as {@code tenant/acme} or {@code openai/gpt-4o}
   * @param period {@code day}, {@code week}, {@code month} or {@code total}
   * @param periodStart the first instant of it
   * @param threshold in percent; 0 where there is none
   * @param message for people: what is the case, and what to do
   * @param details for machines, in this order
   */
  public record Finding(
      Kind kind,
      String subject,
      String period,
      Instant periodStart,
      int threshold,
      String message,
      Map<String, String> details) {}

  /** For the subject of a mail. */
  public String title() {
    return switch (finding.kind) {
      case BUDGET_THRESHOLD ->
          "Budget of "
              + named()
              + (finding.details.containsKey(REFUSES)
                  ? " refuses calls"
                  : ": " + finding.threshold + " % of the " + finding.period);
      case BUDGET_FORECAST -> "Budget of " + named() + " will not last the " + finding.period;
      case UNPRICED_MODEL -> "No price for " + named();
      case COST_DIFFERENCE -> "Another cost for " + named();
      case SPEND_JUMP -> "Unusual spend of " + named();
      case RECONCILIATION -> "Sums differ: " + named();
    };
  }

  /** For people, in one line. */
  public String line() {
    return finding.message;
  }

  /** For people, with everything that is known. */
  public String text() {
    StringBuilder text = new StringBuilder(finding.message).append("\n\n");
    finding.details.forEach(
        (name, value) ->
            text.append(Wording.name(name)).append(": ").append(Wording.name(value)).append('\n'));
    return text.append("fired_at: ").append(firedAt).append('\n').toString();
  }

  private String named() {
    return Wording.name(finding.subject);
  }
}
