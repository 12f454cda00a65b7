package dev.serai.dialect.bedrock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.chat.Prompt;
import dev.serai.dialect.chat.Reasoning;
import dev.serai.dialect.chat.Thinking;
import dev.serai.dialect.chat.ToolChoice;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.document.Document;

/**
 * What Converse has no field for, said in the words of the model: how much to reason, and whatever
 * the caller sent that OpenAI's API does not have.
 *
 * @param fields the model's own; may be empty
 * @param thinking whether Claude reasons, which rules out other sampling and forced tools
 * @param maxTokens the longest answer, reasoning included; null for the model's own
 */
record ModelFields(ObjectNode fields, boolean thinking, @Nullable Long maxTokens) {

  private static final String CLAUDE = "anthropic.claude";

  /**
   * Chooses the words by the model's name.
   *
   * @param maxAnswerTokens room for a Claude that reasons, where the request names no limit
   * @param inJson whether the answer is asked for by a tool
   */
  static ModelFields of(Prompt prompt, long maxAnswerTokens, boolean inJson) {
    String model = prompt.model();
    if (model.contains(CLAUDE)) {
      return claude(prompt, maxAnswerTokens, inJson);
    }
    ObjectNode fields = prompt.rest().deepCopy();
    Reasoning reasoning = prompt.reasoning();
    if (reasoning != null && reasoning.effort() != null) {
      if (model.contains("openai.")) {
        String effort = reasoning.effort().name().toLowerCase(Locale.ROOT);
        fields.put("reasoning_effort", effort);
      } else if (model.contains("amazon.nova-2") && reasoning.wanted()) {
        fields
            .putObject("reasoningConfig")
            .put("type", "enabled")
            .put("maxReasoningEffort", novaEffort(reasoning.effort()));
      }
    }
    return new ModelFields(fields, false, prompt.maxTokens());
  }

  private static String novaEffort(Reasoning.Effort effort) {
    return switch (effort) {
      case NONE, MINIMAL, LOW -> "low";
      case MEDIUM -> "medium";
      case HIGH, XHIGH -> "high";
    };
  }

  private static ModelFields claude(Prompt prompt, long maxAnswerTokens, boolean inJson) {
    ToolChoice choice = prompt.toolChoice();
    boolean mustCall = choice instanceof ToolChoice.Named || choice instanceof ToolChoice.Required;
    Thinking thinking = Thinking.of(prompt, maxAnswerTokens, inJson || mustCall);
    ObjectNode fields = prompt.rest().deepCopy();
    if (thinking.budget() > 0) {
      fields.putObject("thinking").put("type", "enabled").put("budget_tokens", thinking.budget());
    }
    boolean none = choice instanceof ToolChoice.None;
    if (oneCallAtATime(prompt) && !prompt.tools().isEmpty() && !mustCall && !none && !inJson) {
      fields.putObject("tool_choice").put("type", "auto").put("disable_parallel_tool_use", true);
    }
    return new ModelFields(
        fields, thinking.on(), thinking.on() ? (Long) thinking.maxTokens() : prompt.maxTokens());
  }

  /**
   * Whether Claude is told in its own words to make one call at a time. They hold the choice of
   * tools as well, and Bedrock refuses to be told it twice.
   */
  static boolean oneCallAtATime(Prompt prompt) {
    return prompt.model().contains(CLAUDE) && Boolean.FALSE.equals(prompt.parallelToolCalls());
  }

  @Nullable Document document() {
    return fields.isEmpty() ? null : Documents.of(fields);
  }
}
