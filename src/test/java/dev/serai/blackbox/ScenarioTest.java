package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays every {@link Scenario} and holds its outcome against {@code docs/scenarios.md}. {@code
 * -Dscenarios.write=true} writes that file anew.
 */
class ScenarioTest {
  static final String ROLE = "two-targets";

  private static final Path REPORT = Path.of("docs", "scenarios.md");
  private static final boolean WRITE = Boolean.getBoolean("scenarios.write");
  private static final Map<String, String> LINES = new LinkedHashMap<>();
  private static final GatewayUnderTest GATEWAY =
      GatewayUnderTest.shared(
          Map.of(
              "serai.providers.openai.attempt-timeout",
              "600ms",
              "serai.providers.openai.first-byte-timeout",
              "600ms",
              "serai.providers.openai.between-bytes-timeout",
              "600ms",
              "serai.roles." + ROLE + ".description",
              "Has somebody to fall back to",
              "serai.roles." + ROLE + ".targets[0]",
              GatewayUnderTest.MODEL,
              "serai.roles." + ROLE + ".targets[1]",
              "openrouter/mistralai/mistral-small",
              "serai.cache.mode",
              "off"));

  static List<Scenario> scenarios() {
    return Scenario.all();
  }

  @BeforeAll
  static void warm_up() throws IOException {
    for (int i = 0; i < 20; i++) {
      GATEWAY.chat(GatewayUnderTest.ask("warm up"));
      try (SseStream stream =
          GATEWAY.stream(GatewayUnderTest.ask("warm up", GatewayUnderTest.STREAM))) {
        stream.rest();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void ends_as_the_report_says(Scenario scenario) throws Exception {
    GATEWAY.provider().reset();
    GATEWAY.second().reset();
    Queue<Behaviour> script = new ArrayDeque<>(scenario.first());
    GATEWAY.provider().script(call -> script.size() > 1 ? script.remove() : script.element());

    String line = play(scenario);

    LINES.put(scenario.name(), line);
    if (!WRITE) {
      assertThat(Files.readAllLines(REPORT)).contains(line);
    }
  }

  @Test
  void the_report_has_no_other_scenarios() throws Exception {
    if (!WRITE) {
      assertThat(Files.readAllLines(REPORT).stream().filter(line -> line.startsWith("| `")))
          .hasSize(scenarios().size());
    }
  }

  @AfterAll
  static void write_the_report() throws IOException {
    if (WRITE) {
      Files.createDirectories(Path.of("docs"));
      Files.writeString(
          REPORT,
          """
          # What happens when a provider fails

          Written by `ScenarioTest` (`mvn test -Dtest=ScenarioTest -Dscenarios.write=true`), which \
          plays each of these and fails when an outcome changes. Attempts, first bytes and gaps \
          between bytes time out after 0.6 s here, and the first retry comes after 1 ms.

          | Scenario | The provider | Calls | The client gets | Takes | Ledger |
          |---|---|---|---|---|---|
          %s
          """
              .formatted(String.join("\n", LINES.values())));
    }
  }

  private static String play(Scenario scenario) throws Exception {
    long start = System.nanoTime();
    String got;
    String requestId;
    try (SseStream answer = GATEWAY.stream(scenario.request(), "x-serai-cache", "no-store")) {
      requestId = answer.header("x-serai-request-id");
      got = answer.status() == 200 && scenario.stream() ? read(scenario, answer) : whole(answer);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    String calls = calls(scenario);
    return "| `%s` | %s | %s | %s | %s | %s |"
        .formatted(scenario.name(), scenario.story(), calls, got, bucket(took), ledger(requestId));
  }

  private static String whole(SseStream answer) throws IOException {
    if (answer.status() == 200) {
      assertThat(answer.whole().content()).startsWith("This is answer");
      return "200";
    }
    return answer.status() + " `" + answer.whole().isErrorShaped().errorCode() + "`";
  }

  private static String read(Scenario scenario, SseStream answer) throws IOException {
    List<SseStream.Event> events = new ArrayList<>();
    for (SseStream.Event e = answer.nextData(); e != null; e = answer.nextData()) {
      events.add(e);
      if (events.size() == scenario.leaveAfter()) {
        return "200, %d events, leaves".formatted(events.size());
      }
    }
    if (events.isEmpty()) {
      return "200, nothing";
    }
    SseStream.Event last = events.getLast();
    if (last.done()) {
      return "200, a whole stream";
    }
    String ending = last.error().isEmpty() ? "nothing" : "error `" + last.error() + "`";
    return "200, %d events, then %s"
        .formatted(events.size() - (last.error().isEmpty() ? 0 : 1), ending);
  }

  /** How many calls each target saw; for a client that left, when the provider noticed. */
  private static String calls(Scenario scenario) {
    if (scenario.leaveAfter() > 0) {
      Call call = GATEWAY.provider().calls().getFirst();
      await().atMost(Duration.ofSeconds(10)).until(call::clientLeft);
      int more = call.eventsWhenClientLeft() - scenario.leaveAfter();
      return "1, cancelled within " + (more <= 2 ? "two events" : more + " events");
    }
    int second = GATEWAY.second().calls().size();
    int first = GATEWAY.provider().calls().size();
    return second == 0 ? Integer.toString(first) : first + " + " + second;
  }

  /** Coarse, so that a busy machine gives the same report. */
  private static String bucket(Duration took) {
    long seconds = took.toSeconds();
    if (seconds < 1) {
      return "under 1 s";
    }
    return seconds < 2 ? "1 to 2 s" : seconds < 4 ? "2 to 4 s" : "4 s or more";
  }

  private static String ledger(String requestId) {
    Map<String, Long> counts =
        GATEWAY.settledLedger(requestId).stream()
            .collect(
                Collectors.groupingBy(LedgerRow::outcome, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }
}
