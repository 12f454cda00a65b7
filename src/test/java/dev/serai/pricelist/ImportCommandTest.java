package dev.serai.pricelist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.catalog.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultBootstrapContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

class ImportCommandTest {
  private static final String FILE = "src/test/resources/prices/openrouter.json";

  @TempDir Path folder;

  @Test
  void without_it_the_gateway_starts_as_ever() {
    assertThatCode(() -> start("--write", "--serai.home=x")).doesNotThrowAnyException();
  }

  @Test
  void with_it_nothing_is_started_and_without_write_nothing_is_written() throws IOException {
    Path models = Files.copy(Path.of("config/models.yaml"), folder.resolve("models.yaml"));

    assertThatThrownBy(() -> start("--import-prices=" + FILE))
        .isInstanceOf(AbandonedRunException.class);

    assertThat(Files.readString(models)).isEqualTo(Files.readString(Path.of("config/models.yaml")));
  }

  @Test
  void writes_into_the_folder_that_replaces_the_packaged_one() throws IOException {
    Path models = Files.copy(Path.of("config/models.yaml"), folder.resolve("models.yaml"));

    assertThatThrownBy(
            () -> start("--import-prices=" + FILE, "--only=caravan/camel-2,x", "--write"))
        .isInstanceOf(AbandonedRunException.class);

    assertThat(Files.readString(models))
        .contains("- id: \"caravan/camel-2\"")
        .doesNotContain("caravan/camel-2:free");
  }

  @Test
  void says_what_is_missing() {
    assertThatThrownBy(() -> start("--import-prices"))
        .isInstanceOf(PriceFileException.class)
        .hasMessage("--import-prices names no file.");
    assertThatThrownBy(() -> start("--import-prices=" + FILE, "--write"))
        .isInstanceOf(PriceFileException.class)
        .hasMessageEndingWith("models.yaml is not there to be written.");
  }

  private void start(String... arguments) {
    ConfigurableEnvironment environment =
        Configured.environment(Map.of(), Path.of("config/models.yaml"));
    environment
        .getPropertySources()
        .addLast(
            new MapPropertySource("folders", Map.of("serai.config.location", "file:" + folder)));
    new ImportCommand()
        .onApplicationEvent(
            new ApplicationEnvironmentPreparedEvent(
                new DefaultBootstrapContext(), new SpringApplication(), arguments, environment));
  }
}
