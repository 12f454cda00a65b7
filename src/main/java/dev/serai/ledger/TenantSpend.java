package dev.serai.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What each tenant spent in a stretch of time. */
public final class TenantSpend {

  private final JdbcClient jdbc;

  TenantSpend(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds up what is known of the calls that began in that time, whoever pays the provider, from the
   * sums of its hours.
   *
   * @param from the first hour (UTC)
   * @param to the first hour after
   * @return nano-dollars by tenant; tenants without a cost are not in it
   * @throws DataAccessException when the database cannot be used
   */
  public Map<String, Long> between(Instant from, Instant to) {
    Map<String, Long> spent = new HashMap<>();
    jdbc.sql(
            "SELECT tenant_id, SUM(cost_nanos) FROM usage_hours WHERE epoch_hour >= :from"
                + " AND epoch_hour < :to AND cost_nanos > 0 GROUP BY tenant_id")
        .param("from", UsageKey.epochHour(from))
        .param("to", UsageKey.epochHour(to))
        .query(
            row -> {
              spent.put(row.getString(1), row.getLong(2));
            });
    return spent;
  }
}
