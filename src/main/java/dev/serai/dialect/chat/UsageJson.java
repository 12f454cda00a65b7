package dev.serai.dialect.chat;

import dev.serai.chat.Usage;

/** Writes OpenAI's usage object; what UsageReader reads. */
final class UsageJson {

  private UsageJson() {}

  static String of(Usage usage) {
    StringBuilder json = new StringBuilder(200);
    json.append("{\"prompt_tokens\":").append(usage.inputTokens());
    json.append(",\"completion_tokens\":").append(usage.outputTokens());
    json.append(",\"total_tokens\":").append(usage.inputTokens() + usage.outputTokens());
    json.append(",\"prompt_tokens_details\":{\"cached_tokens\":");
    json.append(usage.cacheReadInputTokens());
    json.append(",\"cache_write_tokens\":").append(usage.cacheWriteInputTokens());
    if (usage.cacheWriteHourInputTokens() > 0) {
      json.append(",\"cache_write_1h_tokens\":").append(usage.cacheWriteHourInputTokens());
    }
    json.append('}');
    if (usage.reasoningTokens() > 0) {
      json.append(",\"completion_tokens_details\":{\"reasoning_tokens\":");
      json.append(usage.reasoningTokens()).append('}');
    }
    return json.append('}').toString();
  }
}
