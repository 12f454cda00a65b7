package dev.serai.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs during some time, and how that is known.
 *
 * @param version its name, unique within the model; stamped on what was priced with it
 * @param validFrom the first instant it holds; null for ever before
 * @param validUntil the first instant it no longer holds; null for ever after
 * @param source where it was read
 * @param checked the day it was last compared with its source
 * @param base the prices of an ordinary call
 * @param tiers the prices of calls with longer prompts, the longest first
 * @param cacheWriteHour one input token written to the provider's cache for an hour, in
 *     pico-dollars; null where the source has none
 * @param serviceTiers the prices of other service tiers, where the source has them
 */
public record Price(
    String version,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil,
    String source,
    LocalDate checked,
    UnitPrices base,
    List<PriceTier> tiers,
    @Nullable Long cacheWriteHour,
    Map<ServiceTier, UnitPrices> serviceTiers) {

  /** The prices of a call with a prompt of so many tokens, cached ones included. */
  public UnitPrices unitPrices(long promptTokens) {
    for (PriceTier tier : tiers) {
      if (promptTokens > tier.abovePromptTokens()) {
        return tier.prices();
      }
    }
    return base;
  }

  /**
   * One input token written to the provider's cache for an hour, in pico-dollars; for a longer
   * prompt it is dearer in the same measure as writing for five minutes is.
   *
   * @param unit the prices of the call, from {@link #unitPrices}
   */
  public long cacheWriteHour(UnitPrices unit) {
    if (cacheWriteHour == null) {
      return unit.cacheWrite();
    }
    return base.cacheWrite() == 0 || unit.equals(base)
        ? cacheWriteHour
        : Math.multiplyExact(cacheWriteHour, unit.cacheWrite()) / base.cacheWrite();
  }

  /** True when it holds at that instant. */
  public boolean holdsAt(Instant instant) {
    return (validFrom == null || !instant.isBefore(validFrom))
        && (validUntil == null || instant.isBefore(validUntil));
  }

  /** True when there is an instant at which both hold. */
  boolean overlaps(Price other) {
    return startsBeforeEndOf(other) && other.startsBeforeEndOf(this);
  }

  private boolean startsBeforeEndOf(Price other) {
    return validFrom == null || other.validUntil == null || validFrom.isBefore(other.validUntil);
  }
}
