package dev.serai.catalog;

/**
 * The prices of a call with a long prompt.
 *
 * @param abovePromptTokens holds for prompts of more tokens than this
 * @param prices what every token of such a call costs
 */
public record PriceTier(long abovePromptTokens, UnitPrices prices) {}
