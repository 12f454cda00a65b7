package dev.serai.catalog;

import dev.serai.chat.ServiceTier;
import java.time.Instant;
import java.time.LocalDate;
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
 * @param standard the prices of ordinary calls
 * @param serviceTiers the prices of other service tiers, where the source has them
 * @param perRequestNanos what each call costs beside its tokens, in nano-dollars, 0 or more
 */
public record Price(
    String version,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil,
    String source,
    LocalDate checked,
    Tariff standard,
    Map<ServiceTier, Tariff> serviceTiers,
    long perRequestNanos) {

  /** How many times an ordinary call a priority one costs at most, in the lists that have both. */
  private static final int UNLISTED_PRIORITY = 2;

  /** Whether the source has prices for calls that are served like that. */
  public boolean lists(ServiceTier tier) {
    return tier == ServiceTier.STANDARD || serviceTiers.containsKey(tier);
  }

  /**
   * What calls cost that are served like that. Without prices of its own a tier is reckoned
   * upwards: batch and flex as ordinary calls, priority as twice them, and one that is not known as
   * priority.
   */
  public Tariff tariff(ServiceTier tier) {
    return switch (tier) {
      case STANDARD -> standard;
      case BATCH, FLEX -> serviceTiers.getOrDefault(tier, standard);
      case PRIORITY, OTHER -> {
        Tariff priority = serviceTiers.get(ServiceTier.PRIORITY);
        yield priority == null ? standard.times(UNLISTED_PRIORITY) : priority;
      }
    };
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
