package dev.serai.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the latest comparison ended.
 *
 * @param startedAt null when there was none yet
 * @param finishedAt null when none has ended yet
 * @param hours how many hours were compared
 * @param periods how many budget periods were compared
 * @param differences how many differences there were
 * @param repaired how many sums of hours were set right before
 * @param listed the first of the differences
 */
public record Reconciled(
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    long hours,
    long periods,
    long differences,
    long repaired,
    List<Difference> listed) {

  /** Hears of every comparison that has ended. */
  public interface Listener {
    /** What was found; must not wait. */
    void reconciled(Reconciled result);
  }
}
