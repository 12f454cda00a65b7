package dev.serai.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.chat.ApiException;
import dev.serai.dialect.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptFileTest {
  private static final int MAX_BYTES = 1_000;

  @TempDir Path inbox;

  @Test
  void a_text_becomes_the_users_message() throws IOException {
    byte[] request = dropped("q.md", "\ufeffWhat?").read(MAX_BYTES, Operation.CHAT);

    assertThat(new String(request, UTF_8))
        .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"What?\"}]}");
  }

  @Test
  void the_longest_name_is_the_one_whose_answer_fits() throws IOException {
    PromptFile fits = dropped("ä".repeat(123) + "x.md", "What?");
    PromptFile tooLong = dropped("ä".repeat(124) + ".md", "What?");

    assertThat(fits.read(MAX_BYTES, Operation.CHAT)).isNotEmpty();
    assertThatThrownBy(() -> tooLong.read(MAX_BYTES, Operation.CHAT))
        .hasMessageContaining("250 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"q1.md.json", "q1.txt.json", "q1.json.json", "Q1.MD.JSON"})
  void a_name_that_another_files_answer_has_is_refused(String name) throws IOException {
    PromptFile file = dropped(name, "{\"messages\":[]}");

    assertThatThrownBy(() -> file.read(MAX_BYTES, Operation.CHAT))
        .hasMessageContaining("rename it");
  }

  @Test
  void a_name_with_other_dots_is_taken() throws IOException {
    assertThat(dropped("q1.v2.json", "{\"messages\":[]}").read(MAX_BYTES, Operation.CHAT))
        .isNotEmpty();
  }

  @Test
  void a_file_that_changes_is_just_too_early() throws IOException {
    PromptFile file = dropped("q.md", "What?");
    Files.writeString(file.path(), "What else?");

    ApiException thrown =
        catchThrowableOfType(ApiException.class, () -> file.read(MAX_BYTES, Operation.CHAT));

    assertThat(thrown.error().status()).isEqualTo(429);
    assertThat(file.unchanged()).isFalse();
  }

  @Test
  void what_is_no_file_is_refused() throws IOException {
    Files.createDirectories(inbox.resolve("q.md"));
    PromptFile file = new PromptFile(inbox, Path.of("q.md"));

    assertThatThrownBy(() -> file.read(MAX_BYTES, Operation.CHAT))
        .hasMessageContaining("no ordinary file");
  }

  @Test
  void what_a_link_leads_to_is_not_read() throws IOException {
    Path elsewhere = Files.createDirectories(inbox.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("q.md"), "Not a prompt");
    Files.createSymbolicLink(inbox.resolve("rag"), elsewhere);
    PromptFile file = new PromptFile(inbox, Path.of("rag", "q.md"));

    assertThat(file.unchanged()).isFalse();
    assertThatThrownBy(() -> file.read(MAX_BYTES, Operation.CHAT)).isInstanceOf(ApiException.class);
  }

  private PromptFile dropped(String name, String text) throws IOException {
    Files.writeString(inbox.resolve(name), text);
    return new PromptFile(inbox, Path.of(name));
  }
}
