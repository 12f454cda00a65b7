package dev.serai.budget;

import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.ledger.SpentSoFar;
import dev.serai.limit.Subject;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The periods of budgets, in the database, where the ledger keeps what is spent in them. */
final class PeriodStore {

  private static final String OF_SUBJECT = " WHERE scope = :scope AND subject = :subject";

  private static final Duration KEPT = Duration.ofDays(400);

  /** What is set stands in the table {@code budgets}; a replica may not have heard of it yet. */
  private static final String LIMIT =
      "COALESCE((SELECT b.limit_nanos FROM budgets b WHERE b.scope = :scope AND b.id = :subject),"
          + " :limit)";

  private static final String HARD =
      "COALESCE((SELECT b.mode FROM budgets b WHERE b.scope = :scope AND b.id = :subject), :mode)"
          + " = 'hard'";

  private final JdbcClient jdbc;
  private final SpentSoFar spentSoFar;
  private final Recount recount;
  private final Set<Subject> opened = ConcurrentHashMap.newKeySet();

  private record Row(long id, long limitNanos, boolean hard) {}

  private record Earlier(long id, @Nullable Instant end, long leftNanos) {}

  PeriodStore(JdbcClient jdbc, SpentSoFar spentSoFar) {
    this.jdbc = jdbc;
    this.spentSoFar = spentSoFar;
    this.recount = new Recount(jdbc, spentSoFar);
  }

  /**
   * The period of a budget that holds an instant. Where there is none yet it is begun, with what
   * the ledger already has of that time; calls under way count with their estimate until they are
   * over.
   *
   * @throws LedgerUnavailableException when the database cannot be used
   */
  OpenPeriod open(Budget budget, Instant now) {
    Period.Span span = budget.spanAt(now);
    try {
      Row row = find(budget.subject(), span);
      if (row == null) {
        row = begin(budget, span, now);
      } else if (budget.createdAt() == null && !opened.contains(budget.subject())) {
        recount.again(row.id, now);
      }
      opened.add(budget.subject());
      if (row == null) {
        throw new LedgerUnavailableException("a budget was deleted while its period began");
      }
      if (row.limitNanos != budget.limitNanos() || row.hard != budget.hard()) {
        terms(
                of(
                    jdbc.sql(
                        "UPDATE budget_periods SET limit_nanos = "
                            + LIMIT
                            + ", hard = "
                            + HARD
                            + " WHERE id = :id"),
                    budget.subject()),
                budget)
            .param("id", row.id)
            .update();
      }
      return new OpenPeriod(row.id, budget, span);
    } catch (DataAccessException e) {
      throw new LedgerUnavailableException(
          "a budget's period cannot be read: "
              + NestedExceptionUtils.getMostSpecificCause(e).getClass().getSimpleName());
    }
  }

  private @Nullable Row begin(Budget budget, Period.Span span, Instant now) {
    // A period of other length may be left of a budget that was configured.
    within(
            jdbc.sql(
                "DELETE FROM budget_periods"
                    + OF_SUBJECT
                    + " AND starts_at = :start AND ends_at IS DISTINCT FROM :end"),
            budget.subject(),
            span)
        .update();
    try {
      insert(budget, span, now);
    } catch (DuplicateKeyException e) {
      // Another replica began it at the same moment.
    }
    return find(budget.subject(), span);
  }

  /** How periods stand; those that are gone are not in it. */
  List<Standing> standings(Collection<OpenPeriod> open) {
    Map<Long, OpenPeriod> byId = new HashMap<>();
    open.forEach(period -> byId.put(period.id(), period));
    if (byId.isEmpty()) {
      return List.of();
    }
    JdbcClient.StatementSpec select =
        jdbc.sql(
                "SELECT id, carried_nanos, spent_nanos, reserved_nanos FROM budget_periods"
                    + " WHERE id BETWEEN :lowest AND :highest")
            .param("lowest", Collections.min(byId.keySet()))
            .param("highest", Collections.max(byId.keySet()));
    Map<Long, Standing> standing = new HashMap<>();
    select.query(
        rows -> {
          OpenPeriod period = byId.get(rows.getLong(1));
          if (period != null) {
            standing.put(
                period.id(),
                new Standing(period, rows.getLong(2), rows.getLong(3), rows.getLong(4)));
          }
        });
    return open.stream()
        .filter(period -> standing.containsKey(period.id()))
        .map(period -> standing.get(period.id()))
        .toList();
  }

  /** As {@link Recount#run}. */
  void recount(Instant now) {
    recount.run(now);
  }

  /** Deletes periods that ended long ago. */
  void purge(Instant now) {
    jdbc.sql("DELETE FROM budget_periods WHERE ends_at < :kept")
        .param("kept", Recount.time(now.minus(KEPT)))
        .update();
  }

