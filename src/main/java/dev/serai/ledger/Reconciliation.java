package dev.serai.ledger;

import dev.serai.ledger.HourCheck.Differing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Proves that what is kept beside the rows of the ledger is what the rows add up to: the sums of
 * the hours that are over, and what is spent and reserved of the running budgets: of those that
 * began in the last 35 days every time, of older ones once a day, while they differ, and when an
 * operator asks. It also finds rows that nobody is going to close. It reads hour by hour and holds
 * no lock.
 */
public final class Reconciliation {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

  /** So many hours are compared every time, whatever was compared before. */
  private static final long AGAIN_HOURS = 48;

  /** Budget periods that began so long ago are compared once a day, all others every time. */
  private static final Duration RECENT = Duration.ofDays(35);

  private static final Duration DAY = Duration.ofDays(1);

  /** Before every period: what databases can hold. */
  private static final Instant EVER = Instant.parse("0001-01-01T00:00:00Z");

  /** More differences are counted, and not listed. */
  private static final int MOST_LISTED = 100;

  private final HourCheck hours;
  private final BudgetCheck budgets;
  private final ReconciliationStore store;
  private final Changes changes;
  private final DataSource dataSource;
  private final List<Reconciled.Listener> listeners;
  private final Clock clock;
  private final ReentrantLock running = new ReentrantLock();

  Reconciliation(
      HourCheck hours,
      BudgetCheck budgets,
      ReconciliationStore store,
      Changes changes,
      DataSource dataSource,
      List<Reconciled.Listener> listeners,
      Clock clock) {
    this.hours = hours;
    this.budgets = budgets;
    this.store = store;
    this.changes = changes;
    this.dataSource = dataSource;
    this.listeners = List.copyOf(listeners);
    this.clock = clock;
  }

  private static final class Found {
    private final List<Difference> listed = new ArrayList<>();
    private final TreeSet<Long> differingHours = new TreeSet<>();
    private final TreeSet<Long> compared = new TreeSet<>();
    private long differences;
    private @Nullable Long notListed;

    void add(List<Difference> more) {
      for (Difference difference : more) {
        differences++;
        Long hour = difference.hour();
        if (listed.size() < MOST_LISTED) {
          listed.add(difference);
        } else if (notListed == null) {
          notListed = hour;
        }
        if (hour != null && difference.kind() == Difference.Kind.HOUR) {
          differingHours.add(hour);
        }
      }
    }
  }

  /**
   * Compares where no replica has begun to for so long; null when nothing is due.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public @Nullable Reconciled runIfDue(Duration every) {
    if (!running.tryLock()) {
      return null;
    }
    try {
      Instant now = now();
      return store.claim(now, every) ? compare(now, 0, allDue(now)) : null;
    } finally {
      running.unlock();
    }
  }

  /**
   * Compares at once; null when this process is comparing already.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public @Nullable Reconciled run() {
    if (!running.tryLock()) {
      return null;
    }
    try {
      Instant now = now();
      store.began(now);
      return compare(now, 0, true);
    } finally {
      running.unlock();
    }
  }

  /**
   * Compares, sets sums of hours and budget periods that differ to what the rows add up to, and
   * compares again; null when this process is comparing already.
   *
   * @param made the change of an hour or a period, as it is to be written into the audit
   * @throws DataAccessException when the database cannot be used
   * @throws LedgerUnavailableException when the database cannot be used
   */
  public @Nullable Reconciled repair(Function<Repair, Change> made) {
    if (!running.tryLock()) {
      return null;
    }
    try {
      Instant now = now();
      store.began(now);
      Found found = new Found();
      look(now, found);
      long repaired = 0;
      for (long hour : found.differingHours) {
        repaired += repair(hour, made);
      }
      for (BudgetCheck.Differing period : budgets.run(now, EVER).differing()) {
        changes.make(() -> made.apply(set(period)));
        repaired++;
      }
      return compare(now, repaired, true);
    } finally {
      running.unlock();
    }
  }

  /** What is set right. */
  public sealed interface Repair {

    /**
     * Sums of an hour.
     *
     * @param hour when it began
     * @param sums how many sums of it
     * @param byRows what these sums are to be, together
     * @param kept what they were, together
     */
    record OfHour(Instant hour, int sums, Tally byRows, Tally kept) implements Repair {}

    /**
     * A budget's period; amounts are nano-dollars.
     *
     * @param scope of the budget
     * @param id of the budget's subject
     * @param start when the period began
     * @param spentByRows what is to be spent of it
     * @param reservedByRows what is to be reserved of it
     * @param spent what was spent of it
     * @param reserved what was reserved of it
     */
    record OfBudget(
        String scope,
        String id,
        Instant start,
        long spentByRows,
        long reservedByRows,
        long spent,
        long reserved)
        implements Repair {}
  }

