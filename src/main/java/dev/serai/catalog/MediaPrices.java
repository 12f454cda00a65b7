package dev.serai.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Prices of tokens that are no text, in pico-dollars; each is null where the source has none.
 *
 * @param audioInput one input token of sound
 * @param audioOutput one output token of sound
 * @param imageInput one input token of an image
 * @param imageOutput one output token of an image
 */
public record MediaPrices(
    @Nullable Long audioInput,
    @Nullable Long audioOutput,
    @Nullable Long imageInput,
    @Nullable Long imageOutput) {

  /** None. */
  public static final MediaPrices NONE = new MediaPrices(null, null, null, null);
}
