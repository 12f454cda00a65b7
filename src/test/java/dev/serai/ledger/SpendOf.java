package dev.serai.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The ledger's sums of a test's database, and calls to add up. */
public final class SpendOf {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private SpendOf() {}

  public static SpentSoFar budgets(TestDatabase database) {
    return new SpentSoFar(database.jdbc());
  }

  public static TenantSpend tenants(TestDatabase database) {
    return new TenantSpend(database.jdbc());
  }

  /** A settled call of a tenant that cost so many nano-dollars, and its sum. */
  public static void call(TestDatabase database, String tenant, Instant at, long nanos) {
    sum(database, tenant, at, nanos);
    database
        .jdbc()
        .sql(
            "INSERT INTO llm_usage (id, request_id, attempt, replica, tenant_id, account, entry,"
                + " operation, target, provider_name, upstream_model, streamed, state,"
                + " est_input_tokens, est_output_tokens, cost_nanos, cost_state, created_at)"
                + " VALUES (:id, 'req', 1, 0, :tenant, 'platform', 'http', 'chat', 'openai',"
                + " 'openai', 'gpt-4o', FALSE, 'settled', 0, 0, :nanos, 'priced', :at)")
        .param("id", RowIds.lowestAt(at) + NUMBER.incrementAndGet() % 4096)
        .param("tenant", tenant)
        .param("nanos", nanos)
        .param("at", at.atOffset(ZoneOffset.UTC))
        .update();
  }

  private static void sum(TestDatabase database, String tenant, Instant at, long nanos) {
    HourRows.Changes change = new HourRows.Changes();
    UsageKey key =
        new UsageKey(
            at.truncatedTo(ChronoUnit.HOURS),
            tenant,
            "",
            "platform",
            "http",
            "",
            "openai",
            "openai",
            "gpt-4o");
    change.add(key, new Tally(1, 0, 0, 0, 0, 0, nanos, 0, 0, 0, 0, 0, 0));
    try (Connection connection = database.pool.getConnection()) {
      connection.setAutoCommit(false);
      HourRows.transact(connection, () -> HourRows.add(connection, change));
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
