package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

/** A start that cannot succeed ends with what to do, and without a stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {
  @TempDir Path folder;

  private final MockEnvironment environment = new MockEnvironment();

  @Test
  void a_database_that_another_process_has_open(CapturedOutput console) throws SQLException {
    String url = "jdbc:h2:file:" + folder.resolve("serai");

    try (Connection other = DriverManager.getConnection(url)) {
      assertThat(other.isValid(1)).isTrue();
      // In the same JVM H2 would share it.
      start("--spring.datasource.url=" + url.replace("jdbc:h2:file:", "jdbc:h2:async:"));
    }

    assertThat(console.getOut())
        .contains("APPLICATION FAILED TO START", "SERAI_HOME (" + folder + ")")
        .doesNotContain("\tat ");
  }

  @Test
  void a_database_that_cannot_be_reached(CapturedOutput console) {
    start("--spring.datasource.url=jdbc:postgresql://u:geheim@127.0.0.1:1/serai?password=geheim");

    assertThat(console.getOut())
        .contains("The database jdbc:postgresql://127.0.0.1:1/serai cannot be reached")
        .contains("SPRING_DATASOURCE_URL")
        .doesNotContain("\tat ")
        .doesNotContain("geheim");
  }

  @Test
  void a_home_that_another_process_uses(CapturedOutput console) throws IOException {
    Path journal = Files.createDirectories(folder.resolve("journal"));
    try (var channel =
            java.nio.channels.FileChannel.open(
                journal.resolve("lock"),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.WRITE);
        var held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      start("--spring.datasource.url=jdbc:h2:mem:in-use");
    }

    assertThat(console.getOut())
        .contains("another Serai uses " + journal, "SERAI_HOME of its own")
        .doesNotContain("\tat ");
  }

  @Test
  void a_home_that_is_no_folder(CapturedOutput console) throws IOException {
    folder = Files.createFile(folder.resolve("file"));

    start();

    assertThat(console.getOut())
        .contains("SERAI_HOME is " + folder, "may write to")
        .doesNotContain("\tat ");
  }

  private void start(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--serai.home=" + folder);
    arguments.add("--server.port=0");
    arguments.add("--spring.datasource.hikari.connection-timeout=250");
    Throwable failure =
        catchThrowable(
            () ->
                SpringApplication.run(SeraiApplication.class, arguments.toArray(new String[0]))
                    .close());
    assertThat(failure).isNotNull();
  }

  @Test
  void a_database_of_another_kind() {
    environment.setProperty("serai.home", folder.toString());
    environment.setProperty("spring.datasource.url", "jdbc:other://u:geheim@db/serai");

    assertThatThrownBy(
            () -> new Footing().postProcessEnvironment(environment, new SpringApplication()))
        .isInstanceOf(NotStartableException.class)
        .hasMessageContaining("SPRING_DATASOURCE_URL")
        .hasMessageNotContaining("geheim");
  }

  @ParameterizedTest
  @CsvSource({
    "28P01, 0, does not let this user in",
    "3D000, 0, is not there",
    "08001, 0, cannot be reached",
    "90020, 90020, Another process",
    "90062, 90062, cannot be opened"
  })
  void knows_why_a_database_cannot_be_had(String state, int code, String says) {
    environment.setProperty("spring.datasource.url", "jdbc:h2:file:/data/serai;PASSWORD=geheim");

    FailureAnalysis analysis = analyse(new SQLException("geheim", state, code));

    assertThat(analysis).isNotNull();
    assertThat(analysis.getDescription()).contains(says).doesNotContain("geheim");
    assertThat(analysis.getAction()).isNotBlank();
  }

  @Test
  void leaves_what_it_does_not_know_to_others() {
    assertThat(analyse(new SQLException("syntax", "42601", 0))).isNull();
  }

  private FailureAnalysis analyse(SQLException failure) {
    return new DatabaseFailureAnalyzer(environment).analyze(new IllegalStateException(failure));
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://db:5432/serai?user=u&password=p, jdbc:postgresql://db:5432/serai",
    "jdbc:postgresql://u:p@db/serai, jdbc:postgresql://db/serai",
    "jdbc:h2:file:/data/serai;PASSWORD=p, jdbc:h2:file:/data/serai",
    "jdbc:h2:mem:x, jdbc:h2:mem:x"
  })
  void an_address_is_shown_without_secrets(String url, String shown) {
    assertThat(DatabaseFailureAnalyzer.withoutSecrets(url)).isEqualTo(shown);
  }
}
