package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat request in neutral terms. What is null was not asked for.
 *
 * @param model as the provider is told it
 * @param stream whether the answer is to be streamed
 * @param messages at least one, in order
 * @param tools what the model may call; empty when there is none
 * @param toolChoice whether it must; null for the provider's own default
 * @param parallelToolCalls whether it may call several at once
 * @param stop texts that end the answer; empty when there are none
 * @param temperature any number
 * @param topP any number
 * @param maxTokens the longest answer in tokens, reasoning included
 * @param answerFormat JSON, where the answer must be that
 * @param reasoning whether and how long to reason
 * @param endUser stable hash of who asks, for the provider's own tracking of abuse
 * @param rest fields that OpenAI's API does not have, as they are: the provider's own
 */
public record Prompt(
    String model,
    boolean stream,
    List<Message> messages,
    List<Tool> tools,
    @Nullable ToolChoice toolChoice,
    @Nullable Boolean parallelToolCalls,
    List<String> stop,
    @Nullable BigDecimal temperature,
    @Nullable BigDecimal topP,
    @Nullable Long maxTokens,
    @Nullable AnswerFormat answerFormat,
    @Nullable Reasoning reasoning,
    @Nullable String endUser,
    ObjectNode rest) {

  /** Says nothing of the content. */
  @Override
  public String toString() {
    return "Prompt[" + model + ", " + messages.size() + " messages]";
  }
}
