package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Beside;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts dropped into a folder are answered beside it, once, whole, whatever happens. */
@Beside
class FilesTest {
  private static final String ROLE = "desk";
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "serai.files.enabled",
          "true",
          "serai.files.poll",
          "100ms",
          "serai.files.settle",
          "400ms",
          "serai.roles." + ROLE + ".description",
          "Reads what lies on the desk",
          "serai.roles." + ROLE + ".targets[0]",
          GatewayUnderTest.MODEL);

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(PROPERTIES);
  private final Folders folders = Folders.of(gateway.home(), ROLE);

  /** Names and prompts that no other test has. */
  private final String id = UUID.randomUUID().toString().substring(0, 8);

  @ParameterizedTest
  @ValueSource(strings = {".md", ".txt"})
  void a_prompt_is_answered_under_its_own_name(String extension) {
    String name = id + extension;

    folders.drop(name, "What is " + id + "?\n");

    String text = folders.answer(name);
    JsonNode result = folders.sidecar(name);
    Call call = onlyCall();
    assertThat(text.strip())
        .isEqualTo("This is answer " + call.number() + " of the test provider.");
    assertThat(result.path("content").asText()).isEqualTo(text.strip());
    assertThat(result.path("tokens_input").asInt()).isEqualTo(100 + call.number());
    assertThat(result.path("tokens_output").asInt()).isEqualTo(10 + call.number());
    assertThat(result.path("model").asText()).isNotEmpty();
    assertThat(result.path("cost").isMissingNode()).isFalse();
    assertThat(result.path("target").asText()).isEqualTo("openai");
    assertThat(result.path("attempts").asInt()).isEqualTo(1);
    assertThat(result.toString()).contains(call.answerId());
    assertThat(call.json().path("messages").path(0).path("content").asText()).contains(id);
    assertThat(Folders.names(folders.inbox())).doesNotContain(name);
  }

  @Test
  void it_leaves_a_row_in_the_ledger() {
    folders.drop(id + ".md", "What is " + id + "?");
    folders.answer(id + ".md");

    List<LedgerRow> rows =
        gateway.settledLedger(folders.sidecar(id + ".md").path("request_id").asText());

    assertThat(rows).extracting(LedgerRow::entry).containsExactly("file");
    assertThat(rows.getFirst().state()).isEqualTo("settled");
    assertThat(rows.getFirst().tokens()).isEqualTo(onlyCall().tokens());
  }

  @Test
  void a_chat_request_is_sent_as_it_is() {
    String name = id + ".json";

    folders.drop(name, ask("Hello " + id, "\"temperature\":0.3,\"seed\":9"));

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> folders.answered().stream().anyMatch(file -> file.startsWith(name)));
    assertThat(onlyCall().json().path("seed").asInt()).isEqualTo(9);
    assertThat(onlyCall().json().path("model").asText()).isEqualTo("gpt-4o-mini");
  }

  @Test
  void ten_files_are_worked_on_in_parallel_and_appear_whole() throws Exception {
    String longAnswer = "word ".repeat(200_000).strip();
    gateway
        .provider()
        .byDefault(Behaviour.slow(Duration.ofMillis(700), Behaviour.answer(longAnswer)));
    List<String> names = IntStream.range(0, 10).mapToObj(i -> id + "-" + i + ".md").toList();

    names.forEach(name -> folders.drop(name, "Question " + name));

    assertThat(sizesSeen(names)).containsOnly((long) longAnswer.length());
    names.forEach(name -> assertThat(folders.answer(name).strip()).isEqualTo(longAnswer));
    assertThat(gateway.provider().calls()).hasSize(10);
    assertThat(gateway.provider().peakInFlight()).isGreaterThanOrEqualTo(5);
    assertThat(folders.answered()).filteredOn(file -> file.contains(id)).hasSize(20);
  }

  /** Every size that a reader saw of these answers until the last one was there. */
  private Set<Long> sizesSeen(List<String> names) {
    Set<Long> sizes = new HashSet<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              for (String name : names) {
                Path answer = folders.outbox().resolve(name);
                if (Files.exists(answer)) {
                  sizes.add((long) Files.readString(answer).strip().length());
                }
              }
              return names.stream().allMatch(name -> Files.exists(folders.outbox().resolve(name)));
            });
    return sizes;
  }

  @Test
  void a_file_that_is_still_being_written_is_left_alone() throws Exception {
    Path file = folders.inbox().resolve(id + ".md");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < 6; i++) {
        out.write(("part " + i + " of " + id + "\n").getBytes(UTF_8));
        out.flush();
        pause(Duration.ofMillis(150));
      }
      out.write("the end".getBytes(UTF_8));
    }

    folders.answer(id + ".md");

    assertThat(onlyCall().json().toString()).contains("part 0").contains("part 5", "the end");
  }

  @Test
  void what_cannot_be_a_prompt_goes_to_failed() {
    Map<String, byte[]> bad = new HashMap<>();
    bad.put(id + "-empty.md", new byte[0]);
    bad.put(id + "-blank.txt", " \n\t ".getBytes(UTF_8));
    bad.put(id + "-binary.txt", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, (byte) 0xff});
    bad.put(id + "-picture.png", "PNG".getBytes(UTF_8));
    bad.put(id + "-huge.md", new byte[30 * 1024 * 1024]);
    bad.put(id + "-broken.json", "{\"messages\":".getBytes(UTF_8));
    bad.put(id + "-string.json", "{\"messages\":\"hi\"}".getBytes(UTF_8));
    bad.put(
        id + "-unknown.json",
        "{\"model\":\"no-such\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"
            .getBytes(UTF_8));

    bad.forEach(folders::drop);

    for (String name : bad.keySet()) {
      JsonNode error = folders.error(name).path("error");
      assertThat(error.path("message").asText()).as(name).isNotBlank();
      assertThat(error.path("type").asText()).as(name).isNotBlank();
    }
    assertThat(gateway.provider().calls()).isEmpty();
    assertThat(folders.answered()).noneMatch(file -> file.contains(id));
    assertThat(Folders.names(folders.inbox())).noneMatch(file -> file.contains(id));
  }

  @Test
  void a_folder_that_is_no_role_fails_its_files() {
    Folders nobody = Folders.of(gateway.home(), "no-such-role");

    nobody.drop(id + ".md", "Hello?");

    JsonNode error = nobody.error(id + ".md").path("error");
    assertThat(error.path("code").asText()).isEqualTo("model_not_found");
    assertThat(error.path("message").asText()).contains("folder", "config/roles.yaml");
    assertThat(gateway.provider().calls()).isEmpty();
  }

  @Test
  void what_the_provider_refuses_goes_to_failed() {
    gateway.provider().byDefault(Behaviour.status(400));

    folders.drop(id + ".md", "Refuse " + id);

    assertThat(folders.error(id + ".md").path("error").path("message").asText()).isNotBlank();
    assertThat(folders.answered()).noneMatch(file -> file.contains(id));
  }

  @Test
  void files_that_somebody_is_still_writing_elsewhere_are_left_alone() {
    List<String> unfinished = List.of("." + id + ".md", id + ".md.tmp", id + ".md.part", id + "~");
    unfinished.forEach(name -> folders.drop(name, "not yet"));
    folders.drop(id + ".md", "for us " + id);

    folders.answer(id + ".md");

    assertThat(Folders.names(folders.inbox())).containsAll(unfinished);
    onlyCall();
  }

  @Test
  void a_restart_in_the_middle_loses_nothing_and_answers_once() {
    Map<String, String> quick = new HashMap<>(PROPERTIES);
    quick.put("camel.main.shutdown-timeout", "1");
    quick.put("spring.lifecycle.timeout-per-shutdown-phase", "1s");
    GatewayUnderTest before = GatewayUnderTest.start(quick);
    before.provider().next(Behaviour.blackHole());
    Folders mine = Folders.of(before.home(), ROLE);
    mine.drop(id + ".md", "Before the restart " + id);
    before.provider().awaitCalls(1);

    try (GatewayUnderTest after = before.restarted(quick)) {
      assertThat(mine.answer(id + ".md")).startsWith("This is answer");
      pause(Duration.ofSeconds(1));

      assertThat(mine.answered()).containsExactly(id + ".md", id + ".md.json");
      assertThat(Folders.names(mine.failed())).isEmpty();
      assertThat(after.provider().calls()).hasSize(2).filteredOn(Call::complete).hasSize(1);
    }
  }

  @Test
  void a_restart_after_the_answer_does_not_answer_again() {
    GatewayUnderTest before = GatewayUnderTest.start(PROPERTIES);
    Folders mine = Folders.of(before.home(), ROLE);
    mine.drop(id + ".md", "Once " + id);
    mine.answer(id + ".md");

    try (GatewayUnderTest after = before.restarted(PROPERTIES)) {
      pause(Duration.ofSeconds(1));

      assertThat(after.provider().calls()).hasSize(1);
      assertThat(mine.answered()).containsExactly(id + ".md", id + ".md.json");
    }
  }

  private Call onlyCall() {
    assertThat(gateway.provider().calls()).hasSize(1);
    return gateway.provider().calls().getFirst();
  }

  /** Lets the watcher poll a few times; there is nothing to wait for. */
  private static void pause(Duration time) {
    try {
      new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
