package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Every call that the providers saw has one row, and the rows together are the providers' bill.
 * {@code -Dserai.bill.calls} says how many requests are made.
 */
class BillTest {
  private static final int REQUESTS = Integer.getInteger("serai.bill.calls", 1_000);
  private static final int AT_ONCE = 48;

  /** Nano-dollars for each token: input, output, read from the cache. */
  private static final Map<String, long[]> PRICES =
      Map.of(
          "gpt-4o-mini", new long[] {150, 600, 75},
          "openai/gpt-4o", new long[] {2_500, 10_000, 2_500},
          "text-embedding-3-small", new long[] {20, 0, 20});

  /** What befalls a request; the prompt begins with the name. */
  private enum Fate {
    WHOLE,
    STREAM,
    EMBEDDINGS,
    RETRIED,
    BROKEN,
    FALLEN_BACK,
    CUT,
    LEFT,
    LEFT_AND_BILLED,
    FILE;

    /** Of a hundred requests sixty are ordinary ones. */
    static Fate of(int number) {
      int dice = number % 100;
      return dice < 30 ? WHOLE : dice < 60 ? STREAM : values()[2 + dice % 8];
    }

    static Fate of(Call call) {
      String prompt = call.json().findPath(call.embeddings() ? "input" : "content").asText();
      return valueOf(prompt.substring(0, prompt.indexOf(' ')).toUpperCase(Locale.ROOT));
    }
  }

  private static final Set<Fate> TWICE = Set.of(Fate.RETRIED, Fate.BROKEN, Fate.FALLEN_BACK);

  private final Spending spending = Spending.fresh();
  private final GatewayUnderTest gateway = spending.gateway;
  private final JdbcTemplate jdbc = gateway.part(JdbcTemplate.class);

  @Test
  void each_call_has_one_row_and_the_rows_are_the_providers_bill() throws Exception {
    long first = lastRow();
    gateway.provider().script(BillTest::behaviour);

    long started = System.nanoTime();
    makeRequests();
    int files = (int) Stream.iterate(0, i -> i + 1).limit(REQUESTS).filter(BillTest::file).count();
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> calls().filter(call -> Fate.of(call) == Fate.FILE).count() == files);
    await().atMost(Duration.ofMinutes(1)).until(() -> open(first) == 0);

