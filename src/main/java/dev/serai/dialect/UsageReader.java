package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.chat.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Reads OpenAI's usage object. A count that is missing, no integer, negative or above 10^10 makes
 * the whole usage unknown, which is not the same as zero; a detail that is missing or null is 0.
 * Details that are bigger than their total are kept as read.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/object">usage at OpenAI</a>
 * @see <a href="https://openrouter.ai/docs/use-cases/usage-accounting">cost at OpenRouter</a>
 */
final class UsageReader {

  private static final long MOST_TOKENS = 10_000_000_000L;
  private static final BigDecimal MOST_USD = BigDecimal.valueOf(1_000_000);
  private static final long ABSENT = -1;
  private static final long WRONG = -2;

  private long input = ABSENT;
  private long output = ABSENT;
  private long cacheRead = ABSENT;
  private long cacheWrite = ABSENT;
  private long cacheWriteHour = ABSENT;
  private long reasoning = ABSENT;
  private boolean wrong;
  private @Nullable Long costNanos;

  private UsageReader() {}

  /** Reads the object whose start is the current token, to its end; null when unknown. */
  static @Nullable Usage read(JsonParser json) throws IOException {
    UsageReader reader = new UsageReader();
    reader.readFields(json);
    return reader.usage();
  }

  /** As {@link #read} of an answer that has no completion: only the prompt counts. */
  static @Nullable Usage readPrompt(JsonParser json) throws IOException {
    UsageReader reader = new UsageReader();
    reader.readFields(json);
    reader.output = 0;
    return reader.usage();
  }

  private void readFields(JsonParser json) throws IOException {
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "prompt_tokens" -> input = count(json);
        case "completion_tokens" -> output = count(json);
        case "prompt_tokens_details", "completion_tokens_details" -> readDetails(json, value);
        case "cost" -> costNanos = nanos(json);
        default -> json.skipChildren();
      }
    }
  }

  private void readDetails(JsonParser json, JsonToken details) throws IOException {
    if (details != JsonToken.START_OBJECT) {
      wrong |= details != JsonToken.VALUE_NULL;
      json.skipChildren();
      return;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "cached_tokens" -> cacheRead = count(json);
        case "cache_write_tokens" -> cacheWrite = count(json);
        case "cache_write_1h_tokens" -> cacheWriteHour = count(json);
        case "reasoning_tokens" -> reasoning = count(json);
        default -> json.skipChildren();
      }
    }
  }

  private @Nullable Usage usage() {
    if (wrong || input < 0 || output < 0) {
      return null;
    }
    if (cacheRead == WRONG
        || cacheWrite == WRONG
        || reasoning == WRONG
        || cacheWriteHour == WRONG) {
      return null;
    }
    return new Usage(
        input,
        output,
        Math.max(cacheRead, 0),
        Math.max(cacheWrite, 0),
        Math.max(cacheWriteHour, 0),
        Math.max(reasoning, 0),
        costNanos,
        false);
  }

  private static long count(JsonParser json) throws IOException {
    JsonToken value = json.currentToken();
    if (value == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != NumberType.BIG_INTEGER) {
      long count = json.getLongValue();
      return count >= 0 && count <= MOST_TOKENS ? count : WRONG;
    }
    json.skipChildren();
    return value == JsonToken.VALUE_NULL ? ABSENT : WRONG;
  }

  /** USD to nano-dollars, half up below one; null when it is no sensible amount. */
  private static @Nullable Long nanos(JsonParser json) throws IOException {
    if (!json.currentToken().isNumeric()) {
      json.skipChildren();
      return null;
    }
    BigDecimal usd = Json.decimal(json);
    if (usd == null) {
      return null;
    }
    // The scale is looked at first: to round 1e-999999999 would take gigabytes.
    if (Math.abs((long) usd.scale()) > 100 || usd.signum() < 0 || usd.compareTo(MOST_USD) > 0) {
      return null;
    }
    return usd.movePointRight(9).setScale(0, RoundingMode.HALF_UP).longValueExact();
  }
}
