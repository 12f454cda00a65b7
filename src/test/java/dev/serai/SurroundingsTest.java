package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SurroundingsTest {
  @TempDir Path folder;

  private final StandardEnvironment environment = new StandardEnvironment();

  @Test
  void the_process_wins_over_the_file_even_with_nothing() throws IOException {
    Files.writeString(
        folder.resolve(".env"), "SERVER_PORT=1\nOPENAI_API_KEY=from-file\nSERAI_HOME=from-file\n");

    look(Map.of("SERVER_PORT", "2", "OPENAI_API_KEY", ""));

    assertThat(environment.getProperty("SERVER_PORT")).isEqualTo("2");
    assertThat(environment.getProperty("OPENAI_API_KEY")).isNull();
    assertThat(environment.getProperty("SERAI_HOME")).isEqualTo("from-file");
  }

  @Test
  void an_empty_value_is_as_if_it_were_not_set() throws IOException {
    Files.writeString(folder.resolve(".env"), "DEFAULT_RAG_MODEL=\nDEFAULT_CAG_MODEL=' '\n");

    look(Map.of("DEFAULT_HYBRID_MODEL", ""));

    assertThat(environment.resolvePlaceholders("${DEFAULT_RAG_MODEL:packaged}"))
        .isEqualTo("packaged");
    assertThat(environment.resolvePlaceholders("${DEFAULT_CAG_MODEL:packaged}"))
        .isEqualTo("packaged");
    assertThat(environment.resolvePlaceholders("${DEFAULT_HYBRID_MODEL:packaged}"))
        .isEqualTo("packaged");
  }

  @Test
  void settings_can_be_set_in_the_file_by_their_variables() throws IOException {
    Files.writeString(folder.resolve(".env"), "SERAI_LIMITS_INFLIGHT=7\n");

    look(Map.of());

    assertThat(Binder.get(environment).bind("serai.limits.in-flight", Integer.class).get())
        .isEqualTo(7);
  }

  @Test
  void without_folders_the_packaged_files_are_used() {
    look(Map.of("SERAI_CONFIG", "", "SERAI_ROUTES", " "));

    assertThat(environment.getProperty("serai.config.location")).isNull();
    assertThat(environment.getProperty("serai.routes.pattern")).isNull();
  }

  @Test
  void a_folder_replaces_the_packaged_configuration() {
    look(Map.of("SERAI_CONFIG", folder.toString()));

    assertThat(environment.getProperty("serai.config.location")).isEqualTo("file:" + folder);
    assertThat(environment.getProperty("spring.config.additional-location"))
        .isEqualTo("optional:file:" + folder + "/");
  }

  @Test
  void a_folder_replaces_the_packaged_routes() throws IOException {
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(folder.resolve("a/b.camel.yaml"), "[]");

    look(Map.of("SERAI_ROUTES", folder.toString()));

    assertThat(environment.getProperty("serai.routes.pattern"))
        .isEqualTo("file:" + folder + "/**/*.camel.yaml");
  }

  @Test
  void a_folder_that_is_not_there_stops_the_start() {
    for (String variable : List.of("SERAI_CONFIG", "SERAI_ROUTES")) {
      assertThatThrownBy(() -> look(Map.of(variable, folder.resolve("no").toString())))
          .isInstanceOf(NotStartableException.class)
          .hasMessageContaining(variable)
          .hasMessageContaining(folder.resolve("no").toString());
    }
  }

  @Test
  void a_folder_without_routes_stops_the_start() {
    assertThatThrownBy(() -> look(Map.of("SERAI_ROUTES", folder.toString())))
        .isInstanceOf(NotStartableException.class)
        .hasMessageContaining("holds no *.camel.yaml");
  }

  @Test
  void what_stops_the_start_is_explained_without_a_stack_trace() {
    var analysis =
        new NotStartableException.Analyzer()
            .analyze(new IllegalStateException(new NotStartableException("It is so.", "Do this.")));

    assertThat(analysis.getDescription()).isEqualTo("It is so.");
    assertThat(analysis.getAction()).isEqualTo("Do this.");
  }

  @Test
  void the_template_has_every_variable_that_the_configuration_reads() throws IOException {
    String template = Files.readString(Path.of(".env.template"));
    // Their parts are not built yet: a key would only make roles answer 503.
    List<String> later = List.of("ANTHROPIC_", "AWS_");
    StringBuilder files = new StringBuilder();
    for (String name : List.of("application", "providers", "roles")) {
      files.append(Files.readString(Path.of("config", name + ".yaml")));
    }

    List<String> read =
        Pattern.compile("\\$\\{([A-Z][A-Z0-9_]+)")
            .matcher(files)
            .results()
            .map(match -> match.group(1))
            .filter(name -> later.stream().noneMatch(name::startsWith))
            .distinct()
            .toList();

    assertThat(read).contains("OPENAI_API_KEY", "SERAI_HOME");
    assertThat(template.lines().map(line -> line.replaceFirst("=.*", ""))).containsAll(read);
  }

  private void look(Map<String, Object> variables) {
    environment
        .getPropertySources()
        .replace(
            "systemEnvironment",
            new SystemEnvironmentPropertySource("systemEnvironment", variables));
    new Surroundings(folder.resolve(".env"))
        .postProcessEnvironment(environment, new SpringApplication());
  }
}
