package dev.serai.ledger;

/** A hard budget has no room for a call, so it must not leave. */
public final class BudgetExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient BudgetRefusal refusal;

  /** Nothing was written, and that is why. */
  public BudgetExceededException(BudgetRefusal refusal) {
    super("budget period " + refusal.period() + " has no room");
    this.refusal = refusal;
  }

  /** Which budget, and how much is left. */
  public BudgetRefusal refusal() {
    return refusal;
  }
}
