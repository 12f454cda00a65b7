package dev.serai.ledger;

import java.util.Locale;

/** How sure a row's cost is. */
public enum CostState {
  /** Computed from the provider's token counts and a known price. */
  PRICED,
  /** Computed from estimated token counts and a known price. */
  ESTIMATED,
  /** The model has no price; the cost is unknown, which is not zero. */
  UNPRICED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The value of the column {@code cost_state}. */
  public String label() {
    return label;
  }
}
