package dev.serai.pricelist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * {@code --import-prices=<file>}: in place of starting the gateway, once the configuration is read
 * and before anything else is.
 */
final class ImportCommand implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
  private static final String IN_FOLDER = "file:";

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    DefaultApplicationArguments arguments = new DefaultApplicationArguments(event.getArgs());
    List<String> files = arguments.getOptionValues("import-prices");
    if (files == null) {
      return;
    }
    if (files.size() != 1 || files.getFirst().isBlank()) {
      throw new PriceFileException(
          "--import-prices names no file.", "Give one: --import-prices=prices.json");
    }
    ConfigurableEnvironment environment = event.getEnvironment();
    Path models = arguments.containsOption("write") ? modelsFile(environment) : null;
    Set<String> only = new HashSet<>();
    List<String> named = arguments.getOptionValues("only");
    if (named != null) {
      named.forEach(ids -> only.addAll(List.of(ids.split(",", -1))));
    }
    new PriceImport(environment, environment.getProperty("serai.config", "config"))
        .run(Path.of(files.getFirst()), only, models, System.out::println);
    throw new AbandonedRunException();
  }

  private static Path modelsFile(ConfigurableEnvironment environment) {
    String location = environment.getProperty("serai.config.location");
    Path folder = Path.of(location == null ? "config" : location.substring(IN_FOLDER.length()));
    Path models = folder.resolve("models.yaml");
    if (!Files.isRegularFile(models)) {
      throw new PriceFileException(
          models + " is not there to be written.",
          "Copy config/ somewhere and name that folder with SERAI_CONFIG.");
    }
    return models;
  }
}
