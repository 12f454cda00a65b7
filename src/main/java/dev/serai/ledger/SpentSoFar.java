package dev.serai.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger already has of a time when a budget begins to count. */
public final class SpentSoFar {

  /** A chain of keys that took each other's place is followed so far back. */
  private static final int MOST_KEYS = 400;

  private static final String OF_HOURS =
      "SELECT SUM(cost_nanos) AS nanos, 0 AS underway FROM usage_hours"
          + " WHERE epoch_hour >= :firstHour AND epoch_hour < :endHour AND ";

  private static final String STILL_OPEN =
      " AND state = 'open' AND id >= " + UsageSql.OPEN_FROM + " UNION ALL ";

  private final JdbcClient jdbc;

  /**
   * What there is.
   *
   * @param nanos nano-dollars, 0 or more; calls under way count with their estimate
   * @param open how many calls are under way
   */
  public record Sum(long nanos, long open) {}

  SpentSoFar(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds up, row by row. Budgets of tenants and keys count whoever pays the provider, the others
   * what the platform pays; that of a key counts the keys whose place it took, too.
   *
   * @param scope {@code tenant}, {@code key}, {@code role}, {@code provider} or {@code gateway}
   * @param id which one; of the gateway there is one
   * @param from the first instant
   * @param to the first instant after; null for none
   * @param except calls that are counted in one of these budget periods are left out
   * @throws DataAccessException when the database cannot be used
   */
  public Sum of(
      String scope, String id, Instant from, @Nullable Instant to, Collection<Long> except) {
    return sum(rows(scope, except, "from", "to"), scope, id)
        .param("from", RowIds.lowestAt(from))
        .param("to", to == null ? Long.MAX_VALUE : RowIds.lowestAt(to))
        .query((rows, i) -> new Sum(rows.getLong(1), rows.getLong(2)))
        .single();
  }

  /**
   * As {@link #of}, of whole hours by their sums, which takes no longer the more calls there were.
   *
   * @param before calls that are counted in this period are left out: it ended when this time
   *     began, and so they began in its first hour; null for none
   */
  public long quickly(
      String scope, String id, Instant from, @Nullable Instant to, @Nullable Long before) {
    List<Long> except = before == null ? List.of() : List.of(before);
    HourRange range = HourRange.of(from, to);
    long first = before == null ? range.firstHour() : range.firstHour() + 1;
    if (first >= range.endHour()) {
      return of(scope, id, from, to, except).nanos();
    }
    String parts =
        OF_HOURS
            + where(scope)
            + " UNION ALL "
            + rows(scope, List.of(), "whole", "rest")
            + STILL_OPEN
            + rows(scope, except, "from", "whole")
            + " UNION ALL "
            + rows(scope, List.of(), "rest", "to");
    return sum(parts, scope, id)
        .param("firstHour", first)
        .param("endHour", range.endHour())
        .param("from", range.fromId())
        .param("whole", HourRange.lowestId(first))
        .param("rest", range.endHourId())
        .param("to", range.toId())
        .query((rows, i) -> rows.getLong(1))
        .single();
  }

  /** In one statement, so that a row that is being settled is counted once. */
  private JdbcClient.StatementSpec sum(String parts, String scope, String id) {
    return jdbc.sql(
            "SELECT COALESCE(SUM(nanos), 0), COALESCE(SUM(underway), 0) FROM ("
                + parts
                + ") AS parts")
        .param("ids", scope.equals("key") ? withPredecessors(id) : List.of(id));
  }

  private static String rows(String scope, Collection<Long> except, String from, String to) {
    StringBuilder sql =
        new StringBuilder(
                "SELECT SUM(CASE WHEN state = 'open' THEN est_cost_nanos ELSE cost_nanos END) AS"
                    + " nanos, COUNT(CASE WHEN state = 'open' THEN 1 END) AS underway"
                    + " FROM llm_usage WHERE state <> 'not_sent' AND id >= :")
            .append(from)
            .append(" AND id < :")
            .append(to)
            .append(" AND ")
            .append(where(scope));
    for (long period : except) {
      sql.append(" AND (budgets IS NULL OR ',' || budgets || ',' NOT LIKE '%,")
          .append(period)
          .append(",%')");
    }
    return sql.toString();
  }

  private static String where(String scope) {
    return switch (scope) {
      case "tenant" -> "tenant_id IN (:ids)";
      case "key" -> "key_id IN (:ids)";
      case "role" -> "account = 'platform' AND role_name IN (:ids)";
      case "provider" -> "account = 'platform' AND target IN (:ids)";
      case "gateway" -> "account = 'platform'";
      default -> throw new IllegalArgumentException("no scope " + scope);
    };
  }

  private List<String> withPredecessors(String key) {
    List<String> keys = new ArrayList<>(List.of(key));
    for (int i = 0; i < keys.size() && keys.size() < MOST_KEYS; i++) {
      keys.addAll(
          jdbc.sql("SELECT key_id FROM replaced_keys WHERE replaced_by = :key")
              .param("key", keys.get(i))
              .query(String.class)
              .list());
    }
    return keys;
  }
}
