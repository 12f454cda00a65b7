package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.PriceEntry;
import dev.serai.catalog.CatalogProperties.ServiceEntry;
import dev.serai.chat.ServiceTier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the prices of a model, one entry for each time that they hold. */
final class PriceReader {
  private static final String CURRENCY = "USD";

  private PriceReader() {}

  static List<Price> read(List<PriceEntry> raw, Entry entry) {
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
    String currency = Entry.text(raw.currency());
    if (currency != null && !currency.equals(CURRENCY)) {
      entry.problem(
          "currency is unknown (" + currency + "): give all prices in USD, or leave it out");
    }
    UnitPrices base = TariffReader.base(raw.figures(), entry);
    Tariff standard = new Tariff(base, TariffReader.tiers(raw.tiers(), base, entry));
    Map<ServiceTier, Tariff> services = new EnumMap<>(ServiceTier.class);
    service(ServiceTier.BATCH, raw.batch(), standard, services, entry);
    service(ServiceTier.FLEX, raw.flex(), standard, services, entry);
    service(ServiceTier.PRIORITY, raw.priority(), standard, services, entry);
    return new Price(
        entry.name("version", raw.version(), "give each price a name, such as its first day"),
        from,
        until,
        entry.required("source", raw.source(), "say where the price was read"),
        entry.date("checked", raw.checked()),
        standard,
        Map.copyOf(services),
        entry.fee("per-request", raw.perRequest()));
  }

  private static void service(
      ServiceTier tier,
      @Nullable ServiceEntry raw,
      Tariff standard,
      Map<ServiceTier, Tariff> services,
      Entry entry) {
    if (raw == null) {
      return;
    }
    Entry at = entry.at(tier.label());
    UnitPrices base = TariffReader.of(raw.figures(), standard.base(), at);
    Tariff tariff = new Tariff(base, TariffReader.tiers(raw.tiers(), base, at));
    if (tariff.tiers().isEmpty() && !standard.tiers().isEmpty()) {
      at.problem("tiers are missing: give those for long prompts too, as for ordinary calls");
    }
    services.put(tier, tariff);
  }
}
