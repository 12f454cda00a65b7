package dev.serai.ledger;

/**
 * A budget period that was named is there no longer: its budget was deleted or set anew. Nothing
 * was written; the caller looks up which budgets apply and comes again.
 */
public final class BudgetGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** That period is gone. */
  public BudgetGoneException(long period) {
    super("budget period " + period + " is gone");
  }
}
