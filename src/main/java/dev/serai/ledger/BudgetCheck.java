package dev.serai.ledger;

import dev.serai.ledger.Difference.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Compares what is spent and reserved of the running budget periods with the rows that name them.
 */
final class BudgetCheck {

  /** A row that names a period may be this much older than its beginning. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private static final int ROWS_AT_ONCE = 1000;

  /**
   * What was found.
   *
   * @param periods how many were compared
   * @param differences all of them
   */
  record Found(int periods, List<Difference> differences) {}

  private record Kept(
      long id,
      String scope,
      String subject,
      Instant start,
      long begunWith,
      long spent,
      long reserved) {}

  private static final class Sums {
    private long spent;
    private long reserved;
  }

  private final JdbcTemplate jdbc;
  private final TransactionOperations snapshot;

  /**
   * Reads only.
   *
   * @param snapshot transactions in which every statement sees the same
   */
  BudgetCheck(DataSource dataSource, TransactionOperations snapshot) {
    this.jdbc = new JdbcTemplate(dataSource);
    this.jdbc.setFetchSize(ROWS_AT_ONCE);
    this.snapshot = snapshot;
  }

  /** Compares, as of one moment; takes no lock. */
  Found run(Instant now) {
    Found found = snapshot.execute(status -> compare(periods(now)));
    return found == null ? new Found(0, List.of()) : found;
  }

  private List<Kept> periods(Instant now) {
    return jdbc.query(
        "SELECT id, scope, subject, starts_at, begun_with_nanos, spent_nanos, reserved_nanos"
            + " FROM budget_periods WHERE ends_at IS NULL OR ends_at > ? ORDER BY id",
        (rows, number) ->
            new Kept(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getObject(4, OffsetDateTime.class).toInstant(),
                rows.getLong(5),
                rows.getLong(6),
                rows.getLong(7)),
        now.atOffset(ZoneOffset.UTC));
  }

  private Found compare(List<Kept> periods) {
    Map<Long, Sums> sums = new TreeMap<>();
    periods.forEach(period -> sums.put(period.id, new Sums()));
    periods.stream().map(Kept::start).min(Instant::compareTo).ifPresent(from -> add(from, sums));
    List<Difference> differences = new ArrayList<>();
    for (Kept kept : periods) {
      Sums rows = sums.getOrDefault(kept.id, new Sums());
      long spent = kept.begunWith + rows.spent;
      if (spent != kept.spent || rows.reserved != kept.reserved) {
        differences.add(
            new Difference(
                Kind.BUDGET,
                null,
                "scope=%s id=%s since=%s".formatted(kept.scope, kept.subject, kept.start),
                "spent_nanos=%d reserved_nanos=%d".formatted(spent, rows.reserved),
                "spent_nanos=%d reserved_nanos=%d".formatted(kept.spent, kept.reserved)));
      }
    }
    return new Found(periods.size(), List.copyOf(differences));
  }

  /** Adds up the rows, one group of those that name the same periods at a time. */
  private void add(Instant from, Map<Long, Sums> sums) {
    jdbc.query(
        "SELECT budgets,"
            + " COALESCE(sum(CASE WHEN state = 'open' THEN est_cost_nanos ELSE 0 END), 0),"
            + " COALESCE(sum(CASE WHEN state <> 'open' THEN cost_nanos ELSE 0 END), 0)"
            + " FROM llm_usage WHERE id >= ? AND budgets IS NOT NULL GROUP BY budgets",
        rows -> {
          for (long period : Reservation.of(rows.getString(1), 0).periods()) {
            Sums sum = sums.get(period);
            if (sum != null) {
              sum.reserved += rows.getLong(2);
              sum.spent += rows.getLong(3);
            }
          }
        },
        RowIds.lowestAt(from.minus(EARLIER)));
  }
}
