package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.report.UsageDocument;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How long a report takes over a month of ten million calls: {@code mvn -Dtest=UsageReportBench
 * test}. The sums of the hours are as many as 50 tenants with 12 combinations of key, role and
 * model each leave in 744 hours; beside them are {@code -Dserai.bench.rows} single rows (a million
 * unless given), of which the last thousand are open.
 */
class UsageReportBench {
  private static final Instant FROM = Instant.parse("2026-10-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-11-01T00:00:00Z");
  private static final long HOURS = 744;
  private static final long CALLS = 10_000_000;
  private static final long ROWS = Long.getLong("serai.bench.rows", 1_000_000);
  private static final int ROUNDS = 9;

  @TempDir Path folder;

  @Test
  void on_h2() {
    try (TestDatabase database = TestDatabase.h2(folder)) {
      measure("H2", database, "(SELECT x AS %s FROM SYSTEM_RANGE(0, %d)) AS of_%s");
    }
  }

  @Test
  void on_postgres() {
    try (TestDatabase database = TestDatabase.postgres()) {
      measure("PostgreSQL", database, "(SELECT n AS %s FROM generate_series(0, %d) AS n) AS of_%s");
    }
  }

  private static void measure(String name, TestDatabase database, String series) {
    JdbcClient jdbc = database.jdbc();
    fill(jdbc, series);
    UsageReport report = new UsageReport(jdbc);
    tell(name, report, new UsageQuery(null, FROM, TO, List.of(GroupBy.TENANT, GroupBy.MODEL)));
    tell(name, report, new UsageQuery(null, FROM, TO, List.of(GroupBy.DAY)));
    tell(name, report, new UsageQuery("tenant-7", FROM, TO, List.of(GroupBy.MODEL)));
    tell(
        name,
        report,
        new UsageQuery(
            null,
            FROM.plusSeconds(1_800),
            TO.minusSeconds(1_800),
            List.of(GroupBy.TENANT, GroupBy.MODEL)));
  }

  private static void tell(String name, UsageReport report, UsageQuery query) {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      long begun = System.nanoTime();
      UsageReport.Report read = report.read(query);
      byte[] body = UsageDocument.of(read, query.groupBy(), false).body();
      millis.add((System.nanoTime() - begun) / 1_000_000);
      assertThat(body).isNotEmpty();
      assertThat(read.total().requests()).isPositive();
    }
    long first = millis.getFirst();
    Collections.sort(millis);
    System.out.printf(
        "%s, %s from %s to %s%s: first %d ms, median %d ms, slowest %d ms%n",
        name,
        query.groupBy(),
        query.from(),
        query.to(),
        query.tenant() == null ? "" : " of one tenant",
        first,
        millis.get(ROUNDS / 2),
        millis.getLast());
  }

  private static void fill(JdbcClient jdbc, String series) {
    long hour = UsageKey.epochHour(FROM);
    long each = CALLS / (HOURS * 600);
    jdbc.sql(
            "INSERT INTO usage_hours SELECT %d + h, 'tenant-' || t, 'key-' || t || '-' || MOD(c, 2),"
                    .formatted(hour)
                + " 'platform', 'http', 'role-' || MOD(c / 2, 2), 'openai', 'openai',"
                + " 'model-' || (c / 4), %1$d, %1$d * 800, %1$d * 200, 0, 0, 0, %1$d * 4000, 0, 0,"
                    .formatted(each)
                + " 0, 0, 0, 0 FROM "
                + series.formatted("h", HOURS - 1, "h")
                + ", "
                + series.formatted("t", 49, "t")
                + ", "
                + series.formatted("c", 11, "c"))
        .update();
    long from = RowIds.lowestAt(FROM);
    long step = (RowIds.lowestAt(TO) - from) / ROWS;
    long openFrom = from + step * (ROWS - 1_000);
    jdbc.sql(
            "INSERT INTO llm_usage (id, request_id, attempt, replica, tenant_id, account, key_id,"
                + " entry, operation, role_name, target, provider_name, upstream_model, streamed,"
                + " state, est_input_tokens, est_output_tokens, est_cost_nanos, input_tokens,"
                + " output_tokens, cost_nanos, cost_state, price_version, created_at)"
                + " SELECT %1$d + i * %2$d, 'req-' || i, 1, 0, 'tenant-' || MOD(i, 50), 'platform',"
                    .formatted(from, step)
                + " 'key-' || MOD(i, 50) || '-0', 'http', 'chat', 'role-0', 'openai', 'openai',"
                + " 'model-' || MOD(i, 3), FALSE, CASE WHEN i >= %d THEN 'open' ELSE 'settled' END,"
                    .formatted(ROWS - 1_000)
                + " 800, 200, 4000, 800, 200, 4000, 'priced', '2026-01', CURRENT_TIMESTAMP FROM "
                + series.formatted("i", ROWS - 1, "i"))
        .update();
    jdbc.sql("INSERT INTO replicas VALUES ('me', 0, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, :from)")
        .param("from", openFrom)
        .update();
    jdbc.sql("ANALYZE").update();
  }
}
