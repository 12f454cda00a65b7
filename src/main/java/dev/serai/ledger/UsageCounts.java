package dev.serai.ledger;

import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Adds up, per hour, what was answered or refused without a call. */
public final class UsageCounts {
  private static final String KEYS =
      "day_hour = :hour AND tenant_id = :tenantId AND model = :model"
          + " AND role_name = :roleName AND entry = :entry";
  private static final Comparator<UsageCount> LOCK_ORDER =
      Comparator.comparing(UsageCount::hour)
          .thenComparing(UsageCount::tenantId)
          .thenComparing(UsageCount::model)
          .thenComparing(UsageCount::roleName)
          .thenComparing(UsageCount::entry);

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;

  UsageCounts(JdbcClient jdbc, TransactionOperations transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * Adds all of them in one transaction, or none.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public void count(List<UsageCount> counts) {
    List<UsageCount> ordered = counts.stream().sorted(LOCK_ORDER).toList();
    try {
      transactions.executeWithoutResult(status -> ordered.forEach(this::add));
    } catch (DuplicateKeyException e) {
      // Another replica made the hour's row between our update and our insert: now it is there.
      transactions.executeWithoutResult(status -> ordered.forEach(this::add));
    }
  }

  private void add(UsageCount count) {
    int updated =
        statement(
                "UPDATE usage_counts SET cache_hits = cache_hits + :cacheHits,"
                    + " refused = refused + :refused, saved_nanos = saved_nanos + :savedNanos"
                    + " WHERE "
                    + KEYS,
                count)
            .update();
    if (updated == 0) {
      statement(
              "INSERT INTO usage_counts (day_hour, tenant_id, model, role_name, entry, cache_hits,"
                  + " refused, saved_nanos) VALUES (:hour, :tenantId, :model, :roleName, :entry,"
                  + " :cacheHits, :refused, :savedNanos)",
              count)
          .update();
    }
  }

  private JdbcClient.StatementSpec statement(String sql, UsageCount count) {
    return jdbc.sql(sql)
        .param("hour", count.hour().atOffset(ZoneOffset.UTC))
        .param("tenantId", count.tenantId())
        .param("model", count.model())
        .param("roleName", count.roleName())
        .param("entry", count.entry())
        .param("cacheHits", count.cacheHits())
        .param("refused", count.refused())
        .param("savedNanos", count.savedNanos());
  }
}
