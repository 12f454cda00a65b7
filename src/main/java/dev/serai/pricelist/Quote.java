package dev.serai.pricelist;

import dev.serai.chat.ServiceTier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a model costs, as a list says it.
 *
 * @param standard ordinary calls
 * @param services calls of other service tiers, where the list has them
 * @param perRequest USD for each call beside its tokens, 0 for none
 */
record Quote(Rates standard, Map<ServiceTier, Rates> services, BigDecimal perRequest) {

  Quote {
    services = new EnumMap<>(services.isEmpty() ? new EnumMap<>(ServiceTier.class) : services);
  }

  /** This one, with all that the other says in its place. */
  Quote with(Quote other) {
    Map<ServiceTier, Rates> both = new EnumMap<>(ServiceTier.class);
    both.putAll(services);
    other.services.forEach((tier, rates) -> both.merge(tier, rates, Rates::with));
    return new Quote(
        standard.with(other.standard),
        both,
        other.perRequest.signum() == 0 ? perRequest : other.perRequest);
  }

  /** How the other differs in what it says, a line for each difference. */
  List<String> differences(Quote after) {
    List<String> lines = new ArrayList<>(standard.differences("", after.standard));
    after.services.forEach(
        (tier, rates) -> {
          Rates before = services.getOrDefault(tier, new Rates(Map.of(), Map.of()));
          lines.addAll(before.differences(tier.label() + " ", rates));
        });
    if (after.perRequest.signum() > 0 && perRequest.compareTo(after.perRequest) != 0) {
      lines.add("per-request " + Yaml.usd(perRequest) + " -> " + Yaml.usd(after.perRequest));
    }
    return lines;
  }
}
