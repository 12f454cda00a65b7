package dev.serai.catalog;

/**
 * Prices per token, in pico-dollars (10<sup>-12</sup> USD). USD 2.50 per million tokens is
 * 2,500,000 pico-dollars per token; the smallest price that can be said is USD 0.000001 per
 * million.
 *
 * @param input one input token
 * @param output one output token
 * @param cacheRead one input token read from the provider's cache
 * @param cacheWrite one input token written to the provider's cache
 */
public record UnitPrices(long input, long output, long cacheRead, long cacheWrite) {

  /** Costs nothing. */
  public static final UnitPrices FREE = new UnitPrices(0, 0, 0, 0);
}
