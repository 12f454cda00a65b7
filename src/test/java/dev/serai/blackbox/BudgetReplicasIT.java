package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.FakeProvider;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Two processes on one PostgreSQL keep to one budget of a dollar, whatever happens to one of them
 * or to the database, and what they wrote down is what the provider bills.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BudgetReplicasIT {
  private static final String BUDGET = "/admin/v1/budgets/gateway/gateway";
  private static final int CALLERS = 200;
  private static final int MOST_TRIES = 100;
  private static final long DOLLAR = 1_000_000_000L;
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  /** 5 tokens of gpt-4o at $2.50 per million, and 1,000 at $10. */
  private static final long COST = 10_012_500L;

  private static final String ANSWER =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[\
      {"index":0,"message":{"role":"assistant","content":"Yes."},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":5,"completion_tokens":1000,"total_tokens":1005}}\
      """;

  private final FakeProvider provider = FakeProvider.start();
  private final AtomicInteger questions = new AtomicInteger();
  private Path data;
  private int port;
  private EmbeddedPostgres postgres;
  private JdbcClient jdbc;
  private SeraiProcess one;
  private SeraiProcess two;

  /** What a run began with, and the most that was ever spent and reserved since. */
  private record Run(long limit, long spentBefore, AtomicLong peak) {}

  @BeforeAll
  void start() throws Exception {
    Path jar = Path.of(Objects.requireNonNull(System.getProperty("serai.jar"), "serai.jar"));
    Path homes = Files.createDirectories(Path.of("target", "homes").toAbsolutePath());
    data = Files.createTempDirectory(homes, "postgres");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    postgres = database();
    String url = postgres.getJdbcUrl("postgres", "postgres");
    jdbc = JdbcClient.create(new DriverManagerDataSource(url));
    Map<String, String> variables = new HashMap<>();
    variables.put("SPRING_DATASOURCE_URL", url);
    variables.put("SPRING_DATASOURCE_USERNAME", "postgres");
    variables.put("SERAI_FILES_ENABLED", "false");
    variables.put("SERAI_BUDGETS_PATIENCE", "10s");
    variables.put("SERAI_LEDGER_LEASE", "3s");
    variables.put("SERAI_LEDGER_RENEWEVERY", "1s");
    variables.put("SERAI_LEDGER_SWEEPEVERY", "1s");
    variables.put("SERAI_LEDGER_LEFTOVERAFTER", "2s");
    Path firstHome = Files.createTempDirectory(homes, "one");
    Path secondHome = Files.createTempDirectory(homes, "two");
    one = SeraiProcess.start(jar, firstHome, provider.baseUrl(), variables);
    two = SeraiProcess.start(jar, secondHome, provider.baseUrl(), variables);
  }

  private EmbeddedPostgres database() throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPort(port)
        .setServerConfig("fsync", "off")
        .start();
  }

  @AfterAll
  void stop() throws Exception {
    one.close();
    two.close();
    postgres.close();
    provider.close();
  }

  @Test
  @Order(1)
  void callers_who_come_once_use_a_budget_up_and_do_not_exceed_it() throws Exception {
    Run run = grant();

    during(run, () -> flood(1_000, 1));

    assertUsed(run);
    assertBilled(run);
  }

  @Test
  @Order(2)
  void with_estimates_twice_the_cost_callers_who_come_once_still_use_it_up() throws Exception {
    Run run = grant();

    during(run, () -> flood(2_000, 1));

    assertUsed(run);
    assertBilled(run);
  }

  @Test
  @Order(3)
  void a_restart_of_the_database_loses_no_row_and_exceeds_nothing() throws Exception {
    Run run = grant();

    during(
        run,
        () -> {
          CompletableFuture<Void> callers =
              CompletableFuture.runAsync(() -> flood(2_000, MOST_TRIES));
          await().until(() -> provider.calls().size() >= 20);
          restart();
          callers.join();
        });

    assertUsed(run);
    assertBilled(run);
  }

  @Test
  @Order(4)
  void what_a_killed_process_had_reserved_is_spent_and_the_budget_holds() throws Exception {
    Run run = grant();

    during(
        run,
        () -> {
          CompletableFuture<Void> callers = CompletableFuture.runAsync(() -> flood(1_000, 1));
          await().until(() -> provider.calls().size() >= 20);
          one.kill();
          callers.join();
        });

    assertUsed(run);
    assertThat(count("state = 'unsettled'")).isPositive();
    assertThat(spent() - run.spentBefore).isGreaterThanOrEqualTo(COST * provider.calls().size());
    assertRows();
  }

  /** A dollar more than was spent before. */
  private Run grant() throws Exception {
    provider.reset();
    provider.byDefault(Behaviour.slow(Duration.ofMillis(60), Behaviour.json(200, ANSWER)));
    two.admin("PUT", BUDGET, "{\"limit_usd\":\"1000000\",\"period\":\"total\"}");
    BigDecimal before = new BigDecimal(two.admin("GET", BUDGET, "").path("spent_usd").asText());
    String limit = before.add(BigDecimal.ONE).toPlainString();
    two.admin("PUT", BUDGET, "{\"limit_usd\":\"%s\",\"period\":\"total\"}".formatted(limit));
    await().until(() -> one.admin("GET", BUDGET, "").path("left_usd").asText().equals("1.00"));
    long spent = before.movePointRight(9).longValueExact();
    return new Run(spent + DOLLAR, spent, new AtomicLong());
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Looks all the time how the budget stands. */
  private void during(Run run, Work work) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Thread watcher =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    try {
                      run.peak.accumulateAndGet(
                          number("SELECT spent_nanos + reserved_nanos FROM budget_periods"),
                          Math::max);
                      Thread.sleep(5);
                    } catch (DataAccessException e) {
                      // The database is being restarted.
                    } catch (InterruptedException e) {
                      return;
                    }
                  }
                });
    try {
      work.run();
      await()
          .alias("all rows closed and nothing reserved")
          .atMost(LONG_ENOUGH)
          .ignoreExceptions()
          .until(() -> count("state = 'open'") == 0 && reserved() == 0 && spent() == sumOfRows());
    } finally {
      over.set(true);
      watcher.join();
    }
  }

  /** Everybody calls until there is an answer or no money, but only so many times. */
  private void flood(int maxTokens, int tries) {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        SeraiProcess gateway = i % 2 == 0 ? one : two;
        callers.execute(() -> call(gateway, maxTokens, tries));
      }
    }
  }

  private void call(SeraiProcess gateway, int maxTokens, int tries) {
    for (int i = 0; i < tries; i++) {
      try {
        int status = gateway.status(question(maxTokens));
        if (status == 200 || status == 402) {
          return;
        }
        Thread.sleep(100);
      } catch (IOException e) {
        // It was killed.
        return;
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private String question(int maxTokens) {
    return """
    {"model":"openai/gpt-4o","max_tokens":%d,\
    "messages":[{"role":"user","content":"question %d"}]}\
    """
        .formatted(maxTokens, questions.incrementAndGet());
  }

  private void restart() throws Exception {
    postgres.close();
    postgres = database();
  }

  private void assertUsed(Run run) {
    assertThat(run.peak.get()).as("spent and reserved").isLessThanOrEqualTo(run.limit);
    assertThat(spent()).isLessThanOrEqualTo(run.limit);
    assertThat(spent() - run.spentBefore).as("used").isGreaterThanOrEqualTo(DOLLAR * 95 / 100);
  }

  private void assertBilled(Run run) {
    await()
        .alias("what is spent is the provider's bill of " + provider.calls().size())
        .atMost(LONG_ENOUGH)
        .untilAsserted(
            () -> assertThat(spent() - run.spentBefore).isEqualTo(COST * provider.calls().size()));
    assertRows();
  }

  /** Each call that the provider saw has exactly one row. */
  private void assertRows() {
    List<String> rows =
        jdbc.sql("SELECT request_id || '-' || attempt FROM llm_usage").query(String.class).list();
    assertThat(rows).doesNotHaveDuplicates();
    assertThat(rows).containsAll(provider.calls().stream().map(BudgetReplicasIT::key).toList());
    assertThat(provider.calls()).extracting(BudgetReplicasIT::key).doesNotHaveDuplicates();
    assertThat(spent()).isEqualTo(sumOfRows());
  }

  private static String key(Call call) {
    return call.header("x-request-id");
  }

  private long spent() {
    return number("SELECT spent_nanos FROM budget_periods");
  }

  private long reserved() {
    return number("SELECT reserved_nanos FROM budget_periods");
  }

  private long sumOfRows() {
    return number("SELECT COALESCE(SUM(cost_nanos), 0) FROM llm_usage");
  }

  private long count(String condition) {
    return number("SELECT COUNT(*) FROM llm_usage WHERE " + condition);
  }

  private long number(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }
}
