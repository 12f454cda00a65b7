package dev.serai.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** A catalog from the real files, or from text, as Spring reads them. */
public final class Configured {
  private static final List<String> FILES = List.of("providers", "models", "roles", "tenants");

  private Configured() {}

  /** The packaged files without any environment variable. */
  public static Catalog packaged() {
    return packaged(Map.of());
  }

  /** The packaged files with these environment variables. */
  public static Catalog packaged(Map<String, String> variables) {
    return Catalog.from(environment(variables), "config");
  }

  static Map<String, String> revealed(Map<String, Secret> secrets) {
    Map<String, String> values = new HashMap<>();
    secrets.forEach((name, secret) -> values.put(name, secret.reveal()));
    return values;
  }

  static Environment environment(Map<String, String> variables) {
    return environment(variables, Path.of("config/models.yaml"));
  }

  /** As Spring reads the packaged files, with another {@code models.yaml}. */
  public static ConfigurableEnvironment environment(Map<String, String> variables, Path models) {
    return environment(
        variables,
        FILES.stream()
            .map(name -> name.equals("models") ? models : Path.of("config", name + ".yaml"))
            .map(file -> (Resource) new FileSystemResource(file))
            .toList());
  }

  static Catalog yaml(String text) {
    Resource resource = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
    return Catalog.from(environment(Map.of(), List.of(resource)), "config");
  }

  private static ConfigurableEnvironment environment(
      Map<String, String> variables, List<Resource> files) {
    StandardEnvironment environment = new StandardEnvironment();
    MutablePropertySources sources = environment.getPropertySources();
    sources.stream().map(source -> source.getName()).toList().forEach(sources::remove);
    sources.addLast(
        new SystemEnvironmentPropertySource(
            "systemEnvironment", Map.<String, Object>copyOf(variables)));
    for (Resource file : files) {
      try {
        new YamlPropertySourceLoader().load(file.getDescription(), file).forEach(sources::addLast);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    ConfigurationPropertySources.attach(environment);
    return environment;
  }
}
