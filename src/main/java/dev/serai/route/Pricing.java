package dev.serai.route;

import dev.serai.catalog.Price;
import dev.serai.catalog.Target;
import dev.serai.catalog.Terms;
import dev.serai.chat.Usage;
import dev.serai.ledger.Charge;
import dev.serai.ledger.CostState;
import dev.serai.policy.Cost;
import dev.serai.policy.Costing;
import dev.serai.policy.UpperBound;
import dev.serai.policy.UpperBound.Demand;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * By what a call is charged, from its beginning to its end.
 *
 * @param terms what the tenant agreed to
 * @param price what it pays; null when there is none
 * @param listPrice what the provider charges by the list; null when there is none
 */
record Pricing(Terms terms, @Nullable Price price, @Nullable Price listPrice) {

  static Pricing of(Target target, Terms terms, Instant now) {
    return new Pricing(
        terms,
        terms.priceAt(target.model(), now),
        target.model() == null ? null : target.model().priceAt(now));
  }

  /** What a usage costs by the list: what the provider should say too. */
  Cost listCost(Usage usage) {
    return Costing.cost(listPrice, usage);
  }

  /** What a usage costs the tenant. */
  Charge charge(Usage usage) {
    Cost cost = Costing.cost(price, usage, terms);
    return charge(cost, byList() ? cost : listCost(usage));
  }

  /** What a call may cost the tenant at most. */
  Charge atMost(Demand demand, int margin) {
    Cost cost = UpperBound.cost(price, demand, margin, terms);
    return charge(cost, byList() ? cost : UpperBound.cost(listPrice, demand, margin, Terms.LIST));
  }

  /** Whether the tenant pays what the provider charges. */
  private boolean byList() {
    return terms.markUp() == 0 && Objects.equals(price, listPrice);
  }

  private Charge charge(Cost cost, Cost net) {
    return price == null
        ? Charge.UNPRICED
        : new Charge(
            cost.nanos(),
            CostState.valueOf(cost.state().name()),
            cost.priceVersion(),
            cost.unitPrices(),
            new Charge.Basis(net.nanos(), terms.markUp(), price.perRequestNanos()));
  }
}
