package dev.serai.route;

import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.ledger.Charge;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an attempt before it is made.
 *
 * @param inputTokens of its prompt, as counted
 * @param outputTokens how long its answers together may be
 * @param limit how long each may be, where the target is to be held to it because a hard budget
 *     counts on it; null where it is not
 * @param bounded whether there is a most that it may cost, where the target has a price
 * @param serviceTier how it asks to be served
 * @param pricing by what it is charged
 * @param charge what it may cost at most
 */
record Estimate(
    long inputTokens,
    long outputTokens,
    @Nullable Long limit,
    boolean bounded,
    ServiceTier serviceTier,
    Pricing pricing,
    Charge charge) {

  /** What the row is charged with should nobody ever know better. */
  Usage usage() {
    // What is cheaper than the ordinary way may not have been had.
    boolean dearer = serviceTier == ServiceTier.PRIORITY || serviceTier == ServiceTier.OTHER;
    return Usage.estimate(inputTokens, outputTokens)
        .servedAs(dearer ? serviceTier : ServiceTier.STANDARD);
  }
}
