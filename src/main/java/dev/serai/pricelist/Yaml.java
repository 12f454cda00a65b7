package dev.serai.pricelist;

import dev.serai.chat.ServiceTier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Entries as {@code models.yaml} has them. */
final class Yaml {
  private static final int CENTS = 2;

  private Yaml() {}

  /** Such as 2.50, 0.075 or 0.00: without zeros at the end beyond the cents. */
  static String usd(BigDecimal amount) {
    BigDecimal exact = amount.stripTrailingZeros();
    return (exact.scale() < CENTS ? exact.setScale(CENTS) : exact).toPlainString();
  }

  /** The lines of a model, with its one price. */
  static List<String> model(Offer offer, List<String> price) {
    List<String> lines = new ArrayList<>();
    lines.add("- id: \"" + offer.id() + "\"");
    lines.add("  provider: " + offer.providerName());
    if (offer.embedding()) {
      lines.add("  kind: embedding");
    }
    if (offer.contextWindow() != null) {
      lines.add("  context-window: " + offer.contextWindow());
    }
    if (offer.dimensions() != null) {
      lines.add("  dimensions: " + offer.dimensions());
    }
    lines.add("  prices:");
    price.forEach(line -> lines.add("    " + line));
    return lines;
  }

  /**
   * The lines of a price.
   *
   * @param validFrom a day; empty for ever before
   */
  static List<String> price(String version, String validFrom, PriceList list, Quote quote) {
    List<String> lines = new ArrayList<>();
    lines.add("- version: \"" + version + "\"");
    if (!validFrom.isEmpty()) {
      lines.add("  valid-from: " + validFrom);
    }
    lines.add("  source: " + list.source());
    lines.add("  checked: " + list.day());
    quote
        .standard()
        .base()
        .forEach((figure, usd) -> lines.add("  " + figure.setting + ": \"" + usd(usd) + "\""));
    if (quote.perRequest().signum() > 0) {
      lines.add("  per-request: \"" + usd(quote.perRequest()) + "\"");
    }
    if (!quote.standard().tiers().isEmpty()) {
      lines.add("  tiers:");
      tiers(quote.standard()).forEach(tier -> lines.add("    - " + tier));
    }
    quote.services().forEach((tier, rates) -> lines.add("  " + service(tier, rates)));
    return lines;
  }

  private static String service(ServiceTier tier, Rates rates) {
    StringJoiner figures = figures(rates.base());
    if (!rates.tiers().isEmpty()) {
      figures.add("tiers: [" + String.join(", ", tiers(rates)) + "]");
    }
    return tier.label() + ": " + figures;
  }

  /** What a tier does not say of input and output is that of the base: both must be there. */
  private static List<String> tiers(Rates rates) {
    List<String> tiers = new ArrayList<>();
    rates
        .tiers()
        .forEach(
            (above, own) -> {
              Rates whole = new Rates(rates.base(), Map.of());
              whole.base().keySet().retainAll(List.of(Figure.INPUT, Figure.OUTPUT));
              whole.base().putAll(own);
              String figures = figures(whole.base()).toString();
              tiers.add("{above-prompt-tokens: " + above + ", " + figures.substring(1));
            });
    return tiers;
  }

  private static StringJoiner figures(Map<Figure, BigDecimal> figures) {
    StringJoiner text = new StringJoiner(", ", "{", "}");
    figures.forEach((figure, usd) -> text.add(figure.setting + ": \"" + usd(usd) + "\""));
    return text;
  }
}
