package dev.serai.blackbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Cassette;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a recorded call costs, reckoned without Serai: from the usage as it stands in the recording
 * and from figures typed in from the price list.
 */
final class ByHand {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern USAGE = Pattern.compile("\"usage\"\\s*:\\s*(?=\\{)");

  /** Nano-dollars for each token: input, output, read from the cache, written, for an hour. */
  private static final Map<String, long[]> NANOS =
      Map.ofEntries(
          Map.entry("gpt-4o", new long[] {2_500, 10_000, 1_250, 2_500, 2_500}),
          Map.entry("gpt-4o-mini", new long[] {150, 600, 75, 150, 150}),
          Map.entry("gpt-5-nano", new long[] {50, 400, 5, 50, 50}),
          Map.entry("gpt-5-mini", new long[] {250, 2_000, 25, 250, 250}),
          Map.entry("gpt-5", new long[] {1_250, 10_000, 125, 1_250, 1_250}),
          Map.entry("o4-mini", new long[] {1_100, 4_400, 275, 1_100, 1_100}),
          Map.entry("o3", new long[] {2_000, 8_000, 500, 2_000, 2_000}),
          Map.entry("text-embedding-3-small", new long[] {20, 0, 20, 20, 20}),
          Map.entry("text-embedding-3-large", new long[] {130, 0, 130, 130, 130}),
          Map.entry("claude-haiku-4-5", new long[] {1_000, 5_000, 100, 1_250, 2_000}),
          Map.entry("claude-sonnet-4-20250514", new long[] {3_000, 15_000, 300, 3_750, 6_000}),
          Map.entry("claude-3-5-haiku-20241022", new long[] {800, 4_000, 80, 1_000, 1_000}),
          Map.entry("amazon.nova-micro-v1:0", new long[] {35, 140, 35, 35, 35}),
          Map.entry("amazon.nova-lite-v1:0", new long[] {60, 240, 60, 60, 60}),
          Map.entry("amazon.nova-pro-v1:0", new long[] {800, 3_200, 800, 800, 800}),
          Map.entry(
              "anthropic.claude-3-5-sonnet-20241022-v2:0",
              new long[] {3_000, 15_000, 300, 3_750, 3_750}),
          Map.entry(
              "anthropic.claude-3-haiku-20240307-v1:0", new long[] {250, 1_250, 250, 250, 250}),
          Map.entry(
              "anthropic.claude-sonnet-4-20250514-v1:0",
              new long[] {3_000, 15_000, 300, 3_750, 3_750}),
          Map.entry(
              "eu.anthropic.claude-sonnet-4-20250514-v1:0",
              new long[] {3_000, 15_000, 300, 3_750, 3_750}),
          Map.entry(
              "anthropic.claude-sonnet-4-5-20250929-v1:0",
              new long[] {3_000, 15_000, 300, 3_750, 3_750}),
          Map.entry(
              "anthropic.claude-haiku-4-5-20251001-v1:0",
              new long[] {1_000, 5_000, 100, 1_250, 1_250}),
          Map.entry("anthropic/claude-sonnet-4", new long[] {3_000, 15_000, 300, 3_750, 3_750}),
          Map.entry("anthropic/claude-haiku-4.5", new long[] {1_000, 5_000, 100, 1_250, 1_250}),
          Map.entry("anthropic/claude-3.5-haiku", new long[] {800, 4_000, 80, 1_000, 1_000}),
          Map.entry("openai/gpt-4o", new long[] {2_500, 10_000, 2_500, 2_500, 2_500}));

  private ByHand() {}

  /** In nano-dollars; null where the list has no price for the model. */
  static @Nullable Long nanos(Cassette cassette) {
    long[] each = NANOS.get(model(cassette));
    if (each == null) {
      return null;
    }
    JsonNode usage = usage(new String(cassette.body(), StandardCharsets.UTF_8));
    long read = first(usage, "cache_read_input_tokens", "cacheReadInputTokens");
    long write = first(usage, "cache_creation_input_tokens", "cacheWriteInputTokens");
    long hour = usage.at("/cache_creation/ephemeral_1h_input_tokens").asLong();
    long input = first(usage, "input_tokens", "inputTokens");
    if (usage.has("prompt_tokens")) {
      read = usage.at("/prompt_tokens_details/cached_tokens").asLong();
      write = usage.at("/prompt_tokens_details/cache_write_tokens").asLong();
      input = usage.path("prompt_tokens").asLong() - read - write;
    }
    long output =
        usage.path("completion_tokens").asLong() + first(usage, "output_tokens", "outputTokens");
    return input * each[0]
        + output * each[1]
        + read * each[2]
        + (write - hour) * each[3]
        + hour * each[4];
  }

  private static String model(Cassette cassette) {
    if (cassette.provider().equals("bedrock")) {
      return cassette.path().split("/", -1)[2].replace("%3A", ":");
    }
    return cassette.request().path("model").asText();
  }

  /** All usage objects of the recording as one: of a stream the later ones win. */
  private static JsonNode usage(String body) {
    ObjectNode usage = JSON.createObjectNode();
    Matcher found = USAGE.matcher(body);
    while (found.find()) {
      try {
        usage.setAll((ObjectNode) JSON.readTree(body.substring(found.end())));
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("usage at " + found.end(), e);
      }
    }
    return usage;
  }

  private static long first(JsonNode usage, String name, String otherName) {
    return usage.path(name).asLong() + usage.path(otherName).asLong();
  }
}
