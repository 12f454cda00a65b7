package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.dialect.chat.Message.Role;
import java.util.List;

/**
 * Whether Claude thinks before it answers, and how much room that and the answer have.
 *
 * @param on whether it thinks, be it because the request says so in Anthropic's own words
 * @param budget tokens of thinking to ask for; 0 when there is nothing to ask
 * @param maxTokens the longest answer, thinking included
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking">Extended
 *     thinking at Anthropic</a>
 */
public record Thinking(boolean on, long budget, long maxTokens) {

  private static final int SMALLEST_BUDGET = 1024;

  /**
   * Decides.
   *
   * @param forced whether a tool must be called, which Claude does not do while it thinks
   */
  public static Thinking of(Prompt prompt, long maxAnswerTokens, boolean forced) {
    Long asked = prompt.maxTokens();
    long most = asked == null ? maxAnswerTokens : asked;
    JsonNode own = prompt.rest().path("thinking");
    if (own.isObject()) {
      long budget = own.path("budget_tokens").asLong();
      boolean raise = asked == null && budget >= most;
      return new Thinking(asksFor(own), 0, raise ? budget + most : most);
    }
    Reasoning reasoning = prompt.reasoning();
    if (reasoning == null || !reasoning.wanted() || forced || inUnsignedLoop(prompt.messages())) {
      return new Thinking(false, 0, most);
    }
    long budget = reasoning.budget(most);
    if (asked == null && budget >= most) {
      return new Thinking(true, budget, budget + most);
    }
    long within = Math.min(budget, most - 1);
    return within < SMALLEST_BUDGET
        ? new Thinking(false, 0, most)
        : new Thinking(true, within, most);
  }

  private static boolean asksFor(JsonNode own) {
    return !own.path("type").asText().equals("disabled");
  }

  /**
   * Whether the turn has called tools without its reasoning being sent back: Anthropic then refuses
   * to go on with thinking.
   */
  private static boolean inUnsignedLoop(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      Message message = messages.get(i);
      if (message.role() == Role.USER) {
        return false;
      }
      if (message.role() == Role.ASSISTANT && !message.toolCalls().isEmpty()) {
        return message.thoughts().stream().noneMatch(Thought::signed);
      }
    }
    return false;
  }
}
