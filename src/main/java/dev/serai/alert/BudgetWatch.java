package dev.serai.alert;

import dev.serai.alert.Alert.Finding;
import dev.serai.alert.Alert.Kind;
import dev.serai.alert.AlertStore.Grant;
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

  /** Calls that began in a period are settled so long after its end, at worst. */
  private static final Duration LATE = Duration.ofHours(2);

  private final RunningPeriods periods;
  private final Predicate<OpenPeriod> refusing;
  private final AlertStore store;
  private final List<Integer> thresholds;
  private final Clock clock;
  private final DatabaseWatch database = new DatabaseWatch("budgets are not watched");

  /** What is known of running periods; what is not in here is asked of the database. */
  private final Map<Long, Told> told = new HashMap<>();

  private record Mark(Kind kind, int threshold) {}

  /** What is known to have been fired in a period, and for which cap. */
  private record Told(long capNanos, Set<Mark> marks) {}

  /**
   * Something that is the case.
   *
   * @param threshold in percent; 0 of a forecast
   * @param refused whether it is the case only because calls are refused
   * @param reached of a forecast, when the budget is gone
   */
  record Passed(Kind kind, int threshold, boolean refused, @Nullable Instant reached) {}

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
          List<Standing> running = periods.at(now, now.minus(LATE));
          told.keySet().retainAll(running.stream().map(each -> each.open().id()).toList());
          for (Standing standing : running) {
            look(standing, now);
          }
          return true;
        },
        false);
  }

  private void look(Standing standing, Instant now) {
    Told known = told(standing, now);
    for (Passed passed : passed(standing, refusing.test(standing.open()), thresholds, now)) {
      Mark mark = new Mark(passed.kind, passed.threshold);
      if (!known.marks.contains(mark)) {
        store.fire(finding(standing, passed, now), grant(standing), now);
        known.marks.add(mark);
      }
    }
  }

  /** A higher cap than the known one makes untrue some of what was told: that may be told again. */
  private Told told(Standing standing, Instant now) {
    long cap = standing.capNanos();
    Told known = told.get(standing.open().id());
    if (known == null || known.capNanos < cap) {
      boolean lasts = standing.spentNanos() < cap && forecast(standing, now) == null;
      store.rearm(
          standing.open().budget().subject().path(), grant(standing), percent(standing), lasts);
      known = new Told(cap, new HashSet<>());
    } else if (known.capNanos > cap) {
      known = new Told(cap, known.marks);
    }
    told.put(standing.open().id(), known);
    return known;
  }

  private static Grant grant(Standing standing) {
    return new Grant(standing.open().id(), standing.capNanos());
  }

  private static long percent(Standing standing) {
    return BigInteger.valueOf(standing.spentNanos())
        .multiply(HUNDRED)
        .divide(BigInteger.valueOf(standing.capNanos()))
        .min(BigInteger.valueOf(Integer.MAX_VALUE))
        .longValueExact();
  }

  /** All that is the case, the thresholds in their order; of a period that is over only these. */
  static List<Passed> passed(
      Standing standing, boolean refusing, List<Integer> thresholds, Instant now) {
    List<Passed> all = new ArrayList<>();
    BigInteger spent = BigInteger.valueOf(standing.spentNanos());
    BigInteger cap = BigInteger.valueOf(standing.capNanos());
    boolean runs = standing.open().span().holds(now);
    boolean usedUp = runs && refusing && passed(spent, cap, NEARLY_ALL);
    for (int percent : thresholds) {
      boolean passed = passed(spent, cap, percent);
      if (passed || (usedUp && percent <= 100)) {
        all.add(new Passed(Kind.BUDGET_THRESHOLD, percent, !passed, null));
      }
    }
    Instant reached = runs ? forecast(standing, now) : null;
    if (reached != null) {
      all.add(new Passed(Kind.BUDGET_FORECAST, 0, false, reached));
    }
    return all;
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

  /** Something that is the case, in words. */
  static Finding finding(Standing standing, Passed passed, Instant now) {
    Instant reached = passed.reached;
    return new Finding(
        passed.kind,
        standing.open().budget().subject().path(),
        standing.open().budget().period().label(),
        standing.open().span().start(),
        passed.threshold,
        reached != null
            ? Wording.forecast(standing, reached)
            : passed.refused
                ? Wording.refusing(standing)
                : Wording.threshold(standing, passed.threshold, now),
        details(standing, passed));
  }

  private static Map<String, String> details(Standing standing, Passed passed) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("spent_usd", Money.usd(standing.spentNanos()).toPlainString());
    details.put("limit_usd", Money.usd(standing.capNanos()).toPlainString());
    details.put("mode", standing.open().budget().mode().label());
    Instant end = standing.open().span().end();
    if (end != null) {
      details.put("resets_at", end.toString());
    }
    if (passed.reached != null) {
      details.put("reached_at", passed.reached.toString());
    }
    if (passed.refused) {
      details.put(Alert.REFUSES, "true");
    }
    return details;
  }
}
