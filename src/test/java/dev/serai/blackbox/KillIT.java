package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.FakeProvider;
import dev.serai.provider.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code kill -9} under load loses no call that the provider may bill. */
class KillIT {
  private static final int CLIENTS = 32;
  private static final int KILLS = 3;
  private static final int ANSWERS_PER_ROUND = 300;
  private static final Pattern ANSWER_ID = Pattern.compile("\"id\":\"(chatcmpl-fake-\\d+)\"");

  /** Ids of the answers that a client has read to their end. */
  private final Set<String> received = ConcurrentHashMap.newKeySet();

  private final AtomicInteger questions = new AtomicInteger();

  @Test
  void every_call_that_the_provider_saw_has_exactly_one_row() throws Exception {
    Path jar = Path.of(System.getProperty("serai.jar", "target/serai-0.1.0-SNAPSHOT.jar"));
    Path homes = Files.createDirectories(Path.of("target", "homes").toAbsolutePath());
    Path home = Files.createTempDirectory(homes, "kill");
    try (FakeProvider provider = FakeProvider.start()) {
      provider.script(KillIT::atRandom);
      for (int i = 0; i < KILLS; i++) {
        killUnderLoad(jar, home, provider);
      }
      List<Call> calls = provider.calls();
      try (SeraiProcess gateway = SeraiProcess.start(jar, home, provider.baseUrl())) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> gateway.ledger().stream().noneMatch(row -> state(row).equals("open")));

        assertAccounted(calls, gateway.ledger());
        assertThat(provider.calls()).as("no call is repeated").hasSameSizeAs(calls);
      }
    }
  }

  /** Deterministic in the call's number: some at once, some late, streams with gaps. */
  private static Behaviour atRandom(Call call) {
    int dice = (call.number() * 7919) % 100;
    if (call.streaming()) {
      return Behaviour.pacedStream(1 + dice % 6, Duration.ofMillis(1 + dice / 10));
    }
    return Behaviour.slow(Duration.ofMillis(dice));
  }

  private void killUnderLoad(Path jar, Path home, FakeProvider provider) throws Exception {
    int before = received.size();
    AtomicBoolean stop = new AtomicBoolean();
    try (SeraiProcess gateway = SeraiProcess.start(jar, home, provider.baseUrl());
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        boolean stream = i % 2 == 0;
        clients.execute(() -> askUntil(stop, gateway, stream));
      }
      try {
        await()
            .alias("answers under load, see " + home.resolve("console.txt"))
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> received.size() >= before + ANSWERS_PER_ROUND);
      } finally {
        gateway.kill();
        stop.set(true);
      }
    }
  }

  private void askUntil(AtomicBoolean stop, SeraiProcess gateway, boolean stream) {
    while (!stop.get()) {
      String question = "question " + questions.incrementAndGet();
      try {
        String answer =
            gateway.chat(GatewayUnderTest.ask(question, stream ? GatewayUnderTest.STREAM : ""));
        Matcher id = ANSWER_ID.matcher(answer);
        if (id.find() && answer.endsWith(stream ? "data: [DONE]\n\n" : "}")) {
          received.add(id.group(1));
        }
      } catch (IOException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void assertAccounted(List<Call> calls, List<JsonNode> rows) {
    Map<String, List<JsonNode>> rowsOfCall =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.path("request_id").asText() + "-" + row.path("attempt").asText()));
    assertThat(rowsOfCall.values()).as("one row per call").allMatch(same -> same.size() == 1);
    assertThat(rowsOfCall.keySet())
        .as("rows for all calls that the provider saw")
        .containsAll(calls.stream().map(KillIT::key).toList());
    assertThat(rows).extracting(KillIT::state).isSubsetOf("settled", "unsettled", "not_sent");
    assertThat(calls).extracting(KillIT::key).doesNotHaveDuplicates();

    Map<String, Call> callOfAnswer =
        calls.stream().collect(Collectors.toMap(Call::answerId, Function.identity()));
    assertThat(received).hasSizeGreaterThanOrEqualTo(KILLS * ANSWERS_PER_ROUND);
    for (String answer : received) {
      Call call = Objects.requireNonNull(callOfAnswer.get(answer));
      JsonNode row = Objects.requireNonNull(rowsOfCall.get(key(call))).getFirst();
      assertThat(state(row)).as(answer).isEqualTo("settled");
      assertThat(tokens(row)).as(answer).isEqualTo(call.tokens());
    }
  }

  /** What ties a call to its row: the gateway names both in the call's request id. */
  private static String key(Call call) {
    return call.header("x-request-id");
  }

  private static String state(JsonNode row) {
    return row.path("state").asText();
  }

  private static Tokens tokens(JsonNode row) {
    return new Tokens(
        row.path("input_tokens").asLong(),
        row.path("output_tokens").asLong(),
        row.path("cache_read_tokens").asLong(),
        row.path("reasoning_tokens").asLong());
  }
}
