package dev.serai.catalog;

import java.util.List;

/**
 * What the calls of one service tier cost, by the length of their prompt.
 *
 * @param base the prices of a call with a short prompt
 * @param tiers the prices of calls with longer prompts, the longest first
 */
public record Tariff(UnitPrices base, List<PriceTier> tiers) {

  /** The prices of a call with a prompt of so many tokens, cached ones included. */
  public UnitPrices unitPrices(long promptTokens) {
    for (PriceTier tier : tiers) {
      if (promptTokens > tier.abovePromptTokens()) {
        return tier.prices();
      }
    }
    return base;
  }

  Tariff times(int factor) {
    return new Tariff(
        base.times(factor),
        tiers.stream()
            .map(tier -> new PriceTier(tier.abovePromptTokens(), tier.prices().times(factor)))
            .toList());
  }
}
