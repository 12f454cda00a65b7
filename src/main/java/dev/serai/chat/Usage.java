package dev.serai.chat;

import org.jspecify.annotations.Nullable;

/**
 * What one provider call used, in tokens.
 *
 * <p>The totals include their parts, as OpenAI's usage object has it: {@code inputTokens} contains
 * the cached ones and {@code outputTokens} contains the reasoning ones. Dialects that count
 * otherwise are converted on reading.
 *
 * @param inputTokens all prompt tokens, 0 or more
 * @param outputTokens all completion tokens, 0 or more
 * @param cacheReadInputTokens the part of the input that was read from the provider's cache
 * @param cacheWriteInputTokens the part of the input that was written to the provider's cache
 * @param cacheWriteHourInputTokens the part of what was written that is kept for an hour instead of
 *     five minutes
 * @param reasoningTokens the part of the output that was spent on reasoning
 * @param details further parts of the input and the output
 * @param serviceTier how it was served
 * @param providerCostNanos what the provider itself says the call cost, in nano-dollars; null where
 *     it says nothing
 * @param estimated true when Serai counted because the provider did not say, or did not say enough
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadInputTokens,
    long cacheWriteInputTokens,
    long cacheWriteHourInputTokens,
    long reasoningTokens,
    Details details,
    ServiceTier serviceTier,
    @Nullable Long providerCostNanos,
    boolean estimated) {

  /**
   * Parts that most calls do not have, in tokens.
   *
   * @param audioInput the part of the input that was sound
   * @param imageInput the part of the input that was images
   * @param audioOutput the part of the output that is sound
   * @param imageOutput the part of the output that is images
   * @param acceptedPrediction the part of the output that was predicted by the caller
   * @param rejectedPrediction the part of the output that the caller predicted wrongly: it is not
   *     in the answer, and paid for all the same
   */
  public record Details(
      long audioInput,
      long imageInput,
      long audioOutput,
      long imageOutput,
      long acceptedPrediction,
      long rejectedPrediction) {

    /** None of them. */
    public static final Details NONE = new Details(0, 0, 0, 0, 0, 0);
  }

  /** A usage without further parts, served as any other. */
  public Usage(
      long inputTokens,
      long outputTokens,
      long cacheReadInputTokens,
      long cacheWriteInputTokens,
      long cacheWriteHourInputTokens,
      long reasoningTokens,
      @Nullable Long providerCostNanos,
      boolean estimated) {
    this(
        inputTokens,
        outputTokens,
        cacheReadInputTokens,
        cacheWriteInputTokens,
        cacheWriteHourInputTokens,
        reasoningTokens,
        Details.NONE,
        ServiceTier.STANDARD,
        providerCostNanos,
        estimated);
  }

  /** A usage without anything written to a cache for an hour. */
  public Usage(
      long inputTokens,
      long outputTokens,
      long cacheReadInputTokens,
      long cacheWriteInputTokens,
      long reasoningTokens,
      @Nullable Long providerCostNanos,
      boolean estimated) {
    this(
        inputTokens,
        outputTokens,
        cacheReadInputTokens,
        cacheWriteInputTokens,
        0,
        reasoningTokens,
        providerCostNanos,
        estimated);
  }

  /** Nothing used: a call that never reached a provider. */
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, null, false);

  /** A usage that Serai counted itself. */
  public static Usage estimate(long inputTokens, long outputTokens) {
    return new Usage(inputTokens, outputTokens, 0, 0, 0, null, true);
  }

  /** The same, served in that way. */
  public Usage servedAs(ServiceTier tier) {
    return tier == serviceTier
        ? this
        : new Usage(
            inputTokens,
            outputTokens,
            cacheReadInputTokens,
            cacheWriteInputTokens,
            cacheWriteHourInputTokens,
            reasoningTokens,
            details,
            tier,
            providerCostNanos,
            estimated);
  }
}
