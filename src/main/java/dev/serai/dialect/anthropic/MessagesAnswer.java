package dev.serai.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.Json;
import dev.serai.dialect.chat.Completion;
import dev.serai.dialect.chat.Thought;
import dev.serai.dialect.chat.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole answer of the Messages API in OpenAI's form. */
public final class MessagesAnswer {

  private final @Nullable String answerTool;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<Thought> thoughts = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private @Nullable String answer;

  private MessagesAnswer(@Nullable String answerTool) {
    this.answerTool = answerTool;
  }

  /**
   * The answer as {@code chat.completion}; null when the body is no message.
   *
   * @param body of a 200
   * @param answerTool see {@link MessagesRequest#answerTool}
   * @param created seconds since 1970
   */
  public static byte @Nullable [] completion(
      byte[] body, @Nullable String answerTool, long created) {
    JsonNode message = Json.tree(body, 0, body.length);
    if (message == null || !message.path("content").isArray()) {
      return null;
    }
    MessagesAnswer answer = new MessagesAnswer(answerTool);
    message.path("content").forEach(answer::block);
    return answer.completion(message, created).json();
  }

  private void block(JsonNode block) {
    switch (block.path("type").asText()) {
      case "text" -> text.append(block.path("text").asText());
      case "thinking" -> {
        String thought = block.path("thinking").asText();
        reasoning.append(thought);
        thoughts.add(new Thought(thought, block.path("signature").textValue(), null));
      }
      case "redacted_thinking" ->
          thoughts.add(new Thought(null, null, block.path("data").asText()));
      case "tool_use" -> call(block);
      default -> {}
    }
  }

  private void call(JsonNode block) {
    String name = block.path("name").asText();
    ObjectNode input =
        block.path("input") instanceof ObjectNode object ? object : Json.TREES.createObjectNode();
    if (name.equals(answerTool)) {
      answer = new String(Json.write(input), StandardCharsets.UTF_8);
    } else {
      calls.add(new ToolCall(block.path("id").asText(), name, input));
    }
  }

  private Completion completion(JsonNode message, long created) {
    MessagesUsage usage = new MessagesUsage();
    usage.read(message.path("usage"));
    String content = answer != null ? answer : text.isEmpty() ? null : text.toString();
    return new Completion(
        message.path("id").asText(),
        message.path("model").asText(),
        created,
        content == null && calls.isEmpty() ? "" : content,
        reasoning.isEmpty() ? null : reasoning.toString(),
        thoughts,
        calls,
        StopReasons.finish(message.path("stop_reason").asText("end_turn"), !calls.isEmpty()),
        usage.usage());
  }
}
