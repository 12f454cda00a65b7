package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serai.chat.Usage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Reports, listings, counts and stored results on every database. */
abstract class ReadingContract {
  private static final Instant MONDAY = Instant.parse("2025-06-02T23:59:59Z");
  private static final Instant TUESDAY = Instant.parse("2025-06-03T00:00:01Z");

  @TempDir Path folder;
  private TestDatabase database;
  private JdbcClient jdbc;
  private UsageReport report;
  private LedgerRows rows;
  private UsageCounts counts;
  private Results results;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    jdbc = JdbcClient.create(database.pool);
    report = new UsageReport(jdbc);
    rows = new LedgerRows(jdbc);
    counts =
        new UsageCounts(jdbc, new TransactionTemplate(new JdbcTransactionManager(database.pool)));
    results = new Results(jdbc, "me", Clock.systemUTC());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void sums_by_tenant_and_model() throws Exception {
    calls();

    UsageReport.Report read = report.read(query(GroupBy.TENANT, GroupBy.MODEL));

    assertThat(read.rows())
        .extracting(
            sum -> List.copyOf(sum.group().values()),
            UsageSum::requests,
            UsageSum::inputTokens,
            UsageSum::outputTokens,
            UsageSum::costNanos,
            UsageSum::unpriced)
        .containsExactly(
            tuple(List.of("acme", "gpt-4o"), 2L, 200L, 100L, 1_475_000L, 0L),
            tuple(List.of("acme", "mystery"), 1L, 5L, 6L, 0L, 1L),
            tuple(List.of("zeta", "gpt-4o"), 2L, 100L, 50L, 737_500L, 0L));
    assertThat(read.total())
        .isEqualTo(
            new UsageSum(
                read.total().group(),
                new Tally(5, 305, 156, 0, 0, 0, 2_212_500, 1, 0, 0, 0, 0, 0),
                1,
                0,
                0,
                0));
  }

  @Test
  void sums_by_day_in_utc_together_with_what_made_no_call() throws Exception {
    calls();
    counts.count(List.of(count(MONDAY, 3, 1), count(TUESDAY, 4, 0)));

    assertThat(report.read(query(GroupBy.DAY)).rows())
        .extracting(
            sum -> sum.group().get(GroupBy.DAY),
            UsageSum::requests,
            UsageSum::cacheHits,
            UsageSum::refused,
            UsageSum::savedNanos)
        .containsExactly(
            tuple("2025-06-02", 1L, 3L, 1L, 30L), tuple("2025-06-03", 4L, 4L, 0L, 30L));
  }

  @Test
  void sums_every_group_at_once() throws Exception {
    calls();
    counts.count(List.of(count(MONDAY, 1, 0)));

    UsageReport.Report read = report.read(query(GroupBy.values()));

    assertThat(read.total().requests()).isEqualTo(5);
    assertThat(read.rows().getFirst().group().values())
        .containsExactly("acme", "gpt-4o", "", "rag", "http", "2025-06-02", "", "", "");
    assertThat(read.rows().get(1).group().values())
        .containsExactly(
            "acme",
            "gpt-4o",
            "openai",
            "rag",
            "http",
            "2025-06-02",
            "key-1",
            "tenant",
            "openai-eu");
  }

  @Test
  void sums_one_tenant_in_a_range_of_time() throws Exception {
    calls();
    counts.count(List.of(count(MONDAY, 1, 0), count(TUESDAY, 2, 0)));

    UsageReport.Report read =
        report.read(new UsageQuery("acme", TUESDAY, TUESDAY.plusSeconds(3600), List.of()));

    assertThat(read.rows()).hasSize(1);
    assertThat(read.total().requests()).isEqualTo(2);
    assertThat(read.total().cacheHits()).isEqualTo(2);
  }

  @Test
  void an_empty_ledger_sums_to_nothing() {
    assertThat(report.read(query()).total().requests()).isZero();
    assertThat(report.read(query(GroupBy.TENANT)).rows()).isEmpty();
  }

  @Test
  void counts_of_the_same_hour_add_up() {
    counts.count(List.of(count(MONDAY, 1, 2)));

    counts.count(List.of(count(MONDAY, 10, 20), count(MONDAY, 100, 200)));

    UsageSum total = report.read(query()).total();
    assertThat(total.cacheHits()).isEqualTo(111);
    assertThat(total.refused()).isEqualTo(222);
    assertThat(jdbc.sql("SELECT count(*) FROM usage_counts").query(Long.class).single()).isOne();
  }

  @Test
  void pages_through_all_rows_from_the_newest() throws Exception {
    List<Long> ids = calls();
    List<Long> seen = new ArrayList<>();
    LedgerRows.Query query = LedgerRows.Query.all(2);
    LedgerRows.Page page = rows.read(query);
    while (page.next() != null) {
      page.rows().forEach(row -> seen.add(row.id()));
      page = rows.read(query.before(page.next()));
    }
    page.rows().forEach(row -> seen.add(row.id()));

    assertThat(seen).containsExactlyElementsOf(ids.reversed());
  }

