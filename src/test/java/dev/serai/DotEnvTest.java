package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DotEnvTest {
  @TempDir Path folder;

  @Test
  void reads_names_and_values() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(".env"),
            """
            # a comment = nothing

            PLAIN=a=b
              export EXPORTED = spaced\s
            QUOTED="with # and  spaces" # a comment
            SINGLE='it "is"'
            COMMENTED=value # a comment
            URL=http://host/#anchor
            EMPTY=
            NOTHING=# a comment
            OPEN="no end
            this is no variable
            1ST=no
            PLAIN_TWICE=first
            PLAIN_TWICE=second
            """);

    assertThat(DotEnv.read(file))
        .containsExactly(
            entry("PLAIN", "a=b"),
            entry("EXPORTED", "spaced"),
            entry("QUOTED", "with # and  spaces"),
            entry("SINGLE", "it \"is\""),
            entry("COMMENTED", "value"),
            entry("URL", "http://host/#anchor"),
            entry("EMPTY", ""),
            entry("NOTHING", ""),
            entry("OPEN", "\"no end"),
            entry("PLAIN_TWICE", "second"));
  }

  @Test
  void need_not_be_there() {
    assertThat(DotEnv.read(folder.resolve("none"))).isEmpty();
  }

  @Test
  void says_which_file_is_no_text() throws IOException {
    Path file = Files.write(folder.resolve(".env"), new byte[] {'A', '=', (byte) 0xff});

    assertThatThrownBy(() -> DotEnv.read(file))
        .isInstanceOf(NotStartableException.class)
        .hasMessageContaining(file.toString());
  }
}
