package dev.serai.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Requests that made no call, to be added to what an hour has already.
 *
 * @param hour any time within the hour (UTC)
 * @param tenantId who asked
 * @param model what would have been sent upstream; empty where none was selected
 * @param roleName the role asked for; empty where a model was named
 * @param entry the way in
 * @param cacheHits answered from the cache or by joining another call
 * @param refused refused by a limit or a budget
 * @param savedNanos what the cache hits would have cost, in nano-dollars
 */
public record UsageCount(
    Instant hour,
    String tenantId,
    String model,
    String roleName,
    String entry,
    long cacheHits,
    long refused,
    long savedNanos) {

  /** Cuts the time to its hour and makes every text fit. */
  public UsageCount {
    hour = hour.truncatedTo(ChronoUnit.HOURS);
    tenantId = Text.required(tenantId, 64);
    model = Text.required(model, 255);
    roleName = Text.required(roleName, 64);
    entry = Text.required(entry, 32);
  }
}
