package dev.serai;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * What the gateway takes from around it before it reads its configuration: the variables of a
 * {@code .env} file in the working directory beside those of the process, and the folders that
 * replace the packaged {@code config/} and {@code routes/}.
 *
 * <p>A variable of the process wins over {@code .env}, also an empty one; an empty value is then as
 * if it were not set, so that {@code DEFAULT_RAG_MODEL=} means the packaged model.
 */
final class Surroundings implements EnvironmentPostProcessor, Ordered {

  private static final String VARIABLES =
      StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

  private final Path dotEnv;

  Surroundings() {
    this(Path.of(".env"));
  }

  Surroundings(Path dotEnv) {
    this.dotEnv = dotEnv;
  }

  @Override
  public int getOrder() {
    return ConfigDataEnvironmentPostProcessor.ORDER - 1;
  }

  /**
   * Adds what was found.
   *
   * @throws NotStartableException when a folder is named that is not there
   */
  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    MutablePropertySources sources = environment.getPropertySources();
    variables(sources);
    Map<String, Object> folders = new LinkedHashMap<>();
    Path config = folder(environment, "serai.config", "SERAI_CONFIG");
    if (config != null) {
      folders.put("serai.config.location", "file:" + config);
      folders.put("spring.config.additional-location", "optional:file:" + config + "/");
    }
    Path routes = folder(environment, "serai.routes", "SERAI_ROUTES");
    if (routes != null) {
      refuseEmpty(routes);
      folders.put("serai.routes.pattern", "file:" + routes + "/**/*.camel.yaml");
    }
    if (!folders.isEmpty()) {
      sources.addLast(new MapPropertySource("seraiFolders", folders));
    }
  }

  private void variables(MutablePropertySources sources) {
    Map<String, Object> variables = new LinkedHashMap<>(DotEnv.read(dotEnv));
    PropertySource<?> process = sources.get(VARIABLES);
    if (process != null && process.getSource() instanceof Map<?, ?> own) {
      own.forEach((name, value) -> variables.put(String.valueOf(name), value));
    }
    variables.values().removeIf(value -> value.toString().isBlank());
    PropertySource<?> all = new SystemEnvironmentPropertySource(VARIABLES, variables);
    if (process == null) {
      sources.addLast(all);
    } else {
      sources.replace(VARIABLES, all);
    }
  }

  private static @Nullable Path folder(
      ConfigurableEnvironment environment, String setting, String variable) {
    String text = environment.getProperty(setting);
    if (text == null || text.isBlank()) {
      return null;
    }
    Path folder = Path.of(text).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new NotStartableException(
          variable + " names " + folder + ", which is no folder.",
          "Create it, or start without " + variable + " to use the packaged files.");
    }
    return folder;
  }

  private static void refuseEmpty(Path routes) {
    try (Stream<Path> files = Files.walk(routes)) {
      if (files.anyMatch(file -> file.toString().endsWith(".camel.yaml"))) {
        return;
      }
    } catch (IOException | UncheckedIOException e) {
      throw new NotStartableException(
          "SERAI_ROUTES names " + routes + ", which cannot be read.", "Check who may read it.");
    }
    throw new NotStartableException(
        "SERAI_ROUTES names " + routes + ", which holds no *.camel.yaml file.",
        "Copy routes/ there and change it, or start without SERAI_ROUTES.");
  }
}