  /** What was found by the latest comparison of any replica. */
  public Reconciled latest() {
    return store.latest();
  }

  /** As fine as databases keep it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Whether budget periods of any age are to be compared. */
  private boolean allDue(Instant now) {
    Instant last = store.allAt();
    return last == null
        || !last.isAfter(now.minus(DAY))
        || last.isAfter(now.plus(DAY))
        || store.latest().listed().stream()
            .anyMatch(difference -> difference.kind() == Difference.Kind.BUDGET);
  }

  private Reconciled compare(Instant startedAt, long repaired, boolean all) {
    Found found = new Found();
    BudgetCheck.Found periods = budgets.run(startedAt, all ? EVER : startedAt.minus(RECENT));
    found.add(periods.differences());
    look(startedAt, found);
    Reconciled result =
        new Reconciled(
            startedAt,
            now(),
            found.compared.size(),
            periods.periods(),
            found.differences,
            repaired,
            List.copyOf(found.listed));
    Long notListed = found.notListed;
    long next = HourCheck.running(startedAt);
    store.keep(result, notListed == null ? next : Math.min(next, notListed));
    if (all) {
      store.comparedAll(startedAt);
    }
    tell(result);
    return result;
  }

  /** The hours that were not compared yet, the latest ones, and those that differed last time. */
  private void look(Instant now, Found found) {
    long end = HourCheck.running(now);
    List<Long> first = hours.firstHours();
    if (!first.isEmpty()) {
      Long next = store.nextHour();
      long from = next == null ? Long.MIN_VALUE : Math.min(next, end - AGAIN_HOURS);
      store.latest().listed().stream()
          .map(Difference::hour)
          .filter(Objects::nonNull)
          .filter(hour -> hour < from)
          .sorted()
          .distinct()
          .forEach(hour -> look(hour, found));
      for (long hour = Math.max(from, Collections.min(first)); hour < end; hour++) {
        look(hour, found);
      }
    }
  }

  private void look(long hour, Found found) {
    found.compared.add(hour);
    found.add(hours.differing(hour, MOST_LISTED + 1).stream().map(Differing::told).toList());
    found.add(hours.abandoned(hour, MOST_LISTED + 1));
  }

  private long repair(long hour, Function<Repair, Change> made) {
    long repaired = 0;
    List<Differing> before = hours.differing(hour, MOST_LISTED);
    while (!before.isEmpty()) {
      List<Differing> now = before;
      changes.make(() -> made.apply(set(hour, now)));
      repaired += now.size();
      before = hours.differing(hour, MOST_LISTED);
    }
    return repaired;
  }

  /** In the transaction of a change. A period that is gone meanwhile is told of as it is: as 0. */
  private Repair set(BudgetCheck.Differing period) {
    store.lock();
    BudgetCheck.Figures set =
        Objects.requireNonNullElse(budgets.repair(period), new BudgetCheck.Figures(0, 0, 0, 0));
    return new Repair.OfBudget(
        period.scope(),
        period.subject(),
        period.start(),
        set.spentByRows(),
        set.reservedByRows(),
        set.spent(),
        set.reserved());
  }

  /** In the transaction of a change: locks the sums, compares once more, and sets them. */
  private Repair set(long hour, List<Differing> before) {
    HourRows.Changes lock = new HourRows.Changes();
    before.forEach(each -> lock.add(each.key(), Tally.NONE));
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try {
      HourRows.makeWithin(connection, HourRows.add(connection, lock));
      HourRows.Changes changed = new HourRows.Changes();
      Tally byRows = Tally.NONE;
      Tally kept = Tally.NONE;
      int sums = 0;
      for (Differing each : hours.differing(hour, Integer.MAX_VALUE)) {
        if (lock.has(each.key())) {
          changed.add(each.key(), each.byRows().minus(each.kept()));
          byRows = byRows.plus(each.byRows());
          kept = kept.plus(each.kept());
          sums++;
        }
      }
      HourRows.add(connection, changed);
      return new Repair.OfHour(Instant.ofEpochSecond(hour * 3600), sums, byRows, kept);
    } catch (SQLException e) {
      throw new UncategorizedSQLException("repair", null, e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  private void tell(Reconciled result) {
    for (Difference difference : result.listed()) {
      LOG.error(
          "the ledger does not add up: kind={} {} rows: {} kept: {}",
          difference.kind().label(),
          difference.subject(),
          difference.byRows(),
          difference.kept());
    }
    if (result.differences() > result.listed().size()) {
      LOG.error("the ledger does not add up: differences={}", result.differences());
    }
    for (Reconciled.Listener listener : listeners) {
      try {
        listener.reconciled(result);
      } catch (RuntimeException e) {
        LOG.warn("the outcome was not taken: class={}", e.getClass().getName());
      }
    }
  }
}
