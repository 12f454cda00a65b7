package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The last test of all: no key that any of them used is in an answer or on the console. */
@Isolated
@Order(Integer.MAX_VALUE)
class SuiteSecrecyTest {
  private static final String CANARY = TestKeys.secret("canary-of-the-suite");

  @TempDir Path folder;

  @Test
  void no_key_of_any_test_was_answered() {
    assertThat(TestKeys.seen()).isEmpty();
  }

  @Test
  void no_key_of_any_test_is_on_the_console() throws IOException {
    System.out.flush();
    System.err.flush();

    assertThat(Files.exists(ConsoleCopy.FILE)).as("what was written to the console").isTrue();
    assertThat(TestKeys.in(ConsoleCopy.FILE)).isEmpty();
  }

  @Test
  void a_key_on_the_console_would_be_found() throws IOException {
    Path console = Files.writeString(folder.resolve("console"), "good\nkey=" + CANARY + ".\n");

    assertThat(TestKeys.in(console)).containsExactly(CANARY + " in line 2");
  }

  @Test
  void a_key_in_an_answer_would_be_found() {
    new Answer(200, Map.of("x-why", CANARY), "{}".getBytes(UTF_8));
    new Answer(200, Map.of(), ("{\"key\":\"" + CANARY + "\"}").getBytes(UTF_8));

    assertThat(TestKeys.seen()).contains(CANARY + " in an answer", CANARY + " in its headers");
    TestKeys.forgive("an answer");
    TestKeys.forgive("its headers");
  }
}
