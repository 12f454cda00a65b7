package dev.serai.dialect.chat;

import org.jspecify.annotations.Nullable;

/**
 * How much the model is to reason before it answers.
 *
 * @param effort how hard; null when only the budget is said
 * @param maxTokens the budget in tokens; null when only the effort is said
 */
public record Reasoning(@Nullable Effort effort, @Nullable Long maxTokens) {

  private static final int SMALLEST_BUDGET = 1024;
  private static final int LARGEST_BUDGET = 32_000;

  /** OpenAI's words for it, with the share of the answer that goes into reasoning, in percent. */
  public enum Effort {
    /** Not at all. */
    NONE(0),
    /** Next to nothing. */
    MINIMAL(10),
    /** A little. */
    LOW(20),
    /** The usual. */
    MEDIUM(50),
    /** A lot. */
    HIGH(80),
    /** As much as there is. */
    XHIGH(95);

    private final int percent;

    Effort(int percent) {
      this.percent = percent;
    }
  }

  /** Whether the model is to reason at all. */
  public boolean wanted() {
    return effort != Effort.NONE && (maxTokens == null || maxTokens > 0);
  }

  /**
   * The budget as a number of tokens, for providers that want one: what was said, else the effort's
   * share of the answer, from 1,024 to 32,000 as <a
   * href="https://openrouter.ai/docs/use-cases/reasoning-tokens">OpenRouter</a> reckons it.
   *
   * @param maxAnswerTokens the longest answer, reasoning included
   */
  public long budget(long maxAnswerTokens) {
    if (maxTokens != null) {
      return Math.max(maxTokens, SMALLEST_BUDGET);
    }
    int percent = effort == null ? Effort.MEDIUM.percent : effort.percent;
    return Math.clamp(maxAnswerTokens / 100 * percent, SMALLEST_BUDGET, LARGEST_BUDGET);
  }
}
