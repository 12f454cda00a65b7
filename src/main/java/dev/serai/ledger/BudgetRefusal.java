package dev.serai.ledger;

/**
 * Why a reservation did not fit.
 *
 * @param period the budget period that had no room, by its id
 * @param capNanos what may be spent in it
 * @param spentNanos what is spent
 * @param reservedNanos what is set aside for calls under way
 * @param wantedNanos what was asked for
 */
public record BudgetRefusal(
    long period, long capNanos, long spentNanos, long reservedNanos, long wantedNanos) {

  /** What is neither spent nor reserved; 0 or more. */
  public long leftNanos() {
    return Math.max(0, capNanos - spentNanos - reservedNanos);
  }

  /** Whether it would fit if calls under way turned out to cost nothing. */
  public boolean mayFitSoon() {
    return reservedNanos > 0 && spentNanos + wantedNanos <= capNanos;
  }
}
