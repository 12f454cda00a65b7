package dev.serai.alert;

import dev.serai.alert.Alert.Finding;
import dev.serai.alert.Alert.Kind;
import dev.serai.budget.OpenPeriod;
import dev.serai.budget.RunningPeriods;
import dev.serai.budget.Standing;
import dev.serai.policy.Money;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Holds what is spent of each budget against its thresholds, and against the time that is left. */
final class BudgetWatch {

  /** Of a period this part must be over before anything is said about the rest. */
  private static final int TENTH = 10;

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  /** A hard budget of which so much is spent, in per cent, and that refuses calls, is used up. */
  private static final int NEARLY_ALL = 95;

  private final RunningPeriods periods;
  private final Predicate<OpenPeriod> refusing;
  private final AlertStore store;
  private final List<Integer> thresholds;
  private final Clock clock;
  private final DatabaseWatch database = new DatabaseWatch("budgets are not watched");

  /** What is known to have been fired, by period; what is not in here is asked of the database. */
  private final Map<Long, Set<Mark>> fired = new HashMap<>();

  private record Mark(Kind kind, int threshold) {}

  /**
   * Watches.
   *
   * @param refusing whether calls were refused because a period has no room
   */
  BudgetWatch(
      RunningPeriods periods,
      Predicate<OpenPeriod> refusing,
      AlertStore store,
      List<Integer> thresholds,
      Clock clock) {
    this.periods = periods;
    this.refusing = refusing;
    this.store = store;
    this.thresholds = thresholds;
    this.clock = clock;
  }

  /** Looks once; nothing is asked of the database while there is no budget. */
  public synchronized void look() {
    database.ask(
        () -> {
          Instant now = clock.instant();
          List<Standing> running = periods.at(now);
          fired.keySet().retainAll(running.stream().map(each -> each.open().id()).toList());
          for (Standing standing : running) {
            look(standing, now);
          }
          return true;
        },
        false);
  }

  private void look(Standing standing, Instant now) {
    for (Finding finding : findings(standing, refusing.test(standing.open()), thresholds, now)) {
      Set<Mark> known = fired.computeIfAbsent(standing.open().id(), id -> new HashSet<>());
      Mark mark = new Mark(finding.kind(), finding.threshold());
      if (!known.contains(mark)) {
        store.fire(finding, now);
        known.add(mark);
      }
    }
  }

  /** All that is the case, the thresholds in their order. */
  static List<Finding> findings(
      Standing standing, boolean refusing, List<Integer> thresholds, Instant now) {
    List<Finding> findings = new ArrayList<>();
    BigInteger spent = BigInteger.valueOf(standing.spentNanos());
    BigInteger cap = BigInteger.valueOf(standing.capNanos());
    boolean usedUp = refusing && passed(spent, cap, NEARLY_ALL);
    for (int percent : thresholds) {
      if (passed(spent, cap, percent) || (usedUp && percent <= 100)) {
        findings.add(
            finding(
                Kind.BUDGET_THRESHOLD,
                standing,
                percent,
                Wording.threshold(standing, percent),
                null));
      }
    }
    Instant reached = forecast(standing, now);
    if (reached != null) {
      findings.add(
          finding(Kind.BUDGET_FORECAST, standing, 0, Wording.forecast(standing, reached), reached));
    }
    return findings;
  }

  private static boolean passed(BigInteger spent, BigInteger cap, int percent) {
    return spent.multiply(HUNDRED).compareTo(cap.multiply(BigInteger.valueOf(percent))) >= 0;
  }

  /**
   * When the cap is reached if what is spent goes on growing as it did since the period began; null
   * when that is not before its end, when it is reached already, and while less than a tenth of the
   * period is over.
   */
  static @Nullable Instant forecast(Standing standing, Instant now) {
    Instant start = standing.open().span().start();
    Instant end = standing.open().span().end();
    long spent = standing.spentNanos();
    long cap = standing.capNanos();
    if (end == null || spent <= 0 || spent >= cap) {
      return null;
    }
    long over = Duration.between(start, now).toMillis();
    long length = Duration.between(start, end).toMillis();
    if (over <= 0 || over < length / TENTH) {
      return null;
    }
    BigInteger untilCap =
        BigInteger.valueOf(over)
            .multiply(BigInteger.valueOf(cap))
            .divide(BigInteger.valueOf(spent));
    return untilCap.compareTo(BigInteger.valueOf(length)) < 0
        ? start.plusMillis(untilCap.longValueExact())
        : null;
  }

  private static Finding finding(
      Kind kind, Standing standing, int threshold, String message, @Nullable Instant reached) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("spent_usd", Money.usd(standing.spentNanos()).toPlainString());
    details.put("limit_usd", Money.usd(standing.capNanos()).toPlainString());
    details.put("mode", standing.open().budget().mode().label());
    Instant end = standing.open().span().end();
    if (end != null) {
      details.put("resets_at", end.toString());
    }
    if (reached != null) {
      details.put("reached_at", reached.toString());
    }
    return new Finding(
        kind,
        standing.open().budget().subject().path(),
        standing.open().budget().period().label(),
        standing.open().span().start(),
        threshold,
        message,
        details);
  }
}
