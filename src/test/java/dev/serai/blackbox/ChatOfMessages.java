package dev.serai.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes a recorded request of Anthropic's as a client of OpenAI's API would have put it. */
final class ChatOfMessages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode chat = JSON.createObjectNode();
  private final ArrayNode messages = JSON.createArrayNode();

  ChatOfMessages(JsonNode recorded) {
    recorded.properties().forEach(field -> field(field.getKey(), field.getValue()));
    for (JsonNode message : recorded.path("messages")) {
      message(message);
    }
    chat.set("messages", messages);
  }

  String json() {
    return chat.toString();
  }

  private void field(String name, JsonNode value) {
    switch (name) {
      case "model" -> chat.put("model", "anthropic/" + value.asText());
      case "messages" -> {}
      case "system" -> messages.insertObject(0).put("role", "system").set("content", value);
      case "stop_sequences" -> chat.set("stop", value);
      case "stream" -> {
        chat.set("stream", value);
        if (value.asBoolean()) {
          chat.putObject("stream_options").put("include_usage", true);
        }
      }
      case "thinking" -> chat.putObject("reasoning").set("max_tokens", value.path("budget_tokens"));
      case "tools" -> value.forEach(this::tool);
      case "tool_choice" -> toolChoice(value);
      default -> chat.set(name, value);
    }
  }

  private void tool(JsonNode tool) {
    ObjectNode one = chat.withArray("tools").addObject().put("type", "function");
    ObjectNode function = one.putObject("function");
    function.set("name", tool.get("name"));
    if (tool.has("description")) {
      function.set("description", tool.get("description"));
    }
    function.set("parameters", tool.get("input_schema"));
  }

  private void toolChoice(JsonNode choice) {
    switch (choice.path("type").asText()) {
      case "any" -> chat.put("tool_choice", "required");
      case "tool" ->
          chat.putObject("tool_choice")
              .put("type", "function")
              .putObject("function")
              .set("name", choice.get("name"));
      default -> chat.set("tool_choice", choice.get("type"));
    }
    if (choice.path("disable_parallel_tool_use").asBoolean()) {
      chat.put("parallel_tool_calls", false);
    }
  }

  private void message(JsonNode message) {
    boolean assistant = message.path("role").asText().equals("assistant");
    ObjectNode out = JSON.createObjectNode();
    out.set("role", message.get("role"));
    ArrayNode content = JSON.createArrayNode();
    for (JsonNode block : message.path("content")) {
      switch (block.path("type").asText()) {
        case "tool_result" ->
            messages
                .addObject()
                .put("role", "tool")
                .put("tool_call_id", block.path("tool_use_id").asText())
                .set("content", block.get("content"));
        case "tool_use" -> call(out, block);
        case "image" -> image(content, block.path("source"));
        default -> content.add(block);
      }
    }
    if (message.path("content").isTextual()) {
      out.set("content", message.get("content"));
      messages.add(out);
    } else if (assistant || !content.isEmpty()) {
      out.set("content", content);
      messages.add(out);
    }
  }

  private static void call(ObjectNode message, JsonNode block) {
    ObjectNode call = message.withArray("tool_calls").addObject().put("type", "function");
    call.set("id", block.get("id"));
    call.putObject("function")
        .put("arguments", block.path("input").toString())
        .set("name", block.get("name"));
  }

  private static void image(ArrayNode content, JsonNode source) {
    String url =
        source.path("type").asText().equals("url")
            ? source.path("url").asText()
            : "data:%s;base64,%s"
                .formatted(source.path("media_type").asText(), source.path("data").asText());
    content.addObject().put("type", "image_url").putObject("image_url").put("url", url);
  }
}
