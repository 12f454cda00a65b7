package dev.serai.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.Json;
import dev.serai.dialect.chat.Invalid;
import dev.serai.dialect.chat.Message;
import dev.serai.dialect.chat.Part;
import dev.serai.dialect.chat.Thought;
import dev.serai.dialect.chat.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages as Anthropic has them: instructions apart, the others in blocks. What one side says
 * in several messages becomes one, because all results of parallel calls must stand together.
 *
 * @param system the blocks of the instructions; may be empty
 * @param messages the other messages
 */
record MessageBlocks(ArrayNode system, ArrayNode messages) {

  static MessageBlocks of(List<Message> messages, boolean thinking) {
    MessageBlocks all =
        new MessageBlocks(Json.TREES.createArrayNode(), Json.TREES.createArrayNode());
    for (Message message : messages) {
      all.add(message, thinking);
    }
    return all;
  }

  private void add(Message message, boolean thinking) {
    switch (message.role()) {
      case SYSTEM -> instructions(message);
      case USER -> append("user", MediaBlocks.of(message.parts()));
      case TOOL -> append("user", Json.TREES.createArrayNode().add(result(message)));
      case ASSISTANT -> {
        ArrayNode blocks = answer(message, thinking);
        if (!blocks.isEmpty()) {
          append("assistant", blocks);
        }
      }
    }
  }

  private void append(String role, ArrayNode blocks) {
    JsonNode last = messages.get(messages.size() - 1);
    if (last != null
        && last.path("role").asText().equals(role)
        && last.get("content") instanceof ArrayNode content) {
      content.addAll(blocks);
    } else {
      messages.addObject().put("role", role).set("content", blocks);
    }
  }

  private void instructions(Message message) {
    for (Part part : message.parts()) {
      if (!(part instanceof Part.Text)) {
        throw Invalid.unsupported(
            message.at() + ".content",
            "may only be text in instructions: move the rest to a message of role user.");
      }
    }
    system.addAll(MediaBlocks.of(message.parts()));
  }

  private static ObjectNode result(Message message) {
    ObjectNode result = Json.TREES.createObjectNode();
    result.put("type", "tool_result").put("tool_use_id", message.toolCallId());
    ArrayNode content = MediaBlocks.of(message.parts());
    JsonNode mark = lastMark(message.parts());
    if (mark != null) {
      ((ObjectNode) content.get(content.size() - 1)).remove("cache_control");
    }
    if (!content.isEmpty()) {
      result.set("content", content);
    }
    if (mark != null) {
      result.set("cache_control", mark);
    }
    return result;
  }

  private static @Nullable JsonNode lastMark(List<Part> parts) {
    return parts.isEmpty() ? null : parts.getLast().cacheControl();
  }

  private static ArrayNode answer(Message message, boolean thinking) {
    ArrayNode blocks = Json.TREES.createArrayNode();
    if (thinking) {
      message.thoughts().stream().filter(Thought::signed).forEach(t -> blocks.add(thought(t)));
    }
    blocks.addAll(MediaBlocks.of(message.parts()));
    for (ToolCall call : message.toolCalls()) {
      blocks
          .addObject()
          .put("type", "tool_use")
          .put("id", call.id())
          .put("name", call.name())
          .set("input", call.arguments());
    }
    return blocks;
  }

  private static ObjectNode thought(Thought thought) {
    ObjectNode block = Json.TREES.createObjectNode();
    return thought.data() != null
        ? block.put("type", "redacted_thinking").put("data", thought.data())
        : block
            .put("type", "thinking")
            .put("thinking", thought.text())
            .put("signature", thought.signature());
  }
}
