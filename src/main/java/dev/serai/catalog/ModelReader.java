package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.FiguresEntry;
import dev.serai.catalog.CatalogProperties.ModelEntry;
import dev.serai.catalog.CatalogProperties.PriceEntry;
import dev.serai.catalog.CatalogProperties.TierEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        prices(raw.prices(), entry));
  }

  private static List<Price> prices(List<PriceEntry> raw, Entry entry) {
    if (raw.isEmpty()) {
      entry.problem(
          "prices are missing: give at least one, or leave the model out and have it unpriced");
    }
    List<Price> prices = new ArrayList<>();
    Set<String> versions = new HashSet<>();
    for (int i = 0; i < raw.size(); i++) {
      String version = Entry.text(raw.get(i).version());
      Entry at = entry.at("price " + (version == null ? "number " + (i + 1) : version));
      Price price = price(raw.get(i), at);
      if (!versions.add(price.version())) {
        at.problem("version is there twice: give each price of a model its own");
      }
      for (Price other : prices) {
        if (price.overlaps(other)) {
          at.problem(
              "holds at the same time as price "
                  + other.version()
                  + ": end one with valid-until where the other starts with valid-from");
        }
      }
      prices.add(price);
    }
    return List.copyOf(prices);
  }

  private static Price price(PriceEntry raw, Entry entry) {
    Instant from = entry.instant("valid-from", raw.validFrom());
    Instant until = entry.instant("valid-until", raw.validUntil());
    if (from != null && until != null && !from.isBefore(until)) {
      entry.problem("valid-from is not before valid-until: it would never hold");
    }
    Map<ServiceTier, UnitPrices> services = new EnumMap<>(ServiceTier.class);
    service(ServiceTier.BATCH, "batch", raw.batch(), services, entry);
    service(ServiceTier.FLEX, "flex", raw.flex(), services, entry);
    service(ServiceTier.PRIORITY, "priority", raw.priority(), services, entry);
    return new Price(
        entry.name("version", raw.version(), "give each price a name, such as its first day"),
        from,
        until,
        entry.required("source", raw.source(), "say where the price was read"),
        entry.date("checked", raw.checked()),
        unitPrices(raw.figures(), entry),
        tiers(raw.tiers(), entry),
        entry.optionalPrice("cache-write-1h", raw.cacheWrite1h()),
        Map.copyOf(services));
  }

  private static void service(
      ServiceTier tier,
      String name,
      @Nullable FiguresEntry raw,
      Map<ServiceTier, UnitPrices> services,
      Entry entry) {
    if (raw != null) {
      services.put(tier, unitPrices(raw, entry.at(name)));
    }
  }

  private static List<PriceTier> tiers(List<TierEntry> raw, Entry entry) {
    List<PriceTier> tiers = new ArrayList<>();
    Set<Long> thresholds = new HashSet<>();
    for (TierEntry tier : raw) {
      String text =
          entry.required("above-prompt-tokens of a tier", tier.abovePromptTokens(), "give one");
      Entry at = entry.at("tier above " + text);
      long threshold =
          text.isEmpty() ? 1 : at.count("above-prompt-tokens", text, 1, 1, Integer.MAX_VALUE);
      if (!thresholds.add(threshold)) {
        at.problem("is there twice: give each tier its own above-prompt-tokens");
      }
      tiers.add(new PriceTier(threshold, unitPrices(tier.figures(), at)));
    }
    tiers.sort(Comparator.comparingLong(PriceTier::abovePromptTokens).reversed());
    return List.copyOf(tiers);
  }

  /** Cached tokens cost what input costs where the list has no price of their own. */
  private static UnitPrices unitPrices(FiguresEntry raw, Entry entry) {
    long input = entry.price("input", raw.input());
    Long read = entry.optionalPrice("cache-read", raw.cacheRead());
    Long write = entry.optionalPrice("cache-write", raw.cacheWrite());
    return new UnitPrices(
        input,
        entry.price("output", raw.output()),
        read == null ? input : read,
        write == null ? input : write);
  }
}
