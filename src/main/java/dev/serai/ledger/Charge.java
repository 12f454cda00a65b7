package dev.serai.ledger;

import dev.serai.catalog.UnitPrices;
import org.jspecify.annotations.Nullable;

/**
 * What a call costs, and by which price.
 *
 * @param nanos nano-dollars (10<sup>-9</sup> USD); null exactly when the state is {@code UNPRICED}
 * @param state how sure that is
 * @param priceVersion which version of the price was used; null when unpriced
 * @param unit the price itself; null when unpriced
 * @param basis what else it was reckoned from
 */
public record Charge(
    @Nullable Long nanos,
    CostState state,
    @Nullable String priceVersion,
    @Nullable UnitPrices unit,
    Basis basis) {

  /**
   * What a cost was reckoned from beside tokens and their prices.
   *
   * @param netNanos what the provider charges by the list, in nano-dollars; null when there is no
   *     list price
   * @param markUp what was added to the price, in hundredths of a per cent, 0 or more
   * @param perRequestNanos what the call cost beside its tokens, before the mark-up
   */
  public record Basis(@Nullable Long netNanos, int markUp, long perRequestNanos) {}

  /** No price is known. */
  public static final Charge UNPRICED = new Charge(null, CostState.UNPRICED, null, null);

  /** Nothing was sent, so nothing is owed. */
  public static final Charge NOTHING = new Charge(0L, CostState.PRICED, null, null);

  /** Refuses a cost without a price and a price without a cost. */
  public Charge {
    if ((nanos == null) != (state == CostState.UNPRICED)) {
      throw new IllegalArgumentException("a cost is null exactly when it is unpriced");
    }
    priceVersion = Text.clip(priceVersion, 64);
  }

  /** A cost by the list price, with nothing beside the tokens. */
  public Charge(
      @Nullable Long nanos,
      CostState state,
      @Nullable String priceVersion,
      @Nullable UnitPrices unit) {
    this(nanos, state, priceVersion, unit, new Basis(nanos, 0, 0));
  }

  @Nullable Integer markUp() {
    return basis.markUp == 0 ? null : (Integer) basis.markUp;
  }

  @Nullable Long inputPicos() {
    return unit == null ? null : (Long) unit.input();
  }

  @Nullable Long outputPicos() {
    return unit == null ? null : (Long) unit.output();
  }

  @Nullable Long cacheReadPicos() {
    return unit == null ? null : (Long) unit.cacheRead();
  }

  @Nullable Long cacheWritePicos() {
    return unit == null ? null : (Long) unit.cacheWrite();
  }
}
