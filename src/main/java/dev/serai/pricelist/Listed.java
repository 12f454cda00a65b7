package dev.serai.pricelist;

import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.Price;
import dev.serai.catalog.PriceTier;
import dev.serai.catalog.Tariff;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.ServiceTier;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Prices of the catalog, said as a list says them. */
final class Listed {
  private static final int PICOS = 6;
  private static final int NANOS = 9;

  private Listed() {}

  /** All figures that hold, those that follow from others included. */
  static Quote all(Price price) {
    return quote(price, true);
  }

  /** The figures that an entry must name, because they do not follow from others. */
  static Quote named(Price price) {
    return quote(price, false);
  }

  private static Quote quote(Price price, boolean all) {
    Map<ServiceTier, Rates> services = new EnumMap<>(ServiceTier.class);
    price.serviceTiers().forEach((tier, tariff) -> services.put(tier, rates(tariff, all)));
    return new Quote(
        rates(price.standard(), all), services, BigDecimal.valueOf(price.perRequestNanos(), NANOS));
  }

  private static Rates rates(Tariff tariff, boolean all) {
    Map<Long, Map<Figure, BigDecimal>> tiers = new TreeMap<>();
    for (PriceTier tier : tariff.tiers()) {
      tiers.put(tier.abovePromptTokens(), figures(tier.prices(), all));
    }
    return new Rates(figures(tariff.base(), all), tiers);
  }

  private static Map<Figure, BigDecimal> figures(UnitPrices unit, boolean all) {
    Map<Figure, BigDecimal> figures = new EnumMap<>(Figure.class);
    put(figures, Figure.INPUT, unit.input(), true);
    put(figures, Figure.OUTPUT, unit.output(), true);
    put(figures, Figure.CACHE_READ, unit.cacheRead(), all || unit.cacheRead() != unit.input());
    put(figures, Figure.CACHE_WRITE, unit.cacheWrite(), all || unit.cacheWrite() != unit.input());
    put(
        figures,
        Figure.CACHE_WRITE_1H,
        unit.cacheWriteHour(),
        all || unit.cacheWriteHour() != unit.cacheWrite());
    put(figures, Figure.REASONING, unit.reasoning(), all || unit.reasoning() != unit.output());
    MediaPrices media = unit.media();
    put(figures, Figure.AUDIO_INPUT, media.audioInput(), true);
    put(figures, Figure.AUDIO_OUTPUT, media.audioOutput(), true);
    put(figures, Figure.IMAGE_INPUT, media.imageInput(), true);
    put(figures, Figure.IMAGE_OUTPUT, media.imageOutput(), true);
    return figures;
  }

  private static void put(
      Map<Figure, BigDecimal> figures, Figure figure, @Nullable Long picos, boolean said) {
    if (said && picos != null) {
      figures.put(figure, BigDecimal.valueOf(picos, PICOS));
    }
  }
}
