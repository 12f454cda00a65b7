package dev.serai.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger already has of a time when a budget begins to count. */
public final class SpentSoFar {

  /** A chain of keys that took each other's place is followed so far back. */
  private static final int MOST_KEYS = 20;

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
   * Adds up. Budgets of tenants and keys count whoever pays the provider, the others what the
   * platform pays; that of a key counts the keys whose place it took, too.
   *
   * @param scope {@code tenant}, {@code key}, {@code role}, {@code provider} or {@code gateway}
   * @param id which one; of the gateway there is one
   * @param from the first instant
   * @param to the first instant after; null for none
   * @param except calls that are counted in this budget period are left out; null for none
   * @throws DataAccessException when the database cannot be used
   */
  public Sum of(
      String scope, String id, Instant from, @Nullable Instant to, @Nullable Long except) {
    String of =
        switch (scope) {
          case "tenant" -> "tenant_id IN (:ids)";
          case "key" -> "key_id IN (:ids)";
          case "role" -> "account = 'platform' AND role_name IN (:ids)";
          case "provider" -> "account = 'platform' AND target IN (:ids)";
          case "gateway" -> "account = 'platform'";
          default -> throw new IllegalArgumentException("no scope " + scope);
        };
    return jdbc.sql(
            "SELECT COALESCE(SUM(CASE WHEN state = 'open' THEN est_cost_nanos ELSE cost_nanos"
                + " END), 0), COUNT(CASE WHEN state = 'open' THEN 1 END) FROM llm_usage"
                + " WHERE id >= :from AND id < :to AND state <> 'not_sent' AND "
                + of
                + (except == null
                    ? ""
                    : " AND (budgets IS NULL OR ',' || budgets || ',' NOT LIKE '%,"
                        + except.longValue()
                        + ",%')"))
        .param("ids", scope.equals("key") ? withPredecessors(id) : List.of(id))
        .param("from", RowIds.lowestAt(from))
        .param("to", to == null ? Long.MAX_VALUE : RowIds.lowestAt(to))
        .query((rows, i) -> new Sum(rows.getLong(1), rows.getLong(2)))
        .single();
  }

  private List<String> withPredecessors(String key) {
    List<String> keys = new ArrayList<>(List.of(key));
    for (int i = 0; i < keys.size() && keys.size() < MOST_KEYS; i++) {
      keys.addAll(
          jdbc.sql("SELECT id FROM gateway_keys WHERE replaced_by = :key")
              .param("key", keys.get(i))
              .query(String.class)
              .list());
    }
    return keys;
  }
}
