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
 * @param providerCostNanos what the provider itself says the call cost, in nano-dollars; null where
 *     it says nothing
 * @param estimated true when Serai counted because the provider did not say
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadInputTokens,
    long cacheWriteInputTokens,
    long cacheWriteHourInputTokens,
    long reasoningTokens,
    @Nullable Long providerCostNanos,
    boolean estimated) {

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
}
