package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.chat.ApiError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  @TempDir Path home;

  private Outbox outbox;

  @BeforeEach
  void make() {
    outbox = new Outbox(home);
  }

  @Test
  void puts_the_text_under_the_files_name_and_the_result_beside_it() throws IOException {
    outbox.deliver(dropped("rag/q.md"), "The answer", "{\"content\":\"The answer\"}");

    assertThat(home.resolve("outbox/rag/q.md")).hasContent("The answer");
    assertThat(home.resolve("outbox/rag/q.md.json")).hasContent("{\"content\":\"The answer\"}");
    assertThat(names("outbox/rag")).containsExactly("q.md", "q.md.json");
  }

  @Test
  void answers_json_with_json() throws IOException {
    outbox.deliver(dropped("rag/q.json"), "The answer", "{\"content\":\"The answer\"}");

    assertThat(home.resolve("outbox/rag/q.json")).hasContent("{\"content\":\"The answer\"}");
  }

  @Test
  void takes_the_place_of_an_older_answer() throws IOException {
    outbox.deliver(dropped("rag/q.md"), "Old", "{}");

    outbox.deliver(dropped("rag/q.md"), "New", "{}");

    assertThat(home.resolve("outbox/rag/q.md")).hasContent("New");
  }

  @Test
  void moves_what_failed_and_says_why() throws IOException {
    PromptFile file = dropped("rag/q.md");

    outbox.fail(file, "req-1", ApiError.tooLarge("Split it."));

    assertThat(file.path()).doesNotExist();
    assertThat(home.resolve("failed/rag/q.md")).hasContent("A question");
    JsonNode reason =
        new ObjectMapper().readTree(home.resolve("failed/rag/q.md.error.json").toFile());
    assertThat(reason.path("error").path("code").asText()).isEqualTo("request_too_large");
    assertThat(reason.path("error").path("message").asText()).isEqualTo("Split it.");
    assertThat(reason.path("status").asInt()).isEqualTo(413);
    assertThat(reason.path("request_id").asText()).isEqualTo("req-1");
  }

  @Test
  void says_why_even_when_somebody_took_the_file_away() throws IOException {
    PromptFile file = dropped("rag/q.md");
    Files.delete(file.path());

    outbox.fail(file, "req-1", ApiError.tooLarge("Split it."));

    assertThat(names("failed/rag")).containsExactly("q.md.error.json");
  }

  @Test
  void leaves_no_half_of_a_file_when_it_cannot_write() throws IOException {
    PromptFile file = dropped("rag/q.md");
    Files.createDirectories(home.resolve("outbox/rag/q.md/in-the-way"));

    assertThatThrownBy(() -> outbox.deliver(file, "The answer", "{}"))
        .isInstanceOf(IOException.class);

    assertThat(names("outbox/rag")).containsExactly("q.md", "q.md.json");
    assertThat(file.path()).exists();
  }

  @Test
  void the_longest_name_with_room_for_its_answers_is_delivered() throws IOException {
    String name = "q".repeat(247) + ".md";

    outbox.deliver(dropped("rag/" + name), "The answer", "{}");

    assertThat(names("outbox/rag")).containsExactly(name, name + ".json");
  }

  @Test
  void names_without_room_for_the_reason_are_cut_and_kept_apart() throws IOException {
    String start = "ä".repeat(125);
    PromptFile one = dropped("rag/" + start + "1.md");
    PromptFile two = dropped("rag/" + start + "2.md");

    outbox.fail(one, "req-1", ApiError.tooLarge("Split it."));
    outbox.fail(two, "req-2", ApiError.tooLarge("Split it."));

    assertThat(one.path()).doesNotExist();
    assertThat(names("failed/rag"))
        .hasSize(4)
        .allMatch(name -> name.startsWith("ä".repeat(80)))
        .filteredOn(name -> name.endsWith(".md"))
        .hasSize(2);
  }

  @Test
  void does_not_move_what_a_link_leads_to() throws IOException {
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("q.md"), "Not a prompt");
    Files.createDirectories(home.resolve("inbox"));
    Files.createSymbolicLink(home.resolve("inbox/rag"), elsewhere);

    outbox.fail(
        new PromptFile(home.resolve("inbox"), Path.of("rag", "q.md")),
        "req-1",
        ApiError.tooLarge("Split it."));

    assertThat(elsewhere.resolve("q.md")).hasContent("Not a prompt");
    assertThat(names("failed/rag")).containsExactly("q.md.error.json");
  }

  @Test
  void does_not_move_another_file_of_the_same_name() throws IOException {
    PromptFile file = dropped("rag/q.md");
    Files.writeString(file.path(), "Another question");

    outbox.fail(file, "req-1", ApiError.tooLarge("Split it."));

    assertThat(file.path()).hasContent("Another question");
  }

  private PromptFile dropped(String name) throws IOException {
    Path path = home.resolve("inbox").resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "A question");
    return new PromptFile(home.resolve("inbox"), Path.of(name));
  }

  private List<String> names(String folder) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
