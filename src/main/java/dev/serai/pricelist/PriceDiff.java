package dev.serai.pricelist;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Model;
import dev.serai.catalog.Price;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a price file differs from the catalog, as far as its providers are configured.
 *
 * @param changed models of both that cost something else in the file
 * @param added models that only the file has
 * @param gone models that only the catalog has, of providers that the file has models of
 * @param leftAlone models of both whose price cannot be compared, with the reason
 * @param same how many models of both cost the same
 */
record PriceDiff(
    List<Change> changed, List<Offer> added, List<Model> gone, List<String> leftAlone, int same) {

  /**
   * A model that costs something else.
   *
   * @param before the price that the catalog has from here on
   * @param after what it costs then: all that the file says, and of the rest what was before
   * @param differences a line for each
   */
  record Change(Model model, Price before, Quote after, List<String> differences) {}

  /**
   * Compares.
   *
   * @param only the ids to look at; empty for all
   */
  static PriceDiff of(Catalog catalog, PriceList list, Set<String> only) {
    PriceDiff diff =
        new PriceDiff(
            new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
    Set<String> configured = new HashSet<>();
    catalog.providers().forEach(provider -> configured.add(provider.providerName()));
    Set<String> seenProviders = new HashSet<>();
    Set<String> seen = new HashSet<>();
    int same = 0;
    for (Offer offer : list.offers()) {
      if (!configured.contains(offer.providerName())) {
        continue;
      }
      seenProviders.add(offer.providerName());
      Model model = catalog.model(offer.providerName(), offer.id());
      boolean first = seen.add(name(offer.providerName(), model == null ? offer.id() : model.id()));
      boolean wanted = only.isEmpty() || only.contains(offer.id());
      if (!first || !wanted) {
        continue;
      }
      if (model == null) {
        diff.added.add(offer);
      } else if (!diff.compare(model, offer, list)) {
        same++;
      }
    }
    for (Model model : catalog.models()) {
      boolean wanted = only.isEmpty() || only.contains(model.id());
      if (wanted
          && seenProviders.contains(model.providerName())
          && !seen.contains(name(model.providerName(), model.id()))) {
        diff.gone.add(model);
      }
    }
    return new PriceDiff(diff.changed, diff.added, diff.gone, diff.leftAlone, same);
  }

  private static String name(String provider, String id) {
    return provider + " " + id;
  }

  /** False when it costs the same. */
  private boolean compare(Model model, Offer offer, PriceList list) {
    Price open = openEnded(model);
    if (open == null) {
      leftAlone.add(model.id() + ": its prices end, and what holds after them is not said");
      return true;
    }
    List<String> differences = Listed.all(open).differences(offer.quote());
    if (differences.isEmpty()) {
      return false;
    }
    Instant day = list.day().atStartOfDay(ZoneOffset.UTC).toInstant();
    if (open.validFrom() != null && !open.validFrom().isBefore(day)) {
      leftAlone.add(model.id() + ": its price " + open.version() + " is newer than the file");
      return true;
    }
    changed.add(new Change(model, open, Listed.named(open).with(offer.quote()), differences));
    return true;
  }

  private static @Nullable Price openEnded(Model model) {
    for (Price price : model.prices()) {
      if (price.validUntil() == null) {
        return price;
      }
    }
    return null;
  }
}
