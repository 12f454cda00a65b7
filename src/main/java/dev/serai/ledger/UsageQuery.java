package dev.serai.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which usage to add up.
 *
 * @param tenant only this one; null for all
 * @param from calls made at this time or later; null for all. What was answered or refused without
 *     a call is known by the hour: the whole hour of this time counts
 * @param to calls made before this time; null for all
 * @param groupBy one sum for each combination; empty for one sum
 */
public record UsageQuery(
    @Nullable String tenant, @Nullable Instant from, @Nullable Instant to, List<GroupBy> groupBy) {

  /** Leaves out what is named twice. */
  public UsageQuery {
    groupBy = groupBy.stream().distinct().toList();
  }
}
