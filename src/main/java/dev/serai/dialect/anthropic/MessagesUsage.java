package dev.serai.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Reads Anthropic's usage, which counts cached tokens apart from {@code input_tokens}. In a stream
 * it comes in pieces, of which a later one replaces what an earlier one said.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching">Prompt caching
 *     at Anthropic</a>
 */
final class MessagesUsage {

  private static final long ABSENT = -1;
  private static final long MOST_TOKENS = 10_000_000_000L;

  private long input = ABSENT;
  private long output = ABSENT;
  private long cacheRead;
  private long cacheWrite;
  private long cacheWriteHour;
  private ServiceTier serviceTier = ServiceTier.STANDARD;
  private boolean wrong;

  /** Takes what a usage object says; anything else says nothing. */
  void read(JsonNode usage) {
    input = count(usage, "input_tokens", input);
    output = count(usage, "output_tokens", output);
    cacheRead = count(usage, "cache_read_input_tokens", cacheRead);
    cacheWrite = count(usage, "cache_creation_input_tokens", cacheWrite);
    cacheWriteHour =
        count(usage.path("cache_creation"), "ephemeral_1h_input_tokens", cacheWriteHour);
    if (usage.path("service_tier").isTextual()) {
      serviceTier = ServiceTier.of(usage.path("service_tier").textValue());
    }
  }

  private long count(JsonNode usage, String field, long before) {
    JsonNode value = usage.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return before;
    }
    long count = value.asLong(ABSENT);
    wrong |= !value.isIntegralNumber() || count < 0 || count > MOST_TOKENS;
    return count;
  }

  /** What was used, cached tokens within the input; null while it is not known or not credible. */
  @Nullable Usage usage() {
    if (wrong || input == ABSENT || output == ABSENT) {
      return null;
    }
    return new Usage(
        input + cacheRead + cacheWrite,
        output,
        cacheRead,
        cacheWrite,
        cacheWriteHour,
        0,
        Usage.Details.NONE,
        serviceTier,
        null,
        false);
  }
}
