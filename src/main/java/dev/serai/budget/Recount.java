package dev.serai.budget;

import dev.serai.ledger.SpentSoFar;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Adds up again what calls spent that do not name the period they count for. */
final class Recount {

  /** Another replica may hear of a new budget so much later, at worst. */
  static final Duration HEARD = Duration.ofMinutes(1);

  /** Calls that began so long before a budget are over. */
  private static final Duration LONGEST_CALL = Duration.ofHours(1);

  private final JdbcClient jdbc;
  private final SpentSoFar spentSoFar;

  private record Unsure(
      long id,
      String scope,
      String subject,
      Instant from,
      @Nullable Instant end,
      long nanos,
      Instant until,
      List<Long> earlier) {}

  Recount(JdbcClient jdbc, SpentSoFar spentSoFar) {
    this.jdbc = jdbc;
    this.spentSoFar = spentSoFar;
  }

  /**
   * Has all of a period added up again: its budget may have been out of the configuration for a
   * while, or there with other periods.
   */
  void again(long id, Instant now) {
    jdbc.sql(
            "UPDATE budget_periods SET outside_from = starts_at, outside_nanos = begun_with_nanos,"
                + " recount_until = :until WHERE id = :id")
        .param("until", now.plus(HEARD).atOffset(ZoneOffset.UTC))
        .param("id", id)
        .update();
  }

  /**
   * Adds up again what calls spent that began before every replica knew of their budget.
   *
   * @throws DataAccessException when the database cannot be used
   */
  void run(Instant now) {
    List<Unsure> unsure =
        jdbc.sql(
                "SELECT id, scope, subject, outside_from, ends_at, outside_nanos, recount_until,"
                    + " (SELECT MAX(e.id) FROM budget_periods e WHERE e.scope = p.scope"
                    + " AND e.subject = p.subject AND e.ends_at = p.starts_at)"
                    + " FROM budget_periods p WHERE recount_until IS NOT NULL")
            .query((rows, i) -> unsure(rows))
            .list();
    unsure.forEach(period -> recount(period, now));
  }

  private void recount(Unsure period, Instant now) {
    Instant from = period.from;
    long old = 0;
    if (from.isBefore(now.minus(LONGEST_CALL.multipliedBy(2)))) {
      // What calls cost that are over is added up only once.
      from = recent(now);
      boolean ended = period.end != null && period.end.isBefore(from);
      old = sum(period, period.from, ended ? period.end : from).nanos();
    }
    SpentSoFar.Sum sum = sum(period, from, period.end);
    boolean sure = sum.open() == 0 && now.isAfter(period.until);
    jdbc.sql(
            "UPDATE budget_periods SET spent_nanos = spent_nanos + :all - outside_nanos,"
                + " begun_with_nanos = begun_with_nanos + :all - outside_nanos,"
                + " outside_nanos = :sum, outside_from = :from, recount_until = :until"
                + " WHERE id = :id AND outside_nanos = :before AND outside_from = :since"
                + " AND recount_until = :known")
        .param("all", old + sum.nanos())
        .param("sum", sum.nanos())
        .param("from", time(from))
        .param("until", sure ? null : time(period.until), Types.TIMESTAMP_WITH_TIMEZONE)
        .param("id", period.id)
        .param("before", period.nanos)
        .param("since", time(period.from))
        .param("known", time(period.until))
        .update();
  }

  /** Since when calls may be under way; in milliseconds, as the ids of rows are. */
  static Instant recent(Instant now) {
    return now.minus(LONGEST_CALL).truncatedTo(ChronoUnit.MILLIS);
  }

  private SpentSoFar.Sum sum(Unsure period, Instant from, @Nullable Instant to) {
    List<Long> except = new ArrayList<>(period.earlier);
    except.add(period.id);
    return spentSoFar.of(period.scope, period.subject, from, to, except);
  }

  private static Unsure unsure(ResultSet rows) throws SQLException {
    Instant from = instant(rows, 4);
    Instant until = instant(rows, 7);
    if (from == null || until == null) {
      throw new IllegalStateException("a budget period that is to be recounted says from where");
    }
    long earlier = rows.getLong(8);
    List<Long> before = rows.wasNull() ? List.of() : List.of(earlier);
    return new Unsure(
        rows.getLong(1),
        rows.getString(2),
        rows.getString(3),
        from,
        instant(rows, 5),
        rows.getLong(6),
        until,
        before);
  }

  static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
    OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
