package dev.serai.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is charged other than the list price.
 *
 * @param markUp what is added to each cost, in hundredths of a per cent: 0 to 100,000
 * @param ownPrices prices that hold for this tenant in place of the model's, whenever one of them
 *     does
 */
public record Terms(int markUp, Map<ModelName, List<Price>> ownPrices) {

  /** The list prices, and nothing on top. */
  public static final Terms LIST = new Terms(0, Map.of());

  /** A model at a provider. */
  public record ModelName(String providerName, String id) {}

  /** The same prices, and nothing on top. */
  public Terms withoutMarkUp() {
    return markUp == 0 ? this : new Terms(0, ownPrices);
  }

  /** What holds for a model at that instant; null when nothing does, which is not the same as 0. */
  public @Nullable Price priceAt(@Nullable Model model, Instant instant) {
    if (model == null) {
      return null;
    }
    if (!ownPrices.isEmpty()) {
      ModelName name = new ModelName(model.providerName(), model.id());
      for (Price own : ownPrices.getOrDefault(name, List.of())) {
        if (own.holdsAt(instant)) {
          return own;
        }
      }
    }
    return model.priceAt(instant);
  }
}
