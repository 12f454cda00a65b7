package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.Beside;
import dev.serai.chat.Usage;
import dev.serai.report.Statement;
import dev.serai.report.StatementDocument;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The sums of the hours are what the rows add up to, whatever happened to the rows. */
@Beside
abstract class HoursContract {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final List<String> TENANTS = List.of("acme", "zeta", "Ünal");
  private static final List<RowState> ENDINGS =
      List.of(RowState.SETTLED, RowState.UNSETTLED, RowState.FAILED, RowState.NOT_SENT);
  private static final List<String> MODELS = List.of("gpt-4o", "gpt-4o-mini", "mystery");

  @TempDir Path folder;
  private TestDatabase database;
  private JdbcClient jdbc;

  abstract TestDatabase database(Path folder, String version);

  @BeforeEach
  void open() {
    database = database(folder, "latest");
    jdbc = database.jdbc();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void hours_equal_the_rows_after_any_mix_of_endings_on_two_replicas() throws Exception {
    Ledger one = start("one");
    Ledger two = start("two");
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random random = new Random(i);
        Ledger ledger = i % 2 == 0 ? one : two;
        work.add(threads.submit(() -> calls(ledger, random)));
      }
      for (Future<?> each : work) {
        each.get();
      }
    }
    jdbc.sql("UPDATE replicas SET lease_until = CURRENT_TIMESTAMP - INTERVAL '1' MINUTE").update();
    List<Long> open =
        jdbc.sql("SELECT id FROM llm_usage WHERE state = 'open'").query(Long.class).list();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> other = threads.submit(two::tidy);
      one.tidy();
      other.get();
    }
    Ledger third = start("three");
    Random random = new Random(7);
    third.write(open.stream().filter(id -> id % 2 == 0).map(id -> ending(id, random)).toList());

    assertThat(states().keySet()).contains("settled", "unsettled", "failed", "not_sent");
    assertThat(states().get("open")).isNull();
    assertThat(open).hasSizeGreaterThan(20);
    assertThat(deviations()).isZero();
    assertThat(jdbc.sql("SELECT sum(requests) FROM usage_hours").query(Long.class).single())
        .isEqualTo(
            jdbc.sql("SELECT count(*) FROM llm_usage WHERE state <> 'not_sent'")
                .query(Long.class)
                .single());
    one.stop();
    two.stop();
    third.stop();
  }

  @Test
  void a_late_settlement_changes_the_hour_by_the_difference() throws Exception {
    long id = RowIds.lowestAt(NOON);
    insert(Rows.open(id));
    Settling settling = new Settling(database.pool, row -> null, OutboxRows.NONE);
    settling.write(List.of(ending(id, RowState.UNSETTLED, 5, 1_000L)));
    settling.write(List.of(ending(id, RowState.SETTLED, 7, 300L)));
    settling.write(List.of(ending(id, RowState.SETTLED, 9, 900L)));

    assertThat(jdbc.sql("SELECT * FROM usage_hours").query().singleRow())
        .containsEntry("requests", 1L)
        .containsEntry("input_tokens", 7L)
        .containsEntry("cost_nanos", 300L)
        .containsEntry("unsettled", 0L)
        .containsEntry("unsettled_nanos", 0L);
    assertThat(deviations()).isZero();
  }

  @Test
  void what_turns_out_not_to_have_been_sent_is_taken_out_again() throws Exception {
    long id = RowIds.lowestAt(NOON);
    insert(Rows.open(id));
    Settling settling = new Settling(database.pool, row -> null, OutboxRows.NONE);
    settling.write(List.of(ending(id, RowState.UNSETTLED, 5, 1_000L)));
    settling.write(List.of(Settlement.notSent(id, "breaker_open", NOON)));

    assertThat(jdbc.sql("SELECT requests + cost_nanos FROM usage_hours").query(Long.class).list())
        .containsExactly(0L);
    assertThat(
            new UsageReport(jdbc)
                .read(new UsageQuery(null, null, null, List.of(GroupBy.TENANT)))
                .rows())
        .isEmpty();
  }

  @Test
  void a_report_equals_the_sum_over_the_rows_for_any_range() throws Exception {
    Random random = new Random(11);
    List<Long> open = fill(random);
    jdbc.sql("INSERT INTO replicas VALUES ('me', 0, :now, :now, :from)")
        .param("now", NOON.atOffset(ZoneOffset.UTC))
        .param("from", open.getFirst())
        .update();
    UsageReport report = new UsageReport(jdbc);
    for (int i = 0; i < 60; i++) {
      Instant from = random.nextInt(5) == 0 ? null : edge(random);
      Instant to = random.nextInt(5) == 0 ? null : edge(random);
      String tenant = random.nextInt(3) == 0 ? "acme" : null;
      UsageQuery query =
          new UsageQuery(tenant, from, to, List.of(GroupBy.TENANT, GroupBy.KEY, GroupBy.DAY));

      Map<String, String> read = new TreeMap<>();
      for (UsageSum sum : report.read(query).rows()) {
        Tally calls = sum.calls();
        read.put(
            String.join("/", sum.group().values()),
            calls.requests()
                + " "
                + sum.open()
                + " "
                + calls.inputTokens()
                + " "
                + calls.outputTokens()
                + " "
                + calls.costNanos()
                + " "
                + calls.unpriced());
      }

      assertThat(read).as("%s to %s of %s", from, to, tenant).isEqualTo(plain(query));
    }
  }

  @Test
  void the_migration_adds_up_what_earlier_versions_left() throws Exception {
    try (TestDatabase old = database(folder.resolve("old"), "9")) {
      insertOld(old, 1, NOON, "settled", "priced", 100L);
      insertOld(old, 2, NOON.plusSeconds(3599), "unsettled", "estimated", 20L);
      insertOld(old, 3, NOON.plusSeconds(3600), "failed", "unpriced", null);
      insertOld(old, 4, NOON, "open", "estimated", null);
      insertOld(old, 5, NOON, "not_sent", "priced", 0L);

      old.migrate("latest");

      assertThat(
              old.jdbc()
                  .sql(
                      "SELECT epoch_hour, requests, input_tokens, cost_nanos, estimated_nanos,"
                          + " unsettled, unsettled_nanos, unpriced, failed FROM usage_hours"
                          + " ORDER BY epoch_hour")
                  .query()
                  .listOfRows())
          .extracting(row -> List.copyOf(row.values()))
          .containsExactly(
              List.of(NOON.getEpochSecond() / 3600, 2L, 20L, 120L, 20L, 1L, 20L, 0L, 0L),
              List.of(NOON.getEpochSecond() / 3600 + 1, 1L, 10L, 0L, 0L, 0L, 0L, 1L, 1L));
      new Settling(old.pool, row -> null, OutboxRows.NONE)
          .write(List.of(ending(RowIds.lowestAt(NOON) + 4, RowState.SETTLED, 7, 3L)));
      assertThat(old.jdbc().sql("SELECT sum(requests) FROM usage_hours").query(Long.class).single())
          .isEqualTo(4);
    }
  }

  @Test
  void a_statement_begins_and_ends_at_midnight_of_its_zone() throws Exception {
    Instant begin = Instant.parse("2026-02-28T18:30:00Z");
    Instant end = Instant.parse("2026-03-31T18:30:00Z");
    settle(begin.minusMillis(1), 1);
    settle(begin, 10);
    settle(end.minusMillis(1), 100);
    settle(end, 1_000);
    insert(Rows.open(RowIds.lowestAt(end.minusSeconds(7_200))));

    Statement open = statement(end);
    jdbc.sql("DELETE FROM llm_usage WHERE state = 'open'").update();

    assertThat(open.sums().lines().total().costNanos()).isEqualTo(110);
    assertThat(open.sums().lines().rows())
        .extracting(line -> List.copyOf(line.group().values()))
        .containsExactly(List.of("gpt-4o", "openai", "tenant"));
    assertThat(open.sums().days()).hasSize(31);
    assertThat(open.sums().days().getFirst().total().costNanos()).isEqualTo(10);
    assertThat(open.sums().days().getLast().total().costNanos()).isEqualTo(100);
    assertThat(text(open)).contains("\"status\":\"open\"", "\"under_way\":1,");
    assertThat(text(statement(end))).contains("\"status\":\"final\"", "\"under_way\":0,");
    assertThat(text(statement(end.minusMillis(1)))).contains("\"status\":\"open\"");
  }

  @Test
  void an_hour_of_cache_hits_belongs_to_one_statement() {
    UsageCounts counts =
        new UsageCounts(jdbc, new TransactionTemplate(new JdbcTransactionManager(database.pool)));
    for (String hour : List.of("2026-02-28T18:00:00Z", "2026-03-31T18:00:00Z")) {
      counts.count(
          List.of(new UsageCount(Instant.parse(hour), "acme", "gpt-4o", "", "http", 1, 0, 5)));
    }

    assertThat(statement(NOON).sums().lines().total().cacheHits()).isOne();
    assertThat(statement(NOON).sums().days().getLast().total().savedNanos()).isEqualTo(5);
  }

  @Test
  void a_statement_tells_what_the_platform_pays_from_what_the_tenant_pays_itself()
      throws Exception {
    settle(NOON, 1_000_000_000);
    settle(NOON.plusSeconds(1), 500_000_000);
    jdbc.sql("UPDATE usage_hours SET account = 'platform', cost_nanos = 250000000").update();
    settle(NOON.plusSeconds(2), 520_000_000);

    JsonNode told = new ObjectMapper().readTree(text(statement(NOON)));

    for (JsonNode sum : List.of(told.path("total"), told.path("days").path(1))) {
      assertThat(sum.path("cost_usd").asText()).isEqualTo("0.77");
      assertThat(sum.path("platform_usd").asText()).isEqualTo("0.25");
      assertThat(sum.path("own_usd").asText()).isEqualTo("0.52");
    }
    assertThat(new BigDecimal(told.path("days").path(2).path("own_usd").asText())).isZero();
  }

  @Test
  void refusals_alone_are_no_line_of_a_statement() {
    UsageCounts counts =
        new UsageCounts(jdbc, new TransactionTemplate(new JdbcTransactionManager(database.pool)));
    counts.count(List.of(new UsageCount(NOON, "acme", "", "", "http", 0, 3, 0)));

    Statement refused = statement(NOON);

    assertThat(refused.any()).isTrue();
    assertThat(text(refused)).contains("\"lines\":[]");
    assertThat(new String(StatementDocument.of(refused, true).body(), StandardCharsets.UTF_8))
        .hasLineCount(1);
  }

  @Test
  void what_tenants_spent_is_read_from_the_sums() throws Exception {
    settle(NOON.minusMillis(1), 1);
    settle(NOON, 10);
    settle(NOON.plusSeconds(7_199), 100);
    settle(NOON.plusSeconds(7_200), 1_000);
    jdbc.sql("DELETE FROM llm_usage").update();

    assertThat(new TenantSpend(jdbc).between(NOON, NOON.plusSeconds(7_200)))
        .isEqualTo(Map.of("acme", 110L));
  }

  private void settle(Instant at, long nanos) throws Exception {
    long id = RowIds.lowestAt(at);
    insert(Rows.open(id));
    new Settling(database.pool, row -> null, OutboxRows.NONE)
        .write(List.of(ending(id, RowState.SETTLED, 10, nanos)));
  }

  private Statement statement(Instant now) {
    StatementSums sums =
        new StatementSums(
            new UsageReport(jdbc),
            LedgerConfiguration.snapshot(new JdbcTransactionManager(database.pool)));
    return Statement.of(sums, "acme", "2026-03", "Asia/Kolkata", now);
  }

  private static String text(Statement statement) {
    return new String(StatementDocument.of(statement, false).body(), StandardCharsets.UTF_8);
  }

  private void calls(Ledger ledger, Random random) {
    for (int i = 0; i < 40; i++) {
      List<Settlement> settlements = new ArrayList<>();
      for (int j = 0; j < 5; j++) {
        long id = ledger.nextId();
        ledger.open(row(id, random));
        if (random.nextInt(5) > 0) {
          Settlement settlement = ending(id, random);
          settlements.add(settlement);
          if (random.nextInt(3) == 0) {
            settlements.add(random.nextBoolean() ? settlement : ending(id, random));
          }
        }
      }
      ledger.write(settlements);
    }
  }

  /** Rows of two days, some of them open; returns the ids of these. */
  private List<Long> fill(Random random) throws Exception {
    List<OpenRow> rows = new ArrayList<>();
    List<Settlement> settlements = new ArrayList<>();
    List<Long> open = new ArrayList<>();
    long from = RowIds.lowestAt(NOON.minus(Duration.ofHours(30)));
    long span = RowIds.lowestAt(NOON) - from;
    List<Long> ids =
        random.longs(400, 0, span).map(id -> from + id).distinct().sorted().boxed().toList();
    for (long id : ids) {
      rows.add(row(id, random));
      if (rows.size() > 300 && random.nextInt(4) == 0) {
        open.add(id);
      } else {
        settlements.add(ending(id, random));
      }
    }
    insert(rows.toArray(OpenRow[]::new));
    new Settling(database.pool, id -> null, OutboxRows.NONE).write(settlements);
    return open;
  }

  private static Instant edge(Random random) {
    Instant time = NOON.minusMillis(random.nextLong(Duration.ofHours(32).toMillis()));
    return random.nextBoolean() ? time : time.truncatedTo(java.time.temporal.ChronoUnit.HOURS);
  }

  /** What a report is to say, from the rows alone. */
  private Map<String, String> plain(UsageQuery query) {
    Map<String, long[]> sums = new TreeMap<>();
    jdbc.sql("SELECT * FROM llm_usage WHERE state <> 'not_sent'")
        .query(
            row -> {
              long id = row.getLong("id");
              Instant at = RowIds.timeOf(id);
              Instant from = query.from();
              Instant to = query.to();
              if ((query.tenant() != null && !query.tenant().equals(row.getString("tenant_id")))
                  || (from != null && at.toEpochMilli() < from.toEpochMilli())
                  || (to != null && at.toEpochMilli() >= to.toEpochMilli())) {
                return;
              }
              String key =
                  row.getString("tenant_id")
                      + "/"
                      + Objects.requireNonNullElse(row.getString("key_id"), "")
                      + "/"
                      + at.toString().substring(0, 10);
              long[] sum = sums.computeIfAbsent(key, any -> new long[6]);
              sum[0]++;
              sum[1] += row.getString("state").equals("open") ? 1 : 0;
              sum[2] += row.getLong("input_tokens");
              sum[3] += row.getLong("output_tokens");
              sum[4] += row.getLong("cost_nanos");
              sum[5] += row.getString("cost_state").equals("unpriced") ? 1 : 0;
            });
    Map<String, String> told = new TreeMap<>();
    sums.forEach(
        (key, s) ->
            told.put(key, "%d %d %d %d %d %d".formatted(s[0], s[1], s[2], s[3], s[4], s[5])));
    return told;
  }

  /** How many sums are not what the migration would make of the rows now. */
  private long deviations() throws IOException {
    String sums = migration();
    return jdbc.sql(
            "SELECT count(*) FROM ((%1$s EXCEPT SELECT * FROM usage_hours WHERE requests <> 0)"
                    .formatted(sums)
                + " UNION ALL (SELECT * FROM usage_hours WHERE requests <> 0 EXCEPT %s)) AS d"
                    .formatted(sums))
        .query(Long.class)
        .single();
  }

  private static String migration() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            HoursContract.class.getResourceAsStream("/db/migration/V12__usage_hours.sql"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int from = text.indexOf("SELECT");
      return text.substring(from, text.indexOf(';', from));
    }
  }

  private Map<String, Long> states() {
    Map<String, Long> states = new TreeMap<>();
    jdbc.sql("SELECT state, count(*) FROM llm_usage GROUP BY state")
        .query(
            row -> {
              states.put(row.getString(1), row.getLong(2));
            });
    return states;
  }

  private Ledger start(String home) {
    Ledger ledger =
        new Ledger(
            database.pool, folder.resolve(home), LedgerContract.SETTINGS, Clock.systemUTC(), false);
    ledger.start();
    return ledger;
  }

  private void insert(OpenRow... rows) throws Exception {
    try (Connection connection = database.pool.getConnection();
        NamedSql.Prepared insert = NamedSql.load("sql/open-usage.sql").prepare(connection)) {
      insert.executeBatch(List.of(rows));
    }
  }

  private static OpenRow row(long id, Random random) {
    String model = MODELS.get(random.nextInt(MODELS.size()));
    return Rows.open(
        id,
        TENANTS.get(random.nextInt(TENANTS.size())),
        model,
        model.equals("mystery") ? Charge.UNPRICED : Rows.ESTIMATE);
  }

  private static Settlement ending(long id, Random random) {
    RowState state = ENDINGS.get(random.nextInt(ENDINGS.size()));
    return state == RowState.NOT_SENT
        ? Settlement.notSent(id, "breaker_open", NOON)
        : ending(
            id,
            state,
            random.nextInt(1000),
            random.nextInt(4) == 0 ? null : (Long) random.nextLong(1_000_000));
  }

  private static Settlement ending(long id, RowState state, long tokens, @Nullable Long nanos) {
    return new Settlement(
        id,
        state,
        null,
        200,
        null,
        null,
        new Usage(tokens, tokens / 2, tokens / 3, tokens / 4, tokens / 5, null, false),
        nanos == null
            ? Charge.UNPRICED
            : new Charge(
                nanos, tokens % 2 == 0 ? CostState.PRICED : CostState.ESTIMATED, "v", Rows.UNIT),
        null,
        1,
        NOON);
  }

  private static void insertOld(
      TestDatabase old,
      int number,
      Instant at,
      String state,
      String costState,
      @Nullable Long nanos) {
    old.jdbc()
        .sql(
            "INSERT INTO llm_usage (id, request_id, attempt, replica, tenant_id, entry, operation,"
                + " target, provider_name, upstream_model, streamed, state, est_input_tokens,"
                + " est_output_tokens, cost_state, input_tokens, cost_nanos, created_at)"
                + " VALUES (:id, 'r', 1, 0, 'acme', 'http', 'chat', 'openai', 'openai', 'gpt-4o',"
                + " FALSE, :state, 1, 1, :cost, 10, :nanos, CURRENT_TIMESTAMP)")
        .param("id", RowIds.lowestAt(at) + number)
        .param("state", state)
        .param("cost", costState)
        .param("nanos", nanos)
        .update();
  }
}
