package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.FakeProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code kill -9} under load takes nothing from a conversation that its caller has read. */
class ConversationKillIT {
  private static final int TALKS = 8;
  private static final int ANSWERS = 150;

  /** By conversation: the questions whose answer was read to its end. */
  private final Map<String, List<String>> answered = new ConcurrentHashMap<>();

  private final AtomicInteger answers = new AtomicInteger();

  @Test
  void what_was_answered_is_remembered() throws Exception {
    Path jar = Path.of(System.getProperty("serai.jar", "target/serai-0.1.0-SNAPSHOT.jar"));
    Path homes = Files.createDirectories(Path.of("target", "homes").toAbsolutePath());
    Path home = Files.createTempDirectory(homes, "talks");
    try (FakeProvider provider = FakeProvider.start()) {
      provider.script(
          call ->
              call.streaming()
                  ? Behaviour.pacedStream(3, Duration.ofMillis(call.number() % 7))
                  : Behaviour.answer());
      killUnderLoad(jar, home, provider);
      try (SeraiProcess gateway = SeraiProcess.start(jar, home, provider.baseUrl())) {
        for (int i = 0; i < TALKS; i++) {
          assertRemembered("talk-" + i, gateway.conversation("talk-" + i));
        }
      }
    }
  }

  private void killUnderLoad(Path jar, Path home, FakeProvider provider) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (SeraiProcess gateway = SeraiProcess.start(jar, home, provider.baseUrl());
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < TALKS; i++) {
        String id = "talk-" + i;
        boolean stream = i % 2 == 0;
        callers.execute(() -> talkUntil(stop, gateway, id, stream));
      }
      try {
        await()
            .alias("answers under load, see " + home.resolve("console.txt"))
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> answers.get() >= ANSWERS);
      } finally {
        gateway.kill();
        stop.set(true);
      }
    }
  }

  private void talkUntil(AtomicBoolean stop, SeraiProcess gateway, String id, boolean stream) {
    List<String> read = answered.computeIfAbsent(id, key -> new ArrayList<>());
    for (int i = 0; !stop.get(); i++) {
      String question = id + " question " + i;
      try {
        String answer =
            gateway.chat(
                GatewayUnderTest.ask(question, stream ? GatewayUnderTest.STREAM : ""),
                Talk.HEADER,
                id);
        if (!answer.endsWith(stream ? "data: [DONE]\n\n" : "}") || answer.contains("\"error\"")) {
          return;
        }
        read.add(question);
        answers.incrementAndGet();
      } catch (IOException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Each question with its answer behind it; one more turn than was read may be there. */
  private void assertRemembered(String id, JsonNode messages) {
    List<String> read = answered.getOrDefault(id, List.of());
    assertThat(read).isNotEmpty();
    assertThat(messages.size()).as(id).isIn(2 * read.size(), 2 * read.size() + 2);
    for (int i = 0; i < read.size(); i++) {
      assertThat(messages.get(2 * i).path("content").asText()).isEqualTo(read.get(i));
      assertThat(messages.get(2 * i + 1).path("role").asText()).isEqualTo("assistant");
      assertThat(messages.get(2 * i + 1).path("content").asText()).isNotEmpty();
    }
  }
}
