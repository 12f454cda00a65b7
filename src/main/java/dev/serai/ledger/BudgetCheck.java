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
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Compares what is spent and reserved of the running budget periods with the rows that name them,
 * and sets it right when told so.
 */
final class BudgetCheck {

  /** A row that names a period may be this much older than its beginning. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private static final int ROWS_AT_ONCE = 1000;

  private static final String RESERVED =
      "COALESCE(sum(CASE WHEN state = 'open' THEN est_cost_nanos ELSE 0 END), 0)";

  private static final String SPENT =
      "COALESCE(sum(CASE WHEN state <> 'open' THEN cost_nanos ELSE 0 END), 0)";

  /** One statement, so that both are as of the same moment. */
  private static final String ONE =
      "SELECT p.begun_with_nanos + s.spent, s.reserved, p.spent_nanos, p.reserved_nanos"
          + " FROM budget_periods p CROSS JOIN (SELECT "
          + (SPENT + " AS spent, " + RESERVED + " AS reserved")
          + " FROM llm_usage WHERE id >= ? AND budgets IS NOT NULL"
          + " AND ',' || budgets || ',' LIKE ?) s WHERE p.id = ?";

  /**
   * What was found.
   *
   * @param periods how many were compared
   * @param differences all of them
   * @param differing the periods that differ
   */
  record Found(int periods, List<Difference> differences, List<Differing> differing) {}

  /** A period that differs. */
  record Differing(long id, String scope, String subject, Instant start) {}

  /** What is spent and reserved, by the rows and as it is kept; nano-dollars. */
  record Figures(long spentByRows, long reservedByRows, long spent, long reserved) {}

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

  /**
   * Compares the running periods that began at an instant or later, as of one moment; takes no
   * lock.
   */
  Found run(Instant now, Instant from) {
    Found found = snapshot.execute(status -> compare(periods(now, from)));
    return found == null ? new Found(0, List.of(), List.of()) : found;
  }

  /**
   * In the caller's transaction: compares once more, and moves what is kept by what it differs from
   * the rows. Calls may go on meanwhile: each changes rows and period by the same sum, and so
   * nothing of what differs. Two of these must not run at the same time: the caller sees to that.
   *
   * @return how it stood; null when the period is gone
   */
  @Nullable Figures repair(Differing period) {
    List<Figures> standing =
        jdbc.query(
            ONE,
            (rows, number) ->
                new Figures(rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getLong(4)),
            RowIds.lowestAt(period.start.minus(EARLIER)),
            "%," + period.id + ",%",
            period.id);
    if (standing.isEmpty()) {
      return null;
    }
    Figures figures = standing.getFirst();
    jdbc.update(
        "UPDATE budget_periods SET spent_nanos = spent_nanos + ?,"
            + " reserved_nanos = reserved_nanos + ? WHERE id = ?",
        figures.spentByRows - figures.spent,
        figures.reservedByRows - figures.reserved,
        period.id);
    return figures;
  }

  private List<Kept> periods(Instant now, Instant from) {
    return jdbc.query(
        "SELECT id, scope, subject, starts_at, begun_with_nanos, spent_nanos, reserved_nanos"
            + " FROM budget_periods WHERE (ends_at IS NULL OR ends_at > ?) AND starts_at >= ?"
            + " ORDER BY id",
        (rows, number) ->
            new Kept(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getObject(4, OffsetDateTime.class).toInstant(),
                rows.getLong(5),
                rows.getLong(6),
                rows.getLong(7)),
        now.atOffset(ZoneOffset.UTC),
        from.atOffset(ZoneOffset.UTC));
  }

  private Found compare(List<Kept> periods) {
    Map<Long, Sums> sums = new TreeMap<>();
    periods.forEach(period -> sums.put(period.id, new Sums()));
    periods.stream().map(Kept::start).min(Instant::compareTo).ifPresent(from -> add(from, sums));
    List<Difference> differences = new ArrayList<>();
    List<Differing> differing = new ArrayList<>();
    for (Kept kept : periods) {
      Sums rows = sums.getOrDefault(kept.id, new Sums());
      long spent = kept.begunWith + rows.spent;
      if (spent != kept.spent || rows.reserved != kept.reserved) {
        differing.add(new Differing(kept.id, kept.scope, kept.subject, kept.start));
        differences.add(
            new Difference(
                Kind.BUDGET,
                null,
                "scope=%s id=%s since=%s".formatted(kept.scope, kept.subject, kept.start),
                "spent_nanos=%d reserved_nanos=%d".formatted(spent, rows.reserved),
                "spent_nanos=%d reserved_nanos=%d".formatted(kept.spent, kept.reserved)));
      }
    }
    return new Found(periods.size(), List.copyOf(differences), List.copyOf(differing));
  }

  /** Adds up the rows, one group of those that name the same periods at a time. */
  private void add(Instant from, Map<Long, Sums> sums) {
    jdbc.query(
        "SELECT budgets, "
            + (RESERVED + ", " + SPENT)
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
