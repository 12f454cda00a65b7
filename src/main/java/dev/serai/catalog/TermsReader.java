package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.OwnPriceEntry;
import dev.serai.catalog.CatalogProperties.TermsEntry;
import dev.serai.catalog.Terms.ModelName;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads what an entry of {@code tenants.yaml} says of prices. */
final class TermsReader {
  private static final BigDecimal MOST_PERCENT = BigDecimal.valueOf(1000);
  private static final int DECIMALS = 2;

  private TermsReader() {}

  static Terms read(
      TermsEntry raw, BiFunction<String, String, @Nullable Model> models, Entry entry) {
    Map<ModelName, List<Price>> own = new HashMap<>();
    for (OwnPriceEntry model : raw.models()) {
      String id = entry.modelId("id of a model", model.id(), "give its name in models.yaml");
      Entry at = entry.at(id);
      String provider = at.required("provider", model.provider(), "give a provider-name");
      Model known = models.apply(provider, id);
      ModelName name = new ModelName(provider, known == null ? id : known.id());
      if (known == null && !id.isEmpty() && !provider.isEmpty()) {
        at.problem("is no model of provider " + provider + ": add it to models.yaml");
      }
      if (own.put(name, PriceReader.read(model.prices(), at)) != null) {
        at.problem("is there twice: give all its prices in one entry");
      }
    }
    return new Terms(markUp(raw.markUp(), entry), Map.copyOf(own));
  }

  private static int markUp(@Nullable String value, Entry entry) {
    String remedy = "give per cent of the cost such as 12.5, 0 or more";
    BigDecimal percent =
        entry.decimal(
            "mark-up",
            Objects.requireNonNullElse(Entry.text(value), "0"),
            BigDecimal.ZERO,
            MOST_PERCENT,
            remedy);
    try {
      return percent.movePointRight(DECIMALS).intValueExact();
    } catch (ArithmeticException e) {
      entry.problem("mark-up is too fine (" + value + "): give at most two decimals");
      return 0;
    }
  }
}
