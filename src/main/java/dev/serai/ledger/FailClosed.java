package dev.serai.ledger;

/** Which calls are refused while the database is away. */
public enum FailClosed {
  /** All. */
  ALWAYS,
  /** Those that a hard budget applies to. */
  HARD_BUDGETS,
  /** None. */
  NEVER;

  /** Whether a call may leave with its row in the local journal only. */
  boolean lets(boolean hardBudget) {
    return switch (this) {
      case ALWAYS -> false;
      case HARD_BUDGETS -> !hardBudget;
      case NEVER -> true;
    };
  }
}