  /** Begins the period of a key's budget with what was carried over for the key before it. */
  void inherit(Subject from, Subject to, Period.Span span) {
    of(
            jdbc.sql(
                "UPDATE budget_periods SET carried_nanos = COALESCE((SELECT p.carried_nanos FROM"
                    + " budget_periods p WHERE p.scope = :scope AND p.subject = :before"
                    + " AND p.starts_at = :start), 0)"
                    + OF_SUBJECT
                    + " AND starts_at = :start"),
            to)
        .param("before", from.id())
        .param("start", span.start().atOffset(ZoneOffset.UTC))
        .update();
  }

  private @Nullable Row find(Subject subject, Period.Span span) {
    Optional<Row> found =
        within(
                jdbc.sql(
                    "SELECT id, limit_nanos, hard FROM budget_periods"
                        + OF_SUBJECT
                        + " AND starts_at = :start AND ends_at IS NOT DISTINCT FROM :end"),
                subject,
                span)
            .query((rows, i) -> new Row(rows.getLong(1), rows.getLong(2), rows.getBoolean(3)))
            .optional();
    return found.orElse(null);
  }

  /** Begins a period, inside the transaction of the caller where there is one. */
  void insert(Budget budget, Period.Span span, Instant now) {
    Subject subject = budget.subject();
    Instant end = span.end();
    Earlier earlier = earlier(subject, span);
    boolean goesOn = earlier != null && span.start().equals(earlier.end);
    Instant hourAgo = Recount.recent(now);
    Instant recent = hourAgo.isBefore(span.start()) ? span.start() : hourAgo;
    Long before = earlier == null || !goesOn ? null : (Long) earlier.id;
    long old = spent(subject, span.start(), recent, before);
    long outside = spent(subject, recent, end, before);
    terms(
            of(
                jdbc.sql(
                    "INSERT INTO budget_periods (id, scope, subject, starts_at, ends_at, hard,"
                        + " limit_nanos, carried_nanos, begun_with_nanos, spent_nanos,"
                        + " reserved_nanos, outside_nanos, outside_from, recount_until)"
                        + " VALUES (nextval('budget_period_numbers'), :scope, :subject, :start,"
                        + " :end, "
                        + HARD
                        + ", "
                        + LIMIT
                        + ", :carried, :spent, :spent, 0, :outside, :from, :until)"),
                subject),
            budget)
        .param("start", span.start().atOffset(ZoneOffset.UTC))
        .param("end", Recount.time(end), Types.TIMESTAMP_WITH_TIMEZONE)
        .param("carried", carried(budget, span, earlier))
        .param("spent", old + outside)
        .param("outside", outside)
        .param("from", recent.atOffset(ZoneOffset.UTC))
        .param("until", Recount.time(now.plus(Recount.HEARD)))
        .update();
  }

  private long spent(Subject subject, Instant from, @Nullable Instant to, @Nullable Long before) {
    return spentSoFar.quickly(subject.scope().label(), subject.id(), from, to, before);
  }

  private @Nullable Earlier earlier(Subject subject, Period.Span span) {
    Optional<Earlier> found =
        of(
                jdbc.sql(
                    "SELECT id, ends_at,"
                        + " limit_nanos + carried_nanos - spent_nanos - reserved_nanos"
                        + " FROM budget_periods"
                        + OF_SUBJECT
                        + " AND starts_at < :start ORDER BY starts_at DESC LIMIT 1"),
                subject)
            .param("start", span.start().atOffset(ZoneOffset.UTC))
            .query(
                (rows, i) ->
                    new Earlier(rows.getLong(1), Recount.instant(rows, 2), rows.getLong(3)))
            .optional();
    return found.orElse(null);
  }

  /** What is left of the period before, up to one limit. A period without any call leaves all. */
  private static long carried(Budget budget, Period.Span span, @Nullable Earlier earlier) {
    if (!budget.carryOver() || budget.period() == Period.TOTAL) {
      return 0;
    }
    Instant created = budget.createdAt();
    if (created != null && !created.isBefore(span.start())) {
      return 0;
    }
    if (earlier != null && span.start().equals(earlier.end)) {
      return Math.clamp(earlier.leftNanos, 0, budget.limitNanos());
    }
    return created != null || earlier != null ? budget.limitNanos() : 0;
  }

  private static JdbcClient.StatementSpec terms(JdbcClient.StatementSpec sql, Budget budget) {
    return sql.param("limit", budget.limitNanos()).param("mode", budget.mode().label());
  }

  private static JdbcClient.StatementSpec within(
      JdbcClient.StatementSpec sql, Subject subject, Period.Span span) {
    return of(sql, subject)
        .param("start", Recount.time(span.start()))
        .param("end", Recount.time(span.end()), Types.TIMESTAMP_WITH_TIMEZONE);
  }

  private static JdbcClient.StatementSpec of(JdbcClient.StatementSpec sql, Subject subject) {
    return sql.param("scope", subject.scope().label()).param("subject", subject.id());
  }
}
