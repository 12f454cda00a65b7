package dev.serai.ledger;

import java.util.Map;

/**
 * What a group used.
 *
 * @param group the group's values, in the order asked for
 * @param requests calls that reached, or may have reached, a provider
 * @param inputTokens all prompt tokens
 * @param outputTokens all completion tokens
 * @param costNanos nano-dollars, of the calls whose cost is known or estimated
 * @param unpriced calls whose cost is unknown
 * @param cacheHits requests answered without a call
 * @param refused requests refused before a call
 * @param savedNanos what the cache hits would have cost, in nano-dollars
 */
public record UsageSum(
    Map<GroupBy, String> group,
    long requests,
    long inputTokens,
    long outputTokens,
    long costNanos,
    long unpriced,
    long cacheHits,
    long refused,
    long savedNanos) {

  static UsageSum none(Map<GroupBy, String> group) {
    return new UsageSum(group, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Both together, under this one's group. */
  UsageSum plus(UsageSum other) {
    return new UsageSum(
        group,
        requests + other.requests,
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        costNanos + other.costNanos,
        unpriced + other.unpriced,
        cacheHits + other.cacheHits,
        refused + other.refused,
        savedNanos + other.savedNanos);
  }
}
