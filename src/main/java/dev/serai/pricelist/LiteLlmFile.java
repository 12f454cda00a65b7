package dev.serai.pricelist;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.ServiceTier;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * LiteLLM's {@code model_prices_and_context_window.json}: an object with an entry for each model,
 * prices in USD for a token.
 */
final class LiteLlmFile {
  static final String SOURCE = "LiteLLM price file";

  private static final Pattern TIER = Pattern.compile(".*_above_(\\d{1,6})k_tokens.*");
  private static final Pattern PROFILE = Pattern.compile("(us|eu|apac|global|jp|au|us-gov)\\..+");

  /** LiteLLM's names for providers, where they are not OpenTelemetry's. */
  private static final Map<String, String> PROVIDER_NAMES =
      Map.of(
          "bedrock", "aws.bedrock",
          "bedrock_converse", "aws.bedrock",
          "mistral", "mistral_ai",
          "xai", "x_ai");

  private static final Map<Figure, String> FIELDS = new EnumMap<>(Figure.class);

  static {
    FIELDS.put(Figure.INPUT, "input_cost_per_token");
    FIELDS.put(Figure.OUTPUT, "output_cost_per_token");
    FIELDS.put(Figure.CACHE_READ, "cache_read_input_token_cost");
    FIELDS.put(Figure.CACHE_WRITE, "cache_creation_input_token_cost");
    FIELDS.put(Figure.CACHE_WRITE_1H, "cache_creation_input_token_cost_above_1hr");
    FIELDS.put(Figure.REASONING, "output_cost_per_reasoning_token");
    FIELDS.put(Figure.AUDIO_INPUT, "input_cost_per_audio_token");
    FIELDS.put(Figure.AUDIO_OUTPUT, "output_cost_per_audio_token");
    FIELDS.put(Figure.IMAGE_INPUT, "input_cost_per_image_token");
    FIELDS.put(Figure.IMAGE_OUTPUT, "output_cost_per_image_token");
  }

  private static final Map<ServiceTier, String> SERVICES =
      Map.of(
          ServiceTier.BATCH, "_batches",
          ServiceTier.FLEX, "_flex",
          ServiceTier.PRIORITY, "_priority");

  private LiteLlmFile() {}

  static boolean matches(JsonNode root) {
    return root.valueStream().anyMatch(entry -> entry.has("litellm_provider"));
  }

  /** Reads every entry; what cannot be used is passed over, with the reason. */
  static void read(JsonNode root, Consumer<Offer> offers, BiConsumer<String, String> passedOver) {
    root.properties()
        .forEach(
            field -> {
              String key = field.getKey();
              if (key.equals("sample_spec")) {
                return;
              }
              try {
                String reason = read(key, field.getValue(), offers);
                if (reason != null) {
                  passedOver.accept(key, reason);
                }
              } catch (NumberFormatException e) {
                passedOver.accept(key, String.valueOf(e.getMessage()));
              }
            });
  }

  private static @Nullable String read(String key, JsonNode entry, Consumer<Offer> offers) {
    String provider = entry.path("litellm_provider").asText();
    String mode = entry.path("mode").asText("chat");
    boolean embedding = mode.equals("embedding");
    if (!embedding && !List.of("chat", "completion", "responses").contains(mode)) {
      return "neither chat nor embeddings";
    }
    String name = PROVIDER_NAMES.getOrDefault(provider, provider);
    String id = key.startsWith(provider + "/") ? key.substring(provider.length() + 1) : key;
    if (name.equals("aws.bedrock") && (id.contains("/") || PROFILE.matcher(id).matches())) {
      return "a region or an inference profile";
    }
    Rates standard = rates(entry, "");
    if (!standard.priced()) {
      return "no price for a token";
    }
    Map<ServiceTier, Rates> services = new EnumMap<>(ServiceTier.class);
    SERVICES.forEach(
        (tier, suffix) -> {
          Rates rates = rates(entry, suffix);
          if (rates.priced() && (standard.tiers().isEmpty() || !rates.tiers().isEmpty())) {
            services.put(tier, rates);
          }
        });
    BigDecimal perRequest =
        Objects.requireNonNullElse(
            PerToken.usd(entry.path("input_cost_per_request")), BigDecimal.ZERO);
    offers.accept(
        new Offer(
            name,
            id,
            embedding,
            number(entry.path("max_input_tokens")),
            number(entry.path("output_vector_size")),
            new Quote(standard, services, perRequest)));
    return null;
  }

  private static Rates rates(JsonNode entry, String suffix) {
    Map<Figure, BigDecimal> base = figures(entry, suffix);
    if (base.containsKey(Figure.INPUT)) {
      base.putIfAbsent(Figure.OUTPUT, BigDecimal.ZERO);
    }
    Map<Long, Map<Figure, BigDecimal>> tiers = new TreeMap<>();
    for (long thousands : thresholds(entry)) {
      Map<Figure, BigDecimal> tier = figures(entry, "_above_" + thousands + "k_tokens" + suffix);
      if (!tier.isEmpty()) {
        tiers.put(thousands * 1000, tier);
      }
    }
    return new Rates(base, tiers);
  }

  private static Map<Figure, BigDecimal> figures(JsonNode entry, String suffix) {
    Map<Figure, BigDecimal> figures = new EnumMap<>(Figure.class);
    FIELDS.forEach(
        (figure, field) -> {
          BigDecimal usd = PerToken.usdPerMillion(entry.path(field + suffix));
          if (usd != null) {
            figures.put(figure, usd);
          }
        });
    return figures;
  }

  private static Set<Long> thresholds(JsonNode entry) {
    Set<Long> thousands = new TreeSet<>();
    entry
        .fieldNames()
        .forEachRemaining(
            name -> {
              Matcher tier = TIER.matcher(name);
              if (tier.matches()) {
                thousands.add(Long.parseLong(tier.group(1)));
              }
            });
    return thousands;
  }

  private static @Nullable Long number(JsonNode value) {
    return value.isIntegralNumber() && value.asLong() > 0 ? (Long) value.asLong() : null;
  }
}
