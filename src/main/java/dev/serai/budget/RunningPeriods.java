package dev.serai.budget;

import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How all budgets stand of which something is spent. */
public final class RunningPeriods {

  private static final String SELECT =
      "SELECT id, scope, subject, starts_at, ends_at, limit_nanos, carried_nanos, spent_nanos,"
          + " reserved_nanos FROM budget_periods WHERE spent_nanos > 0 AND ";

  private final JdbcClient jdbc;
  private final Budgets budgets;

  private record Row(
      long id,
      String scope,
      String subject,
      Instant start,
      @Nullable Instant end,
      long limit,
      long carried,
      long spent,
      long reserved) {}

  RunningPeriods(JdbcClient jdbc, Budgets budgets) {
    this.jdbc = jdbc;
    this.budgets = budgets;
  }

  /**
   * The running periods of the budgets in force, and those that ended since an instant, with the
   * limit that they ended with; by one statement, by none while there is no budget.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public List<Standing> at(Instant now, Instant since) {
    List<Standing> running = new ArrayList<>();
    if (budgets.any()) {
      for (Row row : rows(now, since)) {
        Scope scope = Scope.of(row.scope);
        Budget budget = scope == null ? null : budgets.of(new Subject(scope, row.subject));
        if (budget != null) {
          Period.Span span = new Period.Span(row.start, row.end);
          if (span.equals(budget.spanAt(span.start()))) {
            Budget granted = span.holds(now) ? budget : withLimit(budget, row.limit);
            OpenPeriod open = new OpenPeriod(row.id, granted, span);
            running.add(new Standing(open, row.carried, row.spent, row.reserved));
          }
        }
      }
    }
    return running;
  }

  private static Budget withLimit(Budget budget, long nanos) {
    return new Budget(
        budget.subject(),
        nanos,
        budget.period(),
        budget.zone(),
        budget.mode(),
        budget.carryOver(),
        budget.onBudget(),
        budget.createdAt());
  }

  private List<Row> rows(Instant now, Instant since) {
    return jdbc.sql(
            SELECT
                + "ends_at > :since AND starts_at <= :now UNION ALL "
                + SELECT
                + "ends_at IS NULL ORDER BY id")
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("since", since.atOffset(ZoneOffset.UTC))
        .query(
            (row, number) -> {
              OffsetDateTime end = row.getObject("ends_at", OffsetDateTime.class);
              return new Row(
                  row.getLong("id"),
                  row.getString("scope"),
                  row.getString("subject"),
                  row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                  end == null ? null : end.toInstant(),
                  row.getLong("limit_nanos"),
                  row.getLong("carried_nanos"),
                  row.getLong("spent_nanos"),
                  row.getLong("reserved_nanos"));
            })
        .list();
  }
}
