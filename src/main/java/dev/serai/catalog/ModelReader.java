package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.ModelEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Reads one entry of {@code models.yaml}. */
final class ModelReader {
  private ModelReader() {}

  static Model read(ModelEntry raw, Set<String> providerNames, Entry entry) {
    String id = entry.modelId("id", raw.id(), "give the name that the provider is told");
    String provider = entry.required("provider", raw.provider(), "give a provider-name");
    if (!provider.isEmpty() && !providerNames.contains(provider)) {
      entry.problem(
          "provider is unknown (%s): give one of %s, or add it to providers.yaml"
              .formatted(provider, String.join(", ", providerNames)));
    }
    List<String> aliases = new ArrayList<>();
    for (String alias : raw.aliases()) {
      aliases.add(entry.modelId("alias", alias, "give a name or leave it out"));
    }
    List<String> profiles = new ArrayList<>();
    for (String region : raw.inferenceProfiles()) {
      profiles.add(entry.name("inference-profile", region, "give a region such as us") + "." + id);
    }
    String kind = Objects.requireNonNullElse(Entry.text(raw.kind()), "chat");
    return new Model(
        id,
        provider,
        List.copyOf(aliases),
        List.copyOf(profiles),
        entry.choice("kind", kind, Model.Kind.class, Model.Kind.CHAT),
        entry.flag("fixed-sampling", raw.fixedSampling()),
        entry.optionalCount("context-window", raw.contextWindow()),
        entry.optionalCount("max-output-tokens", raw.maxOutputTokens()),
        entry.optionalCount("dimensions", raw.dimensions()),
        PriceReader.read(raw.prices(), entry));
  }
}