    Map<String, Call> calls =
        calls().collect(Collectors.toMap(call -> call.header("x-request-id"), Function.identity()));
    List<Map<String, Object>> rows =
        jdbc.queryForList(
            "select request_id, attempt, entry, operation, state, error_type, cost_state,"
                + " cost_nanos, net_cost_nanos, est_cost_nanos from llm_usage where id > ? order by"
                + " id",
            first);
    assertThat(calls).hasSizeGreaterThanOrEqualTo(leastCalls());
    // As sets, because there may be very many.
    assertThat(rows).hasSameSizeAs(calls.keySet());
    assertThat(rows.stream().map(BillTest::key).collect(Collectors.toSet()))
        .isEqualTo(calls.keySet());
    rows.forEach(row -> assertIsOf(row, Objects.requireNonNull(calls.get(key(row)))));
    long bill = calls.values().stream().mapToLong(BillTest::bill).sum();
    assertThat(sum(rows, "priced")).isEqualTo(bill).isPositive();
    report(rows, bill, System.nanoTime() - started);
  }

  private static int leastCalls() {
    return Stream.iterate(0, i -> i + 1)
        .limit(REQUESTS)
        .mapToInt(number -> TWICE.contains(Fate.of(number)) ? 2 : 1)
        .sum();
  }

  private static String key(Map<String, Object> row) {
    return row.get("REQUEST_ID") + "-" + row.get("ATTEMPT");
  }

  private void makeRequests() throws InterruptedException {
    Semaphore places = new Semaphore(AT_ONCE);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < REQUESTS; i++) {
        int number = i;
        places.acquire();
        clients.execute(
            () -> {
              try {
                make(Fate.of(number), number);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              } finally {
                places.release();
              }
            });
      }
    }
  }

  private void make(Fate fate, int number) throws IOException {
    String prompt = fate.name().toLowerCase(Locale.ROOT) + " " + number;
    switch (fate) {
      case FILE -> Folders.of(gateway.home(), Spending.BILLED).drop(number + ".md", prompt);
      case EMBEDDINGS ->
          gateway.post(
              "/v1/embeddings",
              "{\"model\":\"text-embedding-3-small\",\"input\":\"" + prompt + "\"}");
      case LEFT, LEFT_AND_BILLED -> {
        try (SseStream stream = gateway.stream(chat(prompt, true))) {
          stream.nextData();
        }
      }
      case STREAM, CUT -> gateway.chat(chat(prompt, true));
      default -> gateway.chat(chat(prompt, false));
    }
  }

  private static String chat(String prompt, boolean stream) {
    return "{\"model\":\"%s\",\"max_tokens\":500,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(Spending.BILLED, stream, prompt);
  }

  private static boolean file(int number) {
    return Fate.of(number) == Fate.FILE;
  }

  private static Behaviour behaviour(Call call) {
    boolean again = !call.header("x-request-id").endsWith("-1");
    return switch (Fate.of(call)) {
      case RETRIED -> again ? Behaviour.answer() : Behaviour.status(500);
      case BROKEN -> again ? Behaviour.answer() : Behaviour.disconnectBeforeAnswer();
      case FALLEN_BACK -> Behaviour.status(404);
      case CUT -> Behaviour.cutMidStream(3);
      case LEFT -> Behaviour.pacedStream(200, Duration.ofMillis(20));
      case LEFT_AND_BILLED -> Behaviour.billedInEveryEvent(200, Duration.ofMillis(20));
      default -> Behaviour.answer();
    };
  }

  private Stream<Call> calls() {
    return Stream.of(gateway.provider(), gateway.second()).flatMap(each -> each.calls().stream());
  }

  private long lastRow() {
    return Objects.requireNonNullElse(
        jdbc.queryForObject("select max(id) from llm_usage", Long.class), 0L);
  }

  private long open(long first) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select count(*) from llm_usage where id > ? and state = 'open'", Long.class, first));
  }

  /** What the client was told of the usage; null when the call was refused or cut before. */
  private static @Nullable Tokens stated(Call call) {
    boolean told = call.complete() || Fate.of(call) == Fate.LEFT_AND_BILLED;
    return told ? call.tokens() : null;
  }

  private static long bill(Call call) {
    Tokens tokens = stated(call);
    if (tokens == null) {
      return 0;
    }
    long[] each = Objects.requireNonNull(PRICES.get(call.json().path("model").asText()));
    return (tokens.prompt() - tokens.cached()) * each[0]
        + tokens.completion() * each[1]
        + tokens.cached() * each[2];
  }

  private static void assertIsOf(Map<String, Object> row, Call call) {
    String outcome = row.get("STATE") + " " + row.get("ERROR_TYPE") + " " + row.get("COST_STATE");
    long net = number(row, "NET_COST_NANOS");
    if (stated(call) != null) {
      assertThat(net).as("%s of %s", outcome, call).isEqualTo(bill(call));
      assertThat(outcome).isIn("settled null priced", "settled client_gone priced");
    } else if (call.status() >= 400) {
      assertThat(net).isZero();
      assertThat(outcome).isIn("failed server_error priced", "failed not_found priced");
    } else {
      assertThat(net).isPositive();
      assertThat(outcome).isIn("failed network estimated", "settled client_gone estimated");
    }
    // The tenant pays half as much again, and never more than was reckoned with.
    assertThat(number(row, "COST_NANOS"))
        .as("%s of %s", outcome, call)
        .isEqualTo(net + Math.ceilDiv(net, 2));
    assertThat(number(row, "COST_NANOS")).isLessThanOrEqualTo(mostOf(row, call));
  }

  /** The stub makes its figures up, so that prompts are longer than they can be. */
  private static long mostOf(Map<String, Object> row, Call call) {
    return stated(call) == null ? number(row, "EST_COST_NANOS") : Long.MAX_VALUE;
  }

  private static long sum(List<Map<String, Object>> rows, String state) {
    return rows.stream()
        .filter(row -> state.equals(row.get("COST_STATE")))
        .mapToLong(row -> number(row, "NET_COST_NANOS"))
        .sum();
  }

  private static long number(Map<String, Object> row, String column) {
    return row.get(column) instanceof Number number ? number.longValue() : -1;
  }

  private static void report(List<Map<String, Object>> rows, long bill, long nanos) {
    Map<String, Long> outcomes =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row ->
                        row.get("ENTRY")
                            + " "
                            + row.get("OPERATION")
                            + " "
                            + row.get("STATE")
                            + " "
                            + row.get("ERROR_TYPE")
                            + " "
                            + row.get("COST_STATE"),
                    java.util.TreeMap::new,
                    Collectors.counting()));
    System.out.printf(
        Locale.ROOT,
        "%,d requests, %,d calls and rows in %.1f s; the providers' bill and the rows: %,d"
            + " nano-dollars; estimated beside it: %,d%n%s%n",
        REQUESTS,
        rows.size(),
        nanos / 1e9,
        bill,
        sum(rows, "estimated"),
        outcomes);
  }
}
