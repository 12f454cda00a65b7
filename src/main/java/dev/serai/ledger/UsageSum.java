package dev.serai.ledger;

import java.util.Map;

/**
 * What a group used.
 *
 * @param group the group's values, in the order asked for
 * @param calls those that reached, or may have reached, a provider; those under way count as
 *     requests only
 * @param open how many of the calls are under way
 * @param cacheHits requests answered without a call
 * @param refused requests refused before a call
 * @param savedNanos what the cache hits would have cost, in nano-dollars
 */
public record UsageSum(
    Map<GroupBy, String> group,
    Tally calls,
    long open,
    long cacheHits,
    long refused,
    long savedNanos) {

  static UsageSum none(Map<GroupBy, String> group) {
    return new UsageSum(group, Tally.NONE, 0, 0, 0, 0);
  }

  /** Both together, under this one's group. */
  UsageSum plus(UsageSum other) {
    return new UsageSum(
        group,
        calls.plus(other.calls),
        open + other.open,
        cacheHits + other.cacheHits,
        refused + other.refused,
        savedNanos + other.savedNanos);
  }

  /** Whether there was anything at all. */
  public boolean any() {
    return !equals(none(group));
  }

  /** Calls that reached, or may have reached, a provider. */
  public long requests() {
    return calls.requests();
  }

  /** All prompt tokens. */
  public long inputTokens() {
    return calls.inputTokens();
  }

  /** All completion tokens. */
  public long outputTokens() {
    return calls.outputTokens();
  }

  /** Nano-dollars, of the calls whose cost is known or estimated. */
  public long costNanos() {
    return calls.costNanos();
  }

  /** Calls whose cost is unknown. */
  public long unpriced() {
    return calls.unpriced();
  }
}
