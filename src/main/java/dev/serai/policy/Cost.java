package dev.serai.policy;

import dev.serai.catalog.UnitPrices;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a call cost, and how sure that is.
 *
 * @param nanos in nano-dollars (10<sup>-9</sup> USD), 0 or more; null when there is no price, which
 *     is not the same as 0
 * @param state how sure it is
 * @param priceVersion the version of the price that was used; null without one
 * @param unitPrices the figures that were used; null without a price
 */
public record Cost(
    @Nullable Long nanos,
    State state,
    @Nullable String priceVersion,
    @Nullable UnitPrices unitPrices) {

  /** How sure a cost is. */
  public enum State {
    /** From the provider's own counts. */
    PRICED,
    /** From counts of Serai's, or from counts that cannot be right. */
    ESTIMATED,
    /** The model has no price. */
    UNPRICED
  }

  /** No price, no figure. */
  public static final Cost UNPRICED = new Cost(null, State.UNPRICED, null, null);

  /** In USD, exact; null when there is no price. */
  public @Nullable BigDecimal usd() {
    return nanos == null ? null : Money.usd(nanos);
  }
}
