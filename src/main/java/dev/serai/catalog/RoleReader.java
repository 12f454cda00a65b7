package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.RoleEntry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code roles.yaml}. */
final class RoleReader {
  private static final BigDecimal HOTTEST = BigDecimal.valueOf(2);
  private static final int STANDARD_OUTPUT_TOKENS = 4096;

  private RoleReader() {}

  static Role read(
      String name, RoleEntry raw, Function<String, List<Target>> resolve, Entry entry) {
    entry.name("its name", name, "name the entry");
    String temperature = Entry.text(raw.temperature());
    return new Role(
        name,
        entry.required("description", raw.description(), "say in a sentence what it is for"),
        targets(raw.targets(), resolve, entry),
        temperature == null
            ? null
            : entry.decimal(
                "temperature", temperature, BigDecimal.ZERO, HOTTEST, "give 0 to 2, such as 0.1"),
        timeout(raw.timeout(), entry),
        cache(Objects.requireNonNullElse(Entry.text(raw.cache()), "on"), entry),
        entry.count(
            "max-output-tokens",
            raw.maxOutputTokens(),
            STANDARD_OUTPUT_TOKENS,
            1,
            Integer.MAX_VALUE));
  }

  private static @Nullable Duration timeout(@Nullable String value, Entry entry) {
    return Entry.text(value) == null
        ? null
        : entry.duration("timeout", value, Duration.ofSeconds(30));
  }

  private static List<Target> targets(
      List<String> raw, Function<String, List<Target>> resolve, Entry entry) {
    List<Target> targets = new ArrayList<>();
    boolean named = false;
    for (String value : raw) {
      String text = Entry.text(value);
      if (text == null) {
        continue;
      }
      named = true;
      List<Target> found = resolve.apply(text);
      if (found.isEmpty()) {
        entry.problem(
            "target is unknown (%s): add the model to models.yaml, or qualify it as provider/model"
                .formatted(text));
      }
      found.stream().filter(target -> !targets.contains(target)).forEach(targets::add);
    }
    if (!named) {
      entry.problem("targets are missing: give at least one, such as openai/gpt-4o-mini");
    }
    return List.copyOf(targets);
  }

  /** YAML reads a bare {@code on} as true and {@code off} as false. */
  private static CacheMode cache(String value, Entry entry) {
    String word =
        switch (value) {
          case "true" -> "on";
          case "false" -> "off";
          default -> value;
        };
    return entry.choice("cache", word, CacheMode.class, CacheMode.ON);
  }
}
