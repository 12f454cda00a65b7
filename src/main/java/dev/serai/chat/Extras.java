package dev.serai.chat;

/**
 * What a request asks for that may have prices of its own.
 *
 * @param serviceTier how it wants to be served
 * @param cacheWrite whether it marks something to be kept in the provider's cache
 * @param cacheWriteHour whether some of that is to be kept for an hour
 * @param audioInput whether there is sound in the prompt
 * @param imageInput whether there are images in the prompt
 * @param audioOutput whether the answer may be sound
 * @param imageOutput whether the answer may be images
 */
public record Extras(
    ServiceTier serviceTier,
    boolean cacheWrite,
    boolean cacheWriteHour,
    boolean audioInput,
    boolean imageInput,
    boolean audioOutput,
    boolean imageOutput) {

  /** Text in and text out, served as any other. */
  public static final Extras NONE =
      new Extras(ServiceTier.STANDARD, false, false, false, false, false, false);
}
