package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.chat.Usage.Details;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Reads OpenAI's usage object. A count that is missing, no integer, negative or above 10^10 makes
 * the whole usage unknown, which is not the same as zero; a detail that is missing or null is 0.
 * Details that are bigger than their total are kept as read.
 *
 * <p>Some count reasoning in {@code total_tokens} and not in {@code completion_tokens}: it is added
 * to the output. Whatever else the total has beyond prompt and completion is added too, and makes
 * the usage an estimate.
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
  private long total = ABSENT;
  private long cacheRead;
  private long cacheWrite;
  private long cacheWriteHour;
  private long reasoning;
  private long audioInput;
  private long imageInput;
  private long audioOutput;
  private long imageOutput;
  private long acceptedPrediction;
  private long rejectedPrediction;
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
    reader.total = ABSENT;
    return reader.usage();
  }

  private void readFields(JsonParser json) throws IOException {
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "prompt_tokens" -> input = count(json);
        case "completion_tokens" -> output = count(json);
        case "total_tokens" -> total = count(json);
        case "prompt_tokens_details" -> readDetails(json, value, true);
        case "completion_tokens_details" -> readDetails(json, value, false);
        case "cost" -> costNanos = nanos(json);
        default -> json.skipChildren();
      }
    }
  }

  private void readDetails(JsonParser json, JsonToken details, boolean prompt) throws IOException {
    if (details != JsonToken.START_OBJECT) {
      wrong |= details != JsonToken.VALUE_NULL;
      json.skipChildren();
      return;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      if (prompt) {
        readPromptDetail(json, name);
      } else {
        readCompletionDetail(json, name);
      }
    }
  }

  private void readPromptDetail(JsonParser json, String name) throws IOException {
    switch (name) {
      case "cached_tokens" -> cacheRead = part(json);
      case "cache_write_tokens" -> cacheWrite = part(json);
      case "cache_write_1h_tokens" -> cacheWriteHour = part(json);
      case "audio_tokens" -> audioInput = part(json);
      case "image_tokens" -> imageInput = part(json);
      default -> json.skipChildren();
    }
  }

  private void readCompletionDetail(JsonParser json, String name) throws IOException {
    switch (name) {
      case "reasoning_tokens" -> reasoning = part(json);
      case "audio_tokens" -> audioOutput = part(json);
      case "image_tokens" -> imageOutput = part(json);
      case "accepted_prediction_tokens" -> acceptedPrediction = part(json);
      case "rejected_prediction_tokens" -> rejectedPrediction = part(json);
      default -> json.skipChildren();
    }
  }

  private @Nullable Usage usage() {
    if (wrong || input < 0 || output < 0) {
      return null;
    }
    long untold = Math.max(0, total - input - output);
    return new Usage(
        input,
        output + untold,
        cacheRead,
        cacheWrite,
        cacheWriteHour,
        reasoning,
        details(),
        ServiceTier.STANDARD,
        costNanos,
        untold > 0 && untold != reasoning);
  }

  private Details details() {
    boolean any =
        (audioInput | imageInput | audioOutput | imageOutput) != 0
            || (acceptedPrediction | rejectedPrediction) != 0;
    return any
        ? new Details(
            audioInput,
            imageInput,
            audioOutput,
            imageOutput,
            acceptedPrediction,
            rejectedPrediction)
        : Details.NONE;
  }

  /** A detail: 0 when it is null. */
  private long part(JsonParser json) throws IOException {
    long count = count(json);
    wrong |= count == WRONG;
    return Math.max(count, 0);
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
