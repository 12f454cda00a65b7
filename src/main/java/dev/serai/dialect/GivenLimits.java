package dev.serai.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer may be, as a request says it.
 *
 * @param maxTokens in the field {@code max_tokens}; null when there is none
 * @param maxCompletionTokens the same of {@code max_completion_tokens}
 */
record GivenLimits(@Nullable Given maxTokens, @Nullable Given maxCompletionTokens) {

  /**
   * One of the two fields.
   *
   * @param tokens any number; null for null
   * @param value where it stands
   */
  record Given(@Nullable Long tokens, Span value) {}

  /** The larger one, because it is the provider's choice which it keeps to; null for none. */
  @Nullable Long most() {
    Long one = tokens(maxTokens);
    Long other = tokens(maxCompletionTokens);
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Math.max(one, other);
  }

  /**
   * Sees to it that a provider keeps to a limit. What is given and limits stays; 0 and less are no
   * limit to some servers, and who knows the older field only is not held by the newer one.
   */
  void tell(MaxTokens limit, List<Edit> edits, StringBuilder added) {
    boolean older = given(maxTokens, limit, edits);
    boolean newer = given(maxCompletionTokens, limit, edits);
    boolean told = older || (newer && limit.completion());
    if (!told) {
      Given empty = limit.completion() ? maxCompletionTokens : maxTokens;
      if (empty == null) {
        added.append(Json.quote(limit.field())).append(':').append(limit.tokens()).append(',');
      } else {
        edits.add(limit.at(empty.value()));
      }
    }
  }

  private static boolean given(@Nullable Given given, MaxTokens limit, List<Edit> edits) {
    Long tokens = tokens(given);
    if (given == null || tokens == null) {
      return false;
    }
    if (tokens < 1) {
      edits.add(limit.at(given.value()));
    }
    return true;
  }

  private static @Nullable Long tokens(@Nullable Given given) {
    return given == null ? null : given.tokens();
  }
}
