package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.dialect.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer.
 *
 * @param id the answer's id
 * @param model the model that answered, as the provider names it
 * @param created seconds since 1970
 * @param content the text; null when there is none
 * @param reasoning the reasoning that can be read; null when there is none
 * @param thoughts the reasoning as it can be sent back; may be empty
 * @param toolCalls what the model wants to be called; may be empty
 * @param finishReason see {@link FinishReason#word}
 * @param usage what was used; null when the provider does not say
 */
public record Completion(
    String id,
    String model,
    long created,
    @Nullable String content,
    @Nullable String reasoning,
    List<Thought> thoughts,
    List<ToolCall> toolCalls,
    String finishReason,
    @Nullable Usage usage) {

  /** The answer as OpenAI's {@code chat.completion}, UTF-8. */
  public byte[] json() {
    ObjectNode answer = Json.TREES.createObjectNode();
    answer.put("id", id);
    answer.put("object", "chat.completion");
    answer.put("created", created);
    answer.put("model", model);
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("index", 0);
    message(choice.putObject("message"));
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason);
    if (usage != null) {
      if (usage.serviceTier() != ServiceTier.STANDARD) {
        answer.put("service_tier", usage.serviceTier().label());
      }
      answer.putRawValue("usage", raw(UsageJson.of(usage)));
    }
    return Json.write(answer);
  }

  private void message(ObjectNode message) {
    message.put("role", "assistant");
    message.put("content", content);
    message.putNull("refusal");
    if (reasoning != null) {
      message.put("reasoning_content", reasoning);
    }
    if (!thoughts.isEmpty()) {
      ArrayNode details = message.putArray("reasoning_details");
      for (Thought thought : thoughts) {
        details.addRawValue(raw(ThoughtJson.of(details.size(), thought)));
      }
    }
    if (!toolCalls.isEmpty()) {
      ArrayNode calls = message.putArray("tool_calls");
      for (ToolCall call : toolCalls) {
        ObjectNode one = calls.addObject().put("id", call.id()).put("type", "function");
        one.putObject("function")
            .put("name", call.name())
            .put("arguments", new String(Json.write(call.arguments()), StandardCharsets.UTF_8));
      }
    }
  }

  private static RawValue raw(String json) {
    return new RawValue(json);
  }

  /** Says nothing of the content. */
  @Override
  public String toString() {
    return "Completion[" + id + "]";
  }
}
