package dev.serai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * What the gateway stands on, looked at when the configuration has been read and before anything
 * uses it: a folder that can be written to, and a database of a kind that is known.
 */
final class Footing implements EnvironmentPostProcessor, Ordered {

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /**
   * Makes the home where it is missing.
   *
   * @throws NotStartableException when it cannot be written to, or when the database is of a kind
   *     that has no driver here
   */
  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    String url = environment.getProperty("spring.datasource.url", "");
    if (!url.isEmpty() && !url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
      throw new NotStartableException(
          "SPRING_DATASOURCE_URL names a database that is neither PostgreSQL nor H2.",
          "Set it to something like jdbc:postgresql://db:5432/serai, or start without it to keep"
              + " the database below SERAI_HOME.");
    }
    String home = environment.getProperty("serai.home", "./data");
    try {
      Path folder = Files.createDirectories(Path.of(home));
      Files.delete(Files.createTempFile(folder, ".writable", null));
    } catch (IOException | InvalidPathException e) {
      throw new NotStartableException(
          "SERAI_HOME is " + home + ", and nothing can be written there.",
          "Make it a folder that this user may write to, or set SERAI_HOME to another one.");
    }
  }
}
