package dev.serai.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.CallResult;
import dev.serai.chat.ChatMessage;
import dev.serai.chat.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whole answers as neutral records. */
public final class Answers {

  private static final String ASSISTANT = "assistant";
  private static final String REASONING = "reasoning";

  private Answers() {}

  /**
   * The neutral record of a whole answer.
   *
   * @param body a {@link AnswerFacts#readable readable} answer; becomes {@code raw}
   * @param usage what the call used, as settled
   * @param costNanos what the call cost in nano-dollars; null when the model has no price
   * @throws IllegalArgumentException when the body is no JSON object
   */
  public static CallResult result(byte[] body, Usage usage, @Nullable Long costNanos) {
    JsonNode answer = tree(body);
    JsonNode choice = answer.path("choices").path(0);
    JsonNode logprobs = choice.path("logprobs");
    return new CallResult(
        answer.has("choices")
            ? text(choice.path("message").path("content"))
            : vectors(answer.path("data")),
        answer.path("model").asText(""),
        usage.inputTokens(),
        usage.outputTokens(),
        costNanos == null ? null : BigDecimal.valueOf(costNanos, 9).stripTrailingZeros(),
        new String(body, StandardCharsets.UTF_8),
        logprobs.isContainerNode() ? logprobs.toString() : null);
  }

  /**
   * The first choice's message as it would be sent back in a later request: without the fields that
   * are null, and with its role.
   *
   * @param body a whole answer
   * @return null when there is none that could be sent
   */
  public static @Nullable ChatMessage message(byte[] body) {
    JsonNode answer = Json.tree(body, 0, body.length);
    if (answer == null
        || !(answer.path("choices").path(0).path("message") instanceof ObjectNode answered)) {
      return null;
    }
    ObjectNode message = Json.TREES.createObjectNode().put("role", ASSISTANT);
    for (Map.Entry<String, JsonNode> field : answered.properties()) {
      boolean nothing = field.getValue().isNull() && !field.getKey().equals("content");
      if (!nothing && !field.getKey().equals("role")) {
        message.set(field.getKey(), field.getValue());
      }
    }
    ChatMessage sent =
        new ChatMessage(ASSISTANT, new String(Json.write(message), StandardCharsets.UTF_8));
    try {
      ChatRequest.of(sent);
      return sent;
    } catch (InvalidRequestException e) {
      return null;
    }
  }

  /**
   * A message without what its model thought. Only the provider that sent the thoughts, and who
   * stands in front of it, knows the fields; others may refuse them.
   */
  public static ChatMessage withoutReasoning(ChatMessage message) {
    if (!message.json().contains(REASONING)) {
      return message;
    }
    byte[] json = message.json().getBytes(StandardCharsets.UTF_8);
    if (!(Json.tree(json, 0, json.length) instanceof ObjectNode tree)) {
      return message;
    }
    tree.remove(List.of(REASONING, "reasoning_content", "reasoning_details"));
    return new ChatMessage(message.role(), new String(Json.write(tree), StandardCharsets.UTF_8));
  }

  /** The body as a tree; the exception says nothing of the content. */
  static JsonNode tree(byte[] body) {
    JsonNode answer = Json.tree(body, 0, body.length);
    if (answer == null || !answer.isObject()) {
      throw new IllegalArgumentException("The answer is no JSON object");
    }
    return answer;
  }

  /** The one vector, or the array of all. */
  private static String vectors(JsonNode data) {
    if (data.size() == 1) {
      return data.path(0).path("embedding").toString();
    }
    ArrayNode vectors = Json.TREES.createArrayNode();
    data.forEach(item -> vectors.add(item.path("embedding")));
    return vectors.toString();
  }

  /** The text of a content, be it in parts. */
  static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").asText(""));
    }
    return text.toString();
  }
}
