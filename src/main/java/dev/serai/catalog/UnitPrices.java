package dev.serai.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Prices per token, in pico-dollars (10<sup>-12</sup> USD). USD 2.50 per million tokens is
 * 2,500,000 pico-dollars per token; the smallest price that can be said is USD 0.000001 per
 * million.
 *
 * @param input one input token; of an embedding model, one token that is embedded
 * @param output one output token
 * @param cacheRead one input token read from the provider's cache
 * @param cacheWrite one input token written to the provider's cache for five minutes
 * @param cacheWriteHour one input token written to the provider's cache for an hour
 * @param reasoning one output token spent on reasoning
 * @param media tokens that are no text
 */
public record UnitPrices(
    long input,
    long output,
    long cacheRead,
    long cacheWrite,
    long cacheWriteHour,
    long reasoning,
    MediaPrices media) {

  /** Costs nothing. */
  public static final UnitPrices FREE = new UnitPrices(0, 0, 0, 0);

  /** Prices of which an hour in the cache costs what five minutes do, and reasoning what output. */
  public UnitPrices(long input, long output, long cacheRead, long cacheWrite) {
    this(input, output, cacheRead, cacheWrite, cacheWrite, output, MediaPrices.NONE);
  }

  /** So many times as dear in everything. */
  UnitPrices times(int factor) {
    return new UnitPrices(
        input * factor,
        output * factor,
        cacheRead * factor,
        cacheWrite * factor,
        cacheWriteHour * factor,
        reasoning * factor,
        new MediaPrices(
            times(media.audioInput(), factor),
            times(media.audioOutput(), factor),
            times(media.imageInput(), factor),
            times(media.imageOutput(), factor)));
  }

  private static @Nullable Long times(@Nullable Long price, int factor) {
    return price == null ? null : (Long) (price * factor);
  }
}
