package dev.serai.dialect;

/**
 * How long an answer may be, as a provider is told it.
 *
 * @param completion whether as {@code max_completion_tokens}, or as {@code max_tokens}
 * @param tokens 1 or more
 */
public record MaxTokens(boolean completion, long tokens) {

  String field() {
    return completion ? "max_completion_tokens" : "max_tokens";
  }

  Edit at(Span value) {
    return new Edit(value, Long.toString(tokens));
  }
}
