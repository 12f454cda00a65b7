package dev.serai.budget;

/**
 * How a budget stands in a period.
 *
 * @param open which budget and which period
 * @param carriedNanos added to the limit from the period before, 0 or more
 * @param spentNanos by calls that are over
 * @param reservedNanos for calls under way
 */
public record Standing(OpenPeriod open, long carriedNanos, long spentNanos, long reservedNanos) {

  /** What may be spent in the period, in nano-dollars. */
  public long capNanos() {
    return open.budget().limitNanos() + carriedNanos;
  }

  /** What is neither spent nor reserved; 0 or more. */
  public long leftNanos() {
    return Math.max(0, capNanos() - spentNanos - reservedNanos);
  }
}
