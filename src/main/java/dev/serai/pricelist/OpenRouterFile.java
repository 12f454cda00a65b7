package dev.serai.pricelist;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What OpenRouter's {@code GET /models} answers: {@code data} with an entry for each model, prices
 * as text, in USD for a token; 0 where there is none.
 *
 * @see <a href="https://openrouter.ai/docs/api-reference/list-available-models">models at
 *     OpenRouter</a>
 */
final class OpenRouterFile {
  static final String SOURCE = "OpenRouter models";
  private static final String PROVIDER_NAME = "openrouter";

  private OpenRouterFile() {}

  static boolean matches(JsonNode root) {
    return root.path("data").isArray()
        && root.path("data").valueStream().anyMatch(entry -> entry.path("pricing").isObject());
  }

  /** Reads every entry; what cannot be used is passed over, with the reason. */
  static void read(JsonNode root, Consumer<Offer> offers, BiConsumer<String, String> passedOver) {
    for (JsonNode entry : root.path("data")) {
      String id = entry.path("id").asText();
      try {
        Offer offer = offer(id, entry);
        if (offer == null) {
          passedOver.accept(id, "no price for a token");
        } else {
          offers.accept(offer);
        }
      } catch (NumberFormatException e) {
        passedOver.accept(id, String.valueOf(e.getMessage()));
      }
    }
  }

  private static @Nullable Offer offer(String id, JsonNode entry) {
    JsonNode pricing = entry.path("pricing");
    BigDecimal input = PerToken.usdPerMillion(pricing.path("prompt"));
    BigDecimal output = PerToken.usdPerMillion(pricing.path("completion"));
    if (input == null || output == null) {
      return null;
    }
    Map<Figure, BigDecimal> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.INPUT, input);
    figures.put(Figure.OUTPUT, output);
    put(figures, Figure.CACHE_READ, pricing.path("input_cache_read"));
    put(figures, Figure.CACHE_WRITE, pricing.path("input_cache_write"));
    put(figures, Figure.REASONING, pricing.path("internal_reasoning"));
    put(figures, Figure.AUDIO_INPUT, pricing.path("audio"));
    BigDecimal perRequest =
        Objects.requireNonNullElse(PerToken.usd(pricing.path("request")), BigDecimal.ZERO);
    JsonNode window = entry.path("context_length");
    return new Offer(
        PROVIDER_NAME,
        id,
        false,
        window.isIntegralNumber() && window.asLong() > 0 ? (Long) window.asLong() : null,
        null,
        new Quote(new Rates(figures, Map.of()), Map.of(), perRequest));
  }

  /** 0 says that there is no price of its own, not that it is free. */
  private static void put(Map<Figure, BigDecimal> figures, Figure figure, JsonNode amount) {
    BigDecimal usd = PerToken.usdPerMillion(amount);
    if (usd != null && usd.signum() > 0) {
      figures.put(figure, usd);
    }
  }
}