  @Test
  void lists_what_the_filters_let_pass() throws Exception {
    List<Long> ids = calls();

    LedgerRows.Page page =
        rows.read(
            new LedgerRows.Query(
                "acme",
                "req-" + ids.get(1),
                "gpt-4o",
                "openai-eu",
                "settled",
                "priced",
                MONDAY,
                TUESDAY.plusSeconds(10),
                null,
                5000));

    assertThat(page.next()).isNull();
    UsageRow row = page.rows().getFirst();
    assertThat(page.rows()).hasSize(1);
    assertThat(row.id()).isEqualTo(ids.get(1));
    assertThat(row.createdAt()).isEqualTo(TUESDAY);
    assertThat(row.completedAt()).isEqualTo(Instant.parse("2025-06-01T12:00:01.5Z"));
    assertThat(row.costNanos()).isEqualTo(737_500L);
    assertThat(row.httpStatus()).isEqualTo(200L);
    assertThat(row.priceCacheReadPicos()).isEqualTo(1_250_000L);
  }

  @Test
  void a_request_is_claimed_once_and_then_answered_from_the_store() {
    assertThat(results.claim("k", "acme", "f")).isEqualTo(new Claim.New());
    assertThat(results.claim("k", "acme", "f")).isEqualTo(new Claim.InProgress());

    results.done("k", "{\"content\":\"hello\"}");

    assertThat(results.claim("k", "acme", "f"))
        .isEqualTo(new Claim.Done("{\"content\":\"hello\"}"))
        .hasToString("Done[19 characters]");
  }

  @Test
  void a_key_used_for_something_else_is_a_conflict() {
    results.claim("k", "acme", "f");

    assertThat(results.claim("k", "acme", "other")).isEqualTo(new Claim.Conflict());
    assertThat(results.claim("k", "zeta", "f")).isEqualTo(new Claim.Conflict());
  }

  @Test
  void the_claim_of_a_dead_process_is_free_again() {
    Results dead = new Results(jdbc, "dead", Clock.systemUTC());
    dead.claim("k", "acme", "f");

    assertThat(results.claim("k", "acme", "f")).isEqualTo(new Claim.New());
    assertThat(results.claim("k", "acme", "f")).isEqualTo(new Claim.InProgress());
  }

  @Test
  void the_claim_of_a_living_process_is_respected() {
    jdbc.sql("INSERT INTO replicas VALUES ('you', 7, ?, ?, 0)")
        .param(Instant.now().atOffset(ZoneOffset.UTC))
        .param(Instant.now().plusSeconds(60).atOffset(ZoneOffset.UTC))
        .update();
    new Results(jdbc, "you", Clock.systemUTC()).claim("k", "acme", "f");

    assertThat(results.claim("k", "acme", "f")).isEqualTo(new Claim.InProgress());
  }

  @Test
  void a_forgotten_or_purged_claim_is_free_again() {
    results.claim("forgotten", "acme", "f");
    results.claim("purged", "acme", "f");

    results.forget("forgotten");
    assertThat(results.claim("forgotten", "acme", "g")).isEqualTo(new Claim.New());
    assertThat(results.purge(Instant.now().plusSeconds(60))).isEqualTo(2);
    assertThat(results.claim("purged", "acme", "g")).isEqualTo(new Claim.New());
  }

  /** Six calls, one of which never left; returns their ids in order. */
  private List<Long> calls() throws Exception {
    long monday = RowIds.lowestAt(MONDAY);
    long tuesday = RowIds.lowestAt(TUESDAY);
    List<OpenRow> open =
        List.of(
            Rows.open(monday),
            Rows.open(tuesday + 1),
            Rows.open(tuesday + 2, "acme", "mystery", Charge.UNPRICED),
            Rows.open(tuesday + 3, "zeta", "gpt-4o"),
            Rows.open(tuesday + 4, "zeta", "gpt-4o"),
            Rows.open(tuesday + 5, "zeta", "gpt-4o"));
    try (var connection = database.pool.getConnection();
        var insert = NamedSql.load("sql/open-usage.sql").prepare(connection)) {
      insert.executeBatch(open);
    }
    Settlement unpriced =
        new Settlement(
            tuesday + 2,
            RowState.SETTLED,
            null,
            200,
            null,
            null,
            new Usage(5, 6, 0, 0, 0, null, false),
            Charge.UNPRICED,
            null,
            1,
            TUESDAY);
    new Settling(database.pool, id -> null, OutboxRows.NONE)
        .write(
            List.of(
                Rows.settled(monday),
                Rows.settled(tuesday + 1),
                unpriced,
                Rows.settled(tuesday + 3),
                Settlement.notSent(tuesday + 4, "breaker_open", TUESDAY)));
    return open.stream().map(OpenRow::id).toList();
  }

  private static UsageCount count(Instant hour, long hits, long refused) {
    return new UsageCount(hour, "acme", "gpt-4o", "rag", "http", hits, refused, 30);
  }

  private static UsageQuery query(GroupBy... groups) {
    return new UsageQuery(null, null, null, List.of(groups));
  }
}
