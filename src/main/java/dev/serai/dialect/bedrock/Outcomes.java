package dev.serai.dialect.bedrock;

import dev.serai.chat.Usage;
import dev.serai.dialect.chat.FinishReason;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.model.CacheDetail;
import software.amazon.awssdk.services.bedrockruntime.model.CacheTTL;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/** How an answer ended and what it used, in neutral terms. */
final class Outcomes {

  private Outcomes() {}

  /**
   * What an end is called in OpenAI's form.
   *
   * @param reason as Bedrock says it
   * @param callsTools whether the answer holds tool calls that the caller sees
   */
  static FinishReason finishReason(StopReason reason, boolean callsTools) {
    return switch (reason) {
      case MAX_TOKENS, MODEL_CONTEXT_WINDOW_EXCEEDED -> FinishReason.LENGTH;
      case GUARDRAIL_INTERVENED, CONTENT_FILTERED -> FinishReason.CONTENT_FILTER;
      case TOOL_USE -> callsTools ? FinishReason.TOOL_CALLS : FinishReason.STOP;
      case END_TURN, STOP_SEQUENCE, UNKNOWN_TO_SDK_VERSION ->
          callsTools ? FinishReason.TOOL_CALLS : FinishReason.STOP;
      // Not complete, so that nobody keeps it; OpenAI has no word for it.
      case MALFORMED_MODEL_OUTPUT, MALFORMED_TOOL_USE -> FinishReason.CONTENT_FILTER;
    };
  }

  /**
   * What was used; null when Bedrock does not say. Bedrock counts cached tokens apart from the
   * input, the neutral record counts them in.
   *
   * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html">how
   *     Bedrock counts cached tokens</a>
   */
  static @Nullable Usage usage(@Nullable TokenUsage usage) {
    if (usage == null || usage.inputTokens() == null || usage.outputTokens() == null) {
      return null;
    }
    long read = orZero(usage.cacheReadInputTokens());
    long write = orZero(usage.cacheWriteInputTokens());
    long hour = 0;
    for (CacheDetail detail : usage.cacheDetails()) {
      hour += detail.ttl() == CacheTTL.VALUE_1_H ? orZero(detail.inputTokens()) : 0;
    }
    return new Usage(
        usage.inputTokens() + read + write,
        usage.outputTokens(),
        read,
        write,
        hour,
        0,
        null,
        false);
  }

  private static long orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }
}
