package dev.serai.provider;

/**
 * The usage figures of one answer, as OpenAI counts them: the totals include their parts.
 *
 * @param prompt all prompt tokens
 * @param completion all completion tokens
 * @param cached the part of the prompt that came from the provider's cache
 * @param reasoning the part of the completion that was spent on reasoning
 */
public record Tokens(long prompt, long completion, long cached, long reasoning) {

  /** The figures that the test provider reports for its call {@code n}: no two calls share them. */
  static Tokens ofCall(int n) {
    return new Tokens(100L + n, 10L + n, n % 7, n % 5);
  }

  String json() {
    return """
    {"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,\
    "prompt_tokens_details":{"cached_tokens":%d},\
    "completion_tokens_details":{"reasoning_tokens":%d}}\
    """
        .formatted(prompt, completion, prompt + completion, cached, reasoning);
  }
}
