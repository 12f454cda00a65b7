package dev.serai.pricelist;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.CatalogException;
import dev.serai.catalog.Model;
import dev.serai.catalog.Price;
import dev.serai.pricelist.PriceDiff.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/**
 * Compares a price file with the catalog, and writes {@code models.yaml} when it is told to: only
 * if the catalog can be built from the outcome, and says what the price file does.
 */
final class PriceImport {
  private final ConfigurableEnvironment environment;
  private final String folder;

  PriceImport(ConfigurableEnvironment environment, String folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /**
   * Compares, and writes.
   *
   * @param file the price file
   * @param only the ids of models to look at; empty for all
   * @param models the file to write into; null to write nothing
   * @param out takes what there is to read, line by line
   * @throws PriceFileException when it cannot be done; nothing is written then
   * @throws CatalogException when the configuration cannot be used as it is
   */
  void run(Path file, Set<String> only, @Nullable Path models, Consumer<String> out) {
    PriceList list = PriceFile.read(file);
    PriceDiff diff = PriceDiff.of(Catalog.from(environment, folder), list, only);
    DiffText.of(list, diff).forEach(out);
    boolean differs = !diff.changed().isEmpty() || !diff.added().isEmpty();
    if (models != null && differs) {
      write(models, list, diff);
      out.accept("# written: " + models);
    } else {
      out.accept(
          differs
              ? "# nothing was written: add --write, and --only=<id>,… for some of them"
              : "# nothing to write");
    }
  }

  private void write(Path models, PriceList list, PriceDiff diff) {
    String text;
    try {
      ModelsFile edited = new ModelsFile(Files.readAllLines(models));
      for (Change change : diff.changed()) {
        edited.change(
            change.model().providerName(),
            change.model().id(),
            change.before().version(),
            list.day().toString(),
            DiffText.price(list, change));
      }
      diff.added().forEach(offer -> edited.add(DiffText.model(list, offer)));
      text = String.join("\n", edited.lines()) + "\n";
    } catch (IOException e) {
      throw new PriceFileException(
          models + " cannot be read.", "Name the folder it is in with SERAI_CONFIG.");
    }
    verify(text, list, diff);
    try {
      Path draft = models.resolveSibling(models.getFileName() + ".tmp");
      Files.writeString(draft, text);
      Files.move(draft, models, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PriceFileException(
          models + " cannot be written.", "Let this user write to it and to its folder.");
    }
  }

  private void verify(String text, PriceList list, PriceDiff diff) {
    Catalog catalog = catalogWith(text);
    for (Change change : diff.changed()) {
      Model model = change.model();
      demand(catalog, list, model.providerName(), model.id(), change.after());
    }
    for (Offer offer : diff.added()) {
      demand(catalog, list, offer.providerName(), offer.id(), offer.quote());
    }
  }

  private Catalog catalogWith(String text) {
    StandardEnvironment changed = new StandardEnvironment();
    MutablePropertySources sources = changed.getPropertySources();
    List<String> own = sources.stream().map(PropertySource::getName).toList();
    own.forEach(sources::remove);
    try {
      new YamlPropertySourceLoader()
          .load("changed models.yaml", new ByteArrayResource(text.getBytes(UTF_8)))
          .forEach(sources::addLast);
      environment.getPropertySources().stream()
          .filter(source -> !source.getName().equals("configurationProperties"))
          .forEach(sources::addLast);
      return Catalog.from(changed, folder);
    } catch (IOException | RuntimeException e) {
      // Whatever a reader of YAML or the catalog has against it.
      throw new PriceFileException(
          "models.yaml would not be usable: " + e.getMessage(),
          "Nothing was written: leave these models out with --only, or paste and mend them.");
    }
  }

  private static void demand(
      Catalog catalog, PriceList list, String provider, String id, Quote quote) {
    Model model = catalog.model(provider, id);
    Price price =
        model == null ? null : model.priceAt(list.day().atStartOfDay(ZoneOffset.UTC).toInstant());
    if (price == null || !Listed.all(price).differences(quote).isEmpty()) {
      throw new PriceFileException(
          "models.yaml would not say what the price file does of " + id + ".",
          "Nothing was written: paste its entry from what is printed without --write.");
    }
  }
}
